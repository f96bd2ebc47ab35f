"""--read-only: nothing that changes or invokes leaves this machine, whatever the project calls now or later."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from botocore.eventstream import EventStream

from lambdatui.backends.aws import session as session_module
from lambdatui.backends.aws.operations import READING
from lambdatui.backends.aws.session import Patience, Session
from lambdatui.core.errors import Unsupported, WorkbenchError
from lambdatui.core.target import AwsPlace
from tests.fixtures.aws_account import REGION, keys
from tests.fixtures.aws_operations import least_parameters, model_of, operations_in_source, services_in_source
from tests.fixtures.aws_stub import AwsStub

SIGN_IN = {
    "signin:CreateOAuth2Token",
    "sso-oidc:CreateToken",
    "sso:GetRoleCredentials",
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
}
NOT_NAMED_FOR_READING = {
    "logs:FilterLogEvents": "reads events",
    "logs:StartLiveTail": "reads events as they come",
    "logs:StartQuery": "reads events; the query itself is gone after a week",
    "logs:StopQuery": "stops what StartQuery began, and saves its cost",
}


def read_only_session(stub: AwsStub, home: Path) -> Session:
    place, once = AwsPlace(REGION, endpoint_url=stub.url), Patience(attempts=1)
    return Session(place, keys("123456789012"), home=home, read_only=True, patience=once)


def close_streams(answer: dict[str, Any]) -> None:
    """End the connection of an answer that goes on."""
    for part in answer.values():
        if isinstance(part, EventStream):
            part.close()


async def test_only_what_reads_is_ever_sent(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Every operation of every service that the source names, botocore's whole list: what is not known to read is
    refused before a byte is sent, the rest arrives."""
    session, services = read_only_session(aws_stub, tmp_path), services_in_source()
    sent, refused = set(), set()
    for service in sorted(services):
        for operation in model_of(service).operation_names:
            before = len(aws_stub.seen)
            try:
                parameters = least_parameters(service, operation)
                close_streams(await session.call(service, operation, session.once, **parameters))
            except Unsupported as error:
                assert error.title == f"Read-only: {service}:{operation} is not sent"
                refused.add(f"{service}:{operation}")
                assert len(aws_stub.seen) == before
            except WorkbenchError:
                assert len(aws_stub.seen) == before + 1, f"{service}:{operation}"
            if len(aws_stub.seen) > before:
                sent.add(f"{service}:{operation}")
    session.forget()
    assert sent == {name for name in READING if name.partition(":")[0] in services}
    assert {"lambda:Invoke", "lambda:UpdateFunctionConfiguration", "logs:PutRetentionPolicy"} <= refused
    assert operations_in_source() <= sent | refused


@pytest.mark.parametrize("operation", ["Invoke", "InvokeWithResponseStream"])
async def test_a_dry_run_is_sent_and_nothing_else_of_its_kind(
    aws_stub: AwsStub, tmp_path: Path, operation: str
) -> None:
    """It asks whether one may, and runs nothing."""
    session = read_only_session(aws_stub, tmp_path)
    for invocation_type in ("RequestResponse", "Event"):
        if (operation, invocation_type) == ("InvokeWithResponseStream", "Event"):
            continue
        with pytest.raises(Unsupported):
            await session.call("lambda", operation, FunctionName="f", InvocationType=invocation_type)
    assert aws_stub.seen == []
    answer = await session.call("lambda", operation, FunctionName="f", InvocationType="DryRun")
    close_streams(answer)
    assert [seen.operation for seen in aws_stub.seen] == [f"lambda:{operation}"]
    session.forget()


def test_what_reads_is_named_so_by_aws() -> None:
    """Each operation on the list exists; it is called Get, List or Describe and sent as GET where the service has
    methods, or it is here with the reason why it changes nothing."""
    for name in READING:
        service, _, operation = name.partition(":")
        model = model_of(service)
        assert operation in model.operation_names, name
        if name in SIGN_IN or name in NOT_NAMED_FOR_READING:
            continue
        assert operation.startswith(("Get", "List", "Describe")), name
        if model.metadata["protocol"] == "rest-json":
            assert model.operation_model(operation).http["method"] == "GET", name


def test_the_source_is_read_whole() -> None:
    """What the proof above rests on: the calls that are known to be there are found."""
    found = operations_in_source()
    assert {"lambda:ListFunctions", "lambda:InvokeWithResponseStream", "logs:FilterLogEvents"} <= found
    assert {"lambda:UpdateFunctionConfiguration", "lambda:UpdateEventSourceMapping", "lambda:UpdateAlias"} <= found
    assert {"lambda", "logs", "sts"} <= services_in_source()
    assert {name for name in found if name not in READING} > {"lambda:Invoke", "lambda:PublishVersion"}


def test_there_is_one_place_where_clients_are_made() -> None:
    """The session, which refuses: nobody beside it has a way of his own to AWS."""
    modules = r"boto3|botocore\.(?:session|client|httpsession)|urllib\.request|http\.client"
    way = re.compile(rf"^\s*(?:import|from) (?:{modules})\b", re.MULTILINE)
    backends = Path(session_module.__file__).parents[1]
    found = {path.name for path in backends.rglob("*.py") if way.search(path.read_text())}
    assert found == {"session.py"}
