"""Versions and aliases on AWS: what is read, what is sent, and what is said when it is refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.versions import AwsVersions
from lambdatui.core.errors import Conflict, Denied, InvalidInput, NotFound, Unreachable, Unsupported
from lambdatui.core.target import AwsPlace
from lambdatui.core.version_edits import (
    CreateAlias,
    DeleteAlias,
    DeleteVersion,
    Publish,
    SetProvisioned,
    UpdateAlias,
)
from lambdatui.core.versions import Alias, Versions, VersionStore
from tests.backends.aws.conftest import QUICK
from tests.fixtures.aws_account import REGION, Account, keys
from tests.fixtures.aws_parts import StubParts
from tests.fixtures.aws_stub import AwsStub, Reply, denied, refusal


def session_on(stub: AwsStub, home: Path, *, read_only: bool = False) -> Session:
    """Somebody signed in at the stub."""
    place = AwsPlace(REGION, endpoint_url=stub.url)
    return Session(place, keys("123456789012"), home=home, patience=QUICK, read_only=read_only)


@pytest.fixture
def parts(aws_stub: AwsStub) -> StubParts:
    found = StubParts(aws_stub)
    found.version("1", Description="first")
    found.version("2", SnapStart={"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"})
    found.alias("live", "1", RoutingConfig={"AdditionalVersionWeights": {"2": 0.1}}, Description="callers")
    return found


@pytest.fixture
async def store(aws_stub: AwsStub, tmp_path: Path) -> AsyncIterator[AwsVersions]:
    session = session_on(aws_stub, tmp_path)
    yield AwsVersions(session, poll_s=0)
    session.forget()


async def live(store: VersionStore) -> Alias:
    """The alias as it stands."""
    alias = (await store.read("resize")).alias("live")
    assert alias is not None
    return alias


async def test_everything_of_a_function_is_read_whole(store: AwsVersions, parts: StubParts) -> None:
    """Every page; newest first; words that AWS has not told us yet are kept as they are."""
    parts.version("10", State="Hibernating", SnapStart={"ApplyOn": "Always", "OptimizationStatus": "Half"})
    parts.lambda_keeps_ready("live", 5, "MELTING", StatusReason="hot \x1b[31mday")
    parts.urls = [{"FunctionUrl": "https://x.on.aws/", "AuthType": "NONE", "FunctionArn": "a:b:c:d:e:f:resize:live"}]
    listed = parts._versions()
    pages = [Reply(body={"Versions": listed[:2], "NextMarker": "m"}), Reply(body={"Versions": listed[2:]})]
    parts.stub.answer("lambda:ListVersionsByFunction", *pages)
    read = await store.read("resize")
    assert [version.number for version in read.versions] == ["$LATEST", "10", "2", "1"]
    assert [version.snap_start for version in read.versions] == ["", "Half", "On", ""]
    assert read.versions[1].state == "Hibernating"
    assert read.versions[3].description == "first"
    assert (read.aliases[0].target, read.aliases[0].description) == ("1 2:10%", "callers")
    kept = read.provisioned_of("live")
    assert kept is not None
    assert (kept.status, kept.reason, kept.settled) == ("MELTING", "hot day", True)
    assert read.url_of("live") is not None
    assert read.unread == ()


@pytest.mark.parametrize("what", ["ListVersionsByFunction", "ListAliases", "ListProvisionedConcurrencyConfigs"])
async def test_a_part_that_is_denied_is_missing_and_the_rest_is_there(
    store: AwsVersions, parts: StubParts, what: str
) -> None:
    """The missing permission is named; nothing is said to be empty that was not read."""
    parts.stub.answer(f"lambda:{what}", denied(f"lambda:{what}"))
    read = await store.read("resize")
    [lack] = read.unread
    assert isinstance(lack.error, Denied)
    assert lack.error.permission == f"lambda:{what}"
    assert read.is_unread(lack.part)
    assert bool(read.versions) != (what == "ListVersionsByFunction")
    assert bool(read.aliases) != (what == "ListAliases")


async def test_a_function_that_is_gone_is_not_an_empty_one(store: AwsVersions, parts: StubParts) -> None:
    """Nor is a list that does not end."""
    parts.stub.answer("lambda:ListVersionsByFunction", refusal("ResourceNotFoundException", "Function not found", 404))
    with pytest.raises(NotFound):
        await store.read("resize")
    parts.stub.answer("lambda:ListVersionsByFunction", Reply(body={"Versions": [], "NextMarker": "again"}))
    with pytest.raises(Unreachable, match="does not end"):
        await store.read("resize")


async def publish(store: VersionStore, read: Versions, newest: str = "2") -> str:
    """Publish what was seen; what is said."""
    assert read.latest is not None
    edit = Publish("thumbnails", read.latest.code_sha256, read.latest.revision_id, newest)
    made = await store.apply("resize", edit)
    assert made.inverse in (None, DeleteVersion("3"))
    return made.told


async def test_what_is_published_is_what_was_seen(store: AwsVersions, parts: StubParts) -> None:
    """Code or settings changed since: nothing is published, and both are shown. Unchanged code makes no version."""
    read = await store.read("resize")
    assert await publish(store, read) == "Published version 3"
    assert parts.versions["3"]["Description"] == "thumbnails"
    assert "no new one" in await publish(store, read, newest="3")
    for change in ({"RevisionId": "latest-2"}, {"CodeSha256": "0ther=="}):
        parts.latest = {**parts.latest, **change}
        with pytest.raises(Conflict) as told:
            await publish(store, read)
        assert "latest-1" in told.value.mine
        assert next(iter(change.values()))[:6] in told.value.theirs
        parts.latest |= {"RevisionId": "latest-1"}
    assert list(parts.versions) == ["1", "2", "3"]


async def test_an_update_in_progress_is_waited_for(store: AwsVersions, parts: StubParts) -> None:
    """409 while the function is being changed: the version is published when that has ended."""
    parts.busy_looks = 3
    assert await publish(store, await store.read("resize")) == "Published version 3"
    assert len(parts.stub.requests("lambda:PublishVersion")) > 1


async def test_a_new_version_is_followed_until_it_is_active(store: AwsVersions, parts: StubParts) -> None:
    """Only it is asked about."""
    parts.looks_in_progress = 3
    await publish(store, await store.read("resize"))
    seen = [read.version("3") async for read in store.watch(await store.read("resize"))]
    assert [version.state for version in seen if version] == ["Pending", "Pending", "Active"]
    assert len(parts.stub.requests("lambda:ListVersionsByFunction")) == 2


async def test_an_alias_is_made_moved_weighted_described_and_deleted(store: AwsVersions, parts: StubParts) -> None:
    """Each change has an inverse, which brings back what was there; what is not changed is not sent."""
    made = await store.apply("resize", CreateAlias(Alias("beta", "2", (("1", 0.25),), "try it")))
    assert parts.aliases["beta"]["RoutingConfig"] == {"AdditionalVersionWeights": {"1": 0.25}}
    assert isinstance(made.inverse, DeleteAlias)
    deleted = await store.apply("resize", made.inverse)
    assert "beta" not in parts.aliases
    assert deleted.inverse is not None
    await store.apply("resize", deleted.inverse)
    assert parts.aliases["beta"]["Description"] == "try it"
    was = await live(store)
    moved = await store.apply("resize", UpdateAlias(was, Alias("live", "2", (), was.description)))
    assert (await live(store)).target == "2"
    described = await store.apply("resize", UpdateAlias(await live(store), Alias("live", "2", (), "new words")))
    sent = json.loads(parts.stub.requests("lambda:UpdateAlias")[-1].body)
    assert sorted(sent) == ["Description", "RevisionId"]
    assert described.inverse is not None
    await store.apply("resize", described.inverse)
    assert (await live(store)).description == "callers"
    assert isinstance(moved.inverse, UpdateAlias)
    assert moved.inverse.new.target == "1 2:10%"


async def test_an_alias_that_somebody_else_moved_is_left_alone(store: AwsVersions, parts: StubParts) -> None:
    """412, or another revision before a deletion: both targets are shown, and theirs stays."""
    was = await live(store)
    parts.alias("live", "2", Description="theirs")
    for edit, mine in ((UpdateAlias(was, Alias("live", "1", (), was.description)), "1"), (DeleteAlias(was), "deleted")):
        with pytest.raises(Conflict) as told:
            await store.apply("resize", edit)
        assert (told.value.mine, told.value.theirs) == (mine, "2 “theirs”")
    assert parts.aliases["live"]["FunctionVersion"] == "2"
    parts.aliases.clear()
    with pytest.raises(NotFound):
        await store.apply("resize", DeleteAlias(was))


async def test_provisioned_concurrency_is_followed_until_ready_or_failed(store: AwsVersions, parts: StubParts) -> None:
    """IN_PROGRESS, then READY; or FAILED with AWS's reason. None ends it."""
    parts.looks_in_progress = 3
    made = await store.apply("resize", SetProvisioned("live", None, 5))
    watched = [read.provisioned_of("live") async for read in store.watch(await store.read("resize"))]
    assert [kept.status for kept in watched if kept] == ["IN_PROGRESS", "IN_PROGRESS", "READY"]
    assert watched[-1] is not None
    assert watched[-1].available == 5
    assert made.inverse is not None
    await store.apply("resize", made.inverse)
    assert parts.provisioned == {}
    parts.provision_fails = "FUNCTION_ERROR_INIT_FAILURE"
    await store.apply("resize", SetProvisioned("live", None, 5))
    async for read in store.watch(await store.read("resize")):
        last = read.provisioned_of("live")
    assert last is not None
    assert (last.status, last.reason) == ("FAILED", "FUNCTION_ERROR_INIT_FAILURE")


