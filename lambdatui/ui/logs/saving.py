"""Writes lines of a log to a file, as text or as JSON lines, a piece at a time."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from lambdatui.blocking import call_blocking
from lambdatui.core.log_buffer import LogLine
from lambdatui.core.log_masks import mask
from lambdatui.core.new_file import NewFile
from lambdatui.ui.logs.followed import FollowedLog
from lambdatui.ui.logs.order import LineOrder

KEYS = "enter saves · .ndjson or .jsonl for JSON lines · esc cancel"
_PIECE_LINES = 2_000


class Extract:
    """Owns which lines are written, as they are when it is asked to; lines that come meanwhile are left out.

    `path` is the file that was written, "" until then.
    """

    def __init__(self, log: FollowedLog, order: LineOrder, *, masked: bool) -> None:
        self.path = ""
        self._log = log
        self._order = order
        self._masked = masked

    async def write(self, path: str, new_file: Callable[[str], NewFile]) -> AsyncIterator[float]:
        """Write it all; the share that is written, now and then. Leaves no half file.

        Raises:
            WorkbenchError: it can't be written.
        """
        written = json_line if path.lower().endswith((".ndjson", ".jsonl", ".json")) else text_line
        file = await call_blocking(new_file, path)
        try:
            last = self._order.position(len(self._order) - 1) if len(self._order) else -1
            # Held by a mark: older lines may go, and late ones come, while this is under way.
            buffer = self._log.buffer
            at, stop = buffer.mark(self._order.position(0) if len(self._order) else 0), buffer.mark(last + 1)
            begun = self._order.rank(at.position)
            while (rank := self._order.rank(at.position)) < (end := self._order.rank(stop.position)):
                positions = [self._order.position(n) for n in range(rank, min(rank + _PIECE_LINES, end))]
                lines = [line for position in positions for line in buffer.lines(position, 1)]
                at = buffer.mark(positions[-1] + 1)
                await call_blocking(file.write, "".join([written(self._shown(line)) for line in lines]).encode())
                yield min((rank - begun) / max(end - begun, 1), 1.0)
            self.path = await call_blocking(file.finish)
        finally:
            if not self.path:
                await call_blocking(file.discard)

    def _shown(self, line: LogLine) -> LogLine:
        if not self._masked:
            return line
        return LogLine(
            line.position,
            line.timestamp_ms,
            mask(line.text),
            line.level,
            line.request_id,
            line.first,
            line.function_name,
        )


def text_line(line: LogLine) -> str:
    """The time before the first line of an event, blanks before its others, and the line as it arrived."""
    moment = _iso(line.timestamp_ms)
    return f"{moment if line.first else ' ' * len(moment)} {line.text}\n"


def json_line(line: LogLine) -> str:
    """One object: timestamp, function, requestId, level, message; `continued` for the further lines of an event."""
    document: dict[str, object] = {"timestamp": _iso(line.timestamp_ms)}
    if line.function_name:
        document["function"] = line.function_name
    if line.request_id:
        document["requestId"] = line.request_id
    if line.level:
        document["level"] = line.level.name
    if not line.first:
        document["continued"] = True
    document["message"] = line.text
    return json.dumps(document, ensure_ascii=False) + "\n"


def _iso(timestamp_ms: int) -> str:
    try:
        moment = datetime.fromtimestamp(timestamp_ms / 1000, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return str(timestamp_ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
