"""What to start for a function: one launcher a kind of runtime."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.backends.local.runtime.interpreters import python_version, resolve_interpreter
from lambdatui.core.errors import Unreachable

_CLIENT = Path(__file__).with_name("python_client.py")

# Runs the client from its cached bytecode: a script is compiled at every start, which costs 4 ms of 30.
_LOAD_CLIENT = (
    "import sys;sys.path.pop(0);from importlib.machinery import SourceFileLoader as L;"
    "__file__=sys.argv[1];sys.argv=sys.argv[1:];exec(L('lambdatui_client',__file__).get_code('lambdatui_client'))"
)


@dataclass(frozen=True, slots=True)
class Launch:
    """How the runtime of a function is started.

    `version` is what INIT_START shows. `telemetry`: the client frames its logging. `custom`: the user's own
    bootstrap, whose faults are the function's. `missing` are the places where a bootstrap should have been.
    """

    argv: tuple[str, ...]
    version: str
    note: str = ""
    telemetry: bool = False
    custom: bool = False
    program_folder: Path | None = None
    python_version: str = ""
    missing: tuple[Path, ...] = ()


def launch_of(spec: FunctionSpec, *, just_edited: bool = False) -> Launch:
    """What to start for `spec`. `just_edited`: a file changed in the last seconds, so bytecode is not to be kept.

    Raises:
        Unreachable: this runtime can't run here; the detail says which can.
    """
    for matches, launch in _LAUNCHERS:
        if matches(spec):
            return launch(spec, just_edited)
    raise Unreachable(
        f"{spec.name} can't run here: no runtime “{spec.runtime or 'none'}”",
        "The local runner has python3.9 to python3.14, and any folder with an executable bootstrap (provided.al2023).",
    )


def _python(spec: FunctionSpec, just_edited: bool) -> Launch:
    interpreter, note = resolve_interpreter(spec)
    version = python_version(interpreter, spec.runtime)
    # Python takes cached bytecode for current by whole seconds: two edits within one would run the first.
    options = ("-u", "-B") if just_edited else ("-u",)
    return Launch(
        argv=(str(interpreter), *options, "-c", _LOAD_CLIENT, str(_CLIENT), spec.handler),
        version=f"local-python:{version}",
        note=note,
        telemetry=True,
        program_folder=interpreter.parent,
        python_version=version,
    )


def _bootstrap(spec: FunctionSpec, _just_edited: bool) -> Launch:
    places = tuple(folder / "bootstrap" for folder in (spec.code_path, *spec.layers))
    found = next((place for place in places if place.is_file()), None)
    version = f"local-{spec.runtime or 'provided'}"
    if found is None:
        return Launch((), version, custom=True, missing=places)
    return Launch((str(found),), version, custom=True)


def _has_bootstrap(spec: FunctionSpec) -> bool:
    return os.access(spec.code_path / "bootstrap", os.X_OK)


_LAUNCHERS: tuple[tuple[Callable[[FunctionSpec], bool], Callable[[FunctionSpec, bool], Launch]], ...] = (
    (lambda spec: spec.runtime.startswith("python"), _python),
    (lambda spec: spec.runtime.startswith("provided") or _has_bootstrap(spec), _bootstrap),
)
"""The first that matches starts the function. Another runtime is another row."""
