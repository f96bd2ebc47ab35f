"""The rows of the queue of async events, and the states that they stand for."""

from __future__ import annotations

import base64
import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime

from lambdatui.core.invocation import AsyncState, Attempting, Completed, Delivered, Discarded, Queued, Waiting
from lambdatui.core.report import Report

QUEUED, ATTEMPTING, WAITING, DELIVERED, DISCARDED = "queued", "attempting", "waiting", "delivered", "discarded"
ENDED = (DELIVERED, DISCARDED)

SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL UNIQUE,
    function_name TEXT NOT NULL,
    payload BLOB NOT NULL,
    client_context TEXT NOT NULL DEFAULT '',
    acceptor TEXT NOT NULL,
    accepted_ms INTEGER NOT NULL,
    hops INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'queued',
    due_ms INTEGER NOT NULL,
    runner TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    shown_attempt INTEGER NOT NULL DEFAULT 0,
    attempts_at_most INTEGER NOT NULL DEFAULT 3,
    delays INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    condition TEXT NOT NULL DEFAULT '',
    destination TEXT NOT NULL DEFAULT '',
    completed TEXT,
    ended_ms INTEGER,
    version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS events_by_state ON events (state, due_ms);
"""
"""`acceptor` took the event, `runner` attempts it now. `attempts` are those that failed; `delays` counts what was put
off without an attempt (throttles). `version` grows with each change. Times in milliseconds since the epoch."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to accept. `hops` is how often it went on as the record of a failure."""

    request_id: str
    function_name: str
    payload: bytes
    attempts_at_most: int
    client_context: str = ""
    hops: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """An event to attempt: number `attempts + 1`. `last` is the answer to the attempt before."""

    request_id: str
    function_name: str
    payload: bytes
    client_context: str
    accepted_ms: int
    hops: int
    attempts: int
    delays: int
    last: Completed | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An event's state at one `version` of its row."""

    version: int
    state: AsyncState

    @property
    def ended(self) -> bool:
        """Whether nothing follows."""
        return isinstance(self.state, Delivered | Discarded)


def job_of(row: sqlite3.Row) -> Job:
    """The job in a row."""
    return Job(
        row["request_id"],
        row["function_name"],
        row["payload"],
        row["client_context"],
        row["accepted_ms"],
        row["hops"],
        row["attempts"],
        row["delays"],
        _decoded(row["completed"]),
    )


def snapshot_of(row: sqlite3.Row, now_ms: int) -> Snapshot:
    """The state in a row."""
    return Snapshot(row["version"], _state(row, now_ms))


def encoded(completed: Completed | None) -> str | None:
    """`completed` as the text of a column."""
    if completed is None:
        return None
    document = asdict(completed)
    document["payload"] = base64.b64encode(completed.payload).decode("ascii")
    document["started_at"] = completed.started_at.isoformat()
    return json.dumps(document)


def _decoded(text: str | None) -> Completed | None:
    if text is None:
        return None
    document = json.loads(text)
    document["payload"] = base64.b64decode(document["payload"])
    document["started_at"] = datetime.fromisoformat(document["started_at"])
    document["report"] = Report(**document["report"]) if document["report"] is not None else None
    return Completed(**document)


def _state(row: sqlite3.Row, now_ms: int) -> AsyncState:
    request_id = row["request_id"]
    completed = _decoded(row["completed"]) if row["state"] in ENDED else None
    match row["state"]:
        case "attempting":
            return Attempting(request_id, row["attempts"] + 1, row["attempts_at_most"])
        case "waiting":
            retry_in_s = max(0, row["due_ms"] - now_ms) / 1000
            return Waiting(request_id, row["shown_attempt"], row["attempts_at_most"], row["error"], retry_in_s)
        case "delivered" if completed is not None:
            return Delivered(request_id, row["shown_attempt"], completed, row["destination"])
        case "discarded":
            condition, error, destination = row["condition"], row["error"], row["destination"]
            return Discarded(request_id, row["attempts"], condition, error, completed, destination)
        case _:
            return Queued(request_id)
