"""The one composition root: settings in, a target and the parts that serve it out.

Nothing heavy is imported until it is used: the first frame waits for this module.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lambdatui.core.errors import InvalidInput
from lambdatui.core.target import AwsPlace, Backend, Target, TargetKind
from lambdatui.services import Services
from lambdatui.settings import Settings, config_file_of
from lambdatui.storage.demo import DemoFolder
from lambdatui.storage.files import begin_new_file, write_new_file
from lambdatui.storage.log_spool import SpooledTexts
from lambdatui.storage.names import path_name
from lambdatui.storage.paths import Paths, shipped_examples, shipped_samples

if TYPE_CHECKING:
    from lambdatui.core.remembered import FunctionListCache, Memory
    from lambdatui.core.targets import Address

_COUNTS = {2: "two", 3: "three"}

__all__ = ["Services", "TargetChoice", "build_services", "choose_target", "function_list", "memory", "open_backend"]


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """What argv says about the target; None where it says nothing. `local` is the project's folder as it was typed."""

    local: str | None = None
    demo: bool = False
    aws: bool = False
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None

    @property
    def on_aws(self) -> bool:
        """Whether any of it means AWS."""
        return self.aws or any(part is not None for part in (self.profile, self.region, self.endpoint_url))


def choose_target(
    choice: TargetChoice,
    cwd: Path,
    paths: Paths,
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    environment: Mapping[str, str],
) -> Target:
    """The target to open. Never asks, and reads files only.

    The one that argv names, else the project in `cwd`, else AWS where credentials and a region are configured, else
    the demo.

    Raises:
        InvalidInput: argv names two targets, a folder that is not there, an unknown profile, or no region is known.
        WorkbenchError: the demo's folder can't be written.
    """
    named = [
        flag
        for flag, given in (
            ("--demo", choice.demo),
            ("--local", choice.local is not None),
            ("--aws", choice.on_aws),
        )
        if given
    ]
    if len(named) > 1:
        raise InvalidInput(f"{' and '.join(named)} name {_COUNTS[len(named)]} targets", "Give one of them.")
    if choice.demo:
        return _demo(paths, settings, clock, "")
    if choice.local is not None:
        return _local(choice.local, cwd, settings)
    if choice.on_aws:
        return _aws(choice, environment, settings)
    # Only now: discovery reads the folder, and brings the YAML reader with it.
    from lambdatui.backends.local.project.folders import is_project  # noqa: PLC0415

    if is_project(cwd):
        return _local(".", cwd, settings)
    from lambdatui.backends.aws.sign_in import credentials_resolve_locally  # noqa: PLC0415

    if credentials_resolve_locally(environment, _home(environment)):
        return _aws(choice, environment, settings)
    return _demo(paths, settings, clock, "no project in this folder: showing the examples")


async def open_backend(target: Target, settings: Settings, paths: Paths, environment: Mapping[str, str]) -> Backend:
    """Start the backend that serves `target`.

    `environment` is the user's: handlers see none of it but what the settings pass on by name.
    Raises:
        WorkbenchError: it can't be started.
    """
    from lambdatui.blocking import call_blocking  # noqa: PLC0415  # after the first paint

    # In a thread: the first import takes as long as a few frames, and keys are answered meanwhile.
    if target.kind is TargetKind.AWS:
        open_aws = await call_blocking(_aws_opener, settings)
        home = _home(environment)
        if not target.parts:
            return open_aws(target, environment, home)
        from lambdatui.backends.together.open import open_together  # noqa: PLC0415

        return open_together(target, {label: open_aws(part, environment, home) for label, part in target.parts})
    open_local = await call_blocking(_local_opener, settings, environment)
    lease = DemoFolder(paths.demo, paths.state).lease() if target.kind is TargetKind.DEMO else None
    try:
        backend = open_local(target, paths.target_state(target))
    except BaseException:
        if lease is not None:
            lease.release()
        raise
    if lease is None:
        return backend

    async def close() -> None:
        try:
            await backend.close()
        finally:
            lease.release()

    return replace(backend, close=close)


def _local_opener(settings: Settings, environment: Mapping[str, str]) -> Callable[[Target, Path], Backend]:
    from lambdatui.backends.local.contracts import RunnerOptions  # noqa: PLC0415
    from lambdatui.backends.local.open import open_local  # noqa: PLC0415

    local = settings.local
    options = RunnerOptions(
        concurrency_limit=local.concurrency_limit,
        idle_s=local.idle_seconds,
        init_timeout_s=local.init_timeout_seconds,
        passed_environment={name: environment[name] for name in local.pass_environment if name in environment},
        retry_delays_s=local.retry_delays_seconds,
        log_bytes_per_function=local.log_megabytes_per_function * 1024 * 1024,
    )
    return lambda target, state_folder: open_local(target, state_folder, options)


def _aws_opener(settings: Settings) -> Callable[[Target, Mapping[str, str], Path], Backend]:
    from lambdatui.backends.aws.open import LogOptions, open_aws  # noqa: PLC0415

    aws = settings.aws
    log_options = LogOptions(aws.log_calls_per_second, aws.late_log_seconds)
    return lambda target, environment, home: open_aws(target, environment, home, log_options=log_options)


