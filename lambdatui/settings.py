"""The user's settings: argv > environment (LAMBDATUI_…) > the settings file (TOML) > default.

What is wrong is an error that names the file, the line and the key; a key that does not exist is one too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lambdatui.core.errors import InvalidInput
from lambdatui.core.limits import Prices
from lambdatui.setting_values import (
    Choice,
    Flag,
    Names,
    Number,
    Pair,
    Text,
    Value,
    Wrong,
    key_names,
    listed,
    nearest,
    one_line,
    shown,
)

THEMES = ("lambdatui-dark", "lambdatui-light", "terminal")
DEFAULT_THEME = THEMES[0]


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """How the local runner runs functions."""

    concurrency_limit: int = 10
    idle_seconds: float = 300.0
    init_timeout_seconds: float = 10.0
    retry_delays_seconds: tuple[float, float] = (1.0, 2.0)
    pass_environment: tuple[str, ...] = ()
    log_megabytes_per_function: int = 50


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with where it was set.

    `keymap` holds keys by binding id, several split by commas, as Textual's keymap has it. `time_display` is "local"
    or "utc". `origins` has for each key that was set "config.toml:3", "$LAMBDATUI_THEME" or "--theme"; a key that
    is not there has its default.
    """

    theme: str = DEFAULT_THEME
    animations: bool = False
    read_only: bool = False
    mouse: bool = True
    editor: str = "vi"
    log_buffer_lines: int = 100_000
    time_display: str = "local"
    keymap: Mapping[str, str] = field(default_factory=dict)
    local: LocalSettings = field(default_factory=LocalSettings)
    prices: Prices = field(default_factory=Prices)
    origins: Mapping[str, str] = field(default_factory=dict)

    def check_keymap(self, binding_ids: frozenset[str]) -> None:
        """Refuse keys for bindings that don't exist.

        Raises:
            InvalidInput: names the file, the line and the nearest binding.
        """
        for binding in self.keymap:
            if binding not in binding_ids:
                origin = self.origins.get(f"keymap.{binding}", "keymap")
                raise InvalidInput(
                    f"{origin}: keymap: no binding named {shown(binding)}{nearest(binding, binding_ids)}",
                    f"There are: {', '.join(sorted(binding_ids))}.",
                )


class Key(NamedTuple):
    """One setting as it may be written."""

    name: str
    value: Value
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "LAMBDATUI_" + self.name.upper().replace(".", "_")

    @property
    def option(self) -> str:
        """The command's option that sets it."""
        return "--" + self.name.replace("_", "-").replace(".", "-")


KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key("theme", Choice("theme", THEMES), "the colours; also chosen, and then remembered, in the palette"),
        Key("animations", Flag(), "scroll and fade smoothly; off is faster, over SSH above all"),
        Key("read_only", Flag(), "refuse every change and every invocation that could have an effect"),
        Key("mouse", Flag(), "answer to the mouse; off leaves selecting text to the terminal"),
        Key("editor", Text(), "the command that edits an event; $VISUAL and $EDITOR are asked else"),
        Key("log_buffer_lines", Number(1_000, 10_000_000, whole=True), "log lines kept in memory for scrolling back"),
        Key("time_display", Choice("time display", ("local", "utc")), "times in your own time zone, or in UTC"),
        Key("local.concurrency_limit", Number(1, 1_000, whole=True), "executions at once, all functions together"),
        Key("local.idle_seconds", Number(0, 86_400), "an idle execution environment is ended after this long"),
        Key("local.init_timeout_seconds", Number(0.1, 900), "how long INIT may take"),
        Key(
            "local.retry_delays_seconds", Pair(0, 21_600), "the pauses before the 2nd and the 3rd asynchronous attempt"
        ),
        Key("local.pass_environment", Names(), "your own environment variables that handlers may see, by name"),
        Key("local.log_megabytes_per_function", Number(1, 10_000, whole=True), "log kept on disk for each function"),
        Key("prices.per_request_usd", Number(0, 1_000), "US dollars for one request"),
        Key("prices.x86_64_per_gb_second_usd", Number(0, 1_000), "US dollars for one GB-second on x86_64"),
        Key("prices.arm64_per_gb_second_usd", Number(0, 1_000), "US dollars for one GB-second on arm64"),
    )
}
_TABLES = frozenset({"keymap", *(name.split(".")[0] for name in KEYS if "." in name)})
# Variables of ours that are no settings: where the settings file is.
_OTHER_VARIABLES = frozenset({"LAMBDATUI_CONFIG"})


def load_settings(arguments: Mapping[str, object], environment: Mapping[str, str], config_file: Path) -> Settings:
    """The settings for this start.

    Args:
        arguments: what argv says, by a setting's key ("theme", "local.idle_seconds"); None means "not said".
        environment: the variables of the process.
        config_file: the settings file, which need not exist; $LAMBDATUI_CONFIG names another, which must.
    Raises:
        InvalidInput: names the file and line, the variable or the option, and the key.
    """
    found: dict[str, object] = {}
    origins: dict[str, str] = {}
    keymap: dict[str, str] = {}

    def take(key: str, value: object, origin: str) -> None:
        found[key] = value
        origins[key] = origin

    for variable in ("EDITOR", "VISUAL"):
        if environment.get(variable, "").strip():
            take("editor", environment[variable].strip(), f"${variable}")
    path = config_file_of(environment, config_file)
    text = _read(path, must_exist=path != config_file)
    for name, value, origin in _from_file(text, path) if text.strip() else ():
        if name.startswith("keymap."):
            keymap[name.removeprefix("keymap.")] = str(value)
            origins[name] = origin
        else:
            take(name, value, origin)
    for name, value, origin in _from_environment(environment):
        take(name, value, origin)
    for name, argument in arguments.items():
        if argument is not None:
            key = KEYS[name]
            take(name, _checked(key, argument, key.option), key.option)
    return _settings(found, keymap, origins)


