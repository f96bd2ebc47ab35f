"""Lists the functions of a project, and tells when its files change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from pathlib import Path

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.backends.local.functions import ProjectFunctions, summary_of
from lambdatui.backends.local.project.discovery import definition_files
from lambdatui.backends.local.project.folders import TEMPLATES, folders
from lambdatui.backends.local.project.plain import handler_in
from lambdatui.backends.local.watching import FolderWatch
from lambdatui.blocking import call_blocking
from lambdatui.core.functions import CatalogueChange, FunctionDetail, FunctionPage

_PAGE = 50
_SOURCE_SUFFIXES = frozenset({".py", ".sh", ".js", ".mjs", ".json", ".toml", ".yaml", ".yml", ""})
_IGNORED = ("~", ".swp", ".swx", ".tmp", ".pyc", ".orig")


class LocalCatalogue:
    """Implements `FunctionCatalogue` over the files of a project."""

    def __init__(self, functions: ProjectFunctions, on_watched: Callable[[], None], *, polling: bool = False) -> None:
        self._functions = functions
        self._on_watched = on_watched
        self._polling = polling
        self._listeners: list[Callable[[CatalogueChange], None]] = []

    async def pages(self) -> AsyncGenerator[FunctionPage, None]:
        """See `FunctionCatalogue.pages`. Reads the project's files again, off the loop; problems come first."""
        discovery = await call_blocking(self._functions.read)
        functions = tuple(summary_of(spec) for spec in discovery.functions)
        yield FunctionPage(functions[:_PAGE], discovery.problems)
        for start in range(_PAGE, len(functions), _PAGE):
            yield FunctionPage(functions[start : start + _PAGE])

    async def detail(self, name: str) -> FunctionDetail:
        """See `FunctionCatalogue.detail`."""
        spec = await self._functions.spec(name)
        state = "Failed" if spec.problem else "Active"
        return FunctionDetail(summary_of(spec), state, spec.reserved, spec.problem, str(spec.code_path))

    async def changes(self) -> AsyncGenerator[CatalogueChange, None]:
        """See `FunctionCatalogue.changes`. Who listens is an open workbench: it resumes the queue of async events."""
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[CatalogueChange] = asyncio.Queue()

        def tell(change: CatalogueChange) -> None:
            with suppress(RuntimeError):  # nobody listens any more: the loop is closed
                loop.call_soon_threadsafe(told.put_nowait, change)

        def look(paths: frozenset[Path]) -> None:
            if (change := self._change_of(paths)) is not None:
                tell(change)

        watch = FolderWatch(self._watched, look, polling=self._polling)
        self._listeners.append(tell)
        try:
            await call_blocking(self._on_watched)
            watch.start()
            while True:
                yield await told.get()
        finally:
            watch.stop()
            self._listeners.remove(tell)

    def tell(self, change: CatalogueChange) -> None:
        """Pass on what the runner noticed by itself. Callable from any thread."""
        for listener in tuple(self._listeners):
            listener(change)

    def _watched(self) -> list[Path]:
        state = self._functions.overrides.path.parent
        with suppress(OSError):  # then it can't be written either, and who edits a setting is told
            state.mkdir(parents=True, exist_ok=True, mode=0o700)
        code = {spec.code_path for spec in self._functions.known()}
        layers = {layer for spec in self._functions.known() for layer in spec.layers}
        outside = {path for path in code | layers if not path.is_relative_to(self._functions.root)}
        return [*folders(self._functions.root), *(folder for top in sorted(outside) for folder in folders(top)), state]

    def _change_of(self, paths: frozenset[Path]) -> CatalogueChange | None:
        """What `paths` mean for the list; None when they mean nothing."""
        definitions = (*definition_files(self._functions.root), self._functions.overrides.path)
        defining = sorted(path.name for path in paths if path in definitions)
        if defining:
            name = "settings" if defining == [self._functions.overrides.path.name] else " and ".join(defining)
            return CatalogueChange(f"{name} changed")
        sources = sorted(path for path in paths if _is_source(path))
        if not sources:
            return None
        specs = self._functions.known()
        first = sources[0].name
        if not self._has_template() and any(_comes_or_goes(path, specs) for path in sources):
            return CatalogueChange(f"{first} changed")
        names = {spec.name for path in sources for spec in _touched_by(path, specs)}
        more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
        return CatalogueChange(f"{first}{more} changed", tuple(sorted(names))) if names else None

    def _has_template(self) -> bool:
        return any((self._functions.root / name).is_file() for name in TEMPLATES)


def _comes_or_goes(path: Path, specs: tuple[FunctionSpec, ...]) -> bool:
    """Whether a function that no file describes begins or ends with what happened to `path`."""
    is_known = any(_handler_file(spec) == path for spec in specs)
    if path.suffix == ".py":
        return is_known != (handler_in(path) is not None)
    return path.name == "bootstrap" and is_known != path.is_file()


def _touched_by(path: Path, specs: tuple[FunctionSpec, ...]) -> list[FunctionSpec]:
    """The functions that run what is in `path`: those whose handler it holds, else all that could import it."""
    handled = [spec for spec in specs if _handler_file(spec) == path]
    if handled:
        return handled
    return [spec for spec in specs if any(path.is_relative_to(folder) for folder in (spec.code_path, *spec.layers))]


def _handler_file(spec: FunctionSpec) -> Path:
    if spec.runtime.startswith("provided"):
        return spec.code_path / "bootstrap"
    return spec.code_path / (spec.handler.rpartition(".")[0].replace(".", "/") + ".py")


def _is_source(path: Path) -> bool:
    # Python itself makes the folder of compiled files, with the first invocation.
    if path.name == "__pycache__":
        return False
    return path.suffix in _SOURCE_SUFFIXES and not path.name.startswith(".") and not path.name.endswith(_IGNORED)
