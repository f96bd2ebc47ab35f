"""The text of a result as foldable lines. Pure: made once for an answer, drawn by `BodyView`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, TypeAlias

from rich.cells import cell_len

from lambdatui.core.errors import InvalidInput
from lambdatui.core.invocation import FunctionFailure
from lambdatui.core.json_text import pretty
from lambdatui.core.log_lines import Level, picture_of
from lambdatui.core.stack_trace import Frame, frames
from lambdatui.core.text import clean
from lambdatui.ui.invoke.state import LogPart

Kind: TypeAlias = Literal["json", "text", "error", "own", "foreign", "muted", "ok", "warning", "log", "log-error"]

FOLD_ABOVE_LINES = 400
"""An answer longer than this opens with its second level folded."""
_FOLD_ABOVE_FRAMES = 2
_MOST_LOG_LINES = 2_000
_REQUEST_ID = re.compile(r"^RequestId: [0-9a-f-]{36} (?:Error: )?")


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `fold_end` is the index of the line that closes the block which this line opens, -1 for none."""

    text: str
    kind: Kind = "text"
    fold_end: int = -1


@dataclass(frozen=True, slots=True)
class Body:
    """Lines to draw, those to fold at first, and the raw text to copy or save.

    `reveal` is the line that the reader waits for, -1 for none: it is on the screen unless the reader went elsewhere.
    Bodies that tell more and more `of` the same thing have its name: the reader's place is kept.
    """

    lines: tuple[Line, ...] = ()
    folded: frozenset[int] = frozenset()
    raw: str = ""
    reveal: int = -1
    of: str = ""


def json_body(payload: bytes) -> Body:
    """The body of an answer: pretty-printed when it is JSON, else its text as it is."""
    raw = payload.decode("utf-8", "replace")
    try:
        lines = pretty(raw).splitlines()
    except InvalidInput:
        return Body(tuple(Line(text) for text in clean(raw).splitlines()), raw=raw)
    folds = _folds(lines)
    folded = frozenset[int]()
    if len(lines) > FOLD_ABOVE_LINES:
        folded = frozenset(start for start in folds if lines[start][:2] == "  " and lines[start][2:3] != " ")
    body = tuple(Line(clean(text), "json", folds.get(index, -1)) for index, text in enumerate(lines))
    return Body(body, folded, raw)


def failure_body(failure: FunctionFailure, payload: bytes, root: str = "") -> Body:
    """The body of a function error: type and message, the frames (own ones marked), then the payload as JSON.

    Paths below `root`, the project's folder, are shown relative to it: the line number must fit on the screen.
    """
    lines = [Line(text, "error") for text in _headline(failure)]
    folded: set[int] = set()
    shown = frames(failure.stack_trace)
    if shown:
        lines.append(Line(""))
        for own, run in groupby(shown, key=lambda frame: frame.own):
            part = [line for frame in run for line in _frame_lines(frame, root)]
            count = sum(1 for line in part if line.text.lstrip().startswith(("File ", "at "))) or len(part)
            if not own and count > _FOLD_ABOVE_FRAMES and any(frame.own for frame in shown):
                folded.add(len(lines))
                lines.append(Line(f"{count} frames of the runtime and of libraries", "foreign", len(lines) + len(part)))
            lines += part
    answer = json_body(payload)
    if answer.lines and answer.lines[0].kind == "json":
        offset = len(lines) + 2
        lines += [Line(""), Line("response payload", "muted")]
        lines += [
            Line(line.text, line.kind, line.fold_end + offset if line.fold_end >= 0 else -1) for line in answer.lines
        ]
        if shown and answer.lines[0].fold_end > 0:
            folded.add(offset)
        return Body(tuple(lines), frozenset(folded | {index + offset for index in answer.folded}), answer.raw)
    return Body(tuple(lines), frozenset(folded), answer.raw)


def _frame_lines(frame: Frame, root: str) -> list[Line]:
    marks = ("▸ ", "  ") if frame.own else ("  ", "  ")
    lines = []
    for number, text in enumerate(frame.lines):
        shown_text = clean(text).replace(f"{root}/", "") if root else clean(text)
        lines.append(Line(marks[min(number, 1)] + shown_text, "own" if frame.own else "foreign"))
    return lines


def with_log(body: Body, log: LogPart) -> Body:
    """`body`, and the lines of the invocation's log below it, in a fold; a long log is cut to its end."""
    lines = clean(log.text).splitlines()
    shown = lines[-_MOST_LOG_LINES:]
    count = "1 line" if len(lines) == 1 else f"{len(lines):,} lines"
    cut = f" · the last {len(shown):,} are shown" if len(shown) < len(lines) else ""
    note = (Line(log.note, "warning"),) if log.note else ()
    start = len(body.lines) + len(note) + 1
    opener = Line(f"log · {count}{cut}", "muted", start + len(shown) if shown else -1)
    added = (Line(""), *note, opener, *(_log_line(text) for text in shown))
    return replace(body, lines=body.lines + added)


def _log_line(text: str) -> Line:
    """A line as the Logs pane reads it: its level or what the platform says, without time and request id."""
    picture = picture_of(text)
    label = f"{picture.tag:<6} " if picture.tag else ""
    trail = f"  {picture.trail}" if picture.trail else ""
    kind: Kind = "log-error" if picture.level >= Level.ERROR else "log"
    return Line(f"{label}{picture.text}{trail}".expandtabs(4), kind)


def joined(first: Body, second: Body) -> Body:
    """`first`, a blank line, then `second`; what is copied is the second's."""
    offset = len(first.lines) + 1
    moved = (replace(line, fold_end=line.fold_end + offset if line.fold_end >= 0 else -1) for line in second.lines)
    lines = (*first.lines, Line(""), *moved)
    return replace(first, lines=lines, folded=frozenset(index + offset for index in second.folded), raw=second.raw)


def text_body(parts: Iterable[tuple[str, Kind]], raw: str = "") -> Body:
    """The body of a plain text, each part on lines of its own."""
    lines = [Line(text, kind) for part, kind in parts for text in clean(part).splitlines() or [""]]
    return Body(tuple(lines), raw=raw or "\n".join(line.text for line in lines))


def _headline(failure: FunctionFailure) -> list[str]:
    # The request id stands in the frame already; here it would push the cause off the screen.
    message = _REQUEST_ID.sub("", clean(failure.error_message)).splitlines() or [""]
    first = f"{clean(failure.error_type)}: {message[0]}" if failure.error_type else message[0]
    return [first, *message[1:]]


def wrapped(text: str, width: int) -> list[tuple[int, int]]:
    """The parts of `text` that fit into `width` cells each, as positions: broken after a blank where there is one."""
    if len(text) * 2 <= width or cell_len(text) <= width:
        return [(0, len(text))]
    parts: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = min(start + width, len(text))
        while end > start + 1 and cell_len(text[start:end]) > width:
            end -= 1
        blank = text.rfind(" ", start + 1, end + 1)
        if end < len(text) and blank > start:
            end = blank + 1
        parts.append((start, end))
        start = end
    return parts


def _folds(lines: list[str]) -> dict[int, int]:
    # The text is our own pretty-printer's: a block opens at the end of a line and closes at the start of one.
    folds: dict[int, int] = {}
    opened: list[int] = []
    for index, line in enumerate(lines):
        if line.lstrip()[:1] in ("}", "]") and opened:
            folds[opened.pop()] = index
        if line[-1:] in ("{", "["):
            opened.append(index)
    return folds
