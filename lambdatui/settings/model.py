"""The settings as the program has them, with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lambdatui.core.errors import InvalidInput
from lambdatui.core.limits import Prices
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
class OutputSettings:
    """How the terminal is written to."""

    delta: bool = False
    frame_ack: bool = False


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
    output: OutputSettings = field(default_factory=OutputSettings)
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
