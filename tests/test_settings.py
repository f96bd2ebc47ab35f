"""Settings: who wins, and what an error says."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from lambdatui.core.errors import InvalidInput
from lambdatui.core.limits import PRICE_PER_GB_SECOND_USD, PRICE_PER_REQUEST_USD
from lambdatui.settings import KEYS, LocalSettings, Settings, load_settings


def load(tmp_path: Path, toml: str = "", environment: dict[str, str] | None = None, **arguments: object) -> Settings:
    file = tmp_path / "config.toml"
    if toml:
        file.write_text(toml, encoding="utf-8")
    return load_settings(arguments, environment or {}, file)


def refusal(tmp_path: Path, toml: str = "", environment: dict[str, str] | None = None, **arguments: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        load(tmp_path, toml, environment, **arguments)
    return str(caught.value)


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    """No file, no variables, no options: the defaults, animations off, and nothing counts as set."""
    loaded = load(tmp_path)
    assert loaded == Settings()
    assert loaded.theme == "lambdatui-dark"
    assert not loaded.animations
    assert loaded.mouse
    assert loaded.origins == {}
    assert loaded.prices.per_request_usd == PRICE_PER_REQUEST_USD


def test_an_option_beats_the_environment_and_that_beats_the_file(tmp_path: Path) -> None:
    """argv > environment > file > default, and the settings say who won."""
    toml = 'theme = "terminal"\nmouse = false\ntime_display = "utc"\n'
    variables = {"LAMBDATUI_THEME": "lambdatui-light", "LAMBDATUI_MOUSE": "on"}
    loaded = load(tmp_path, toml, variables, theme="lambdatui-dark", read_only=None)
    assert (loaded.theme, loaded.mouse, loaded.time_display) == ("lambdatui-dark", True, "utc")
    assert loaded.origins == {
        "theme": "--theme",
        "mouse": "$LAMBDATUI_MOUSE",
        "time_display": "config.toml:3",
    }


def test_every_setting_can_be_written_in_the_file(tmp_path: Path) -> None:
    """A file with everything in it is read whole."""
    loaded = load(
        tmp_path,
        """
        theme = "lambdatui-light"
        animations = true
        read_only = true
        mouse = false
        editor = "code --wait"
        log_buffer_lines = 5_000
        time_display = "utc"
        [keymap]
        "invoke.sync" = "f5"
        events.save = ["ctrl+s", "f2"]
        [local]
        concurrency_limit = 3
        idle_seconds = 60
        init_timeout_seconds = 2.5
        retry_delays_seconds = [0.5, 4]
        pass_environment = ["HTTPS_PROXY", "LANG"]
        log_megabytes_per_function = 5
        [prices]
        per_request_usd = 0.0000003
        arm64_per_gb_second_usd = 0.00002
        """,
    )
    assert loaded.editor == "code --wait"
    assert loaded.keymap == {"invoke.sync": "f5", "events.save": "ctrl+s,f2"}
    assert loaded.local == LocalSettings(3, 60.0, 2.5, (0.5, 4.0), ("HTTPS_PROXY", "LANG"), 5)
    assert loaded.prices.per_request_usd == 3e-7
    assert loaded.prices.per_gb_second_usd == {"x86_64": PRICE_PER_GB_SECOND_USD["x86_64"], "arm64": 2e-5}
    assert loaded.origins["keymap.events.save"] == "config.toml:11"
    assert loaded.origins["local.concurrency_limit"] == "config.toml:13"


def test_every_setting_can_be_set_by_a_variable(tmp_path: Path) -> None:
    """Each key has its variable, whose text is read as its kind."""
    written = {
        "theme": "terminal",
        "animations": "yes",
        "read_only": "1",
        "mouse": "off",
        "editor": "nano",
        "log_buffer_lines": "1000",
        "time_display": "utc",
        "logs.mask_secrets": "on",
        "logs.fields": "bucket, trace-id",
        "output.delta": "off",
        "output.frame_ack": "no",
        "local.concurrency_limit": "7",
        "local.idle_seconds": "1.5",
        "local.init_timeout_seconds": "3",
        "local.retry_delays_seconds": "0, 0.5",
        "local.pass_environment": "A, B",
        "local.log_megabytes_per_function": "9",
        "aws.log_calls_per_second": "2",
        "aws.detail_calls_per_second": "20",
        "aws.late_log_seconds": "600",
        "prices.per_request_usd": "0.1",
        "prices.x86_64_per_gb_second_usd": "0.2",
        "prices.arm64_per_gb_second_usd": "0.3",
    }
    assert written.keys() == KEYS.keys()
    loaded = load(tmp_path, environment={KEYS[key].variable: text for key, text in written.items()})
    assert loaded.animations
    assert loaded.read_only
    assert not loaded.mouse
    assert loaded.log_buffer_lines == 1000
    assert loaded.local == LocalSettings(7, 1.5, 3.0, (0.0, 0.5), ("A", "B"), 9)
    assert (loaded.aws.log_calls_per_second, loaded.aws.late_log_seconds) == (2, 600.0)
    assert loaded.prices.per_gb_second_usd == {"x86_64": 0.2, "arm64": 0.3}


def test_the_editor_is_the_users_own(tmp_path: Path) -> None:
    """$VISUAL before $EDITOR before vi, and a setting before all of them."""
    both = {"VISUAL": "emacs", "EDITOR": "nano"}
    assert load(tmp_path).editor == "vi"
    assert load(tmp_path, environment={"EDITOR": "nano"}).editor == "nano"
    assert load(tmp_path, environment=both).editor == "emacs"
    assert load(tmp_path, 'editor = "hx"', both).editor == "hx"


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        (
            'mouse = true\ntheme = "lambdatui-drak"',
            "config.toml:2: theme: no theme named “lambdatui-drak”; did you mean",
        ),
        ("colour = 1", "config.toml:1: colour: no such setting"),
        ("annimations = true", "did you mean animations?"),
        ("idle_seconds = 3", "config.toml:1: idle_seconds: no such setting; did you mean local.idle_seconds?"),
        ("\n[local]\nidel_seconds = 3", "config.toml:3: local.idel_seconds: no such setting; did you mean local.idle"),
        ("[locale]\nidle_seconds = 3", "config.toml:1: locale: no such setting; did you mean local?"),
        ("local = 3", "config.toml:1: local: a table, written as [local]"),
        ("mouse = 1", "config.toml:1: mouse: true or false, not “1”"),
        ("[local]\nconcurrency_limit = 0", "local.concurrency_limit: a whole number from 1 to 1,000, not “0”"),
        ("[local]\nidle_seconds = nan", "local.idle_seconds: a number from 0 to 86,400, not “nan”"),
        ("[local]\nconcurrency_limit = true", "a whole number from 1 to 1,000, not true"),
        ("[local]\nretry_delays_seconds = [1]", "two numbers, such as [1, 2], not a list"),
        ('[local]\npass_environment = ["A B"]', "“A B” can't name an environment variable"),
        ('[keymap]\n"invoke.sync" = "ctrl+i"', "config.toml:2: keymap.invoke.sync: terminals send ctrl+i as Tab"),
        ('[keymap]\n"invoke.sync" = ""', "keys, such as"),
        ("[keymap]\ninvoke.sync.a.b.c = 1", "keys, such as"),
        ("profiles = 1", "config.toml:1: profiles: a table, written as [profiles.NAME]"),
        ("[profiles]\nprod = true", "config.toml:2: profiles.prod: a table, written as [profiles.prod]"),
        (
            "[profiles.prod]\nreadonly = true",
            "config.toml:2: profiles.prod.readonly: no such setting; did you mean read_",
        ),
        ("[profiles.prod]\nproduction = 1", "config.toml:2: profiles.prod.production: true or false, not “1”"),
        ("theme = ", "config.toml"),
        ("\n\nmouse = maybe", "config.toml:3:9: not TOML: Invalid value"),
        ("x = " + "[" * 3000, "config.toml: nested too deeply"),
        ("x = " + "9" * 5000, "config.toml"),
        ('editor = "\\u001b[31m"', "a text without control characters"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, toml: str, words: str) -> None:
    """The file, the line, the key, what is expected, and the word that may have been meant."""
    assert words in refusal(tmp_path, toml)


def test_an_error_says_where_the_file_is_and_what_there_is(tmp_path: Path) -> None:
    """The choices, and the file's whole path."""
    text = refusal(tmp_path, 'theme = "x"')
    assert "There are: lambdatui-dark, lambdatui-light, terminal." in text
    assert f"The file is {tmp_path / 'config.toml'}." in text


