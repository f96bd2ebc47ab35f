"""The settings as the program has them, with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lambdatui.core.errors import InvalidInput
from lambdatui.core.limits import Prices
from lambdatui.core.target import Marks
from lambdatui.settings.keys import THEMES
from lambdatui.settings.values import nearest, shown


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
class AwsSettings:
    """How AWS is asked. `log_calls_per_second` None: 3, and no limit for a server on this machine."""

    log_calls_per_second: int | None = None
    late_log_seconds: float = 180.0
    detail_calls_per_second: int = 50


@dataclass(frozen=True, slots=True)
class LogsSettings:
    """How log lines are shown. `fields` are those of a JSON record that show beside its message, () for all."""

    mask_secrets: bool = False
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """How the terminal is written to."""

    delta: bool = True
    frame_ack: bool = True


@dataclass(frozen=True, slots=True)
class ProfileSettings:
    """What the user says of one AWS profile; `read_only` is None where nothing is said."""

    read_only: bool | None = None
    production: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with where it was set.

    `keymap` holds keys by binding id, several split by commas, as Textual's keymap has it. `time_display` is "local"
    or "utc". `origins` has for each key that was set "config.toml:3", "$LAMBDATUI_THEME" or "--theme"; a key that
    is not there has its default.
    """

    theme: str = THEMES[0]
    animations: bool = False
    read_only: bool = False
    mouse: bool = True
    editor: str = "vi"
    log_buffer_lines: int = 100_000
    time_display: str = "local"
    keymap: Mapping[str, str] = field(default_factory=dict)
    logs: LogsSettings = field(default_factory=LogsSettings)
    output: OutputSettings = field(default_factory=OutputSettings)
    local: LocalSettings = field(default_factory=LocalSettings)
    aws: AwsSettings = field(default_factory=AwsSettings)
    prices: Prices = field(default_factory=Prices)
    profiles: Mapping[str, ProfileSettings] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    def marks_of(self, profile: str) -> Marks:
        """How the AWS profile of that name is opened; "" for the keys of the environment.

        An option or a variable wins over the file; in the file what is said of the profile wins over `read_only`.
        """
        own = self.profiles.get(profile, ProfileSettings())
        origin = self.origins.get("read_only", "")
        if own.read_only is None or origin.startswith(("-", "$")):
            return Marks(self.read_only, own.production, origin)
        return Marks(own.read_only, own.production, self.origins.get(f"profiles.{profile}.read_only", ""))

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
