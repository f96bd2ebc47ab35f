"""The history survives, and stays bounded."""

from __future__ import annotations

import asyncio
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.history import History, HistoryRow
from lambdatui.core.invocation import InvocationType
from lambdatui.core.report import Report
from lambdatui.storage.history import SqliteHistory

START = datetime(2026, 11, 23, 14, 2, 11, 123456, tzinfo=UTC)
REPORT = Report("id", 12.34, 13, 512, 61, 151.2, "error", "Runtime.ExitError")


def row(
    second: int = 0, function: str = "hello", payload: bytes = b'{"a": 1}', report: Report | None = REPORT
) -> HistoryRow:
    return HistoryRow(
        at=START + timedelta(seconds=second),
        function_name=function,
        invocation_type=InvocationType.EVENT,
        request_id=f"request-{second}",
        event_name="s3/put",
        payload=payload,
        outcome="ok",
        answer=b"\x00\xff",
        report=report,
        elapsed_ms=12.5,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "history.sqlite3"


@pytest.fixture
def history(path: Path) -> Iterator[SqliteHistory]:
    opened = SqliteHistory(path, most_rows=5)
    yield opened
    opened.close()


async def test_a_row_comes_back_as_it_was(history: SqliteHistory) -> None:
    """Every field, bytes and microseconds included, with a report and without."""
    port: History = history
    await port.add(row())
    await port.add(row(1, report=None))
    assert await port.recent() == (row(1, report=None), row())


async def test_the_newest_come_first_of_one_function_or_of_all(history: SqliteHistory) -> None:
    """However they were added."""
    for second, function in ((2, "a"), (1, "b"), (3, "a")):
        await history.add(row(second, function))
    assert [found.request_id for found in await history.recent()] == ["request-3", "request-2", "request-1"]
    assert [found.request_id for found in await history.recent("a", 1)] == ["request-3"]
    assert await history.recent("c") == ()


async def test_last_used_is_known_even_when_the_rows_are_gone(history: SqliteHistory) -> None:
    """Only the newest rows are kept; when a function was used last stays known."""
    for second in range(8):
        await history.add(row(second, "old" if second == 0 else "new"))
    assert len(await history.recent()) == 5
    assert await history.recent("old") == ()
    assert await history.last_used() == {"old": START, "new": START + timedelta(seconds=7)}


async def test_a_large_payload_is_cut_with_a_mark(history: SqliteHistory) -> None:
    """256 kB are kept; the mark says how much there was."""
    await history.add(row(payload=b"x" * 300_000))
    (found,) = await history.recent()
    assert found.payload == b"x" * 262_144 + b"\n... cut here by lambdatui: 262144 of 300000 bytes kept"


async def test_large_rows_push_out_old_ones(path: Path) -> None:
    """The bytes are bounded too; the newest row stays whatever its size."""
    history = SqliteHistory(path, most_bytes=10_000)
    try:
        for second in range(4):
            await history.add(row(second, payload=b"x" * 4_000))
        assert [found.request_id for found in await history.recent()] == ["request-3", "request-2"]
        await history.add(row(9, payload=b"x" * 20_000))
        assert [found.request_id for found in await history.recent()] == ["request-9"]
    finally:
        history.close()


async def test_it_opens_again_and_is_private(history: SqliteHistory, path: Path) -> None:
    """Closed and used again, by this or another workbench; only the user can read it."""
    await history.add(row())
    history.close()
    history.close()
    assert await history.recent() == (row(),)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_two_workbenches_share_one_history(history: SqliteHistory, path: Path) -> None:
    """Both write at the same time; nothing is lost."""
    other = SqliteHistory(path)
    try:
        await asyncio.gather(*(store.add(row(n)) for n, store in enumerate([history, other] * 2)))
        assert len(await history.recent()) == len(await other.recent()) == 4
    finally:
        other.close()


async def test_a_damaged_file_is_set_aside(history: SqliteHistory, path: Path) -> None:
    """It is not lost, and a new history begins."""
    path.parent.mkdir()
    path.write_bytes(b"no database at all, " * 100)
    await history.add(row())
    assert await history.recent() == (row(),)
    assert path.with_name("history.sqlite3.broken").read_bytes().startswith(b"no database")


async def test_a_history_that_cannot_be_kept_is_told(history: SqliteHistory, path: Path) -> None:
    """A folder in the file's place is our own error."""
    path.mkdir(parents=True)
    with pytest.raises(WorkbenchError, match="history can't be kept"):
        await history.add(row())


async def test_what_was_added_survives_kill_9(history: SqliteHistory, path: Path) -> None:
    """A row is on disk when `add` returns."""
    code = (
        "import asyncio, sys, os; from pathlib import Path\n"
        "from tests.storage.test_history import row; from lambdatui.storage.history import SqliteHistory\n"
        "async def main():\n"
        "    await SqliteHistory(Path(sys.argv[1])).add(row())\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert await history.recent() == (row(),)
