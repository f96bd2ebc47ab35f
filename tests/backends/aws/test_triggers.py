"""What makes a function on AWS run: what is read, what is sent, and what is said when it is refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from lambdatui.backends.aws.triggers import AwsTriggers
from lambdatui.core.errors import Conflict, Denied, InvalidInput, NotFound
from lambdatui.core.trigger_edits import MappingValue, SetMapping
from lambdatui.core.triggers import EventSourceMapping, TriggerStore
from tests.backends.aws.test_versions import session_on
from tests.fixtures.aws_account import Account
from tests.fixtures.aws_parts import STREAM, StubParts
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, denied, refusal

ALLOWED = {"Sid": "s3", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "lambda:*"}
ONE, TWO, THREE = (str(UUID(int=number)) for number in (1, 2, 3))
PATTERN = '{"body":{"status":["failed"]}}'


@pytest.fixture
def parts(aws_stub: AwsStub) -> StubParts:
    found = StubParts(aws_stub)
    found.mapping(ONE, LastProcessingResult="OK", FilterCriteria={"Filters": [{"Pattern": PATTERN}]})
    return found


@pytest.fixture
async def store(aws_stub: AwsStub, tmp_path: Path) -> AsyncIterator[AwsTriggers]:
    session = session_on(aws_stub, tmp_path)
    yield AwsTriggers(session, poll_s=0)
    session.forget()


async def one(store: TriggerStore, uuid: str = ONE) -> EventSourceMapping:
    """The mapping as it stands."""
    mapping = (await store.read("resize")).mapping(uuid)
    assert mapping is not None
    return mapping


async def change(store: TriggerStore, key: str, new: MappingValue, uuid: str = ONE) -> SetMapping | None:
    """Change one setting from what stands; the inverse."""
    mapping = await one(store, uuid)
    return (await store.apply("resize", SetMapping(uuid, mapping.name, key, mapping.value(key), new))).inverse


async def test_what_belongs_to_an_alias_is_read_too(store: AwsTriggers, parts: StubParts) -> None:
    """Mappings and policies belong to one qualifier; each says which. Unknown states and fields break nothing."""
    parts.alias("live", "1")
    parts.mapping(TWO, STREAM, "live", State="Dreaming", ParallelizationFactor=3, MaximumRetryAttempts=-1, New={"a": 1})
    kafka = {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": ["broker:9092"]}}
    parts.mapping(THREE, "", State="Enabled", SelfManagedEventSource=kafka)
    parts.policies = {"": json.dumps({"Statement": [ALLOWED]}), "live": json.dumps({"Statement": ALLOWED})}
    read = await store.read("resize")
    assert [(found.name, found.qualifier) for found in read.mappings] == [
        ("kafka broker:9092", "$LATEST"),
        ("kinesis clicks", "live"),
        ("sqs orders", "$LATEST"),
    ]
    clicks = read.mappings[1]
    assert (clicks.state, clicks.settled, clicks.enabled, clicks.parallelization) == ("Dreaming", True, None, 3)
    assert ("Retry attempts", "no limit") in clicks.facts
    assert [statement.qualifier for statement in read.statements] == ["$LATEST", "live"]
    assert read.unread == ()


async def test_a_part_that_is_denied_is_missing_and_the_rest_is_there(store: AwsTriggers, parts: StubParts) -> None:
    """Each lack is said once, however many aliases share it; a policy that is none is said to be none."""
    for name in ("live", "beta"):
        parts.alias(name, "1")
    parts.stub.answer("lambda:GetPolicy", denied("lambda:GetPolicy"))
    read = await store.read("resize")
    assert [(lack.part, type(lack.error)) for lack in read.unread] == [("policy", Denied)]
    assert [found.uuid for found in read.mappings] == [ONE]
    parts.stub.answer("lambda:ListAliases", denied("lambda:ListAliases"))
    parts.stub.answer("lambda:GetPolicy", parts._policy)
    parts.policies = {"": "{broken"}
    read = await store.read("resize")
    assert [(lack.part, type(lack.error)) for lack in read.unread] == [("policy", InvalidInput), ("aliases", Denied)]


async def test_a_mapping_is_turned_off_and_followed(store: AwsTriggers, parts: StubParts) -> None:
    """Disabling, then Disabled; only the mapping is asked about. Its inverse turns it on again."""
    parts.looks_in_progress = 2
    back = await change(store, "enabled", new=False)
    states = [read.mappings[0].state async for read in store.watch(await store.read("resize"))]
    assert states == ["Disabling", "Disabled"]
    assert back is not None
    await store.apply("resize", back)
    states = [read.mappings[0].state async for read in store.watch(await store.read("resize"))]
    assert states == ["Enabling", "Enabled"]


@pytest.mark.parametrize(
    ("key", "new", "sent"),
    [
        ("batch_size", 50, {"BatchSize": 50}),
        ("window_s", 5, {"MaximumBatchingWindowInSeconds": 5}),
        ("filters", (), {"FilterCriteria": {"Filters": []}}),
        ("filters", (PATTERN, "{}"), {"FilterCriteria": {"Filters": [{"Pattern": PATTERN}, {"Pattern": "{}"}]}}),
        ("maximum_concurrency", 5, {"ScalingConfig": {"MaximumConcurrency": 5}}),
        ("parallelization", 2, {"ParallelizationFactor": 2}),
    ],
)
async def test_only_what_changes_is_sent(
    store: AwsTriggers, parts: StubParts, key: str, new: MappingValue, sent: object
) -> None:
    """What is left out stays as it is; the inverse brings the old value back."""
    before = (await one(store)).value(key)
    back = await change(store, key, new)
    [request] = parts.stub.requests("lambda:UpdateEventSourceMapping")
    assert json.loads(request.body) == sent
    assert (await one(store)).value(key) == new
    if back is not None:
        await store.apply("resize", back)
        assert (await one(store)).value(key) == before


async def test_what_somebody_else_changed_is_left_alone(store: AwsTriggers, parts: StubParts) -> None:
    """There is no revision: it is read first. What is so already is not sent; patterns are compared by meaning."""
    mapping = await one(store)
    parts.mapping(ONE, BatchSize=7, FilterCriteria={"Filters": [{"Pattern": json.dumps(json.loads(PATTERN))}]})
    with pytest.raises(Conflict) as told:
        await store.apply("resize", SetMapping(ONE, mapping.name, "batch_size", 10, 50))
    assert (told.value.mine, told.value.theirs) == ("50", "7")
    await store.apply("resize", SetMapping(ONE, mapping.name, "batch_size", 10, 7))
    assert parts.stub.requests("lambda:UpdateEventSourceMapping") == []
    await store.apply("resize", SetMapping(ONE, mapping.name, "filters", mapping.filters, ()))
    assert len(parts.stub.requests("lambda:UpdateEventSourceMapping")) == 1
    del parts.mappings[ONE]
    with pytest.raises(NotFound, match="is no trigger of resize any more"):
        await store.apply("resize", SetMapping(ONE, mapping.name, "batch_size", 7, 8))


async def test_an_earlier_change_is_waited_for(store: AwsTriggers, parts: StubParts) -> None:
    """ResourceInUse while it is Updating; another refusal is told as it is."""
    await change(store, "batch_size", 20)
    await change(store, "window_s", 5)
    assert parts.mappings[ONE]["MaximumBatchingWindowInSeconds"] == 5
    parts.stub.answer("lambda:UpdateEventSourceMapping", refusal("InvalidParameterValueException", "Batch too large"))
    with pytest.raises(InvalidInput, match="Batch too large"):
        await store.apply("resize", SetMapping(ONE, "sqs orders", "batch_size", 20, 99_999))


@pytest.mark.parametrize("server", ["ministack", "moto"])
async def test_on_other_servers(server: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A queue's mapping is read and changed on MiniStack and on moto as on the stub."""
    account: Account = request.getfixturevalue(server)
    account.deploy("resize")
    queue = account.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    asked = account.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    functions = account.client("lambda")
    made = functions.create_event_source_mapping(
        FunctionName="resize", EventSourceArn=asked["Attributes"]["QueueArn"], BatchSize=5
    )
    functions.add_permission(
        FunctionName="resize", StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::uploads",
    )  # fmt: skip
    backend = account.open(tmp_path)
    store = backend.triggers
    assert store is not None
    read = await store.read("resize")
    assert [found.name for found in read.mappings] == ["sqs orders"]
    assert [statement.source for statement in read.statements] == ["arn:aws:s3:::uploads"]
    uuid = made["UUID"]
    for key, new in (("batch_size", 10), ("enabled", False), ("filters", (PATTERN,)), ("window_s", 3)):
        await change(store, key, new, uuid)
        assert (await one(store, uuid)).value(key) == new
    await backend.close()


async def test_what_somebody_else_changes_while_it_is_waited_for_is_not_overwritten(
    store: AwsTriggers, parts: StubParts, aws_stub: AwsStub
) -> None:
    """The mapping is busy; when it is free it has another batch size: both are told, and nothing is sent again."""
    seen = (await one(store)).batch_size

    def busy(_: Seen) -> Reply:
        parts.mappings[ONE]["BatchSize"] = 7
        parts.mappings[ONE] |= {"State": "Updating", "becomes": "Enabled"}
        parts._left[ONE] = 3
        return refusal("ResourceInUseException", "Cannot update the event source mapping", 400)

    aws_stub.answer("lambda:UpdateEventSourceMapping", busy, parts._mapping)
    with pytest.raises(Conflict) as raised:
        await store.apply("resize", SetMapping(ONE, "orders", "batch_size", seen, 9))
    assert (raised.value.mine, raised.value.theirs) == ("9", "7")
    assert parts.mappings[ONE]["BatchSize"] == 7
