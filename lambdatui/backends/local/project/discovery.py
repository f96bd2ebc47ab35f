"""Puts together what a project's files say: its functions, and what is wrong with the files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.backends.local.project.folders import PROJECT_FILE, TEMPLATES, is_bootstrap_folder
from lambdatui.backends.local.project.found import Found
from lambdatui.backends.local.project.plain import plain_functions, runtime_of, virtual_environment
from lambdatui.backends.local.project.project_file import ProjectFile
from lambdatui.core.errors import InvalidInput, WorkbenchError

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Discovery:
    """The functions of a project in the order of its files, and the problems of those files."""

    functions: tuple[FunctionSpec, ...]
    problems: tuple[WorkbenchError, ...] = ()


def discover(root: Path) -> Discovery:
    """Read the project in `root`: its template and lambdatui.toml, or without a template its plain files too.

    Blocks; imports and runs nothing of the project. A missing folder and broken files are problems, never errors.
    """
    if not root.is_dir():
        return Discovery((), (InvalidInput(f"{root} is not a folder"),))
    project_file = ProjectFile(root / PROJECT_FILE)
    problems = project_file.problems
    functions: dict[str, Found] = {}
    template = next((root / name for name in TEMPLATES if (root / name).is_file()), None)
    if template is not None:
        from lambdatui.backends.local.project.template import Template  # noqa: PLC0415  # yaml, for those who need it

        read = Template(template, project_file.parameters)
        problems.extend(read.problems)
        functions = {found.name: found for found in read.functions}
    described = {name: project_file.apply(name, functions.get(name)) for name in project_file.names}
    for found in described.values():
        if not found.runtime and found.code is not None:
            has_bootstrap = not found.handler and is_bootstrap_folder(found.code)
            found.runtime = "provided.al2023" if has_bootstrap else _python_runtime(found, root)
    functions |= described
    if template is None:
        taken = frozenset(path for found in described.values() for path in _files_of(found))
        for found in plain_functions(root, taken):
            functions.setdefault(found.name, found)
    for found in functions.values():
        if found.interpreter is None and found.code is not None and found.runtime.startswith("python"):
            found.interpreter = virtual_environment(found.code, root)
    return Discovery(tuple(found.spec(root) for found in functions.values()), tuple(problems))


def definition_files(root: Path) -> tuple[Path, ...]:
    """The files that define functions, whether they exist or not."""
    return tuple(root / name for name in (*TEMPLATES, PROJECT_FILE))


def stamp(paths: tuple[Path, ...]) -> Stamp:
    """What changes whenever one of `paths` is written, created or removed: about 2 µs a path."""
    marks = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        marks.append((path.name, status.st_mtime_ns, status.st_size))
    return tuple(marks)


def _python_runtime(found: Found, root: Path) -> str:
    return runtime_of(found.interpreter or (virtual_environment(found.code, root) if found.code else None))


def _files_of(found: Found) -> tuple[Path, ...]:
    """The plain files that an entry of lambdatui.toml names: they are not listed a second time."""
    if found.code is None:
        return ()
    if found.runtime.startswith("provided"):
        return (found.code,)
    module = found.handler.rpartition(".")[0]
    return (found.code / (module.replace(".", "/") + ".py"),)
