"""Settings on AWS: read in parts, changed with a guard, waited for, and told truly whatever goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lambdatui.backends.aws.configuration import AwsConfiguration
from lambdatui.backends.aws.configuration_parts import Part
from lambdatui.backends.aws.configuration_wait import Waiting
from lambdatui.backends.aws.layers import AwsLayers
from lambdatui.backends.aws.operations import READING
from lambdatui.backends.aws.session import Session
from lambdatui.core.configuration import Change, Configuration, Step, Value
from lambdatui.core.errors import (
    Conflict,
    CredentialsExpired,
    Denied,
    InvalidInput,
    MayHaveRun,
    NotFound,
    PartlyApplied,
    Throttled,
    Unsupported,
    WorkbenchError,
)
from lambdatui.core.functions import Reserved, Unknown, Unreserved
from lambdatui.core.layers import LayerName
from lambdatui.core.target import AwsPlace
from tests.backends.aws.conftest import QUICK
from tests.fixtures.aws_account import REGION, keys
from tests.fixtures.aws_settings import StubSettings
from tests.fixtures.aws_stub import AwsStub, Reply, denied, refusal

LAYER = "arn:aws:lambda:eu-west-1:123456789012:layer:"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:"


@dataclass(slots=True)
class Clock:
    """A clock that only sleeping moves."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        """No time passes."""
        self.now += seconds
        self.slept.append(seconds)


@dataclass(slots=True)
class Account:
    """The store on an account of the stub."""

    stub: AwsStub
    settings: StubSettings
    session: Session
    store: AwsConfiguration
    clock: Clock
    steps: list[Step] = field(default_factory=list)

    async def change(self, *changes: Change, name: str = "echo") -> Configuration:
        """Apply changes, hearing the steps."""
        return await self.store.apply(name, changes, "as it was read", self.steps.append)

    async def becomes(self, key: str, new: Value) -> Value:
        """Change one setting from what stands; what stands then."""
        read = await self.store.read("echo")
        return (await self.change(Change(key, read.value(key), new))).value(key)


@pytest.fixture
def account(aws_stub: AwsStub, tmp_path: Path) -> Account:
    settings = StubSettings(aws_stub)
    settings.add("echo", MemorySize=256, Timeout=10, Environment={"Variables": {"STAGE": "dev", "TABLE": "orders"}})
    settings.retention["/aws/lambda/echo"] = 14
    settings.retention["/aws/lambda/echo-of-another"] = 1
    clock = Clock()
    place = AwsPlace(REGION, endpoint_url=aws_stub.url)
    session = Session(place, keys("123456789012"), home=tmp_path, patience=QUICK)
    waiting = Waiting(lambda: clock.now, clock.sleep, limit_s=30.0)
    return Account(aws_stub, settings, session, AwsConfiguration(session, lambda _: None, waiting=waiting), clock)


CHANGES: Sequence[tuple[str, Value, Value]] = (
    ("memory", 512, 512),
    ("memory", None, 128),
    ("timeout", 60, 60),
    ("ephemeral", 1024, 1024),
    ("description", "says hello", "says hello"),
    ("description", "", None),
    ("handler", "app.other", "app.other"),
    ("layers", (f"{LAYER}a:1", f"{LAYER}b:2"), (f"{LAYER}a:1", f"{LAYER}b:2")),
    ("snap_start", "PublishedVersions", "PublishedVersions"),
    ("runtime_update", "FunctionUpdate", "FunctionUpdate"),
    ("runtime_update", "arn:aws:lambda:eu-west-1::runtime:abc", "arn:aws:lambda:eu-west-1::runtime:abc"),
    ("reserved", Reserved(5), Reserved(5)),
    ("reserved", Reserved(0), Reserved(0)),
    ("retries", 0, 0),
    ("event_age", 60, 60),
    ("on_failure", f"{QUEUE}lost", f"{QUEUE}lost"),
    ("on_success", f"{QUEUE}done", f"{QUEUE}done"),
    ("dlq", f"{QUEUE}dead", f"{QUEUE}dead"),
    ("recursion", "Allow", "Allow"),
    ("log_format", "JSON", "JSON"),
    ("log_group", "/shared", "/shared"),
    ("retention", 30, 30),
    ("retention", None, None),
    ("tracing", "Active", "Active"),
    ("env.NEW", "", ""),
    ("env.STAGE", None, None),
    ("tag.team", "photo", "photo"),
)


@pytest.mark.parametrize(("key", "new", "stands"), CHANGES)
async def test_each_setting_changes_and_its_inverse_undoes(
    account: Account, key: str, new: Value, stands: Value
) -> None:
    """What was set is what AWS says then; taken back, every setting is as before."""
    before = await account.store.read("echo")
    change = Change(key, before.value(key), new)
    after = await account.change(change)
    assert after.value(key) == stands
    undone = await account.change(Change(key, after.value(key), before.value(key)))
    assert [(e.definition.key, e.value) for e in undone.entries] == [
        (e.definition.key, e.value) for e in before.entries
    ]


async def test_every_setting_is_there_with_its_default(account: Account) -> None:
    """What nobody set is AWS's default, and says so; what AWS adds next year is in nobody's way."""
    read = await account.store.read("echo")
    values = {entry.definition.key: entry.value for entry in read.entries}
    assert values["retries"] == 2
    assert values["event_age"] == 21_600
    assert values["reserved"] == Unreserved()
    assert (values["recursion"], values["runtime_update"], values["layers"]) == ("Terminate", "Auto", ())
    assert (values["log_level"], values["retention"], values["on_failure"]) == (None, 14, None)
    origins = {entry.definition.key: entry.origin for entry in read.entries}
    assert (origins["ephemeral"], origins["memory"]) == ("default", "set")
    reset = next(entry.reset for entry in read.entries if entry.definition.key == "memory")
    assert reset == Change("memory", 256, 128)


async def test_the_environment_is_merged_by_key(account: Account) -> None:
    """What somebody else added since it was read stays; a conflict is about the same key alone."""
    change = Change("env.STAGE", "dev", "prod")
    account.settings.functions["echo"]["Environment"] = {"Variables": {"STAGE": "dev", "ADDED": "meanwhile"}}
    await account.change(change)
    (sent,) = account.settings.sent("lambda:UpdateFunctionConfiguration")
    assert sent["Environment"] == {"Variables": {"STAGE": "prod", "ADDED": "meanwhile"}}
    assert set(sent) == {"Environment", "RevisionId"}


async def test_an_environment_that_can_not_be_read_is_never_written(account: Account) -> None:
    """KMS refuses: the environment is locked with the reason, and the rest can still be changed."""
    account.settings.functions["echo"]["Environment"] = {
        "Error": {"ErrorCode": "AccessDeniedException", "Message": "kms:Decrypt"}
    }
    read = await account.store.read("echo")
    assert read.value("env") == Unknown("Lambda can't decrypt it: AccessDeniedException")
    assert "decrypt" in read.obstacle("env.NEW")
    with pytest.raises(Unsupported, match="decrypt"):
        await account.change(Change("env.NEW", None, "x"))
    assert account.settings.changes == []
    await account.change(Change("memory", 256, 512))
    assert "Environment" not in account.settings.sent("lambda:UpdateFunctionConfiguration")[0]


async def test_several_changes_of_one_call_go_together(account: Account) -> None:
    """One request for all that Lambda takes in one; the others after it."""
    await account.change(
        Change("reserved", Unreserved(), Reserved(5)),
        Change("memory", 256, 512),
        Change("timeout", 10, 20),
        Change("retries", 2, 0),
        Change("on_failure", None, f"{QUEUE}lost"),
        Change("tag.team", None, "photo"),
        Change("retention", 14, 30),
    )
    assert account.settings.changes == [
        "lambda:UpdateFunctionConfiguration",
        "lambda:PutFunctionConcurrency",
        "lambda:UpdateFunctionEventInvokeConfig",
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:TagResource",
        "logs:PutRetentionPolicy",
    ]


async def test_a_destination_leaves_the_rest_of_its_config(account: Account) -> None:
    """Update, not Put: Put would wipe the other destination, the retries and the age."""
    account.settings.event_invoke["echo"] = {
        "MaximumRetryAttempts": 1,
        "DestinationConfig": {"OnSuccess": {"Destination": f"{QUEUE}done"}, "OnFailure": {}},
    }
    await account.change(Change("on_failure", None, f"{QUEUE}lost"))
    assert account.settings.changes == ["lambda:UpdateFunctionEventInvokeConfig"]
    read = await account.store.read("echo")
    values = [read.value(key) for key in ("retries", "on_success", "on_failure")]
    assert values == [1, f"{QUEUE}done", f"{QUEUE}lost"]


async def test_text_logs_send_no_levels(account: Account) -> None:
    """Lambda refuses a level with the text format: back from JSON, they are left out."""
    account.settings.functions["echo"]["LoggingConfig"] = {
        "LogFormat": "JSON", "ApplicationLogLevel": "DEBUG", "SystemLogLevel": "WARN", "LogGroup": "/g",
    }  # fmt: skip
    assert await account.becomes("log_level", "ERROR") == "ERROR"
    await account.change(Change("log_format", "JSON", "Text"))
    sent = account.settings.sent("lambda:UpdateFunctionConfiguration")[-1]
    assert sent["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/g"}
    entry = (await account.store.read("echo")).entry("log_level")
    assert entry is not None
    assert "JSON" in entry.locked


async def test_apply_returns_when_it_took_effect(account: Account) -> None:
    """LastUpdateStatus is waited for, and each step is told."""
    account.settings.looks_in_progress = 4
    after = await account.change(Change("memory", 256, 512))
    assert after.value("memory") == 512
    assert account.settings.functions["echo"]["LastUpdateStatus"] == "Successful"
    assert account.steps == [Step.READING, Step.SENDING, Step.SETTLING]
    assert len(account.clock.slept) == 4


async def test_an_update_that_fails_says_why(account: Account) -> None:
    """Lambda's reason, and that the function runs as before."""
    account.settings.fails_with = "The subnet is gone"
    with pytest.raises(WorkbenchError, match="could not put it into effect") as caught:
        await account.change(Change("memory", 256, 512))
    assert "InvalidSubnet: The subnet is gone" in caught.value.detail
    assert isinstance(caught.value, PartlyApplied)
    assert caught.value.applied == ("memory",)
    assert "subnet" in (await account.store.read("echo")).cautions[0]
    account.settings.fails_with = "Again"
    with pytest.raises(PartlyApplied) as caught_again:
        await account.change(Change("memory", 512, 256), Change("reserved", Unreserved(), Reserved(5)))
    assert "taken, not in effect: Memory 512 MB → 256 MB" in caught_again.value.detail
    assert "not changed: Reserved concurrency" in caught_again.value.detail


