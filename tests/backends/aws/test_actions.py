"""The log of actions: every call is in it, and no secret."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.model import OperationModel
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.backends.aws.action_log import MOST, AwsActionLog
from lambdatui.backends.aws.redaction import redacted
from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.sign_in import Profile
from lambdatui.core.actions import MARK, Action
from lambdatui.core.errors import Unsupported, WorkbenchError
from lambdatui.core.target import AwsPlace
from tests.backends.aws.conftest import QUICK
from tests.fixtures.aws_account import REGION, keys
from tests.fixtures.aws_stub import AwsStub, Reply, refusal

SECRET = "hunter2"
# Independent of the list in the code: what is a secret by its nature, whatever AWS's model says.
_SECRETS = re.compile(
    r"token|secret|password|credential|payload|client_?context|body|content|^value$|description|assertion|code$|"
    r"zipfile|policy|marker|header|attribute",
    re.IGNORECASE,
)
SERVICES = ("lambda", "logs", "sts", "sso", "sso-oidc", "iam", "sqs", "sns", "schemas", "events")
MODELS = {name: botocore.session.Session().get_service_model(name) for name in SERVICES}
OPERATIONS = [
    MODELS[name].operation_model(operation) for name in SERVICES for operation in MODELS[name].operation_names
]


def session(stub: AwsStub, home: Path, *, read_only: bool = False) -> tuple[Session, AwsActionLog]:
    place = AwsPlace(REGION, "", stub.url)

    def log(profile: Profile) -> AwsActionLog:
        return AwsActionLog(place, profile, lambda: datetime(2026, 11, 23, tzinfo=UTC), iter(range(10**9)).__next__)

    environment = {**keys("123456789012"), "AWS_SESSION_TOKEN": SECRET}
    made = Session(place, environment, home=home, read_only=read_only, patience=QUICK, actions=log)
    assert made.actions is not None
    return made, made.actions


async def test_every_call_is_noted_with_its_outcome(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Answered, repeated, refused by AWS, stopped by ourselves, never answered: each with what is known of it."""
    mine, log = session(aws_stub, tmp_path)
    sorry = refusal("ServiceException", "", 500)
    aws_stub.answer("lambda:ListFunctions", sorry, Reply(body={"Functions": []}))
    await mine.call("lambda", "ListFunctions", MaxItems=50, Marker=SECRET)
    with pytest.raises(WorkbenchError):
        await mine.call("lambda", "GetFunction", FunctionName="charge")
    aws_stub.answer("lambda:Invoke", Reply(cut=True))
    with pytest.raises(WorkbenchError):
        await mine.call("lambda", "Invoke", mine.once, FunctionName="charge", Payload=SECRET.encode())
    listed, got, invoked = log.recent()
    assert (listed.name, listed.outcome, listed.failed, listed.attempts) == ("lambda:ListFunctions", "200", False, 2)
    assert listed.request_id == "request-2"
    assert listed.duration_ms is not None
    assert (got.outcome, got.failed) == ("404 ResourceNotFoundException", True)
    assert (invoked.outcome, invoked.parameters["Payload"]) == ("ConnectionClosedError", MARK)
    mine.forget()
    careful, log = session(aws_stub, tmp_path, read_only=True)
    with pytest.raises(Unsupported):
        await careful.call("lambda", "DeleteFunction", FunctionName="charge")
    assert [action.outcome for action in log.recent()] == ["not sent: read-only"]
    assert SECRET not in repr((listed, got, invoked))


async def test_the_log_is_bounded(aws_stub: AwsStub, tmp_path: Path) -> None:
    """The oldest calls are forgotten, also those that never ended."""
    mine, log = session(aws_stub, tmp_path)
    client = await mine.client("lambda")
    model = client.meta.service_model.operation_model("ListFunctions")
    for _ in range(MOST + 10):
        log._sent(model=model, context={})
    assert len(log.recent()) == MOST == len(log._began_s)
    assert log.recent()[0].number == 11
    mine.forget()


def filled(shape: Any, name: str, secret: bool, depth: int = 0) -> Any:
    """A value for `shape`, with `SECRET` in everything that is one."""
    secret = secret or bool(_SECRETS.search(name)) or shape.metadata.get("sensitive", False)
    match shape.type_name:
        case "structure":
            if depth > 4:
                return {}
            return {key: filled(member, key, secret, depth + 1) for key, member in shape.members.items()}
        case "list":
            return [filled(shape.member, name, secret, depth + 1)]
        case "map":
            return {"NAME": filled(shape.value, "value", True, depth + 1)}
        case "blob":
            return SECRET.encode()
        case "string":
            return f"a {SECRET} b" if secret else "plain"
        case "boolean":
            return True
        case _:
            return 7


@given(st.sampled_from(OPERATIONS))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_secret_is_kept(operation: OperationModel) -> None:
    """Of any operation of the services: payloads, variables' values, tokens, credentials, contents."""
    shape = operation.input_shape
    parameters = filled(shape, "", False) if shape is not None else {}
    kept = redacted(parameters, shape)
    action = Action(1, datetime.now(UTC), operation.service_model.service_name, operation.name, kept)
    log = AwsActionLog(AwsPlace(REGION), Profile("", Path(), Path()), lambda: datetime.now(UTC), lambda: 0.0)
    for shown in (repr(action), json.dumps(kept), log.command(action)):
        assert SECRET not in shown
        assert SECRET.encode().hex() not in shown


@pytest.mark.parametrize(
    ("operation", "parameters", "command"),
    [
        (
            "ListFunctions",
            {"MaxItems": 50, "Marker": "next"},
            "aws lambda list-functions --page-size 50 --profile 'my prod' --region eu-west-1",
        ),
        (
            "Invoke",
            {"FunctionName": "it's", "InvocationType": "Event", "Payload": b"{}", "ClientContext": "c2VjcmV0"},
            "aws lambda invoke --function-name 'it'\"'\"'s' --invocation-type Event --payload "
            "fileb://event.json --client-context '•••' answer.json --profile 'my prod' "
            "--region eu-west-1",
        ),
        (
            "UpdateFunctionConfiguration",
            {
                "FunctionName": "f",
                "MemorySize": 512,
                "Environment": {"Variables": {"TOKEN": "x"}},
                "Layers": ["a", "b"],
            },
            "aws lambda update-function-configuration --function-name f --memory-size 512 --environment "
            '\'{"Variables": {"TOKEN": "•••"}}\' --layers a b --profile \'my prod\' --region eu-west-1',
        ),
        (
            "UpdateEventSourceMapping",
            {"UUID": "-u", "Enabled": False},
            "aws lambda update-event-source-mapping --uuid=-u --no-enabled --profile 'my prod' --region eu-west-1",
        ),
        (
            "InvokeWithResponseStream",
            {"FunctionName": "f"},
            "# the aws command has no invoke-with-response-stream",
        ),
    ],
)
def test_the_equivalent_command_can_be_pasted(operation: str, parameters: dict[str, Any], command: str) -> None:
    """Quoted for a shell; files and marks stand for what is not kept."""
    kept = redacted(parameters, MODELS["lambda"].operation_model(operation).input_shape)
    profile = Profile("my prod", Path(), Path())
    log = AwsActionLog(AwsPlace(REGION, "my prod"), profile, lambda: datetime.now(UTC), lambda: 0.0)
    shown = log.command(Action(1, datetime.now(UTC), "lambda", operation, kept))
    assert shown == command
    assert shlex.split(shown, comments=True)[:1] in (["aws"], [])
