"""From a command line and an environment to the services that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from lambdatui import wiring
from lambdatui.cli.options import TargetOptions
from lambdatui.services import Services
from lambdatui.settings import load_settings
from lambdatui.storage.paths import Paths


def compose(options: TargetOptions, environment: Mapping[str, str]) -> Services:
    """The services of the real program.

    Raises:
        InvalidInput: the settings, or the target that was named.
        WorkbenchError: the target's folder can't be prepared.
    """
    if options.config is not None:
        environment = {**environment, "LAMBDATUI_CONFIG": options.config}
    paths = Paths.of(environment, Path.home())
    arguments = {"read_only": options.read_only or None, "theme": options.theme}
    settings = load_settings(arguments, environment, paths.config_file)
    choice = wiring.TargetChoice(
        options.local, options.demo, options.aws, options.profile, options.region, options.endpoint_url
    )
    cwd = Path.cwd()
    target = wiring.choose_target(choice, cwd, paths, settings, _now, environment=environment)
    return wiring.build_services(settings, paths, target, environment, _now, cwd=cwd)


def _now() -> datetime:
    return datetime.now(UTC)