async def test_an_update_that_never_ends_is_left_alone(account: Account) -> None:
    """After the time for it the wait ends; that it goes on is said."""
    account.settings.looks_in_progress = 10_000
    with pytest.raises(WorkbenchError, match="still updating") as caught:
        await account.change(Change("memory", 256, 512))
    assert "goes on by itself" in caught.value.hint
    assert account.settings.changes == ["lambda:UpdateFunctionConfiguration"]


async def test_somebody_else_s_update_is_waited_for(account: Account) -> None:
    """409: nothing is sent twice, the wait is told, then the change is made."""
    account.settings.busy("echo", 3)
    after = await account.change(Change("memory", 256, 512))
    assert after.value("memory") == 512
    assert Step.BUSY in account.steps
    assert account.settings.changes == ["lambda:UpdateFunctionConfiguration"] * 2


async def test_a_throttle_is_waited_for_as_long_as_aws_asks(account: Account) -> None:
    """429 was refused: it is sent again after Retry-After."""
    throttle = refusal("TooManyRequestsException", "Rate exceeded", 429, retry_after="7")
    account.stub.answer("lambda:PutFunctionConcurrency", throttle, account.settings._answer)
    assert await account.becomes("reserved", Reserved(5)) == Reserved(5)
    assert max(account.clock.slept) == 7


