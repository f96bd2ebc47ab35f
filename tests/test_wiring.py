"""The composition root: which target, which parts, and how little is imported for it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lambdatui.core.errors import InvalidInput
from lambdatui.core.events import EventSource
from lambdatui.core.remembered import Remembered
from lambdatui.core.target import Target, TargetKind
from lambdatui.services import Services
from lambdatui.settings import ProfileSettings, Settings
from lambdatui.storage.paths import Paths
from lambdatui.wiring import TargetChoice, build_services, choose_target

HANDLER = "def handler(event, context):\n    return event\n"


def clock() -> datetime:
    return datetime(2026, 11, 23, 14, 2, 11, tzinfo=UTC)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.of({}, tmp_path / "home", "linux")


@pytest.fixture
def cwd(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def choose(
    paths: Paths,
    cwd: Path,
    choice: TargetChoice,
    settings: Settings | None = None,
    environment: dict[str, str] | None = None,
) -> Target:
    home = {"HOME": str(cwd.parent / "home")}
    return choose_target(choice, cwd, paths, settings or Settings(), clock, environment={**home, **(environment or {})})


def services(paths: Paths, target: Target, settings: Settings | None = None) -> Services:
    return build_services(settings or Settings(), paths, target, {}, clock)


def test_a_project_in_the_current_folder_is_opened(paths: Paths, cwd: Path) -> None:
    """Without a flag, and without a note: that is what was meant."""
    (cwd / "app.py").write_text(HANDLER)
    target = choose(paths, cwd, TargetChoice())
    assert (target.kind, target.label, target.path, target.note) == (TargetKind.LOCAL, "./work", str(cwd), "")


def test_without_a_project_the_demo_opens_and_says_so(paths: Paths, cwd: Path) -> None:
    """A stranger in any folder has a working product."""
    target = choose(paths, cwd, TargetChoice())
    assert (target.kind, target.key, target.path) == (TargetKind.DEMO, "demo", str(paths.demo))
    assert target.note == "no project in this folder: showing the examples"
    assert (paths.demo / "template.yaml").is_file()


def test_the_demo_opens_when_it_is_asked_for(paths: Paths, cwd: Path) -> None:
    """Even inside of a project; and there is nothing to explain."""
    (cwd / "app.py").write_text(HANDLER)
    target = choose(paths, cwd, TargetChoice(demo=True), Settings(read_only=True))
    assert (target.kind, target.note, target.read_only) == (TargetKind.DEMO, "", True)


def test_an_edited_demo_is_told(paths: Paths, cwd: Path) -> None:
    """The note says where the old folder is."""
    choose(paths, cwd, TargetChoice(demo=True))
    (paths.demo / "template.yaml").write_text("mine")
    target = choose(paths, cwd, TargetChoice(demo=True))
    assert target.note == f"your edited examples are in {paths.demo}-2026-11-23-140211"


def test_a_folder_can_be_named(paths: Paths, cwd: Path) -> None:
    """Relative to the current folder, below it or elsewhere; the label is as short as it can be."""
    (cwd / "orders").mkdir()
    below = choose(paths, cwd, TargetChoice(local="orders"))
    assert (below.label, below.path) == ("./orders", str(cwd / "orders"))
    assert choose(paths, cwd / "orders", TargetChoice(local=".")).key == below.key
    assert choose(paths, cwd / "orders", TargetChoice(local="..")).label == str(cwd)


def test_projects_of_one_name_keep_their_state_apart(paths: Paths, cwd: Path) -> None:
    """The key holds the whole path, and is safe in one."""
    keys = set()
    for name in ("a/My Orders", "b/My Orders", "b/my orders"):
        (cwd / name).mkdir(parents=True)
        keys.add(choose(paths, cwd, TargetChoice(local=name)).key)
    assert len(keys) == 3
    assert all(key.replace("-", "").isalnum() for key in keys)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (TargetChoice(local="nope"), "--local nope: there is no such folder"),
        (TargetChoice(local="file"), "--local file: a file"),
        (TargetChoice(local=".", demo=True), "--demo and --local name two targets"),
    ],
)
def test_a_target_that_cannot_be_is_refused(paths: Paths, cwd: Path, choice: TargetChoice, words: str) -> None:
    """The error repeats what was typed."""
    (cwd / "file").write_text("")
    with pytest.raises(InvalidInput) as caught:
        choose(paths, cwd, choice)
    assert caught.value.title == words


async def test_the_parts_of_one_target_fit_together(paths: Paths, cwd: Path) -> None:
    """Events of the project, samples, drafts, history and the last list, each under the target's own key."""
    (cwd / "events" / "hello").mkdir(parents=True)
    (cwd / "events" / "hello" / "default.json").write_text("{}")
    target = choose(paths, cwd, TargetChoice(local="."))
    parts = services(paths, target)
    entries = await parts.events.entries("hello")
    assert (entries[0].name, entries[0].source) == ("default", EventSource.FUNCTION)
    assert "s3/put" in [entry.name for entry in entries if entry.source is EventSource.SAMPLE]
    assert parts.state_folder == paths.state / "targets" / target.key
    assert parts.drafts.load("hello") is None
    assert parts.functions.load() is None
    assert await parts.history.recent() == ()
    parts.close()
    assert parts.clock() == clock()


