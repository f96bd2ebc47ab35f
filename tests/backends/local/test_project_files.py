"""What lambdatui.toml and plain files say about functions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lambdatui.backends.local.project.folders import is_project
from lambdatui.core.functions import Reserved
from tests.backends.local.building import FAILS, SUCCEEDS, found, template, titles, write


def test_the_project_file_describes_functions_wholly(tmp_path: Path) -> None:
    """Each setting with file and line."""
    toml = """
[functions.resize]
handler = "app.handler"
runtime = "python3.12"
code = "src"
memory = 256
timeout = 20
reserved = 2
retries = 1
on_failure = "file:failed.jsonl"
log_format = "JSON"
layers = ["layer"]
environment = { BUCKET = "b", DEBUG = true }

[functions.other]
handler = "app.handler"
"""
    discovery = found(tmp_path, {"lambdatui.toml": toml, "src/app.py": SUCCEEDS, "layer/x": "", "app.py": SUCCEEDS})
    resize, other = discovery.functions
    assert (resize.memory_mb, resize.timeout_s, resize.reserved, resize.retries) == (256, 20, Reserved(2), 1)
    assert resize.environment == {"BUCKET": "b", "DEBUG": "true"}
    assert resize.layers == (tmp_path / "layer",)
    assert resize.origins["memory"] == "lambdatui.toml:6"
    assert resize.origin == "lambdatui.toml:2"
    assert other.code_path == tmp_path
    assert other.runtime.startswith("python3.")
    assert not discovery.problems


@pytest.mark.parametrize(
    ("toml", "title"),
    [
        ("[functions.a]\nmemroy = 5\n", "lambdatui.toml:2: functions.a.memroy: unknown"),
        ("[functions.a]\nmemory = 'x'\n", "lambdatui.toml:2: functions.a.memory: a whole number is expected"),
        ("[functions.a]\nhandler = 5\n", "lambdatui.toml:2: functions.a.handler: a text is expected"),
        ("[functions.a]\nlayers = 'x'\n", "lambdatui.toml:2: functions.a.layers: a list of folders is expected"),
        ("[functions.a]\ncode = 'nope'\n", "lambdatui.toml:2: functions.a.code: the folder nope does not exist"),
        ("[functions.a.environment]\nX = [1]\n", "lambdatui.toml:2: functions.a.environment.X: a text is expected"),
        ("[functions]\na = 5\n", "lambdatui.toml:2: functions.a: a table is expected"),
        ("[functoins.a]\nmemory = 5\n", "functoins: unknown; there are: functions, parameters"),
        ("[functions.a]\nmemory = \n", "lambdatui.toml:2:10: Invalid value"),
        ("[functions.'a b']\n", "a function's name is up to 64 letters"),
    ],
)
def test_what_is_wrong_in_the_project_file_is_named_with_file_line_and_key(
    tmp_path: Path, toml: str, title: str
) -> None:
    """The rest of the list still shows."""
    discovery = found(tmp_path, {"lambdatui.toml": toml, "plain.py": SUCCEEDS})
    assert title in titles(discovery.problems)
    assert "plain" in [spec.name for spec in discovery.functions]


def test_the_project_file_adds_to_a_template(tmp_path: Path) -> None:
    """An entry of a function's name goes on top of what the template says."""
    files = {
        "template.yaml": template(
            "One: {Type: AWS::Serverless::Function, Properties: {CodeUri: ., Handler: a.handler, Runtime: python3.13}}"
        ),
        "lambdatui.toml": "[functions.One]\nmemory = 300\n",
        "a.py": SUCCEEDS,
    }
    (spec,) = found(tmp_path, files).functions
    assert (spec.memory_mb, spec.handler, spec.origins["memory"]) == (300, "a.handler", "lambdatui.toml:2")


@pytest.mark.parametrize(
    "source",
    [
        "def handler(event, context):\n    pass\n",
        "def lambda_handler(event, context):\n    pass\n",
        "def handler(event, context, extra=None):\n    pass\n",
        "def handler(*args):\n    pass\n",
        "lambda_handler = make(app)\n",
        "handler = Mangum(app)\n",
        "handler = lambda event, context: event\n",
        "@logged\ndef handler(e: dict, _c) -> dict:\n    return e\n",
    ],
)
def test_a_file_with_a_handler_is_a_function(tmp_path: Path, source: str) -> None:
    """Found in the syntax tree; nothing is imported."""
    (spec,) = found(tmp_path, {"resize.py": "raise SystemExit('imported')\n" + source}).functions
    assert (spec.name, spec.problem) == ("resize", "")
    assert spec.handler in ("resize.handler", "resize.lambda_handler")
    assert spec.origin.startswith("resize.py:")