async def test_throttled_for_ever_ends(account: Account) -> None:
    """And nothing was changed."""
    throttle = refusal("TooManyRequestsException", "Rate exceeded", 429)
    account.stub.answer("lambda:PutFunctionConcurrency", throttle)
    with pytest.raises(Throttled):
        await account.becomes("reserved", Reserved(5))


async def test_a_rival_for_the_same_setting_is_a_conflict_with_both_values(account: Account) -> None:
    """Between our reading and our update: 412, then both values, and theirs stays."""
    account.settings.rivals = [("echo", {"MemorySize": 1024})]
    with pytest.raises(Conflict) as caught:
        await account.change(Change("memory", 256, 512))
    assert (caught.value.mine, caught.value.theirs) == ("512 MB", "1,024 MB")
    assert (await account.store.read("echo")).value("memory") == 1024


async def test_a_rival_for_another_setting_is_not_in_the_way(account: Account) -> None:
    """412, then the change again on what stands now, the rival's environment included."""
    account.settings.rivals = [("echo", {"Timeout": 99, "Environment": {"Variables": {"THEIRS": "1"}}})]
    after = await account.change(Change("memory", 256, 512), Change("env.MINE", None, "1"))
    assert [after.value(key) for key in ("memory", "timeout", "env.THEIRS", "env.MINE")] == [512, 99, "1", "1"]