async def test_a_backend_opens_and_serves_the_target(paths: Paths, cwd: Path) -> None:
    """The ports answer: the list has the project's function."""
    (cwd / "app.py").write_text(HANDLER)
    target = choose(paths, cwd, TargetChoice(local="."))
    backend = await services(paths, target).open_backend()
    try:
        assert backend.target == target
        names = [function.name async for page in backend.catalogue.pages() for function in page.functions]
        assert names == ["app"]
    finally:
        await backend.close()


async def test_an_open_demo_is_left_as_it_is_until_it_is_closed(paths: Paths, cwd: Path) -> None:
    """A second start while the first is open reuses the folder, edits and all; after the close it is made fresh."""
    target = choose(paths, cwd, TargetChoice(demo=True))
    backend = await services(paths, target).open_backend()
    try:
        (paths.demo / "hello" / "app.py").write_text(HANDLER)
        assert choose(paths, cwd, TargetChoice(demo=True)).note == ""
        assert (paths.demo / "hello" / "app.py").read_text() == HANDLER
    finally:
        await backend.close()
    assert "your edited examples are in" in choose(paths, cwd, TargetChoice(demo=True)).note


def test_the_theme_is_the_settings_own_then_the_one_chosen_last(paths: Paths, cwd: Path) -> None:
    """What is written in the settings stands; what was chosen in the palette is remembered."""
    target = choose(paths, cwd, TargetChoice(local="."))
    assert services(paths, target).theme == "lambdatui-dark"
    services(paths, target).memory.save(Remembered("terminal"))
    assert services(paths, target).theme == "terminal"
    set_for_good = Settings(theme="lambdatui-light", origins={"theme": "config.toml:1"})
    assert services(paths, target, set_for_good).theme == "lambdatui-light"


def test_nothing_heavy_is_imported_before_it_is_used(tmp_path: Path) -> None:
    """Choosing the demo and reading the last list, all that the first frame needs, imports no big module."""
    code = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "import lambdatui.wiring as wiring; from lambdatui.settings import load_settings\n"
        "from lambdatui.storage.paths import Paths\n"
        "paths = Paths.of({}, Path(sys.argv[1])); settings = load_settings({}, {}, paths.config_file)\n"
        "clock = lambda: datetime.now(UTC)\n"
        "choice = wiring.TargetChoice(demo=True)\n"
        "target = wiring.choose_target(choice, Path.cwd(), paths, settings, clock, environment={})\n"
        "wiring.function_list(paths, target, clock).load(); wiring.memory(paths).load()\n"
        "heavy = ('yaml', 'sqlite3', 'watchfiles', 'textual', 'rich', 'click', 'asyncio', 'hashlib', 'tomllib',"
        " 'boto3', 'platformdirs', 'shutil', 'tempfile', 'lambdatui.backends', 'lambdatui.ui',"
        " 'lambdatui.core.configuration')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


KEYS = {"AWS_ACCESS_KEY_ID": "AKIASP2TPHJSQH3FJRUX", "AWS_SECRET_ACCESS_KEY": "secret"}
CONFIG = """
[default]
region = eu-north-1

[profile prod]
region = eu-west-1
sso_session = work

[profile bare]
output = json
"""


def configure_aws(cwd: Path) -> None:
    folder = cwd.parent / "home" / ".aws"
    folder.mkdir(parents=True)
    (folder / "config").write_text(CONFIG)


@pytest.mark.parametrize(
    ("environment", "label"),
    [
        ({**KEYS, "AWS_REGION": "us-east-2"}, "us-east-2"),
        ({"AWS_PROFILE": "prod"}, "eu-west-1 · profile prod"),
        ({"AWS_PROFILE": "prod", "AWS_DEFAULT_REGION": "sa-east-1"}, "sa-east-1 · profile prod"),
        (KEYS, "eu-north-1"),
    ],
)
def test_configured_credentials_are_what_opens_without_a_project(
    paths: Paths, cwd: Path, environment: dict[str, str], label: str
) -> None:
    """From the environment or a profile, with a region; nothing is asked over the network."""
    configure_aws(cwd)
    target = choose(paths, cwd, TargetChoice(), environment=environment)
    assert (target.kind, target.label, target.path, target.note) == (TargetKind.AWS, label, "/var/task", "")