async def test_provisioned_concurrency_that_somebody_else_set_is_left_alone(
    store: AwsVersions, parts: StubParts
) -> None:
    """It has no revision: what stands is compared; what is so already is not sent."""
    parts.lambda_keeps_ready("live", 7)
    with pytest.raises(Conflict) as told:
        await store.apply("resize", SetProvisioned("live", None, 5))
    assert (told.value.mine, told.value.theirs) == ("5", "7")
    await store.apply("resize", SetProvisioned("live", None, 7))
    assert parts.stub.requests("lambda:PutProvisionedConcurrencyConfig") == []


@pytest.mark.parametrize("number", ["", "$LATEST", "live", "１"])
async def test_a_function_is_never_deleted_in_place_of_a_version(
    store: AwsVersions, parts: StubParts, number: str
) -> None:
    """The same call without a number would delete everything."""
    with pytest.raises(InvalidInput):
        await store.apply("resize", DeleteVersion(number))
    assert parts.stub.requests("lambda:DeleteFunction") == []
    await store.apply("resize", DeleteVersion("2"))
    assert "2" not in parts.versions


async def test_a_change_is_sent_once_and_a_lost_answer_is_told(store: AwsVersions, parts: StubParts) -> None:
    """Sent twice, it would meet its own work and call it a conflict."""
    parts.stub.answer("lambda:CreateAlias", Reply(cut=True))
    with pytest.raises(Exception, match="may have run"):
        await store.apply("resize", CreateAlias(Alias("beta", "2")))
    assert len(parts.stub.requests("lambda:CreateAlias")) == 1