async def test_rivals_without_end_are_a_conflict(account: Account) -> None:
    """Not an endless race."""
    account.stub.answer("lambda:UpdateFunctionConfiguration", refusal("PreconditionFailedException", "revision", 412))
    with pytest.raises(Conflict) as caught:
        await account.change(Change("memory", 256, 512))
    assert (caught.value.mine, caught.value.theirs) == ("512 MB", "256 MB")
    assert len(account.settings.changes) == 4


async def test_a_lost_answer_is_looked_for_and_never_sent_again(account: Account) -> None:
    """The connection was cut after the request: it arrived, which is seen; no second request."""
    account.settings.lose = {"UpdateFunctionConfiguration"}
    account.settings.looks_in_progress = 1
    after = await account.change(Change("memory", 256, 512))
    assert after.value("memory") == 512
    assert Step.LOOKING in account.steps
    assert account.settings.changes == ["lambda:UpdateFunctionConfiguration"]


async def test_a_lost_request_is_not_called_done(account: Account) -> None:
    """It is not to be seen: that is said, and that it is not sent again."""
    account.settings.drop = {"UpdateFunctionConfiguration"}
    with pytest.raises(MayHaveRun, match="Memory 256 MB → 512 MB") as caught:
        await account.change(Change("memory", 256, 512))
    assert "as before" in caught.value.detail
    assert "not sent again" in caught.value.hint
    assert account.settings.changes == ["lambda:UpdateFunctionConfiguration"]


async def test_half_way_it_says_what_took_effect(account: Account) -> None:
    """All or none is not possible across calls: which changes stand and which don't is said, values masked."""
    account.stub.answer("lambda:PutFunctionConcurrency", denied("lambda:PutFunctionConcurrency"))
    with pytest.raises(PartlyApplied) as caught:
        await account.change(
            Change("reserved", Unreserved(), Reserved(5)),
            Change("env.STAGE", "dev", "s3cret"),
            Change("retries", 2, 0),
        )
    error = caught.value
    assert error.applied == ("env.STAGE",)
    assert "took effect: STAGE •••• → ••••" in error.detail
    assert "not changed: Reserved concurrency unreserved → 5, Retry attempts 2 → 0" in error.detail
    assert "lambda:PutFunctionConcurrency" in error.hint
    assert (await account.store.read("echo")).value("retries") == 2


