"""Finds functions that no file describes: handlers in Python files, folders with a bootstrap."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from pathlib import Path

from lambdatui.backends.local.project.folders import files, folders, is_bootstrap_folder
from lambdatui.backends.local.project.found import Found

_NAMES = ("lambda_handler", "handler")
_ENTRY_FILES = frozenset({"app", "handler", "lambda_function", "main", "index", "lambda"})
_NOT_FUNCTIONS = re.compile(r"test_.*|.*_test|conftest|setup|noxfile|tasks")
_MAX_BYTES = 1_000_000


def plain_functions(root: Path, taken: frozenset[Path]) -> list[Found]:
    """The functions in the files below `root`, in the order of their paths.

    `taken` are files and folders that belong to functions known otherwise. A file is one function; it is named
    after itself, or after its folder when its own name says nothing (NAME/app.py).
    """
    found: list[Found] = []
    for folder in folders(root):
        if is_bootstrap_folder(folder) and folder not in taken:
            runtime = Found(folder.name, _shown(folder / "bootstrap", root), runtime="provided.al2023")
            runtime.handler, runtime.code = "bootstrap", folder
            found.append(runtime)
            continue
        for file in files(folder, ".py"):
            if file in taken or _NOT_FUNCTIONS.fullmatch(file.stem):
                continue
            handler = handler_in(file)
            if handler is not None:
                found.append(_python_function(root, file, *handler))
    return _named_apart(found, root)


def handler_in(file: Path) -> tuple[str, int, str] | None:
    """The handler that `file` defines at its top level: its name, its line, and why it can't run ("" when it can)."""
    try:
        if file.stat().st_size > _MAX_BYTES:
            return None
        source = file.read_bytes()
        if b"handler" not in source:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in the user's source is no business of our terminal
            tree = ast.parse(source, str(file))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # whatever it is, no handler of it can be imported either
    candidates = {found[0]: found for node in tree.body for found in _definitions(node)}
    return next((candidates[name] for name in _NAMES if name in candidates), None)


def runtime_of(interpreter: Path | None) -> str:
    """The runtime that an interpreter stands for; the one that runs us when there is none of the function's own."""
    if interpreter is not None:
        try:
            text = (interpreter.parent.parent / "pyvenv.cfg").read_text("utf-8", "replace")
        except OSError:
            text = ""
        if match := re.search(r"^version(?:_info)? *= *(\d+\.\d+)", text, re.MULTILINE):
            return f"python{match[1]}"
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def virtual_environment(code: Path, root: Path) -> Path | None:
    """The interpreter of the virtual environment nearest to `code`, from there up to the project's folder."""
    folder = code
    while True:
        for name in (".venv", "venv"):
            interpreter = folder / name / "bin" / "python"
            if interpreter.exists() and (folder / name / "pyvenv.cfg").is_file():
                return interpreter
        if folder in (root, folder.parent):
            return None
        folder = folder.parent


def _python_function(root: Path, file: Path, name: str, line: int, problem: str) -> Found:
    code, module = file.parent, file.stem
    while code != root and (code / "__init__.py").is_file():  # imports within a package need its parent
        code, module = code.parent, f"{code.name}.{module}"
    found = Found(_title(file, root), f"{_shown(file, root)}:{line}", code=code, handler=f"{module}.{name}")
    found.interpreter = virtual_environment(code, root)
    found.runtime = runtime_of(found.interpreter)
    found.origins |= dict.fromkeys(("handler", "code"), found.origin)
    if problem:
        found.cannot_run(f"{found.origin}: {problem}")
    return found


def _definitions(node: ast.stmt) -> list[tuple[str, int, str]]:
    match node:
        case ast.FunctionDef(name=name, args=args) if name in _NAMES and _takes_two(args):
            return [(name, node.lineno, "")]
        case ast.AsyncFunctionDef(name=name, args=args) if name in _NAMES and _takes_two(args):
            return [(name, node.lineno, "Lambda's Python runtime does not await an async handler")]
        case ast.Assign(targets=targets, value=value) if _may_be_called(value):
            return [(t.id, node.lineno, "") for t in targets if isinstance(t, ast.Name) and _is_handler(t.id, value)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _may_be_called(value):
            return [(name, node.lineno, "")] if _is_handler(name, value) else []
        case _:
            return []


def _takes_two(args: ast.arguments) -> bool:
    positional = len(args.posonlyargs) + len(args.args)
    required = positional - len(args.defaults)
    return required <= 2 and (positional >= 2 or args.vararg is not None)


def _may_be_called(value: ast.expr) -> bool:
    if isinstance(value, ast.Lambda):
        return _takes_two(value.args)
    return isinstance(value, ast.Call | ast.Attribute | ast.Name)


def _is_handler(name: str, value: ast.expr) -> bool:
    """`lambda_handler = anything(…)` is one; `handler = …` too, unless it smells of logging.StreamHandler()."""
    if name == "lambda_handler":
        return True
    if name != "handler" or isinstance(value, ast.Name | ast.Attribute):
        return False
    called = value.func if isinstance(value, ast.Call) else None
    word = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
    return isinstance(value, ast.Lambda) or (bool(word) and not word.endswith(("Handler", "getLogger")))


def _title(file: Path, root: Path) -> str:
    named_after = file.parent if file.stem in _ENTRY_FILES and file.parent != root else file
    return _sanitised(named_after.stem if named_after is file else named_after.name)


def _named_apart(found: list[Found], root: Path) -> list[Found]:
    """Functions of the same name get the folders above them in their names, then a number."""
    names = [function.name for function in found]
    used: set[str] = set()
    for function in found:
        if names.count(function.name) > 1:
            where = Path(function.origin.rsplit(":", 1)[0])
            parts = [*where.parent.parts, *([] if where.stem in {*_ENTRY_FILES, "bootstrap"} else [where.stem])]
            function.name = _sanitised("-".join(parts) or root.name)
        name, number = function.name, 2
        while function.name in used:
            function.name, number = f"{name}-{number}", number + 1
        used.add(function.name)
    return found


def _sanitised(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:64] or "function"


def _shown(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()
