"""The IAM policy in the README: everything that a statement promises works with it, everything else names what is missing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from lambdatui.backends.aws.operations import READING
from lambdatui.backends.aws.session import Patience, Session
from lambdatui.core.configuration import Change, Value
from lambdatui.core.errors import Denied, NotFound, Unreachable
from lambdatui.core.functions import Reserved, Unreserved
from lambdatui.core.insights import InsightsQuery
from lambdatui.core.invocation import InvocationRequest, InvocationType
from lambdatui.core.logs import TailQuery
from lambdatui.core.target import AwsPlace, Backend
from lambdatui.core.trigger_edits import SetMapping
from lambdatui.core.version_edits import (
    CreateAlias,
    DeleteAlias,
    DeleteVersion,
    Publish,
    SetProvisioned,
    UpdateAlias,
    VersionEdit,
)
from lambdatui.core.versions import Alias
from tests.fixtures.aws_account import REGION, Account, keys, open_account
from tests.fixtures.aws_gate import Gate, Policy, refused
from tests.fixtures.aws_operations import least_parameters, operations_in_source
from tests.fixtures.aws_stub import AwsStub

README = Path(__file__).parents[3] / "README.md"
DOCUMENT = re.search(r"```json\n(\{.*?\n\})\n```", README.read_text(), re.DOTALL)[1]  # type: ignore[index]
FOR_LAMBDA_ITSELF = {"lambda:GetLayerVersion"}
"""Asked for by Lambda on the way, not by a call of ours."""


def needed(operations: frozenset[str]) -> set[str]:
    """The IAM actions behind operations of Lambda, CloudWatch Logs, IAM and SQS; signing in needs none."""
    same = {"lambda:Invoke": "lambda:InvokeFunction", "lambda:InvokeWithResponseStream": "lambda:InvokeFunction"}
    return {same.get(name, name) for name in operations if name.startswith(("lambda:", "logs:", "iam:", "sqs:"))}


# Other services have operations of these names too.
_NOT_CALLED = {"iam:GetPolicy", "logs:TagResource", "logs:UntagResource"}
CALLED = operations_in_source() - _NOT_CALLED


@pytest.fixture
def gate(ministack: Account) -> Iterator[Gate]:
    """MiniStack with one function, its queue and its log, behind a gate that lets everything through at first."""
    ministack.deploy("f", "def handler(event, context):\n    print('said')\n    return event\n")
    queue = ministack.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    attributes = ministack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    ministack.client("lambda").create_event_source_mapping(
        FunctionName="f", EventSourceArn=attributes["Attributes"]["QueueArn"], Enabled=False
    )
    ministack.client("lambda").publish_version(FunctionName="f")
    ministack.write_log("/aws/lambda/f", ["said before"])
    made = Gate(ministack.url, Policy.of(DOCUMENT), ministack.number)
    yield made
    made.close()


@asynccontextmanager
async def opened(gate: Gate, home: Path, *statements: str) -> AsyncIterator[Backend]:
    gate.policy = Policy.of(DOCUMENT, *statements)
    backend = open_account(gate.url, gate.account, home)
    try:
        yield backend
    finally:
        await backend.close()


async def everything_read(backend: Backend) -> None:
    """All that the workbench and the commands read of a function and its account."""
    assert backend.versions
    assert backend.triggers
    assert backend.inspector
    assert backend.insights
    assert backend.identity
    assert [row.name async for page in backend.catalogue.pages() for row in page.functions] == ["f"]
    assert (await backend.catalogue.detail("f")).state == "Active"
    assert (await backend.configuration.read("f")).value("memory") == 128
    assert [version.number for version in (await backend.versions.read("f")).versions] == ["$LATEST", "1"]
    assert [mapping.service for mapping in (await backend.triggers.read("f")).mappings] == ["sqs"]
    assert (await backend.inspector.glance("f")).reserved == Unreserved()
    assert [fact async for fact in _facts(backend)]
    assert (await backend.inspector.account()).limit
    assert [update async for update in backend.logs.tail(TailQuery(("f",), follow=False))]
    query = InsightsQuery("fields @message", 0, 4_000_000_000)
    assert [progress async for progress in backend.insights.run(("f",), query)]
    assert [identity async for identity in backend.identity()]


async def everything_invoked(backend: Backend) -> None:
    """Each way to invoke."""
    for invocation_type in InvocationType:
        await backend.invoker.invoke(InvocationRequest("f", b"{}", invocation_type))
    assert [part async for part in backend.invoker.stream(InvocationRequest("f", b"{}"))]


async def change(backend: Backend, key: str, new: Value) -> None:
    """One setting, from what it is to `new`."""
    read = await backend.configuration.read("f")
    await backend.configuration.apply("f", (Change(key, read.value(key), new),), read.revision_id)


async def version(backend: Backend, edit: VersionEdit) -> None:
    assert backend.versions
    await backend.versions.apply("f", edit)


async def mapping(backend: Backend) -> None:
    """Other batches for the queue."""
    assert backend.triggers
    (found,) = (await backend.triggers.read("f")).mappings
    await backend.triggers.apply("f", SetMapping(found.uuid, found.source, "batch_size", found.batch_size, 5))


async def alias_edits(backend: Backend) -> None:
    """Made, moved, removed."""
    assert backend.versions
    await version(backend, CreateAlias(Alias("live", "1")))
    (made,) = (await backend.versions.read("f")).aliases
    await version(backend, UpdateAlias(made, replace(made, version="2")))
    (moved,) = (await backend.versions.read("f")).aliases
    await version(backend, DeleteAlias(moved))


EDITS: Mapping[str, Callable[[Backend], Awaitable[None]]] = {
    "lambda:UpdateFunctionConfiguration": lambda backend: change(backend, "memory", 256),
    "lambda:PutFunctionConcurrency": lambda backend: change(backend, "reserved", Reserved(2)),
    "lambda:DeleteFunctionConcurrency": lambda backend: change(backend, "reserved", Unreserved()),
    "lambda:UpdateFunctionEventInvokeConfig": lambda backend: change(backend, "retries", 1),
    "lambda:PutFunctionRecursionConfig": lambda backend: change(backend, "recursion", "Allow"),
    "lambda:TagResource": lambda backend: change(backend, "tag.team", "photo"),
    "lambda:UntagResource": lambda backend: change(backend, "tag.team", None),
    "logs:PutRetentionPolicy": lambda backend: change(backend, "retention", 7),
    "logs:DeleteRetentionPolicy": lambda backend: change(backend, "retention", None),
    "lambda:PublishVersion": lambda backend: version(backend, Publish("", "", "")),
    "lambda:PutProvisionedConcurrencyConfig": lambda backend: version(backend, SetProvisioned("1", None, 1)),
    "lambda:DeleteProvisionedConcurrencyConfig": lambda backend: version(backend, SetProvisioned("1", 1, None)),
    "lambda:UpdateEventSourceMapping": mapping,
}


async def everything_edited(backend: Backend) -> None:
    """Each kind of change that the workbench makes."""
    for name, edit in EDITS.items():
        await edit(backend)
        if name == "lambda:PublishVersion":
            await change(backend, "memory", 512)
            await edit(backend)
    await alias_edits(backend)
    await version(backend, DeleteVersion("2"))


async def test_the_statement_for_reading_reads_everything(gate: Gate, tmp_path: Path) -> None:
    """Nothing that the workbench looks at is denied; invoking and each edit name the one permission that is missing."""
    async with opened(gate, tmp_path, "Read") as backend:
        await everything_read(backend)
        assert gate.denied == []
        for invocation_type in InvocationType:
            with pytest.raises(Denied) as caught:
                await backend.invoker.invoke(InvocationRequest("f", b"{}", invocation_type))
            assert caught.value.permission == "lambda:InvokeFunction"
        for permission, edit in [*EDITS.items(), ("lambda:CreateAlias", alias_edits)]:
            if permission.partition(":")[2].startswith(("Delete", "Untag")):
                continue  # there is nothing to take away yet
            with pytest.raises(Denied) as caught:
                await edit(backend)
            assert caught.value.permission == permission
            assert permission in caught.value.hint
        assert set(gate.denied) <= Policy.of(DOCUMENT, "Invoke", "Edit").actions


async def test_the_statement_for_invoking_invokes_in_each_way(gate: Gate, tmp_path: Path) -> None:
    """Sync, async, dry run and streamed; settings stay what they are."""
    async with opened(gate, tmp_path, "Read", "Invoke") as backend:
        await everything_invoked(backend)
        assert gate.denied == []
        with pytest.raises(Denied, match="lambda:UpdateFunctionConfiguration"):
            await change(backend, "memory", 256)
        assert (await backend.configuration.read("f")).value("memory") == 128


async def test_the_statements_for_editing_edit_everything(gate: Gate, tmp_path: Path) -> None:
    """Each kind of change goes through, and a function itself can't be deleted with them."""
    async with opened(gate, tmp_path) as backend:
        await everything_edited(backend)
        assert gate.denied == []
    assert set(EDITS) <= set(gate.asked)
    assert "lambda:DeleteFunction" in gate.asked
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:f"
    assert gate.policy.allows("lambda:DeleteFunction", f"{arn}:1")
    assert not gate.policy.allows("lambda:DeleteFunction", arn)


