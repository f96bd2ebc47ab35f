"""Everything about one function, from a server that knows more than we do and permits less."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdatui.core.errors import Denied, Unreachable, WorkbenchError
from lambdatui.core.inspection import Fact, Inspector, Tone
from lambdatui.core.target import Backend
from tests.fixtures.aws_account import Account
from tests.fixtures.aws_stub import AwsStub, Reply, denied

ARN = "arn:aws:lambda:eu-west-1:123456789012"
FUNCTION = {
    "FunctionName": "pay",
    "FunctionArn": f"{ARN}:function:pay",
    "Runtime": "python9.9",
    "State": "Hibernating",
    "StateReason": "asleep",
    "Layers": [{"Arn": f"{ARN}:layer:common:3"}, {"Arn": f"{ARN}:layer:other:7"}],
    "Environment": {"Error": {"ErrorCode": "AccessDenied", "Message": "no kms:Decrypt"}},
    "TenancyConfig": {"TenantIsolationMode": "PER_TENANT"},
    "DurableConfig": {"ExecutionTimeout": 60},
}


def inspector(backend: Backend) -> Inspector:
    assert backend.inspector is not None
    return backend.inspector


async def read(backend: Backend, title: str) -> tuple[Fact, ...]:
    [section] = [section for section in inspector(backend).sections("pay") if section.title == title]
    return await section.read()


def told(facts: tuple[Fact, ...]) -> str:
    return "\n".join(f"{fact.label}: {fact.value}" for fact in facts)


@pytest.fixture
def pay(aws_stub: AwsStub) -> AwsStub:
    """The stub with one function that has much to tell."""
    answer = {
        "Configuration": FUNCTION,
        "Code": {"RepositoryType": "S3", "Location": "https://bucket/code?X-Amz-Signature=secret"},
        "Concurrency": {"ReservedConcurrentExecutions": 0},
        "Tags": {"team": "shop"},
    }
    aws_stub.answer("lambda:GetFunction", Reply(body=answer))
    return aws_stub


async def test_new_words_and_fields_are_shown_as_they_are(backend: Backend, pay: AwsStub) -> None:
    """A state that we don't know, settings that we have no word for, a runtime of tomorrow."""
    del pay
    general = await read(backend, "Function")
    assert Fact("State", "Hibernating · asleep", Tone.WARNING) in general
    assert Fact("Runtime", "python9.9") in general
    assert "TenancyConfig.TenantIsolationMode: PER_TENANT" in told(await read(backend, "Further settings"))
    assert "no kms:Decrypt" in told(await read(backend, "Environment, network, tracing"))
    assert "secret" not in told(await read(backend, "Code"))
    assert Fact("Reserved", "0: every invocation is throttled", Tone.FAILED) in await read(backend, "Concurrency")


async def test_each_layer_tells_whether_a_newer_one_exists(backend: Backend, pay: AwsStub) -> None:
    """One is behind, the other belongs to somebody who does not let us look."""
    newest = Reply(body={"LayerVersions": [{"LayerVersionArn": f"{ARN}:layer:common:9", "Version": 9}]})
    refused = denied("lambda:ListLayerVersions")
    pay.answer("lambda:ListLayerVersions", lambda seen: newest if "common" in seen.path else refused)
    layers = told(await read(backend, "Layers"))
    assert "newer version exists: 9" in layers
    assert "newest version not known: needs lambda:ListLayerVersions" in layers


async def test_all_sections_ask_for_the_function_once(backend: Backend, pay: AwsStub) -> None:
    """What several sections tell of is one request."""
    for section in inspector(backend).sections("pay"):
        await section.read()
    assert len(pay.requests("lambda:GetFunction")) == 1


async def test_a_section_that_is_denied_names_its_permission(backend: Backend, pay: AwsStub) -> None:
    """And says nothing about the others."""
    pay.answer("lambda:GetRuntimeManagementConfig", denied("lambda:GetRuntimeManagementConfig"))
    with pytest.raises(Denied) as caught:
        await read(backend, "Runtime management")
    assert caught.value.permission == "lambda:GetRuntimeManagementConfig"
    assert await read(backend, "Tags") == (Fact("team", "shop"),)


async def test_the_accounts_limit_is_read(backend: Backend, aws_stub: AwsStub) -> None:
    """Limit, unreserved, and so what is reserved; an answer without them is told."""
    limits = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 400}
    aws_stub.answer("lambda:GetAccountSettings", Reply(body={"AccountLimit": limits}), Reply(body={}))
    account = await inspector(backend).account()
    assert (account.limit, account.unreserved, account.reserved) == (1000, 400, 600)
    with pytest.raises(Unreachable):
        await inspector(backend).account()


async def test_a_glance_is_asked_once(backend: Backend, aws_stub: AwsStub) -> None:
    """A throttle is told at once, for those who keep a budget."""
    aws_stub.functions = [FUNCTION]
    detail = await inspector(backend).glance("pay")
    assert (detail.summary.name, detail.summary.layer_count) == ("pay", 2)
    assert len(aws_stub.seen) == 1


@pytest.mark.parametrize("server", ["moto", "ministack"])
async def test_every_section_reads_on_other_servers(
    server: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """What a server does not know is an error in its own section; what it knows is read, with our words for it."""
    account: Account = request.getfixturevalue(server)
    account.deploy("nap", MemorySize=256, Tags={"team": "shop"})
    backend = account.open(tmp_path)
    read: dict[str, tuple[Fact, ...] | WorkbenchError] = {}
    for section in inspector(backend).sections("nap"):
        try:
            read[section.title] = await section.read()
        except WorkbenchError as error:
            read[section.title] = error
    await backend.close()
    general = read["Function"]
    assert not isinstance(general, WorkbenchError)
    assert Fact("Memory", "256 MB") in general
    assert read["Tags"] == (Fact("team", "shop"),)
    assert sum(isinstance(facts, WorkbenchError) for facts in read.values()) <= 2, read