async def test_what_was_changed_and_can_not_be_read_is_still_called_changed(account: Account) -> None:
    """The way back fails: what took effect is known."""
    account.stub.answer(
        "lambda:GetFunctionConfiguration",
        *[account.settings._answer] * 2,
        refusal("ExpiredTokenException", "expired", 403),
    )
    with pytest.raises(PartlyApplied, match="It took effect") as caught:
        await account.change(Change("memory", 256, 512))
    assert caught.value.applied == ("memory",)


async def test_credentials_that_expire_meanwhile_do_not_hide_what_was_sent(account: Account) -> None:
    """The error is that of the sign-in, with its command; that the change was taken is said."""
    expired = refusal("ExpiredTokenException", "expired", 403)
    account.stub.answer("lambda:GetFunctionConfiguration", account.settings._answer, expired)
    with pytest.raises(CredentialsExpired) as caught:
        await account.change(Change("memory", 256, 512))
    assert "Lambda has taken the change" in caught.value.detail


DENIABLE = (
    ("lambda:GetFunctionConcurrency", "reserved"),
    ("lambda:GetFunctionEventInvokeConfig", "retries"),
    ("lambda:GetFunctionRecursionConfig", "recursion"),
    ("lambda:GetRuntimeManagementConfig", "runtime_update"),
    ("lambda:ListTags", "tag"),
    ("logs:DescribeLogGroups", "retention"),
    ("lambda:GetFunctionConfiguration", "memory"),
    ("lambda:GetFunctionConfiguration", "env"),
)


@pytest.mark.parametrize(("permission", "key"), DENIABLE)
async def test_a_denied_part_is_unknown_and_names_its_permission(account: Account, permission: str, key: str) -> None:
    """The rest is read; what is unknown is neither unreserved nor 0, and can't be changed blindly."""
    account.stub.answer(permission, denied(permission))
    read = await account.store.read("echo")
    entry = read.entry(key)
    assert entry is not None
    assert entry.value == Unknown(f"needs {permission}")
    assert permission in entry.locked
    if permission != "lambda:GetFunctionConfiguration":
        assert read.value("memory") == 256
    else:
        assert read.value("reserved") == Unreserved()
    changed = f"{key}.x" if key in ("env", "tag") else key
    assert permission in read.obstacle(changed)
    with pytest.raises(Unsupported, match=permission):
        await account.change(Change(changed, None, "x"))
    assert account.settings.changes == []


async def test_a_part_that_an_emulator_does_not_have_is_unknown(account: Account) -> None:
    """An endpoint without an operation still shows everything else."""
    account.stub.answer("lambda:GetFunctionRecursionConfig", refusal("UnknownOperationException", "?", 404))
    account.stub.answer("lambda:GetRuntimeManagementConfig", Reply(501, b"<html>not json"))
    read = await account.store.read("echo")
    assert (read.value("memory"), type(read.value("recursion")), type(read.value("runtime_update"))) == (
        256, Unknown, Unknown,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refusal("ExpiredTokenException", "expired", 403), CredentialsExpired),
        (refusal("ResourceNotFoundException", "no function", 404), NotFound),
        (refusal("TooManyRequestsException", "slow down", 429), Throttled),
    ],
)
async def test_a_function_that_can_not_be_read_at_all_is_an_error(
    account: Account, reply: Reply, kind: type[WorkbenchError]
) -> None:
    """Not a page of unknowns."""
    account.stub.answer("lambda:GetFunctionConfiguration", reply)
    with pytest.raises(kind):
        await account.store.read("echo")


async def test_a_permission_that_is_missing_for_the_change_is_named(account: Account) -> None:
    """Nothing was changed."""
    account.stub.answer("lambda:UpdateFunctionConfiguration", denied("lambda:UpdateFunctionConfiguration"))
    with pytest.raises(Denied) as caught:
        await account.change(Change("memory", 256, 512))
    assert caught.value.permission == "lambda:UpdateFunctionConfiguration"


