"""The format of the log files: one folder a function, in it numbered segments, in them one event a line.

A line is a JSON array in ASCII, `[timestamp, ingestion, id, stream, message]`: it holds no newline of its own, and what
a crash left half written parses as nothing. Segments are only appended to, and removed whole, oldest first: a place in
the log (segment, offset) stays true while others write.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from lambdatui.core.logs import LogEvent

_SEGMENT = re.compile(r"(\d{10})\.jsonl")
_PLAIN = re.compile(r"[a-z0-9_-]{1,64}")
_BLOCK_BYTES = 262_144


def group_folder(root: Path, function_name: str) -> Path:
    """The folder of one function's log; its own even where the file system can't tell `A` from `a`."""
    if _PLAIN.fullmatch(function_name):
        return root / function_name
    readable = re.sub(r"[^A-Za-z0-9_-]+", "-", function_name)[:64]
    return root / f"{readable}-{zlib.crc32(function_name.encode('utf-8', 'surrogatepass')):08x}"


def segments(folder: Path) -> list[int]:
    """The numbers of the segments in `folder`, oldest first; [] when there is no such folder."""
    try:
        names = os.listdir(folder)  # noqa: PTH208  # asked four times a second: names, not paths
    except OSError:
        return []
    return sorted(int(match[1]) for name in names if (match := _SEGMENT.fullmatch(name)))


def segment_path(folder: Path, number: int) -> Path:
    """The file of one segment."""
    return folder / f"{number:010d}.jsonl"


def encode(event: LogEvent) -> bytes:
    """One event as a line, its newline included."""
    line = [event.timestamp_ms, event.ingestion_ms, event.event_id, event.stream, event.message]
    return json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n"


def decode(line: bytes, function_name: str) -> LogEvent | None:
    """The event in one line; None for a line that is not whole."""
    try:
        match json.loads(line):
            case [int() as timestamp_ms, int() as ingestion_ms, str() as event_id, str() as stream, str() as message]:
                return LogEvent(event_id, timestamp_ms, ingestion_ms, stream, message, function_name)
    except (ValueError, RecursionError):
        return None
    return None


def timestamp_of(line: bytes) -> int | None:
    """The timestamp of a line in milliseconds, without decoding the rest; None for a line that is not whole."""
    if not line.startswith(b"[") or not line.endswith(b"]"):
        return None
    digits = line[1 : line.find(b",")]
    return int(digits) if digits.isdigit() and len(digits) < 19 else None


def backwards(descriptor: int, end: int) -> Iterator[tuple[int, list[bytes]]]:
    """The lines of one segment before the offset `end`, in blocks from the last to the first.

    Each block comes with the offset at which it begins; the lines of a block are in the order of the file, without
    their newlines. `end` is at the beginning of a line.
    """
    rest = b""
    position = end
    while position > 0:
        start = max(0, position - _BLOCK_BYTES)
        chunk = os.pread(descriptor, position - start, start) + rest
        position = start
        cut = chunk.find(b"\n") + 1 if start else 0
        if start and not cut:
            rest = chunk
            continue
        rest, chunk = chunk[:cut], chunk[cut:]
        if chunk:
            yield start + cut, chunk.removesuffix(b"\n").split(b"\n")


def last_line_end(descriptor: int, size: int) -> int:
    """The offset behind the last whole line before `size`; 0 when there is none."""
    position = size
    while position > 0:
        start = max(0, position - 4096)
        found = os.pread(descriptor, position - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        position = start
    return 0


def history(folder: Path, end: tuple[int, int] | None = None) -> Iterator[tuple[int, int, list[bytes]]]:
    """The whole lines of a log in blocks, the newest block first: its segment, its offset, its lines in order.

    Begins at the place `end` (segment, offset), None for the end of what there is. A segment that is removed meanwhile
    is passed over.
    """
    for number in reversed(segments(folder)):
        if end is not None and number > end[0]:
            continue
        try:
            descriptor = os.open(segment_path(folder, number), os.O_RDONLY)
        except OSError:
            continue
        try:
            at_end = end is not None and number == end[0]
            stop = end[1] if end is not None and at_end else last_line_end(descriptor, os.fstat(descriptor).st_size)
            for start, lines in backwards(descriptor, stop):
                yield number, start, lines
        finally:
            os.close(descriptor)
