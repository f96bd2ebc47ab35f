"""Puts the settings together from where they may be set."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lambdatui.core.errors import InvalidInput
from lambdatui.core.limits import Prices
from lambdatui.settings.keys import KEYS, Key
from lambdatui.settings.model import AwsSettings, LocalSettings, LogsSettings, OutputSettings, ProfileSettings, Settings
from lambdatui.settings.values import Wrong, listed, nearest, one_line

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
    profiles: dict[str, dict[str, bool]] = {}

    def take(key: str, value: object, origin: str) -> None:
        found[key] = value
        origins[key] = origin

    for variable in ("EDITOR", "VISUAL"):
        if environment.get(variable, "").strip():
            take("editor", environment[variable].strip(), f"${variable}")
    for name, value, origin in _from_file(environment, config_file):
        if name.startswith("keymap."):
            keymap[name.removeprefix("keymap.")] = str(value)
            origins[name] = origin
        elif name.startswith("profiles."):
            profile, _, mark = name.removeprefix("profiles.").rpartition(".")
            profiles.setdefault(profile, {})[mark] = value is True
            origins[name] = origin
        else:
            take(name, value, origin)
    for name, value, origin in _from_environment(environment):
        take(name, value, origin)
    for name, argument in arguments.items():
        if argument is not None:
            key = KEYS[name]
            take(name, _checked(key, argument, key.option), key.option)
    return _settings(found, keymap, profiles, origins)


def _settings(
    found: Mapping[str, object],
    keymap: Mapping[str, str],
    profiles: Mapping[str, Mapping[str, bool]],
    origins: Mapping[str, str],
) -> Settings:
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
        logs=LogsSettings(**table("logs")),  # type: ignore[arg-type]  # KEYS checked them
        output=OutputSettings(**table("output")),  # type: ignore[arg-type]  # KEYS checked them
        local=LocalSettings(**table("local")),  # type: ignore[arg-type]  # KEYS checked them
        aws=AwsSettings(**table("aws")),  # type: ignore[arg-type]  # KEYS checked them
        prices=Prices(per_request if isinstance(per_request, float) else Prices().per_request_usd, per_gb_second),
        profiles={name: ProfileSettings(**said) for name, said in profiles.items()},
        origins=origins,
    )


def _from_file(environment: Mapping[str, str], default: Path) -> Iterable[tuple[str, object, str]]:
    path = config_file_of(environment, default)
    if not os.path.exists(path):  # noqa: PTH110  # Path.exists raises in a folder that may not be entered
        if path != default:
            raise InvalidInput(f"$LAMBDATUI_CONFIG: there is no file {path}")
        return ()
    from lambdatui.settings.file import settings_in  # noqa: PLC0415  # its parser takes 6 ms before the first frame

    return settings_in(path)


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


def config_file_of(environment: Mapping[str, str], default: Path) -> Path:
    """The settings file that `load_settings` reads."""
    named = environment.get("LAMBDATUI_CONFIG", "")
    return Path(os.path.expanduser(named)) if named else default  # noqa: PTH111  # Path.expanduser raises without a home