def build_services(
    settings: Settings,
    paths: Paths,
    target: Target,
    environment: Mapping[str, str],
    clock: Callable[[], datetime],
    *,
    cwd: Path = Path(),
) -> Services:
    """The parts that serve `target`. Opens nothing: files and databases are opened when they are first used.

    A project in `cwd` is among what can be opened instead.
    """
    from lambdatui.offers import FoundTargets  # noqa: PLC0415  # after the first frame
    from lambdatui.storage.drafts import FileDraftStore  # noqa: PLC0415  # after the first frame
    from lambdatui.storage.events import FileEventStore  # noqa: PLC0415
    from lambdatui.storage.history import SqliteHistory  # noqa: PLC0415

    state_folder = paths.target_state(target)
    history = SqliteHistory(state_folder / "history.sqlite3")

    async def open_this() -> Backend:
        return await open_backend(target, settings, paths, environment)

    def open_address(address: Address) -> Services:
        other = choose_target(_choice(address), cwd, paths, settings, clock, environment=environment)
        return build_services(settings, paths, other, environment, clock, cwd=cwd)

    # Events for a function on AWS belong to no project: they are the user's own, by account and region.
    on_aws = target.kind is TargetKind.AWS
    events = paths.data / "events" / target.key if on_aws else Path(target.path) / "events"
    return Services(
        settings=settings,
        target=target,
        events=FileEventStore(
            own=events,
            project=None if on_aws else events,
            samples=shipped_samples(),
            trash=paths.state / "trash",
            root=events if on_aws else Path(target.path),
            clock=clock,
            private=on_aws,
        ),
        drafts=FileDraftStore(state_folder / "drafts"),
        history=history,
        functions=function_list(paths, target, clock),
        memory=memory(paths),
        state_folder=state_folder,
        config_file=config_file_of(environment, paths.config_file),
        clock=clock,
        write_file=write_new_file,
        new_file=begin_new_file,
        log_texts=SpooledTexts,
        open_backend=open_this,
        close=history.close,
        targets=FoundTargets(target, settings, environment, _home(environment), cwd, memory(paths), open_address),
    )


def _choice(address: Address) -> TargetChoice:
    match address.kind:
        case TargetKind.LOCAL:
            return TargetChoice(local=address.path)
        case TargetKind.DEMO:
            return TargetChoice(demo=True)
        case TargetKind.AWS:
            endpoint_url = address.endpoint_url or None
            return TargetChoice(
                aws=True, profile=address.profile or None, region=address.region or None, endpoint_url=endpoint_url
            )


def function_list(paths: Paths, target: Target, clock: Callable[[], datetime]) -> FunctionListCache:
    """The last known functions of `target`: what the first frame shows, before anything else is imported."""
    from lambdatui.storage.function_list import FileFunctionListCache  # noqa: PLC0415  # not for every command

    return FileFunctionListCache(paths.target_state(target) / "functions.json", clock)


def memory(paths: Paths) -> Memory:
    """The small choices made on the screen."""
    from lambdatui.storage.state import FileMemory  # noqa: PLC0415  # not for every command

    return FileMemory(paths.state / "remembered.json")


def _local(typed: str, cwd: Path, settings: Settings) -> Target:
    folder = (cwd / os.path.expanduser(typed)).resolve()  # noqa: PTH111  # Path.expanduser raises without a home
    if not folder.exists():
        raise InvalidInput(f"--local {typed}: there is no such folder")
    if not folder.is_dir():
        raise InvalidInput(f"--local {typed}: a file", f"Name the project's folder: {folder.parent}")
    # The whole path is in the checksum, so two projects of one name keep their state apart.
    key = f"{path_name(folder.name or 'root')}-{zlib.crc32(str(folder).encode('utf-8', 'surrogateescape')):08x}"
    return Target(TargetKind.LOCAL, key, _label(folder, cwd), str(folder), settings.read_only)


def _aws(choice: TargetChoice, environment: Mapping[str, str], settings: Settings) -> Target:
    from lambdatui.backends.aws.place import places_of  # noqa: PLC0415  # on AWS only

    return places_of(
        AwsPlace(choice.region or "", choice.profile or "", choice.endpoint_url or ""),
        environment,
        _home(environment),
        settings.marks_of,
    )


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111  # Path.home raises without a home


def _label(folder: Path, cwd: Path) -> str:
    here = cwd.resolve()
    if folder == here:
        return f"./{folder.name}" if folder.name else "/"
    if folder.is_relative_to(here):
        return f"./{folder.relative_to(here)}"
    return str(folder)


def _demo(paths: Paths, settings: Settings, clock: Callable[[], datetime], why: str) -> Target:
    noticed = DemoFolder(paths.demo, paths.state).refresh(shipped_examples(), clock())
    note = "; ".join(part for part in (why, noticed) if part)
    return Target(TargetKind.DEMO, "demo", "examples", str(paths.demo), settings.read_only, note)
