"""Keeps accepted async events in a SQLite file that several workbenches share."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from threading import Lock

from lambdatui.backends.local.owners import Owner
from lambdatui.backends.local.queue_rows import (
    ATTEMPTING,
    QUEUED,
    SCHEMA,
    WAITING,
    Job,
    NewEvent,
    Snapshot,
    encoded,
    job_of,
    snapshot_of,
)
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.invocation import Completed

_OTHERS_WAIT_MS = 1_000
"""How long an event is left to the workbench that accepted it: it may be stopped, or have ended."""
_KEPT_ENDED = 50
_BUSY_S = 5.0


class QueueStore:
    """Owns the connection and this workbench's `Owner`. Blocks; callable from any thread.

    Every change is one transaction: a process that dies between two leaves an event that others can take over.
    """

    def __init__(self, folder: Path, clock_ms: Callable[[], int]) -> None:
        self.path = folder / "queue.db"
        self._owners = folder / "owners"
        self._clock_ms = clock_ms
        self._lock = Lock()
        self._database: sqlite3.Connection | None = None
        self._owner: Owner | None = None
        self._closed = False

    def accept(self, event: NewEvent) -> None:
        """Keep an event; when this returns it survives the end of the process."""
        with self._transaction() as database:
            self._insert(database, event)

    def take_due(self, limit: int) -> list[Job]:
        """At most `limit` events whose time has come, now marked as attempted by this workbench.

        What a workbench attempted that is no more is taken over.
        """
        if limit < 1:
            return []
        with self._transaction() as database:
            self._free_abandoned(database)
            now = self._clock_ms()
            rows = database.execute(
                "SELECT * FROM events WHERE state IN ('queued', 'waiting') AND due_ms <= ? "
                "AND (acceptor = ? OR due_ms <= ?) ORDER BY due_ms, seq LIMIT ?",
                (now, self._id, now - _OTHERS_WAIT_MS, limit),
            ).fetchall()
            for row in rows:
                self._update(database, row["request_id"], state=ATTEMPTING, runner=self._id)
        return [job_of(row) for row in rows]

    def next_due_ms(self) -> int | None:
        """When the next event is due, in milliseconds since the epoch; None when none waits."""
        with self._transaction() as database:
            row = database.execute(
                "SELECT MIN(CASE WHEN acceptor = ? THEN due_ms ELSE due_ms + ? END) AS due FROM events "
                "WHERE state IN ('queued', 'waiting')",
                (self._id, _OTHERS_WAIT_MS),
            ).fetchone()
        return None if row["due"] is None else int(row["due"])

    def begin(self, request_id: str, attempts_at_most: int) -> Snapshot:
        """Say how many attempts there are at most; the first of them runs now."""
        with self._transaction() as database:
            self._update(database, request_id, attempts_at_most=attempts_at_most)
            return self._snapshot(database, request_id)

    def fail(self, request_id: str, error: str, due_ms: int, completed: Completed) -> Snapshot:
        """An attempt failed; the next is due at `due_ms`."""
        with self._transaction() as database:
            attempts = self._row(database, request_id)["attempts"] + 1
            self._update(
                database,
                request_id,
                state=WAITING,
                runner=None,
                attempts=attempts,
                shown_attempt=attempts,
                error=error,
                due_ms=due_ms,
                completed=encoded(completed),
            )
            return self._snapshot(database, request_id)

    def put_off(self, request_id: str, error: str, due_ms: int) -> Snapshot:
        """It could not be attempted (a throttle); that is no attempt."""
        with self._transaction() as database:
            row = self._row(database, request_id)
            self._update(
                database,
                request_id,
                state=WAITING,
                runner=None,
                shown_attempt=row["attempts"] + 1,
                delays=row["delays"] + 1,
                error=error,
                due_ms=due_ms,
            )
            return self._snapshot(database, request_id)

    def end(
        self,
        job: Job,
        state: str,
        *,
        attempts: int,
        completed: Completed | None,
        condition: str = "",
        error: str = "",
        destination: str = "",
        follow_up: NewEvent | None = None,
    ) -> Snapshot:
        """The event ended. `follow_up`, the record of its failure, is queued in the same transaction."""
        with self._transaction() as database:
            self._update(
                database,
                job.request_id,
                state=state,
                runner=None,
                attempts=attempts,
                shown_attempt=attempts,
                condition=condition,
                error=error,
                destination=destination,
                completed=encoded(completed),
                payload=b"",
                ended_ms=self._clock_ms(),
            )
            if follow_up is not None:
                self._insert(database, follow_up)
            database.execute(
                "DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE state IN ('delivered', 'discarded') "
                "ORDER BY ended_ms DESC LIMIT -1 OFFSET ?)",
                (_KEPT_ENDED,),
            )
            return self._snapshot(database, job.request_id)

    def release(self, request_id: str) -> None:
        """Give an attempt that did not end back: it counts as never begun."""
        with self._transaction() as database:
            database.execute(
                "UPDATE events SET state = ?, runner = NULL, version = version + 1 "
                "WHERE request_id = ? AND state = ? AND runner = ?",
                (QUEUED, request_id, ATTEMPTING, self._id),
            )

    def find(self, request_id: str) -> Snapshot | None:
        """The present state of an event; None when it is not known."""
        if not self.path.exists():
            return None
        with self._transaction() as database:
            row = self._row(database, request_id)
            return None if row is None else snapshot_of(row, self._clock_ms())

    def unfinished(self) -> list[Snapshot]:
        """The states of the events that have not ended, oldest first."""
        if not self.path.exists():
            return []
        with self._transaction() as database:
            rows = database.execute("SELECT * FROM events WHERE ended_ms IS NULL ORDER BY seq").fetchall()
        return [snapshot_of(row, self._clock_ms()) for row in rows]

    def close(self) -> None:
        """Give back what this workbench attempts and close the file, for good."""
        with self._lock:
            self._closed = True
            if self._database is not None:
                try:
                    with self._database:
                        self._database.execute(
                            "UPDATE events SET state = 'queued', runner = NULL, version = version + 1 WHERE runner = ?",
                            (self._id,),
                        )
                finally:
                    self._database.close()
                    self._database = None
            if self._owner is not None:
                self._owner.close()
                self._owner = None

    @property
    def _id(self) -> str:
        return self._owner.id if self._owner is not None else ""

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._closed:
                raise WorkbenchError("The queue of async events is closed")
            try:
                if self._database is None:
                    self._database = self._open()
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    yield self._database
                except BaseException:
                    self._database.execute("ROLLBACK")
                    raise
                self._database.execute("COMMIT")
            except (sqlite3.Error, OSError) as error:
                raise WorkbenchError(f"The queue of async events can't be used: {self.path}", str(error)) from error

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._owner is None:
            self._owner = Owner(self._owners)
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            # Not a database: it is kept for whoever can read it, and accepting events goes on.
            self.path.replace(self.path.with_name(f"{self.path.name}.broken"))
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            database.row_factory = sqlite3.Row
            # WAL with synchronous=NORMAL: a commit survives the end of the process, however it ends; only a power cut
            # may take the last ones. Where shared memory is missing (network file systems) SQLite stays with DELETE.
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.executescript(SCHEMA)
        except BaseException:
            database.close()
            raise
        return database

    def _free_abandoned(self, database: sqlite3.Connection) -> None:
        """Make the events of workbenches that are no more our own."""
        if self._owner is None:
            return
        rows = database.execute(
            "SELECT DISTINCT IFNULL(runner, acceptor) AS owner FROM events WHERE ended_ms IS NULL"
        ).fetchall()
        for row in rows:
            if not self._owner.is_alive(row["owner"]):
                database.execute(
                    "UPDATE events SET state = CASE state WHEN 'attempting' THEN 'queued' ELSE state END, "
                    "runner = NULL, acceptor = ?, version = version + 1 "
                    "WHERE IFNULL(runner, acceptor) = ? AND ended_ms IS NULL",
                    (self._id, row["owner"]),
                )

    def _insert(self, database: sqlite3.Connection, event: NewEvent) -> None:
        now = self._clock_ms()
        database.execute(
            "INSERT INTO events (request_id, function_name, payload, attempts_at_most, client_context, hops, acceptor, "
            "accepted_ms, due_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*astuple(event), self._id, now, now),
        )

    def _update(self, database: sqlite3.Connection, request_id: str, **columns: object) -> None:
        assignments = ", ".join(f"{column} = ?" for column in columns)
        database.execute(
            f"UPDATE events SET {assignments}, version = version + 1 WHERE request_id = ?",  # noqa: S608  # our columns
            (*columns.values(), request_id),
        )

    def _row(self, database: sqlite3.Connection, request_id: str) -> sqlite3.Row:
        row: sqlite3.Row = database.execute("SELECT * FROM events WHERE request_id = ?", (request_id,)).fetchone()
        return row

    def _snapshot(self, database: sqlite3.Connection, request_id: str) -> Snapshot:
        return snapshot_of(self._row(database, request_id), self._clock_ms())
