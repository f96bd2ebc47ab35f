"""The aws command that does what an invocation did survives any shell."""

from __future__ import annotations

import base64
import shlex
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.aws_command import MOST_INLINE_BYTES, invoke_command
from lambdatui.core.invocation import InvocationRequest, InvocationType
from lambdatui.core.target import AwsPlace

PLACE = AwsPlace("eu-west-1", "my profile", "http://127.0.0.1:4566")


@settings(derandomize=True, max_examples=60)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_payload_comes_out_of_the_shell_as_it_went_in(text: str) -> None:
    """Quotes, dollars, newlines and dashes mean nothing there."""
    words = shlex.split(invoke_command(InvocationRequest("f", text.encode()), PLACE))
    assert f"--payload={text.strip() or '{}'}" in words


def test_everything_that_was_sent_is_said() -> None:
    """Options, place, once and for as long as a function may run; the context is encoded as the CLI wants it."""
    request = InvocationRequest(
        "f", b"", qualifier="live", client_context='{"a": 1}', tenant_id="b c", durable_name="d"
    )
    words = shlex.split(invoke_command(request, PLACE))
    assert words[:4] == ["AWS_MAX_ATTEMPTS=1", "aws", "lambda", "invoke"]
    given_options = dict(pairwise(words))
    assert given_options["--qualifier"] == "live"
    assert base64.b64decode(given_options["--client-context"]) == b'{"a": 1}'
    assert (given_options["--tenant-id"], given_options["--durable-execution-name"]) == ("b c", "d")
    assert (given_options["--profile"], given_options["--region"]) == ("my profile", "eu-west-1")
    assert given_options["--cli-read-timeout"] == "930"
    assert words[-1] == "/dev/stdout"


def test_a_large_event_and_an_async_one_are_other_commands() -> None:
    """No shell takes a megabyte in a word; nobody waits for an event."""
    command = invoke_command(InvocationRequest("f", b"1" * (MOST_INLINE_BYTES + 1), InvocationType.EVENT), None)
    assert "--payload=file://event.json" in command
    assert "--invocation-type Event" in command
    assert "--cli-read-timeout" not in command