async def test_the_server_judges(account: Account) -> None:
    """What is outside our limits is sent; AWS's refusal is told in its words."""
    with pytest.raises(InvalidInput, match="MemorySize value failed"):
        await account.change(Change("memory", 256, 20_480))


@pytest.mark.parametrize(
    ("tags", "owner"),
    [
        ({"aws:cloudformation:stack-name": "web-api"}, "Owned by the CloudFormation stack web-api"),
        ({"ManagedBy": "terraform"}, "Owned by Terraform"),
        ({"team": "photo"}, ""),
    ],
)
async def test_a_function_that_a_stack_owns_is_cautioned_of(account: Account, tags: dict[str, str], owner: str) -> None:
    """What is changed here drifts from the stack; its own tags are locked."""
    account.settings.tags["echo"] = tags
    read = await account.store.read("echo")
    assert (read.cautions[0].lower() if read.cautions else "").startswith(owner.lower())
    assert all(bool(e.locked) == ("aws:" in e.definition.key) for e in read.entries if e.definition.kind == "tag")


async def test_an_image_has_neither_handler_nor_layers(account: Account) -> None:
    """They are built in."""
    account.settings.add("boxed", PackageType="Image", Runtime=None, Handler=None)
    read = await account.store.read("boxed")
    assert "image" in read.obstacle("handler")
    assert "image" in read.obstacle("layers")
    assert read.obstacle("memory") == ""


async def test_read_only_locks_everything(account: Account) -> None:
    """And sends nothing, whoever asks."""
    store = AwsConfiguration(account.session, lambda _: None, read_only=True)
    read = await store.read("echo")
    assert {entry.locked for entry in read.entries} == {"the target is read-only"}
    with pytest.raises(Unsupported):
        await store.apply("echo", (Change("memory", 256, 512),), "")
    assert account.settings.changes == []


def test_every_part_only_reads() -> None:
    """--read-only lets them through, and a lost answer may be asked for again."""
    assert {part.value for part in Part} <= READING


async def test_the_newest_version_of_a_layer(account: Account) -> None:
    """By its ARN; a layer without versions stays what it is."""
    newest = {"LayerVersions": [{"LayerVersionArn": f"{LAYER}a:7", "Version": 7}]}
    account.stub.answer("lambda:ListLayerVersions", Reply(body=newest), Reply(body={"LayerVersions": []}))
    shelf = AwsLayers(account.session)
    assert (await shelf.newest(LayerName.of(f"{LAYER}a:1"))).short == "a:7"
    assert (await shelf.newest(LayerName.of(f"{LAYER}b:2"))).short == "b:2"


@pytest.mark.parametrize(
    "said",
    [
        'exceeded the 4KB limit. String measured: {"TOKEN":"s3cret \\"quoted\\"","STAGE":"dev-of-mine"}',
        "Value '{TOKEN=s3cret \"quoted\", STAGE=dev-of-mine}' at 'environment.variables' failed to satisfy constraint",
    ],
)
async def test_a_refusal_that_quotes_the_environment_is_told_without_it(account: Account, said: str) -> None:
    """Lambda's own sentences hold the values that it refuses: none of them is in what is told, nor in its cause."""
    account.settings.add(
        "echo", MemorySize=256, Environment={"Variables": {"TOKEN": 's3cret "quoted"', "STAGE": "dev-of-mine"}}
    )
    account.stub.answer("lambda:UpdateFunctionConfiguration", refusal("InvalidParameterValueException", said, 400))
    with pytest.raises(InvalidInput) as raised:
        await account.becomes("env.NEW", "brand new value")
    cause = raised.value.__cause__
    for text in (str(raised.value), str(cause)):
        assert "s3cret" not in text
        assert "dev-of-mine" not in text
    assert "•••" in raised.value.title
