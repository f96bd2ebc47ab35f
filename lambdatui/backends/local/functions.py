"""The functions of one project as they are now: what its files say, with the edited settings on top."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.backends.local.overrides import Overrides, with_edits
from lambdatui.backends.local.project.discovery import Discovery, Stamp, definition_files, discover, stamp
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import NotFound, WorkbenchError
from lambdatui.core.functions import FunctionSummary


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of the project's files, and what they looked like then."""

    stamp: Stamp
    discovered: dict[str, FunctionSpec]
    specs: dict[str, FunctionSpec]


class ProjectFunctions:
    """Owns what was read from a project and its overrides; reads again when one of the files changed.

    Callable from any thread. `spec` is the hot path of an invocation: a few `stat` calls while nothing changed.
    """

    def __init__(self, root: Path, overrides: Overrides) -> None:
        self.root = root
        self.overrides = overrides
        self._watched = (*definition_files(root), overrides.path)
        self._lock = Lock()
        self._reading: _Reading | None = None

    def read(self) -> Discovery:
        """Read the whole project again. Blocks: a big one takes a while.

        Problems of the overrides' file are problems of the list; the functions are then shown without them.
        """
        with self._lock:
            now = stamp(self._watched)
            discovery = discover(self.root)
            problems = discovery.problems
            try:
                edits = self.overrides.read()
            except WorkbenchError as error:
                edits, problems = {}, (*problems, error)
            specs = tuple(with_edits(spec, edits.get(spec.name, {})) for spec in discovery.functions)
            discovered = {spec.name: spec for spec in discovery.functions}
            self._reading = _Reading(now, discovered, {spec.name: spec for spec in specs})
        return replace(discovery, functions=specs, problems=problems)

    async def spec(self, name: str) -> FunctionSpec:
        """The function `name` as it is to run now.

        Raises:
            NotFound: the project has no such function; the detail names those that it has.
        """
        return (await self.both(name))[1]

    async def both(self, name: str) -> tuple[FunctionSpec, FunctionSpec]:
        """The function `name` as discovered, and as it is to run with the edits.

        Raises:
            NotFound: the project has no such function; the detail names those that it has.
        """
        reading = self._reading
        if reading is None or name not in reading.specs or not self._is_fresh(reading, name):
            await call_blocking(self.read)
            reading = self._reading
        if reading is None or name not in reading.specs:
            known = ", ".join(reading.specs) if reading is not None else ""
            raise NotFound(f"No function is named “{name}”", f"There are: {known}." if known else "There are none.")
        return reading.discovered[name], reading.specs[name]

    async def names(self) -> tuple[str, ...]:
        """The names of all functions, as last read."""
        if self._reading is None or stamp(self._watched) != self._reading.stamp:
            await call_blocking(self.read)
        return tuple(self._reading.specs) if self._reading is not None else ()

    def known(self) -> tuple[FunctionSpec, ...]:
        """The functions of the last reading, without a look at the files."""
        return tuple(self._reading.specs.values()) if self._reading is not None else ()

    def _is_fresh(self, reading: _Reading, name: str) -> bool:
        if stamp(self._watched) != reading.stamp:
            return False
        spec = reading.discovered[name]
        if spec.problem:
            return False  # mended, perhaps, by what no definition file shows: a code folder, a bootstrap
        # A function that no file describes ends with the file that its handler is in.
        plain = ".py:" in spec.origin
        return not plain or (self.root / spec.origin.rsplit(":", 1)[0]).exists()


def summary_of(spec: FunctionSpec) -> FunctionSummary:
    """The row of the list for `spec`."""
    return FunctionSummary(
        name=spec.name,
        runtime=spec.runtime,
        handler=spec.handler,
        memory_mb=spec.memory_mb,
        timeout_s=spec.timeout_s,
        description=spec.description,
        architecture=spec.architecture,
        log_group=spec.log_group,
        log_format=spec.log_format,
        arn=spec.arn,
        origin=spec.origin,
        problem=spec.problem,
        layer_count=len(spec.layers),
    )
