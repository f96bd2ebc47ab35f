"""Draws the lines of a log: the rows that are visible now, and of those only what has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from textwrap import wrap
from time import monotonic
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from lambdatui.core.log_buffer import LogLine
from lambdatui.core.log_filter import LogFilter, Pattern
from lambdatui.ui.logs.followed import FollowedLog
from lambdatui.ui.logs.order import EveryLine
from lambdatui.ui.logs.paced import PacedView
from lambdatui.ui.logs.painter import LinePainter, Look
from lambdatui.ui.logs.place import Place, Row
from lambdatui.ui.logs.times import TimeStyle, date_of, dated, day_of, stamp, stamp_columns
from lambdatui.ui.scrollbar import thumb_rows

Picture: TypeAlias = tuple[tuple[str, str], ...]
"""What stands in the middle of a view without lines: each row's text and the name of its style."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is on the screen now. Drawing reads nothing else, so a half-updated picture can't happen."""

    rows: tuple[Row, ...] = ()
    stamps: tuple[str, ...] = ()
    dated: frozenset[int] = frozenset()
    """The rows where the stamp holds a date: seconds give way to it, so that no row comes between two lines."""
    count: int = 0
    cursor: int = -1
    selected: tuple[int, int] = (0, -1)
    unseen: int = 0
    note: str = ""
    width: int = 0
    look: Look = field(default_factory=Look)
    picture: Picture = ()


class LogCanvas(PacedView, can_focus=True):
    """Owns the picture of one `FollowedLog` at one place; a subclass moves the place. Changes no line.

    It neither has a virtual size nor animates: a batch of lines costs no layout, and a page one repaint.
    """

    DEFAULT_CSS = """
    LogCanvas {
        height: 1fr; width: 1fr;
        & > .log-view--text { color: $foreground; }
        & > .log-view--time { color: $text-muted; }
        & > .log-view--date { color: $text-accent; }
        & > .log-view--muted { color: $text-muted; }
        & > .log-view--platform { color: $text-muted; }
        & > .log-view--platform-tag { color: $text-primary; }
        & > .log-view--info { color: $text-success; }
        & > .log-view--warning { color: $text-warning; text-style: bold; }
        & > .log-view--error { color: $text-error; text-style: bold; }
        & > .log-view--error-text { color: $text-error; }
        & > .log-view--match { color: $background; background: $warning; }
        & > .log-view--marked { background: $accent 9%; }
        & > .log-view--cursor { background: $primary 10%; }
        & > .log-view--badge { color: $background; background: $accent; text-style: bold; }
        & > .log-view--scrollbar { color: $scrollbar; }
        & > .log-view--gutter-none { color: $scrollbar; }
        & > .log-view--gutter-1 { color: $primary; }
        & > .log-view--gutter-2 { color: $success; }
        & > .log-view--gutter-3 { color: $accent; }
        & > .log-view--gutter-4 { color: $secondary; }
        & > .log-view--tag-1 { color: $text-primary; }
        & > .log-view--tag-2 { color: $text-success; }
        & > .log-view--tag-3 { color: $text-accent; }
        & > .log-view--tag-4 { color: $text-warning; }
        & > .log-view--tag-5 { color: $text-secondary; }
        & > .log-view--tag-6 { color: $text-error; }
        & > .log-view--mark { color: $text-accent; text-style: bold; }
        &:focus > .log-view--cursor { background: $primary 26%; }
        &:ansi {
            & > .log-view--match { color: ansi_black; background: ansi_yellow; }
            & > .log-view--badge { color: ansi_black; background: ansi_yellow; }
            & > .log-view--marked { background: ansi_default; }
            & > .log-view--cursor { text-style: bold; background: ansi_default; }
        }
        &:ansi:focus > .log-view--cursor { text-style: reverse; background: ansi_default; }
    }
    """
    COMPONENT_CLASSES = {
        "log-view--text",
        "log-view--time",
        "log-view--date",
        "log-view--muted",
        "log-view--platform",
        "log-view--platform-tag",
        "log-view--info",
        "log-view--warning",
        "log-view--error",
        "log-view--error-text",
        "log-view--match",
        "log-view--marked",
        "log-view--cursor",
        "log-view--badge",
        "log-view--scrollbar",
        "log-view--gutter-none",
        "log-view--gutter-1",
        "log-view--gutter-2",
        "log-view--gutter-3",
        "log-view--gutter-4",
        *(f"log-view--tag-{number}" for number in range(1, 7)),
        "log-view--mark",
    }

    @dataclass
    class FollowingChanged(Message):
        """The reader left the tail, or came back to it."""

        following: bool

    wrap: reactive[bool] = reactive(False, repaint=False)
    times: reactive[TimeStyle] = reactive(TimeStyle.UTC, repaint=False)
    masked: reactive[bool] = reactive(False, repaint=False)
    marked: reactive[str] = reactive("", repaint=False)
    tags: reactive[tuple[str, ...]] = reactive((), repaint=False)
    fields: reactive[tuple[str, ...]] = reactive((), repaint=False)
    note: reactive[str] = reactive("", repaint=False)
    """What stands over the first row while the oldest line is in view, such as "loading older lines …"."""
    picture: reactive[Picture] = reactive((), repaint=False)

    def __init__(self, clock: Callable[[], float] = monotonic, now_ms: Callable[[], int] = lambda: 0) -> None:
        super().__init__(clock)
        self._now_ms = now_ms
        self._pattern: Pattern | None = None
        nothing = FollowedLog((), 1)
        self._place = Place(nothing, EveryLine(nothing.buffer), self._rows_of)
        self._was_following = True
        self._painter = LinePainter(self._component)
        self._frame = Frame()
        self._shift = 0
        self._theme = 0

    def on_mount(self) -> None:
        """What is said as "3 s ago" grows older by itself."""
        self.set_interval(1, self._grow_older)

    def _grow_older(self) -> None:
        if self.times is TimeStyle.RELATIVE and self.display and len(self._place.order):
            self.lines_came()

    # -- what others call

    @property
    def following(self) -> bool:
        """Whether the newest line is kept in view."""
        return self._place.following

    def show(self, log: FollowedLog) -> None:
        """Show another log, at the place where its reader left it."""
        self._place = Place(log, EveryLine(log.buffer), self._rows_of)
        self._pattern = None
        self._painter.look_with(order=-1)  # the same positions, other lines
        self._shift = 0
        self.repaint()

    def show_only(self, found: LogFilter | None, marking: Pattern | None) -> None:
        """Show only the lines that `found` knows, None: every line; and mark in them what `marking` finds.

        The line under the cursor, or the nearest that shows, stays in its row of the screen.
        """
        self._place.hold()
        self._pattern = marking
        self._place.order = found if found is not None else EveryLine(self._place.log.buffer)
        self.repaint()

    def repaint(self) -> None:
        """Lay out what is visible now, and draw what of it has changed."""
        self.begin_frame()
        if not self.size:
            return
        if self.following != self._was_following:
            self._was_following = self.following
            self.post_message(self.FollowingChanged(self.following))
        old, old_thumb, new = self._frame, self._thumb(), self._layout()
        self._frame = new
        if new == old:
            return
        if replace(new, unseen=old.unseen, count=old.count) != old:
            self.refresh()
            return
        # Only the badge and the scrollbar have changed. Textual writes each row that a region touches whole, so name
        # as few rows as possible: on a slow line a frame of lines that are there already would be a waste.
        width, height = self.size
        changed = {height - 1} if new.unseen != old.unseen else set()
        changed |= set(range(*old_thumb)) ^ set(range(*self._thumb()))
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    # -- drawing

    def _component(self, name: str) -> Style:
        return self.get_component_rich_style(f"log-view--{name}")

    def notify_style_update(self) -> None:
        """Another theme, or another focus: nothing drawn before is valid."""
        super().notify_style_update()
        self._theme += 1
        if self.is_mounted:
            self.repaint()
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Row `y` of the frame."""
        width = self.size.width
        text = self._component("text")
        frame = self._frame
        if not frame.rows:
            return self._picture_row(y).adjust_cell_length(width, text)
        if frame.note and y == 0:
            return Strip([Segment(f" {frame.note}", self._component("muted"))]).adjust_cell_length(width, text)
        y -= 1 if frame.note else 0
        if y >= len(frame.rows) or self._painter.look != frame.look or frame.width != width:
            return Strip.blank(width, text)
        row = frame.rows[y]
        parts = self._painter.rows(row.line)
        strip = parts[min(row.part, len(parts) - 1)]
        if frame.stamps:
            strip = Strip.join([self._stamp_cell(frame.stamps[y], row.line, dated=y in frame.dated), strip])
        if row.index == frame.cursor or frame.selected[0] <= row.index <= frame.selected[1]:
            strip = self._under_cursor(strip)
        y += 1 if frame.note else 0
        if frame.unseen and y == self.size.height - 1:
            badge = f" ↓ {frame.unseen:,} new "
            room = max(width - 1 - len(badge), 0)
            strip = Strip.join([strip.crop(0, room), Strip([Segment(badge, self._component("badge"))])])
            strip = strip.crop(0, width - 1)
        return Strip.join([strip, self._scrollbar_cell(y)])

    def _stamp_cell(self, words: str, line: LogLine, *, dated: bool) -> Strip:
        style = self._component("date" if dated else "time")
        if self.marked and line.request_id == self.marked:
            style += Style(bgcolor=self._component("marked").bgcolor)
        return Strip([Segment(words, style)])

    def _picture_row(self, y: int) -> Strip:
        width, height = self.size
        row = y - max((height - len(self._frame.picture)) // 2, 0)
        if not 0 <= row < len(self._frame.picture):
            return Strip([])
        text, style = self._frame.picture[row]
        text = set_cell_size(text, min(cell_len(text), width))
        blank = " " * ((width - cell_len(text)) // 2)
        return Strip([Segment(blank, self._component("text")), Segment(text, self._component(style))])

    def _under_cursor(self, strip: Strip) -> Strip:
        """The row in the cursor's background; what matches the filter keeps its own, or it could not be read."""
        over, match = self.over_row(self._component("cursor")), self._component("match")
        segments = [
            Segment(text, style + over if style is not None and style.bgcolor != match.bgcolor else style)
            for text, style, _ in strip
        ]
        return Strip(segments, strip.cell_length)

    def _thumb(self) -> tuple[int, int]:
        """The first row of the scrollbar's thumb and the row after its last; (0, 0) when all lines show."""
        frame, height = self._frame, self.size.height
        if not frame.rows:
            return 0, 0
        first, last = frame.rows[0].index, frame.rows[-1].index
        return thumb_rows(height, frame.count, last - first + 1, first)

    def _scrollbar_cell(self, y: int) -> Strip:
        start, stop = self._thumb()
        return Strip([Segment("▐" if start <= y < stop else " ", self._component("scrollbar"))], 1)

    # -- layout

    def _look(self) -> Look:
        columns = stamp_columns(self.size.width, self.times)
        return replace(
            self._painter.look,
            width=max(self.size.width - 1 - (columns + 1 if columns else 0), 1),
            wrap=self.wrap,
            shift=0 if self.wrap else self._shift,
            pattern=self._pattern,
            masked=self.masked,
            tags=self.tags,
            fields=self.fields,
            unfolded=self._place.log.unfolded.positions,
            marked=self.marked,
            order=self._place.log.buffer.disordered,
            theme=self._theme,
        )

    def use_look(self) -> None:
        """From now on lines take the rows that they need with what was chosen just now."""
        self._painter.look = self._look()

    def _rows_of(self, line: LogLine) -> int:
        return len(self._painter.rows(line)) if self.wrap or line.position in self._painter.look.unfolded else 1

    def _layout(self) -> Frame:
        self.use_look()
        place, look = self._place, self._painter.look
        place.height = self.size.height
        rows, note = place.rows(), ""
        if self.note and rows and (rows[0].index, rows[0].part) == (0, 0) and place.height > 1:
            place.height -= 1
            shorter = place.rows()
            if (shorter[0].index, shorter[0].part) == (0, 0):
                rows, note = shorter, self.note
            else:
                place.height += 1
                rows = place.rows()
        # Who follows without the focus watches: a bar under the newest line would only flicker.
        cursor = place.cursor if self.has_focus or not place.following else -1
        dates = self._dates(rows)
        return Frame(
            rows,
            self._stamps(rows, dates),
            frozenset(dates),
            len(place.order),
            cursor,
            place.selected,
            place.unseen,
            note,
            self.size.width,
            look,
            wrapped(self.picture, self.size.width),
        )

    def _dates(self, rows: tuple[Row, ...]) -> dict[int, str]:
        """The rows where another day begins, and what its date is; the first row, unless it is of today."""
        if self.times not in (TimeStyle.UTC, TimeStyle.LOCAL):
            return {}
        utc = self.times is TimeStyle.UTC
        latest_ms = max(self._now_ms(), self._place.log.buffer.newest_ms or 0)
        before = today = day_of(latest_ms, utc=utc)
        dates = {}
        for number, row in enumerate(rows):
            day = day_of(row.line.timestamp_ms, utc=utc)
            if day != before:
                dates[number] = date_of(day, today)
            before = day
        return dates

    def _stamps(self, rows: tuple[Row, ...], dates: Mapping[int, str]) -> tuple[str, ...]:
        """What stands before each row: the time before the first one of an event, blanks before the others.

        A mark tells by itself when it was set: its place is behind the line that was the newest then.
        """
        columns = stamp_columns(self.size.width, self.times)
        if not columns or not rows:
            return ()
        now_ms = self._now_ms() if self.times is TimeStyle.RELATIVE else 0
        before_ms: int | None = None
        if self.times is TimeStyle.DELTA and rows[0].index:
            before_ms = self._place.line(rows[0].index - 1).timestamp_ms
        stamps = []
        for number, row in enumerate(rows):
            words = ""
            if row.line.first and not row.part and not self._place.log.marks.has(row.line.position):
                words = stamp(row.line.timestamp_ms, self.times, now_ms=now_ms, before_ms=before_ms)[:columns]
                before_ms = row.line.timestamp_ms
            if number in dates:
                words = dated(words, dates[number], columns)
            stamps.append(f"{words:<{columns}} ")
        return tuple(stamps)

    def on_resize(self) -> None:
        """Another size has room for other lines."""
        self.repaint()
        self.refresh()

    def watch_wrap(self) -> None:
        """Draw anew."""
        self._place.hold()
        self._place.log.top_row = 0
        self.repaint()

    def watch_times(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_masked(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_tags(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_fields(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_note(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_picture(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_marked(self) -> None:
        """Draw anew."""
        self.repaint()


def wrapped(picture: Picture, width: int) -> Picture:
    """The same words in rows that fit: AWS says what it denies in 200 letters, and the end matters."""
    return tuple((row, style) for words, style in picture for row in wrap(words, max(width - 4, 1)) or [""])
