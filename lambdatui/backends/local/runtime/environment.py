"""The environment of a child, built from nothing: Lambda's documented variables and the function's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.backends.local.runtime.processes import MARKER
from lambdatui.core.errors import InvalidInput
from lambdatui.core.limits import RESERVED_ENVIRONMENT_KEYS

_SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin", "/opt/homebrew/bin")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an environment of a child depends on beside the function: its address, its folders, its marks.

    `folder` is the sandbox's own, with its HOME and its temporary files; `program_folder` is where the
    interpreter lies, None for a custom runtime.
    """

    runtime_api: str
    log_stream: str
    marker: str
    folder: Path
    passed: Mapping[str, str]
    program_folder: Path | None = None
    python_version: str = ""


def child_environment(spec: FunctionSpec, around: Surroundings) -> dict[str, str]:
    """Every variable that the child of `spec` sees: nothing of the user's but what `passed` names.

    Raises:
        InvalidInput: the function sets a variable that Lambda reserves; the title is AWS's sentence.
    """
    reserved = sorted(RESERVED_ENVIRONMENT_KEYS & spec.environment.keys())
    if reserved:
        raise InvalidInput(
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided contains reserved keys that are currently not supported for modification",
            f"Reserved keys used in this request: {', '.join(reserved)}",
        )
    execution_env = {"AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}"} if _managed(spec.runtime) else {}
    json_logging = {"AWS_LAMBDA_LOG_LEVEL": spec.log_level} if spec.log_format.upper() == "JSON" else {}
    replaceable = {
        "PATH": _path(spec, around),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        **_layer_paths(spec, around),
        # An SDK in the handler must not find the user's credentials.
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": str(around.folder / "home"),
        "TMPDIR": str(around.folder / "tmp"),
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    fixed = {
        **execution_env,
        **json_logging,
        "AWS_LAMBDA_LOG_FORMAT": "JSON" if json_logging else "Text",
        "AWS_LAMBDA_RUNTIME_API": around.runtime_api,
        "AWS_LAMBDA_FUNCTION_NAME": spec.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": spec.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": around.log_stream,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "LAMBDA_TASK_ROOT": str(spec.code_path),
        "LAMBDA_RUNTIME_DIR": str(Path(__file__).parent),
        "_HANDLER": spec.handler,
        MARKER: around.marker,
    }
    own = dict(spec.environment)
    if "PYTHONPATH" in own and "PYTHONPATH" in replaceable:
        own["PYTHONPATH"] = f"{own['PYTHONPATH']}:{replaceable['PYTHONPATH']}"
    return {**replaceable, **around.passed, **own, **fixed}


def _managed(runtime: str) -> bool:
    return bool(runtime) and not runtime.startswith("provided")


def _path(spec: FunctionSpec, around: Surroundings) -> str:
    program = [str(around.program_folder)] if around.program_folder else []
    return ":".join([*program, *_SYSTEM_PATH, *(str(layer / "bin") for layer in spec.layers)])


def _layer_paths(spec: FunctionSpec, around: Surroundings) -> dict[str, str]:
    """Where the layers' libraries lie: what is under /opt on AWS."""
    if not spec.layers:
        return {}
    paths = {
        "LD_LIBRARY_PATH": ":".join(str(layer / "lib") for layer in spec.layers),
        "NODE_PATH": ":".join(str(layer / "nodejs/node_modules") for layer in spec.layers),
    }
    if around.python_version:
        site = f"python/lib/python{around.python_version}/site-packages"
        paths["PYTHONPATH"] = ":".join(str(layer / part) for layer in spec.layers for part in (site, "python"))
    return paths