def test_the_policy_is_the_least() -> None:
    """It names each permission behind an operation that the source can call, and no other; Read names reading ones."""
    assert Policy.of(DOCUMENT).actions == needed(CALLED) | FOR_LAMBDA_ITSELF
    assert Policy.of(DOCUMENT, "Read").actions == needed(CALLED & READING)


@pytest.mark.parametrize("words", [True, False], ids=["named by AWS", "not named"])
async def test_each_missing_permission_is_named(aws_stub: AwsStub, tmp_path: Path, words: bool) -> None:
    """Whichever operation is denied, the error says what to ask for, whether AWS's message does or not."""
    place, once = AwsPlace(REGION, endpoint_url=aws_stub.url), Patience(attempts=1)
    session = Session(place, keys("1" * 12), home=tmp_path, patience=once)
    for name in sorted(CALLED):
        service, _, operation = name.partition(":")
        (permission,) = needed(frozenset({name})) or {name}
        said = permission if words else ""
        # The stub takes whatever is asked in forms for STS.
        aws_stub.answer(name.replace("iam:", "sts:"), refused(service, said))
        with pytest.raises(Denied) as caught:
            await session.call(service, operation, session.once, **least_parameters(service, operation))
        assert (caught.value.permission, caught.value.title) == (permission, f"Not permitted: {permission}")
    session.forget()


async def _facts(backend: Backend) -> AsyncIterator[object]:
    assert backend.inspector
    for section in backend.inspector.sections("f"):
        try:
            for fact in await section.read():
                yield fact
        except (NotFound, Unreachable):
            # MiniStack has no such operation; a denial is not one of these.
            assert section.title == "Runtime management"