MARKED = """
[profiles.prod]
read_only = true
production = true
[profiles."eu.dev"]
read_only = false
"""


def test_a_profile_is_marked_in_the_file(tmp_path: Path) -> None:
    """What is said of a profile wins over `read_only`; an option or a variable wins over both; a name may have dots."""
    settings = load(tmp_path, MARKED)
    assert settings.marks_of("prod") == (True, True, "config.toml:3")
    assert settings.marks_of("other") == settings.marks_of("") == (False, False, "")
    careful = load(tmp_path, "read_only = true" + MARKED)
    assert careful.marks_of("other") == (True, False, "config.toml:1")
    assert careful.marks_of("eu.dev") == (False, False, "config.toml:6")
    by_variable = load(tmp_path, MARKED, {"LAMBDATUI_READ_ONLY": "0"})
    assert by_variable.marks_of("prod") == (False, True, "$LAMBDATUI_READ_ONLY")


def test_what_is_wrong_in_the_environment_is_named(tmp_path: Path) -> None:
    """The variable, and the one that may have been meant; an empty one counts as not set."""
    assert "$LAMBDATUI_THEME: no theme named “x”" in refusal(tmp_path, environment={"LAMBDATUI_THEME": "x"})
    assert "did you mean LAMBDATUI_THEME?" in refusal(tmp_path, environment={"LAMBDATUI_TEME": "x"})
    assert load(tmp_path, environment={"LAMBDATUI_THEME": ""}).theme == "lambdatui-dark"


