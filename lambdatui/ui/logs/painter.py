"""Turns one log line into rows of a given width: time, invocation mark, level, message."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from rich.cells import cell_len, get_character_cell_size, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from lambdatui.core.log_buffer import LogLine
from lambdatui.core.log_filter import Pattern
from lambdatui.core.log_lines import Kind, Level, LinePicture, picture_of
from lambdatui.core.log_marks import mark_time
from lambdatui.core.log_masks import mask
from lambdatui.core.log_unfolding import unfolded
from lambdatui.ui.logs.unfolded import Run, record_runs

DRAWN_CHARACTERS = 4000
"""More of a line is not drawn; opened, the event is whole."""
GUTTERS = ("gutter-1", "gutter-2", "gutter-3", "gutter-4")
TAGS = ("tag-1", "tag-2", "tag-3", "tag-4", "tag-5", "tag-6")
TAG_CELLS = 20
_CACHED_LINES = 600
_REMEMBERED_INVOCATIONS = 4096
_INDENT = "  "
_SIGN_CELLS = 3
"""The sign takes three bytes: with two cells after it that stay blank a row costs no more than without."""
_BEFORE_MATCH = 3
"""A third of the row stands before a match that is brought in."""


@dataclass(frozen=True, slots=True)
class Look:
    """What decides how each line is drawn; when any of it changes, every line is drawn anew.

    `width` in cells, without the time; `shift` is how many cells of the message are scrolled off to the left;
    `masked` covers what looks secret; `tags` are the functions that are told apart, in the order of their colours;
    `fields` are the fields of a record that show, () for all; `unfolded` are the positions of the lines under which
    the whole record stands; `order` counts how often positions moved.
    """

    width: int = 80
    wrap: bool = False
    shift: int = 0
    pattern: Pattern | None = None
    masked: bool = False
    tags: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    unfolded: frozenset[int] = frozenset()
    marked: str = ""
    order: int = 0
    theme: int = 0


class LinePainter:
    """Draws lines and remembers the rows of some hundreds of them. Knows nothing of scrolling."""

    def __init__(self, style: Callable[[str], Style]) -> None:
        self._style = style
        self._styles: dict[str, Style] = {}
        self._look = Look()
        self._rows: OrderedDict[int, list[Strip]] = OrderedDict()
        self._gutters: OrderedDict[str, str] = OrderedDict()

    @property
    def look(self) -> Look:
        """What the lines are drawn with."""
        return self._look

    @look.setter
    def look(self, look: Look) -> None:
        if look != self._look:
            if look.theme != self._look.theme:
                self._styles.clear()
            self._look = look
            self._rows.clear()

    def style(self, name: str) -> Style:
        """The style of one component, such as "error"."""
        if name not in self._styles:
            self._styles[name] = self._style(name)
        return self._styles[name]

    def rows(self, line: LogLine) -> list[Strip]:
        """The rows of `line`, one at least, each exactly as wide as the look says."""
        rows = self._rows.get(line.position)
        if rows is None:
            rows = self._rows[line.position] = self._draw(line)
            if len(self._rows) > _CACHED_LINES:
                self._rows.popitem(last=False)
        else:
            self._rows.move_to_end(line.position)
        return rows

    def _draw(self, line: LogLine) -> list[Strip]:
        look = self._look
        words = mask(line.text) if look.masked else line.text
        if line.first and (when := mark_time(words)):
            return [self._mark_row(when)]
        picture = picture_of(words, look.fields) if line.first else LinePicture("", words, level=line.level)
        text = self.style("text")
        marked = bool(look.marked) and line.request_id == look.marked
        lead = self._tag(line)
        lead.append(("▌" if marked else "▎", self.style(self._gutter(line.request_id))))
        body, kept = self._body(line, picture)
        room = max(look.width - sum(cell_len(part) for part, _ in lead), 1)
        background = Style(bgcolor=self.style("marked").bgcolor) if marked else None
        again: list[Run] = [(" " * cell_len(part), text) for part, _ in lead[:-1]] + lead[-1:]
        rows = self._wrapped(body, room) if look.wrap else [body]
        if line.position in look.unfolded:
            rows += self._record(line, room)
        strips = []
        for number, runs in enumerate(rows):
            message = Strip([Segment(part, style) for part, style in runs if part])
            if not look.wrap:
                message = self._across(message, room, 0 if number else kept)
            first = [Segment(part, style) for part, style in (again if number else lead) if part]
            strip = Strip([*first, *message]).adjust_cell_length(look.width, text)
            if background is not None:
                match = self.style("match").bgcolor
                strip = Strip(
                    [
                        Segment(part, style if style and style.bgcolor == match else (style or text) + background)
                        for part, style, _ in strip
                    ],
                    look.width,
                )
            strips.append(strip)
        return strips

    def _across(self, message: Strip, room: int, kept: int) -> Strip:
        """What shows of a row that is scrolled sideways, with a sign where it goes on.

        Unless the reader has scrolled, a match that would not show is brought in, behind the first `kept` cells.
        """
        begin, width = self._look.shift, message.cell_length
        if not begin and width > room > 4 * kept and (at := self._cut_off(message, room)) is not None:
            head, message = message.crop(0, kept), message.crop(kept)
            room -= kept
            begin = max(min(at - kept - room // _BEFORE_MATCH, message.cell_length - room), 0)
        else:
            head = Strip([])
        width, shown = message.cell_length, message.crop(begin, begin + room)
        if begin and width:
            shown = Strip.join([Strip([Segment("‹", self.style("muted"))]), shown.crop(1)])
        if width > begin + room and room > _SIGN_CELLS:
            shown = Strip.join([shown.crop(0, room - _SIGN_CELLS), Strip([Segment("›", self.style("muted"))])])
        return Strip.join([head, shown]) if head else shown

    def _cut_off(self, message: Strip, room: int) -> int | None:
        """Where the first match begins, in cells, if it ends beyond `room`."""
        if self._look.pattern is None:
            return None
        at, match = 0, self.style("match")
        for text, style, _ in message:
            size = cell_len(text)
            if style == match:
                return at if at + size > room - _SIGN_CELLS else None
            at += size
        return None

    def _body(self, line: LogLine, picture: LinePicture) -> tuple[list[Run], int]:
        """The message, and how many cells its level or kind takes before it."""
        level = _LEVEL_STYLES[picture.level or (line.level if not line.first else Level.NONE)]
        runs: list[Run] = []
        kept = 0
        if picture.tag:
            name = level or ("platform-tag" if picture.kind is not Kind.MESSAGE else "muted")
            runs.append((f"{picture.tag:<5} ", self.style(name)))
            kept = cell_len(runs[0][0])
        plain = "text"
        if picture.level >= Level.ERROR and (not picture.tag or picture.kind is not Kind.MESSAGE):
            plain = "error-text" if line.first else "text"
        elif picture.kind not in (Kind.MESSAGE, Kind.REPORT):
            plain = "platform"
        runs.append((_drawn(picture.text), self.style(plain)))
        if picture.trail:
            runs.append((f"  {_drawn(picture.trail)}", self.style("muted")))
        if self._look.pattern is not None:
            runs = _marked(runs, self._look.pattern, self.style("match"))
        if len(picture.text) > DRAWN_CHARACTERS:
            runs.append((f" … {len(picture.text) - DRAWN_CHARACTERS:,} more characters", self.style("muted")))
        return runs, kept

    def _record(self, line: LogLine, room: int) -> list[list[Run]]:
        """The rows under an unfolded line."""
        rows: list[list[Run]] = []
        for field in unfolded(line.text, masked=self._look.masked):
            runs = [(_INDENT, self.style("text")), *record_runs(_drawn(field), self.style)]
            if len(field) > DRAWN_CHARACTERS:
                runs.append((f" … {len(field) - DRAWN_CHARACTERS:,} more characters", self.style("muted")))
            if self._look.pattern is not None:
                runs = _marked(runs, self._look.pattern, self.style("match"))
            indent = 2 * len(_INDENT) + len(field) - len(field.lstrip())
            rows += self._wrapped(runs, room, indent) if self._look.wrap else [runs]
        return rows

    def _wrapped(self, runs: list[Run], room: int, indent: int = len(_INDENT)) -> list[list[Run]]:
        text = "".join(part for part, _ in runs)
        blank = (" " * indent, self.style("text"))
        rows = []
        for start, stop in breaks(text, room, indent):
            row = _cut(runs, start, stop)
            rows.append([blank, *row] if start and room > 2 * indent else row)
        return rows

    def _tag(self, line: LogLine) -> list[Run]:
        """The function that wrote the line, in its colour, where several are shown."""
        tags = self._look.tags
        if len(tags) < 2:
            return []
        width = min(max(map(cell_len, tags)), TAG_CELLS, self._look.width // 4)
        number = tags.index(line.function_name) if line.function_name in tags else 0
        words = set_cell_size(line.function_name if line.first else "", width)
        return [(f"{words} ", self.style(f"tag-{number % len(TAGS) + 1}"))]

    def _mark_row(self, when: str) -> Strip:
        width, style = self._look.width, self.style("mark")
        return Strip([Segment(set_cell_size(f"── {when} ".ljust(width, "─"), width), style)])

    def _gutter(self, request_id: str) -> str:
        """Neighbouring invocations get different colours: they take turns in the order in which they are drawn."""
        if not request_id:
            return "gutter-none"
        gutter = self._gutters.get(request_id)
        if gutter is None:
            gutter = self._gutters[request_id] = GUTTERS[len(self._gutters) % len(GUTTERS)]
            if len(self._gutters) > _REMEMBERED_INVOCATIONS:
                self._gutters.popitem(last=False)
        return gutter

    def look_with(self, **changes: object) -> None:
        """Change some of the look."""
        self.look = replace(self._look, **changes)  # type: ignore[arg-type]


_LEVEL_STYLES: Mapping[Level, str] = {
    Level.NONE: "",
    Level.TRACE: "muted",
    Level.DEBUG: "muted",
    Level.INFO: "info",
    Level.WARN: "warning",
    Level.ERROR: "error",
    Level.FATAL: "error",
}


def breaks(text: str, room: int, indent: int = 0) -> list[tuple[int, int]]:
    """Where to break `text` into rows of `room` cells, all but the first `indent` narrower: (start, stop) each.

    At a blank when there is one in the last third of the row. [(0, 0)] for an empty text.
    """
    if not text:
        return [(0, 0)]
    plain = text.isascii()
    found = []
    start, size = 0, len(text)
    while start < size:
        width = max(room - indent, 1) if start and room > 2 * indent else room
        stop = min(start + width, size) if plain else _reach(text, start, width)
        if stop < size:
            blank = text.rfind(" ", start + (stop - start) * 2 // 3, stop)
            stop = blank + 1 if blank > start else stop
        found.append((start, stop))
        start = stop
    return found


def _reach(text: str, start: int, width: int) -> int:
    """How far a row of `width` cells goes: one character at least, and never between the parts of a joined one."""
    used, at = 0, start
    while at < len(text):
        used += get_character_cell_size(text[at])
        if used > width and at > start:
            return at
        at += 1
    return at


def _drawn(text: str) -> str:
    """What of a text is drawn; a tab takes the place of up to four blanks."""
    text = text[:DRAWN_CHARACTERS]
    return text.expandtabs(4) if "\t" in text else text


def _cut(runs: list[Run], start: int, stop: int) -> list[Run]:
    found = []
    at = 0
    for part, style in runs:
        piece = part[max(start - at, 0) : max(stop - at, 0)]
        if piece:
            found.append((piece, style))
        at += len(part)
    return found


def _marked(runs: list[Run], pattern: Pattern, style: Style) -> list[Run]:
    """The runs with each match of `pattern` in another style."""
    text = "".join(part for part, _ in runs)
    found: list[Run] = []
    at = 0
    for start, stop in pattern.spans(text):
        found += [*_cut(runs, at, start), (text[start:stop], style)]
        at = stop
    return [*found, *_cut(runs, at, len(text))]