@pytest.mark.parametrize("environment", [{}, KEYS, {"AWS_PROFILE": "gone"}, {"AWS_ACCESS_KEY_ID": "half"}])
def test_half_configured_credentials_open_the_demo(paths: Paths, cwd: Path, environment: dict[str, str]) -> None:
    """No credentials, or no region: a working product is better than an error nobody asked for."""
    assert choose(paths, cwd, TargetChoice(), environment=environment).kind is TargetKind.DEMO


def test_a_project_comes_before_the_account(paths: Paths, cwd: Path) -> None:
    """Who is in a project's folder means it; --aws says otherwise, and so does a profile."""
    configure_aws(cwd)
    (cwd / "app.py").write_text(HANDLER)
    assert choose(paths, cwd, TargetChoice(), environment={"AWS_PROFILE": "prod"}).kind is TargetKind.LOCAL
    assert choose(paths, cwd, TargetChoice(aws=True)).label == "eu-north-1"
    chosen = choose(paths, cwd, TargetChoice(profile="prod", region="us-west-2"), environment=KEYS)
    assert chosen.label == "us-west-2 · profile prod"


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (TargetChoice(profile="gone"), "--profile gone: there is no such profile\nThere are: default, prod, bare."),
        (TargetChoice(profile="bare"), "No AWS region is named"),
        (TargetChoice(demo=True, profile="prod"), "--demo and --aws name two targets"),
        (TargetChoice(local=".", aws=True), "--local and --aws name two targets"),
    ],
)
def test_an_account_that_cannot_be_is_refused_before_the_screen(
    paths: Paths, cwd: Path, choice: TargetChoice, words: str
) -> None:
    """And the error says what there is instead."""
    configure_aws(cwd)
    with pytest.raises(InvalidInput) as caught:
        choose(paths, cwd, choice)
    assert words in str(caught.value)


def test_a_marked_profile_opens_as_it_is_marked(paths: Paths, cwd: Path) -> None:
    """By whatever it was chosen, also where keys in the environment go with it; another profile is not marked."""
    configure_aws(cwd)
    settings = Settings(profiles={"prod": ProfileSettings(read_only=True, production=True)})

    def marks(choice: TargetChoice, environment: dict[str, str] | None = None) -> tuple[bool, bool]:
        target = choose(paths, cwd, choice, settings, environment)
        return target.read_only, target.production

    assert marks(TargetChoice(profile="prod")) == (True, True)
    assert marks(TargetChoice(aws=True), {"AWS_PROFILE": "prod"}) == (True, True)
    assert marks(TargetChoice(aws=True), {**KEYS, "AWS_PROFILE": "prod"}) == (True, True)
    assert marks(TargetChoice(aws=True)) == (False, False)


def test_what_is_kept_of_an_account_is_found_again(paths: Paths, cwd: Path) -> None:
    """New session keys of the same account keep its state; another account, region or endpoint has its own."""
    keys = {
        choose(paths, cwd, TargetChoice(aws=True, region=region, endpoint_url=url), environment=environment).key
        for environment, region, url in (
            (KEYS, "eu-west-1", None),
            ({**KEYS, "AWS_ACCESS_KEY_ID": "ASIASP2TPHJSQAAAAAAA"}, "eu-west-1", None),
            (KEYS, "eu-west-2", None),
            (KEYS, "eu-west-1", "http://127.0.0.1:4566"),
            ({**KEYS, "AWS_ACCESS_KEY_ID": "000000000001"}, "eu-west-1", None),
        )
    }
    assert len(keys) == 4
    assert all(key.replace("-", "").isalnum() for key in keys)


async def test_events_for_an_account_are_the_users_own(paths: Paths, cwd: Path) -> None:
    """They belong to no project: below the data folder, readable by their owner only."""
    target = choose(paths, cwd, TargetChoice(aws=True, region="eu-west-1"), environment=KEYS)
    parts = services(paths, target)
    saved = await parts.events.save("hello", "default", "{}", None)
    assert Path(saved.entry.path) == paths.data / "events" / target.key / "hello" / "default.json"
    assert Path(saved.entry.path).stat().st_mode & 0o077 == 0
    assert [e.source for e in await parts.events.entries("hello")][:2] == [EventSource.FUNCTION, EventSource.SAMPLE]