def test_what_is_wrong_in_an_option_is_named(tmp_path: Path) -> None:
    """The option as it is typed."""
    assert refusal(tmp_path, theme="x").startswith("--theme: no theme named “x”")


def test_another_file_can_be_named_and_must_then_exist(tmp_path: Path) -> None:
    """$LAMBDATUI_CONFIG names the file; a default file that is missing is fine, a named one is not."""
    other = tmp_path / "other.toml"
    variables = {"LAMBDATUI_CONFIG": str(other)}
    assert f"there is no file {other}" in refusal(tmp_path, environment=variables)
    other.write_text('theme = "terminal"')
    assert load(tmp_path, environment=variables).theme == "terminal"


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, and a folder in the file's place."""
    (tmp_path / "config.toml").write_bytes(b'theme = "\xff"')
    assert refusal(tmp_path).startswith("config.toml: not UTF-8 at byte 9")
    (tmp_path / "config.toml").unlink()
    (tmp_path / "config.toml").mkdir()
    assert refusal(tmp_path).startswith("config.toml: can't be read: ")


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """Some editors write one."""
    assert load(tmp_path, '\ufefftheme = "terminal"').theme == "terminal"


def test_a_key_for_an_unknown_binding_is_named(tmp_path: Path) -> None:
    """The screen knows its bindings: the error still names the file, the line, and the nearest."""
    loaded = load(tmp_path, '[keymap]\n"invoke.snyc" = "f5"')
    with pytest.raises(InvalidInput, match=r"config.toml:2: keymap: no binding named .*did you mean invoke.sync\?"):
        loaded.check_keymap(frozenset({"invoke.sync", "events.save"}))
    loaded.check_keymap(frozenset({"invoke.snyc"}))


def settings_or_title(file: Path, environment: dict[str, str]) -> tuple[Settings | None, str]:
    try:
        return load_settings({}, environment, file), ""
    except InvalidInput as error:
        return None, error.title


keys = strategies.sampled_from(
    [*KEYS, "local", "prices", "keymap", "nope", "keymap.invoke.sync", '""', '"a b".c', '"\\u001b[2J"']
)
scalars = strategies.sampled_from(
    ["1", "-1", "1e400", "nan", "inf", "true", '"x"', '"\\u0007"', "1979-05-27", "07:32:00"]
)
values = (
    scalars
    | strategies.lists(scalars, max_size=3).map(lambda found: f"[{', '.join(found)}]")
    | strategies.just("{a=1}")
)
lines = strategies.builds("{} = {}".format, keys, values) | keys.map("[{}]".format) | strategies.text(max_size=12)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(strategies.lists(lines, max_size=5).map("\n".join))
def test_no_file_gives_a_traceback(tmp_path: Path, text: str) -> None:
    """Whatever the file holds, it is settings or an error that names it."""
    file = tmp_path / "config.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    loaded, title = settings_or_title(file, {})
    assert title.startswith("config.toml") or loaded
    assert title.isprintable()
    if loaded:
        tomllib.loads(file.read_bytes().decode("utf-8-sig"))
        assert loaded.local.concurrency_limit >= 1


@settings(max_examples=200, deadline=None)
@given(strategies.dictionaries(strategies.sampled_from([key.variable for key in KEYS.values()]), strategies.text()))
def test_no_variable_gives_a_traceback(environment: dict[str, str]) -> None:
    """Whatever a variable holds, it is a setting or an error that names it."""
    loaded, title = settings_or_title(Path("/nowhere/config.toml"), environment)
    assert title.startswith("$LAMBDATUI_") or loaded


def test_reading_settings_imports_no_parser_without_a_file() -> None:
    """The first frame waits for the settings: without a file they need neither tomllib nor re's patterns of ours."""
    code = (
        "import sys; from pathlib import Path; from lambdatui.settings import load_settings;"
        "load_settings({}, {}, Path('/nowhere')); print([name for name in ('tomllib', 'difflib', 'json', 'textual',"
        " 'lambdatui.core.text') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