def _settings(found: Mapping[str, object], keymap: Mapping[str, str], origins: Mapping[str, str]) -> Settings:
    def table(name: str) -> dict[str, object]:
        return {key.removeprefix(f"{name}."): value for key, value in found.items() if key.startswith(f"{name}.")}

    prices = table("prices")
    per_gb_second = dict(Prices().per_gb_second_usd)
    for architecture in per_gb_second:
        own = prices.get(f"{architecture}_per_gb_second_usd")
        if isinstance(own, float):
            per_gb_second[architecture] = own
    per_request = prices.get("per_request_usd")
    return Settings(
        **{key: value for key, value in found.items() if "." not in key},  # type: ignore[arg-type]  # KEYS checked them
        keymap=keymap,
        local=LocalSettings(**table("local")),  # type: ignore[arg-type]  # KEYS checked them
        prices=Prices(per_request if isinstance(per_request, float) else Prices().per_request_usd, per_gb_second),
        origins=origins,
    )


def _read(path: Path, *, must_exist: bool) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if must_exist:
            raise InvalidInput(f"$LAMBDATUI_CONFIG: there is no file {path}") from None
        return ""
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path.name}: not UTF-8 at byte {error.start}", f"The file is {path}.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InvalidInput(f"{path.name}: can't be read: {reason}", f"The file is {path}.") from None


def _from_file(text: str, path: Path) -> Iterator[tuple[str, object, str]]:
    import re  # noqa: PLC0415  # only where there is a file
    import tomllib  # noqa: PLC0415

    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise InvalidInput(f"{path.name}: nested too deeply", f"The file is {path}.") from None
    except ValueError as error:  # TOMLDecodeError, and int() on a number of 5,000 digits
        message = one_line(str(error), 200)
        place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
        where = f"{path.name}:{place[1]}:{place[2]}" if place else path.name
        reason = message[: place.start()] if place else message
        raise InvalidInput(f"{where}: not TOML: {reason}", f"The file is {path}.") from None
    for name, value in _leaves(document):
        line = _line_of(text, name)
        origin = f"{path.name}:{line}" if line else path.name
        try:
            yield name, _leaf(name, value), origin
        except Wrong as wrong:
            title = f"{origin}: {one_line(name, 60)}: {wrong}"
            raise InvalidInput(title, wrong.detail, f"The file is {path}.") from None


def _leaves(document: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    waiting = list(document.items())
    while waiting:
        name, value = waiting.pop(0)
        inside = name in _TABLES or (name.startswith("keymap.") and name.count(".") < 4)
        if inside and isinstance(value, dict):
            waiting.extend((f"{name}.{key}", below) for key, below in value.items())
        else:
            yield name, value


def _leaf(name: str, value: object) -> object:
    if name.startswith("keymap."):
        return key_names(value)
    if name in _TABLES:
        raise Wrong(f"a table, written as [{name}]")
    if name not in KEYS:
        table = name.partition(".")[0] if "." in name else ""
        names = frozenset(key for key in (*KEYS, *_TABLES) if key.rpartition(".")[0] == table)
        raise Wrong(f"no such setting{nearest(name, (*KEYS, *_TABLES))}", f"There are: {listed(names)}.")
    return KEYS[name].value.check(value)


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, object, str]]:
    by_variable = {key.variable: key for key in KEYS.values()}
    for variable, text in environment.items():
        if not variable.startswith("LAMBDATUI_") or variable in _OTHER_VARIABLES or not text.strip():
            continue
        if variable not in by_variable:
            suggestion = nearest(variable, by_variable)
            raise InvalidInput(
                f"${one_line(variable, 60)}: no such setting{suggestion}", f"There are: {listed(by_variable)}."
            )
        key = by_variable[variable]
        yield key.name, _checked(key, text.strip(), f"${variable}"), f"${variable}"


def _checked(key: Key, value: object, origin: str) -> object:
    try:
        return key.value.check(key.value.from_text(value) if isinstance(value, str) else value)
    except Wrong as wrong:
        raise InvalidInput(f"{origin}: {wrong}", wrong.detail) from None


def _line_of(text: str, name: str) -> int | None:
    """The line, from 1, where the key is written. A search by eye: a string of several lines may mislead it."""
    import re  # noqa: PLC0415  # only where there is a file

    word = re.compile(r'"([^"]*)"|\'([^\']*)\'|([A-Za-z0-9_-]+)')
    wanted = name.split(".")
    table: list[str] = []
    best: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        is_header = stripped.startswith("[")
        written = stripped.strip("[").partition("]")[0] if is_header else stripped.partition("=")[0]
        parts = [part for match in word.finditer(written) for part in "".join(filter(None, match.groups())).split(".")]
        if is_header:
            table = parts
        elif "=" not in stripped:
            continue
        path = parts if is_header else table + parts
        if path == wanted[: len(path)] and (not is_header or path == wanted):
            if path == wanted:
                return number
            best = best or number
    return best


def config_file_of(environment: Mapping[str, str], default: Path) -> Path:
    """The settings file that `load_settings` reads."""
    named = environment.get("LAMBDATUI_CONFIG", "")
    return Path(os.path.expanduser(named)) if named else default  # noqa: PTH111  # Path.expanduser raises without a home
