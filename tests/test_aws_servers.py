"""The servers that stand in for AWS do what the other tests take for granted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.fixtures.aws_account import Account
from tests.fixtures.aws_servers import Server


@pytest.fixture(params=["ministack", "moto"])
def account(request: pytest.FixtureRequest) -> Account:
    chosen: Account = request.getfixturevalue(request.param)
    return chosen


@pytest.mark.parametrize("round_", [1, 2])
def test_each_test_has_an_empty_account(account: Account, round_: int) -> None:
    """What one test made, the next does not find."""
    assert account.client("lambda").list_functions()["Functions"] == []
    assert account.client("logs").describe_log_groups()["logGroups"] == []
    account.deploy("f")
    account.write_log("/aws/lambda/f", ["one", "two"])
    events = account.client("logs").filter_log_events(logGroupName="/aws/lambda/f")["events"]
    assert [event["message"] for event in events] == ["one", "two"]


def test_both_answer_an_invocation(account: Account) -> None:
    """A function on MiniStack runs; moto gives back the event."""
    account.deploy("f")
    answer = account.client("lambda").invoke(FunctionName="f", Payload=b'{"a": 1}')
    assert answer["Payload"].read() == b'{"a": 1}'


def test_a_function_sees_nothing_of_the_machine(ministack: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's environment is its own: what the tests run in is not in it."""
    ministack.deploy("f", "import os\n\n\ndef handler(event, context):\n    return sorted(os.environ)\n")
    seen = ministack.client("lambda").invoke(FunctionName="f")["Payload"].read()
    assert b"PYTEST" not in seen
    assert b"VIRTUAL_ENV" not in seen


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nobody_else_reaches_them(ministack_server: Server, moto_server: Server) -> None:
    """Both listen on loopback alone."""
    for server in (ministack_server, moto_server):
        sockets = {
            link.readlink().name
            for link in Path(f"/proc/{server.process.pid}/fd").iterdir()
            if link.is_symlink() and link.readlink().name.startswith("socket:")
        }
        tables = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
        listening = [line.split() for table in tables for line in table.read_text().splitlines()[1:]]
        addresses = {row[1].split(":")[0] for row in listening if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}
        assert addresses == {"0100007F"}
