"""Writes lines of a log to a file, as text or as JSON lines, a piece at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime

from lambdatui.blocking import call_blocking
from lambdatui.core.log_buffer import LogLine
from lambdatui.core.log_masks import mask
from lambdatui.core.log_records import by_event, kept_json_line
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
        written = self._records if path.lower().endswith((".ndjson", ".jsonl", ".json")) else text_lines
        file = await call_blocking(new_file, path)
        try:
            last = self._order.position(len(self._order) - 1) if len(self._order) else -1
            # Held by a mark: older lines may go, and late ones come, while this is under way.
            buffer = self._log.buffer
            at, stop = buffer.mark(self._order.position(0) if len(self._order) else 0), buffer.mark(last + 1)
            begun = self._order.rank(at.position)
            while (rank := self._order.rank(at.position)) < (end := self._order.rank(stop.position)):
                lines = self._piece(rank, end)
                at = buffer.mark(lines[-1].position + 1)
                await call_blocking(file.write, written([self._shown(line) for line in lines]).encode())
                yield min((rank - begun) / max(end - begun, 1), 1.0)
            self.path = await call_blocking(file.finish)
        finally:
            if not self.path:
                await call_blocking(file.discard)

    def _piece(self, rank: int, end: int) -> list[LogLine]:
        """The next lines, whole events of them."""
        lines: list[LogLine] = []
        for number in range(rank, end):
            (line,) = self._log.buffer.lines(self._order.position(number), 1)
            if len(lines) >= _PIECE_LINES and line.first:
                break
            lines.append(line)
        return lines

    def _records(self, lines: Sequence[LogLine]) -> str:
        """An object an event; a mark is none."""
        log = self._log
        return "".join(
            [
                f"{kept_json_line(event, log.buffer.stream_at(event[0].position))}\n"
                for event in by_event(lines)
                if not log.marks.has(event[0].position)
            ]
        )

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


def text_lines(lines: Sequence[LogLine]) -> str:
    """The time before the first line of an event, blanks before its others, and each line as it arrived."""
    return "".join([_text_line(line) for line in lines])


def _text_line(line: LogLine) -> str:
    moment = _iso(line.timestamp_ms)
    return f"{moment if line.first else ' ' * len(moment)} {line.text}\n"


def _iso(timestamp_ms: int) -> str:
    try:
        moment = datetime.fromtimestamp(timestamp_ms / 1000, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return str(timestamp_ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
