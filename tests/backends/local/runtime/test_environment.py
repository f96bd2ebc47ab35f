"""What a function sees of the machine: Lambda's variables, its own, and nothing of the user's."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.backends.local.runtime import resolve_interpreter
from tests.backends.local.runtime.conftest import Bench

SHOW = "import os\ndef handler(event, context): return dict(os.environ)"


async def test_nothing_of_the_users_environment_is_seen(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials, agents and the home folder stay outside; an SDK finds nothing."""
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN", "SSH_AUTH_SOCK", "MY_OWN"):
        monkeypatch.setenv(name, "leak-me")
    seen = json.loads((await bench.run(bench.spec(SHOW))).payload)
    assert "leak-me" not in str(seen)
    assert seen["HOME"] != str(Path.home())
    assert (seen["AWS_CONFIG_FILE"], seen["AWS_SHARED_CREDENTIALS_FILE"]) == ("/dev/null", "/dev/null")
    assert seen["AWS_EC2_METADATA_DISABLED"] == "true"


async def test_lambdas_variables_and_the_functions_own_are_seen(bench: Bench) -> None:
    """The documented variables are set, as on AWS."""
    seen = json.loads((await bench.run(bench.spec(SHOW, memory_mb=256, environment={"TABLE": "orders"}))).payload)
    wanted = {
        "TABLE": "orders",
        "AWS_LAMBDA_FUNCTION_NAME": "f",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/f",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11",
        "LAMBDA_TASK_ROOT": str(bench.folder),
        "_HANDLER": "app.handler",
        "TZ": ":UTC",
        "AWS_REGION": "us-east-1",
    }
    assert {name: seen.get(name) for name in wanted} == wanted
    assert seen["AWS_LAMBDA_LOG_STREAM_NAME"] == bench.log.events[0].stream
    assert seen["_X_AMZN_TRACE_ID"].startswith("Root=1-")


async def test_a_variable_is_passed_on_by_name(bench: Bench) -> None:
    """What a setting passes on is seen; the function's own value goes before it, Lambda's before both."""
    bench.new_pool(passed_environment={"AWS_PROFILE": "dev", "TABLE": "theirs", "_HANDLER": "x"})
    seen = json.loads((await bench.run(bench.spec(SHOW, environment={"TABLE": "ours"}))).payload)
    assert (seen["AWS_PROFILE"], seen["TABLE"], seen["_HANDLER"]) == ("dev", "ours", "app.handler")


async def test_layers_are_on_the_path(bench: Bench, tmp_path: Path) -> None:
    """A layer's python folder is importable, its bin is on PATH."""
    layer = tmp_path / "layer"
    (layer / "python").mkdir(parents=True)
    (layer / "python/from_layer.py").write_text("WORD = 'layered'")
    source = "import os, from_layer\ndef handler(event, context): return [from_layer.WORD, os.environ['PATH']]"
    word, path = json.loads((await bench.run(bench.spec(source, layers=(layer,)))).payload)
    assert (word, str(layer / "bin") in path) == ("layered", True)


async def test_a_functions_module_may_be_named_like_one_of_the_standard_library(bench: Bench) -> None:
    """The runtime client's own imports are not the function's: json.py in the code folder does no harm."""
    bench.write("raise RuntimeError('imported by the client')", "json.py")
    bench.write("raise RuntimeError('imported by the client')", "logging.py")
    assert (await bench.run(bench.spec("def handler(event, context): return event"), b"[1]")).payload == b"[1]"


async def test_every_environment_has_temporary_files_of_its_own(bench: Bench) -> None:
    """TMPDIR is the environment's own."""
    source = "import tempfile\ndef handler(event, context): return tempfile.mkdtemp()"
    folders = {(await bench.run(bench.spec(source, name=name))).payload for name in ("f", "g")}
    assert len({Path(json.loads(folder)).parent for folder in folders}) == 2


