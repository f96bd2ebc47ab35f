"""Log events as JSON lines, by the names that the CloudWatch Logs API has: as they came, or as they were kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import TYPE_CHECKING

from lambdatui.core.logs import LogEvent

if TYPE_CHECKING:
    from lambdatui.core.log_buffer import LogLine


def json_lines(*, ascii_only: bool) -> Callable[[Sequence[LogEvent]], str]:
    """What writes events as JSON, an object a line.

    Put together by hand: `json.dumps` takes three times as long, and tails are long.
    """
    quoted: Callable[[str], str] = encode_basestring_ascii if ascii_only else encode_basestring
    names: dict[str, str] = {}

    def lines(events: Sequence[LogEvent]) -> str:
        texts: list[str] = []
        for event_id, timestamp_ms, ingestion_ms, stream, message, function in events:
            name = names.get(function) or names.setdefault(function, quoted(function))
            texts.append(
                f'{{"eventId": {quoted(event_id)}, "timestamp": {timestamp_ms}, "ingestionTime": {ingestion_ms}, '
                f'"logStreamName": {quoted(stream)}, "message": {quoted(message)}, "function": {name}}}'
            )
        return "\n".join(texts)

    return lines


def kept_json_line(lines: Sequence[LogLine], stream: str) -> str:
    """The same of an event, or of those of its lines that are asked for; its id and ingestion time were not kept."""
    first = lines[0]
    record = {
        "timestamp": first.timestamp_ms,
        "logStreamName": stream,
        "message": "\n".join(line.text for line in lines),
        "function": first.function_name,
    }
    return json.dumps(record, ensure_ascii=False)


def by_event(lines: Sequence[LogLine]) -> Iterator[list[LogLine]]:
    """Those of the same event together."""
    event: list[LogLine] = []
    for line in lines:
        if event and (line.first or line.position != event[-1].position + 1):
            yield event
            event = []
        event.append(line)
    if event:
        yield event