async def test_read_only_sends_no_change(aws_stub: AwsStub, parts: StubParts, tmp_path: Path) -> None:
    """Whatever asks for it; reading works."""
    session = session_on(aws_stub, tmp_path, read_only=True)
    store = AwsVersions(session)
    assert (await store.read("resize")).unread == ()
    before = len(aws_stub.seen)
    for edit in (CreateAlias(Alias("beta", "2")), DeleteVersion("1"), Publish("", "", "")):
        with pytest.raises(Unsupported):
            await store.apply("resize", edit)
    assert len(aws_stub.seen) == before
    session.forget()


async def test_on_a_server_that_runs_functions(ministack: Account, tmp_path: Path) -> None:
    """Publish, alias, weights, a stale change, provisioned concurrency, deletion: on MiniStack as on the stub."""
    ministack.deploy("resize")
    backend = ministack.open(tmp_path)
    store = backend.versions
    assert store is not None
    read = await store.read("resize")
    assert read.latest is not None
    edit = Publish("first", read.latest.code_sha256, read.latest.revision_id)
    assert (await store.apply("resize", edit)).told == "Published version 1"
    await store.apply("resize", CreateAlias(Alias("live", "1")))
    was = await live(store)
    await store.apply("resize", UpdateAlias(was, Alias("live", "1", (), "callers")))
    with pytest.raises(Conflict):
        await store.apply("resize", UpdateAlias(was, Alias("live", "$LATEST")))
    await store.apply("resize", SetProvisioned("live", None, 2))
    assert [(kept.qualifier, kept.requested) for kept in (await store.read("resize")).provisioned] == [("live", 2)]
    with pytest.raises(Conflict, match="referenced by an alias"):
        await store.apply("resize", DeleteVersion("1"))
    await store.apply("resize", DeleteAlias(await live(store)))
    await store.apply("resize", DeleteVersion("1"))
    assert [version.number for version in (await store.read("resize")).versions] == ["$LATEST"]
    await backend.close()


async def test_on_a_server_that_lacks_parts(moto: Account, tmp_path: Path) -> None:
    """moto knows no provisioned concurrency: that part is missing, and the rest works."""
    moto.deploy("resize")
    backend = moto.open(tmp_path)
    store = backend.versions
    assert store is not None
    read = await store.read("resize")
    assert read.is_unread("provisioned concurrency")
    assert (await store.apply("resize", Publish("first", "", ""))).told == "Published version 1"
    made = await store.apply("resize", CreateAlias(Alias("live", "1", (), "callers")))
    assert (await live(store)).description == "callers"
    assert made.inverse is not None
    await store.apply("resize", made.inverse)
    assert (await store.read("resize")).aliases == ()
    await backend.close()