async def test_the_context_is_awss(bench: Bench) -> None:
    """Client context, ARN, remaining time and log stream are in the context."""
    source = """
        def handler(event, context):
            left = context.get_remaining_time_in_millis()
            return [
                context.client_context.custom, context.client_context.client.app_title, context.invoked_function_arn,
                context.aws_request_id, 0 < left <= 3000, context.memory_limit_in_mb, context.log_stream_name,
            ]
    """
    client_context = json.dumps({"custom": {"k": "ż"}, "client": {"app_title": "t"}})
    completed = await bench.run(bench.spec(source), client_context=client_context)
    assert json.loads(completed.payload) == [
        {"k": "ż"},
        "t",
        "arn:aws:lambda:us-east-1:123456789012:function:f",
        completed.request_id,
        True,
        "128",
        bench.log.events[0].stream,
    ]


async def test_an_empty_payload_is_an_empty_object(bench: Bench) -> None:
    """As on AWS, where the emulator hands over nothing."""
    assert (await bench.run(bench.spec("def handler(event, context): return event"), b"")).payload == b"{}"


def executable(path: Path, text: str = "\x7fELF") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def spec(folder: Path, runtime: str = "python3.9", **settings: Path) -> FunctionSpec:
    return FunctionSpec("f", runtime, "app.handler", folder, "here", **settings)  # type: ignore[arg-type]


def test_the_interpreter_is_the_named_one_then_the_projects_then_the_paths(tmp_path: Path) -> None:
    """The function's own choice, its virtual environment, PATH without pyenv's shims, pyenv, and last our own."""
    code = tmp_path / "project/code"
    code.mkdir(parents=True)
    home = tmp_path / "home"
    _, note = resolve_interpreter(spec(code), [], home)
    assert note.endswith("no python3.9 was found")
    pyenv = executable(home / ".pyenv/versions/3.9.18/bin/python3.9")
    executable(home / "shims/python3.9", "#!/bin/sh")
    assert resolve_interpreter(spec(code), [str(home / "shims")], home) == (pyenv, "")
    on_path = executable(home / "bin/python3.9")
    assert resolve_interpreter(spec(code), [str(home / "shims"), str(on_path.parent)], home) == (on_path, "")
    venv = executable(tmp_path / "project/.venv/bin/python")
    assert resolve_interpreter(spec(code), [str(on_path.parent)], home) == (venv, "")
    (tmp_path / "project/.venv/pyvenv.cfg").write_text("version = 3.12.1\n")
    assert resolve_interpreter(spec(code), [], home) == (venv, ".venv has Python 3.12, not 3.9")
    assert resolve_interpreter(spec(code, interpreter=Path("/x/python")), [], home) == (Path("/x/python"), "")


async def test_a_shell_bootstrap_runs(bench: Bench) -> None:
    """A folder with an executable bootstrap is a function: any program that speaks the Runtime API."""
    bootstrap = bench.folder / "bootstrap"
    bootstrap.write_text(
        """#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  event=$(curl -sS -D "$TMPDIR/headers" "$api/next")
  id=$(tr -d '\\r' < "$TMPDIR/headers" | sed -n 's/^Lambda-Runtime-Aws-Request-Id: //p')
  echo "serving $_HANDLER" >&2
  curl -sS -X POST "$api/$id/response" -d "{\\"echo\\": $event}" >/dev/null
done
"""
    )
    bootstrap.chmod(0o755)
    function = bench.spec(runtime="provided.al2023", handler="shell")
    for number in (b"1", b"2"):
        assert (await bench.run(function, number)).payload == b'{"echo": %b}' % number
    assert bench.log.messages.count("serving shell") == 2


@pytest.mark.parametrize(
    ("text", "mode", "message"),
    [
        (None, 0, "Couldn't find valid bootstrap(s): [{0}/bootstrap]"),
        ("#!/bin/sh\n", 0o644, "fork/exec {0}/bootstrap: permission denied"),
        ("\x00\x01", 0o755, "fork/exec {0}/bootstrap: exec format error"),
    ],
)
async def test_a_bootstrap_that_cannot_start_is_an_invalid_entrypoint(
    bench: Bench, text: str | None, mode: int, message: str
) -> None:
    """AWS's own words for it."""
    if text is not None:
        (bench.folder / "bootstrap").write_text(text)
        (bench.folder / "bootstrap").chmod(mode)
    completed = await bench.run(bench.spec(runtime="provided.al2023"))
    assert json.loads(completed.payload) == {
        "errorType": "Runtime.InvalidEntrypoint",
        "errorMessage": f"RequestId: {completed.request_id} Error: {message.format(os.fspath(bench.folder))}",
    }
