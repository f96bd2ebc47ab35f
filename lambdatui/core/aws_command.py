"""An invocation as a command of the AWS CLI, to paste into a shell. Pure."""

from __future__ import annotations

import base64
import shlex

from lambdatui.core.invocation import InvocationRequest, InvocationType
from lambdatui.core.target import AwsPlace

MOST_INLINE_BYTES = 32 * 1024
"""Linux takes 128 kB an argument, and nobody wants to paste that."""


def invoke_command(request: InvocationRequest, place: AwsPlace | None) -> str:
    """`aws lambda invoke …`; its answer goes to the terminal.

    A larger event is read from `event.json`, where it has to be put. The CLI can't stream an answer: it comes whole.
    """
    words = ["aws", "lambda", "invoke", "--function-name", request.function_name]
    if request.qualifier not in ("", "$LATEST"):
        words += ["--qualifier", request.qualifier]
    if request.invocation_type is not InvocationType.REQUEST_RESPONSE:
        words += ["--invocation-type", request.invocation_type.value]
    if request.client_context:
        words += ["--client-context", base64.b64encode(request.client_context.encode()).decode()]
    for option, value in (("--tenant-id", request.tenant_id), ("--durable-execution-name", request.durable_name)):
        words += [option, value] if value else []
    inline = len(request.payload) <= MOST_INLINE_BYTES
    payload = request.payload.decode("utf-8", "replace") if inline else "file://event.json"
    # In one word: a payload that begins with a dash would be taken for an option.
    words += ["--cli-binary-format", "raw-in-base64-out", f"--payload={payload.strip() or '{}'}"]
    if place is not None:
        for option, value in (
            ("--profile", place.profile),
            ("--region", place.region),
            ("--endpoint-url", place.endpoint_url),
        ):
            words += [option, value] if value else []
    if request.invocation_type is InvocationType.REQUEST_RESPONSE:
        # The CLI does not end by itself what it repeats: once, and as long as a function may run.
        words += ["--cli-read-timeout", "930"]
    command = " ".join(shlex.quote(word) for word in [*words, "/dev/stdout"])
    once = "AWS_MAX_ATTEMPTS=1 " if request.invocation_type is not InvocationType.DRY_RUN else ""
    return once + command
