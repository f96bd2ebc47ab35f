"""Every invocation made from here, in one SQLite file a target."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from lambdatui.blocking import call_blocking
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.history import HistoryRow
from lambdatui.storage.files import private_folder, set_aside

if TYPE_CHECKING:
    import sqlite3

    from lambdatui.core.report import Report

_BUSY_S = 5.0
"""So long another workbench may hold the file."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS invocation (
    id INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    function_name TEXT NOT NULL,
    invocation_type TEXT NOT NULL,
    request_id TEXT NOT NULL,
    event_name TEXT NOT NULL,
    payload BLOB NOT NULL,
    outcome TEXT NOT NULL,
    answer BLOB NOT NULL,
    elapsed_ms REAL NOT NULL,
    report TEXT,
    size_bytes INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS invocation_by_function ON invocation (function_name, at_us);
CREATE INDEX IF NOT EXISTS invocation_by_time ON invocation (at_us, id, size_bytes);
CREATE TABLE IF NOT EXISTS last_used (function_name TEXT PRIMARY KEY, at_us INTEGER NOT NULL);
"""
_COLUMNS = "at_us, function_name, invocation_type, request_id, event_name, payload, outcome, answer, elapsed_ms, report"
_PRUNE = """
DELETE FROM invocation WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER newest AS rows, sum(size_bytes) OVER newest AS bytes FROM invocation
        WINDOW newest AS (ORDER BY at_us DESC, id DESC)
    ) WHERE rows > ? OR (bytes > ? AND rows > 1)
)
"""
_LONGEST_BYTES = 256 * 1024
_MARK = b"\n... cut here by lambdatui: %d of %d bytes kept"


class SqliteHistory:
    """Keeps the newest invocations of one target, bounded in rows and in bytes.

    Owns its file and the one connection to it, opened at the first use. Survives `kill -9`, and a second workbench on
    the same file. A damaged file is set aside as NAME.broken, and a new one begun. Never blocks the event loop.
    """

    def __init__(self, path: Path, *, most_rows: int = 5_000, most_bytes: int = 256 * 1024 * 1024) -> None:
        self._path = path
        self._bounds = (most_rows, most_bytes)
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None

    async def add(self, row: HistoryRow) -> None:
        """Keep `row`; it is on disk when this returns. Payloads over 256 kB are cut, with a mark at the end.

        Raises:
            WorkbenchError: the file can't be written.
        """
        await call_blocking(self._add, row)

    async def recent(self, function_name: str | None = None, limit: int = 200) -> tuple[HistoryRow, ...]:
        """The newest rows first, of one function or of all.

        Raises:
            WorkbenchError: the file can't be read.
        """
        return await call_blocking(self._recent, function_name, limit)

    async def last_used(self) -> Mapping[str, datetime]:
        """When each function was last invoked from here, also those whose rows have gone.

        Raises:
            WorkbenchError: the file can't be read.
        """
        return await call_blocking(self._last_used)

    def close(self) -> None:
        """Close the file; waits for a write that is under way. It opens again when it is used again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _add(self, row: HistoryRow) -> None:
        values = _values(row)
        with self._opened() as connection, connection:
            marks = ",".join("?" * len(values))
            connection.execute(f"INSERT INTO invocation ({_COLUMNS}, size_bytes) VALUES ({marks})", values)  # noqa: S608
            connection.execute(
                "INSERT INTO last_used VALUES (?, ?) "
                "ON CONFLICT (function_name) DO UPDATE SET at_us = max(at_us, excluded.at_us)",
                (row.function_name, values[0]),
            )
            connection.execute(_PRUNE, self._bounds)

    def _recent(self, function_name: str | None, limit: int) -> tuple[HistoryRow, ...]:
        where, values = ("", (limit,)) if function_name is None else ("WHERE function_name = ?", (function_name, limit))
        query = f"SELECT {_COLUMNS} FROM invocation {where} ORDER BY at_us DESC, id DESC LIMIT ?"  # noqa: S608
        with self._opened() as connection:
            return tuple(_row(found) for found in connection.execute(query, values))

    def _last_used(self) -> Mapping[str, datetime]:
        with self._opened() as connection:
            return {name: _time(at_us) for name, at_us in connection.execute("SELECT * FROM last_used")}

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        import sqlite3  # noqa: PLC0415  # 5 ms that the first frame does not wait for

        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open()
                yield self._connection
            except sqlite3.Error as error:
                raise WorkbenchError("The history can't be kept", f"{self._path}: {error}") from error

    def _open(self) -> sqlite3.Connection:
        import sqlite3  # noqa: PLC0415

        private_folder(self._path.parent)
        try:
            return self._connect()
        except sqlite3.OperationalError:
            raise  # locked, full or not permitted: the file itself is sound
        except sqlite3.DatabaseError:
            for suffix in ("", "-wal", "-shm"):
                set_aside(self._path.with_name(self._path.name + suffix))
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        import sqlite3  # noqa: PLC0415

        self._path.touch(mode=0o600)
        # One connection for whichever thread comes, one at a time: the lock sees to it.
        connection = sqlite3.connect(self._path, timeout=_BUSY_S, check_same_thread=False)
        try:
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_SCHEMA)
            connection.execute("SELECT count(*) FROM last_used").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection


def _values(row: HistoryRow) -> tuple[object, ...]:
    payload, answer = _cut(row.payload), _cut(row.answer)
    return (
        _microseconds(row.at),
        _text(row.function_name),
        row.invocation_type.value,
        _text(row.request_id),
        _text(row.event_name),
        payload,
        _text(row.outcome),
        answer,
        row.elapsed_ms,
        _report_text(row.report),
        len(payload) + len(answer),
    )


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to a write-ahead log. Blocks.

    SQLite says "locked" at once, whatever the timeout, while another workbench does the same to the same file.
    """
    import sqlite3  # noqa: PLC0415

    deadline = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _row(found: tuple[int, str, str, str, str, bytes, str, bytes, float, str | None]) -> HistoryRow:
    from lambdatui.core.invocation import InvocationType  # noqa: PLC0415  # after the first frame

    at_us, function_name, invocation_type, request_id, event_name, payload, outcome, answer, elapsed_ms, report = found
    return HistoryRow(
        at=_time(at_us),
        function_name=function_name,
        invocation_type=InvocationType(invocation_type),
        request_id=request_id,
        event_name=event_name,
        payload=payload,
        outcome=outcome,
        answer=answer,
        report=_report(report),
        elapsed_ms=elapsed_ms,
    )


def _cut(content: bytes) -> bytes:
    if len(content) <= _LONGEST_BYTES:
        return content
    return content[:_LONGEST_BYTES] + _MARK % (_LONGEST_BYTES, len(content))


def _text(text: str) -> str:
    # SQLite takes no lone surrogates.
    return text.encode("utf-8", "replace").decode("utf-8")


def _microseconds(at: datetime) -> int:
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _time(at_us: int) -> datetime:
    seconds, microseconds = divmod(at_us, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


def _report_text(report: Report | None) -> str | None:
    if report is None:
        return None
    import json  # noqa: PLC0415
    from dataclasses import asdict  # noqa: PLC0415

    return json.dumps(asdict(report))


def _report(text: str | None) -> Report | None:
    if text is None:
        return None
    import json  # noqa: PLC0415

    from lambdatui.core.report import Report  # noqa: PLC0415

    try:
        return Report(**json.loads(text))
    except (ValueError, TypeError):  # written by another version
        return None