@pytest.mark.parametrize(
    "source",
    [
        "import logging\nhandler = logging.StreamHandler()\n",
        "def handler(request):\n    pass\n",
        "class A:\n    def handler(self, event, context): pass\n",
        "handler = None\n",
        "def handler(event, context:\n",
        "x = 'def handler(event, context)'\n",
    ],
)
def test_a_file_without_a_handler_is_none(tmp_path: Path, source: str) -> None:
    """A logging handler, a method, a broken file."""
    assert not found(tmp_path, {"other.py": source}).functions


def test_an_async_handler_is_listed_with_the_reason_why_it_can_not_run(tmp_path: Path) -> None:
    """Lambda would hand the coroutine itself to JSON."""
    (spec,) = found(tmp_path, {"a.py": "async def handler(event, context):\n    pass\n"}).functions
    assert "does not await" in spec.problem


def test_plain_folders_name_their_functions(tmp_path: Path) -> None:
    """NAME/app.py is NAME; an executable bootstrap makes its folder a function; tests and environments are skipped."""
    files = {
        "orders/app.py": SUCCEEDS,
        "mail/lambda_function.py": FAILS,
        "resize.py": SUCCEEDS,
        "shell/bootstrap": "#!/bin/sh\n",
        "package/__init__.py": "",
        "package/inner.py": SUCCEEDS,
        "tests/helper.py": SUCCEEDS,
        "test_resize.py": SUCCEEDS,
        ".hidden/app.py": SUCCEEDS,
        "node_modules/x/app.py": SUCCEEDS,
        "myvenv/pyvenv.cfg": "",
        "myvenv/app.py": SUCCEEDS,
    }
    functions = {spec.name: spec for spec in found(tmp_path, files).functions}
    assert sorted(functions) == ["inner", "mail", "orders", "resize", "shell"]
    assert (functions["orders"].code_path, functions["orders"].handler) == (tmp_path / "orders", "app.handler")
    assert (functions["inner"].code_path, functions["inner"].handler) == (tmp_path, "package.inner.handler")
    assert functions["shell"].runtime == "provided.al2023"


def test_functions_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    """Two folders with the same name are two functions."""
    discovery = found(tmp_path, {"a/get/app.py": SUCCEEDS, "b/get/app.py": SUCCEEDS, "c/put/app.py": SUCCEEDS})
    assert sorted(spec.name for spec in discovery.functions) == ["a-get", "b-get", "put"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    """Links to folders are not followed."""
    write(tmp_path, {"a/app.py": SUCCEEDS})
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    assert [spec.name for spec in found(tmp_path, {}).functions] == ["a"]


def test_a_virtual_environment_of_the_project_runs_its_functions(tmp_path: Path) -> None:
    """The nearest .venv, and the runtime is its version."""
    files = {"f/app.py": SUCCEEDS, ".venv/pyvenv.cfg": "home = /usr\nversion = 3.9.2\n", ".venv/bin/python": ""}
    (spec,) = found(tmp_path, files).functions
    assert (spec.interpreter, spec.runtime) == (tmp_path / ".venv/bin/python", "python3.9")


@pytest.mark.parametrize(
    "files",
    [
        {"template.yaml": "x: AWS::Serverless::Function"},
        {"lambdatui.toml": ""},
        {"resize.py": SUCCEEDS},
        {"functions/orders/app.py": "async def lambda_handler(event, context): ..."},
        {"shell/bootstrap": ""},
    ],
)
def test_a_folder_with_functions_is_a_project(tmp_path: Path, files: dict[str, str]) -> None:
    """At a glance, without reading it all."""
    assert is_project(write(tmp_path, files))


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"template.yaml": "a: b"},
        {"main.py": "def main(): ..."},
        {"log.py": "handler = logging.StreamHandler()"},
        {"tests/app.py": SUCCEEDS},
        {"a/b/c/d/app.py": SUCCEEDS},
    ],
)
def test_any_other_folder_is_none(tmp_path: Path, files: dict[str, str]) -> None:
    """A person's home, for instance."""
    assert not is_project(write(tmp_path, files))
    assert not is_project(tmp_path / "missing")


def test_asking_for_a_project_loads_no_parser(tmp_path: Path) -> None:
    """It is asked before the first frame."""
    write(tmp_path, {"a.py": SUCCEEDS})
    code = (
        "import sys; from pathlib import Path; from lambdatui.backends.local.project.folders import is_project; "
        "print(is_project(Path(sys.argv[1])), 'yaml' in sys.modules, 'ast' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "False", "False"]
