"""Draws the body of a result: highlighted, foldable, searchable, a screenful at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from lambdatui.core.json_text import spans
from lambdatui.ui.invoke.body import Body, Line, wrapped
from lambdatui.ui.rows import Rows, moving_keys

_PROSE = frozenset({"text", "error", "muted", "ok", "warning", "log", "log-error"})
"""Kinds of lines that are broken to the width; code and JSON scroll sideways."""


class BodyView(Rows):
    """Shows a `Body`; owns the folds and the search. Changes nothing and fetches nothing.

    Its rows are those that are not folded away.
    """

    DEFAULT_CSS = """
    BodyView { height: 1fr; width: 1fr; }
    BodyView > .body--text { color: $foreground; }
    BodyView > .body--punctuation { color: $text-muted; }
    BodyView > .body--key { color: $primary; }
    BodyView > .body--string { color: $success; }
    BodyView > .body--number { color: $warning; }
    BodyView > .body--word { color: $secondary; }
    BodyView > .body--muted { color: $text-muted; }
    BodyView > .body--error { color: $error; text-style: bold; }
    BodyView > .body--ok { color: $success; }
    BodyView > .body--warning { color: $warning; }
    BodyView > .body--own { color: $foreground; text-style: bold; }
    BodyView > .body--foreign { color: $text-muted; }
    BodyView > .body--log { color: $text-muted; }
    BodyView > .body--log-error { color: $text-error; }
    BodyView > .body--match { background: $warning; color: $background; }
    BodyView > .body--cursor { background: transparent; }
    BodyView:focus > .body--cursor { background: $block-cursor-background; }
    BodyView > .body--bar { color: $accent; }
    BodyView > .body--thumb { color: $scrollbar; }
    """
    COMPONENT_CLASSES = {
        "body--text",
        "body--punctuation",
        "body--key",
        "body--string",
        "body--number",
        "body--word",
        "body--muted",
        "body--error",
        "body--ok",
        "body--warning",
        "body--own",
        "body--foreign",
        "body--log",
        "body--log-error",
        "body--match",
        "body--bar",
        "body--cursor",
        "body--thumb",
    }
    BINDINGS = [
        Binding("enter,space", "fold", "Fold", id="result.fold", tooltip="Fold or unfold the block at the cursor"),
        Binding("f", "fold_all", "Fold all", id="result.fold_all", show=False, tooltip="Fold everything, or nothing"),
        Binding("n", "find(1)", "Next match", id="result.next", show=False),
        Binding("N", "find(-1)", "Previous match", id="result.previous", show=False),
        *moving_keys("result"),
        Binding("left", "shift(-8)", "Left", id="result.left", show=False),
        Binding("right", "shift(8)", "Right", id="result.right", show=False),
    ]

    @dataclass
    class Searched(Message):
        """A search ended: `position` of `total` matches, 0 of 0 for none."""

        position: int
        total: int

    body: reactive[Body] = reactive(Body)
    offset_x: reactive[int] = reactive(0)
    needle: reactive[str] = reactive("")

    def __init__(self) -> None:
        super().__init__()
        self._folded: set[int] = set()
        self._rows: list[int] = []
        self._parts: list[tuple[int, int] | None] = []
        self._width = 0

    def watch_body(self, old: Body, body: Body) -> None:
        """A new result starts at its top, or where its news are; more of the same leaves the reader's place alone."""
        same = bool(body.of) and old.of == body.of
        stays = same and not (old.reveal >= 0 and self._line_at_cursor() == old.reveal)
        self._folded = (
            {i for i in self._folded if i < len(body.lines) and body.lines[i].fold_end >= 0} if same else set()
        )
        self._folded |= {i for i in body.folded if not same or i >= len(old.lines)}
        self._rebuild()
        if stays:
            self.cursor = min(self.cursor, max(len(self._rows) - 1, 0))
        else:
            self.offset_x = 0
            self.top = 0
            self.cursor = self._last_row_of(body.reveal)
            self.keep_visible()
        self.refresh_bindings()
        if self.needle:
            self.action_find(1, from_start=True)

    def watch_needle(self, needle: str) -> None:
        """Search as one types, from the cursor on."""
        if needle:
            self.action_find(1, from_start=True)
        else:
            self.post_message(self.Searched(0, 0))
        self.refresh_bindings()

    def on_resize(self) -> None:
        """What is read as prose is broken anew."""
        if self.size.width != self._width:
            self._rebuild()

    @property
    def row_count(self) -> int:
        """What is not folded away."""
        return len(self._rows)

    def bar_style(self) -> Style:
        """The scrollbar's ink."""
        return self._style("thumb")

    def cursor_style(self) -> Style:
        """The cursor's background."""
        return self._style("cursor")

    def paint_row(self, number: int) -> Iterable[Segment]:
        """A line, or what of it fits."""
        index, part = self._rows[number], self._parts[number]
        line = self.body.lines[index]
        if part is None:
            strip = self._line_strip(index, line).crop(self.offset_x, self.offset_x + self.row_width - 1)
        else:
            strip = self._marked(Strip([Segment(line.text[slice(*part)], self._style(line.kind))]))
        bar = Segment("▌" if number == self.cursor and self.has_focus else " ", self._style("bar"))
        return [bar, *strip]

    def _line_strip(self, index: int, line: Line) -> Strip:
        text = line.text[: self.offset_x + 4 * self.size.width].expandtabs(4)
        if line.kind != "json":
            mark = "" if line.fold_end < 0 else "▸ " if index in self._folded else "▾ "
            segments = [Segment(mark + text, self._style(line.kind))]
        else:
            segments = [
                Segment("  " if line.fold_end < 0 else "▸ " if index in self._folded else "▾ ", self._style("muted"))
            ]
            end = 0
            for start, stop, role in spans(text):
                segments.append(Segment(text[end:start], self._style("text")))
                segments.append(Segment(text[start:stop], self._style(role)))
                end = stop
            segments.append(Segment(text[end:], self._style("text")))
            if index in self._folded:
                count = line.fold_end - index - 1
                closing = self.body.lines[line.fold_end].text.strip()
                words = "1 line" if count == 1 else f"{count:,} lines"
                segments.append(Segment(f" … {words} … ", self._style("muted")))
                segments.append(Segment(closing, self._style("text")))
        strip = Strip(segments)
        return self._marked(strip)

    def _marked(self, strip: Strip) -> Strip:
        if not self.needle:
            return strip
        text, needle = strip.text.lower(), self.needle.lower()
        found = text.find(needle)
        while found >= 0:
            stop = found + len(needle)
            before, match, after = strip.crop(0, found), strip.crop(found, stop), strip.crop(stop)
            strip = Strip.join([before, match.apply_style(self._style("match")), after])
            found = text.find(needle, stop)
        return strip

    def _line_at_cursor(self) -> int:
        return self._rows[self.cursor] if self.cursor < len(self._rows) else -1

    def _last_row_of(self, index: int) -> int:
        return max((row for row, line in enumerate(self._rows) if line == index), default=0) if index >= 0 else 0

    def _style(self, role: str) -> Style:
        return self.get_component_rich_style(f"body--{role}", partial=True)

    def _rebuild(self) -> None:
        rows: list[int] = []
        parts: list[tuple[int, int] | None] = []
        index, lines = 0, self.body.lines
        # A bar before the text, a scrollbar after it.
        self._width = self.size.width
        room = self._width - 2
        while index < len(lines):
            line = lines[index]
            is_prose = line.kind in _PROSE and line.fold_end < 0
            breaks = wrapped(line.text, room) if is_prose and room > 0 else [None]
            rows += [index] * len(breaks)
            parts += breaks
            index = lines[index].fold_end + 1 if index in self._folded else index + 1
        self._rows = rows
        self._parts = parts
        self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Matches are gone through while something is searched; folds need a block."""
        if action == "find":
            return True if self.needle else None
        if action in ("fold", "fold_all"):
            return True if any(line.fold_end >= 0 for line in self.body.lines) else None
        return super().check_action(action, parameters)

    def action_fold(self) -> None:
        """Fold or unfold the block that the cursor's line opens, else the block around it."""
        if not self._rows:
            return
        index = self._rows[self.cursor]
        while index >= 0 and not (self.body.lines[index].fold_end >= self._rows[self.cursor]):
            index -= 1
        if index < 0:
            return
        self._folded ^= {index}
        self._rebuild()
        self.cursor = self._rows.index(index)

    def action_fold_all(self) -> None:
        """Fold every block below the first, or open all when any is folded."""
        opening = [i for i, line in enumerate(self.body.lines) if line.fold_end >= 0 and line.text[:1] == " "]
        self._folded = set() if self._folded else set(opening)
        self._rebuild()
        self.cursor = 0

    def action_find(self, step: int, from_start: bool = False) -> None:
        """Go to the next (or previous) line that holds the needle; folds open where it hides."""
        needle = self.needle.lower()
        matches = [i for i, line in enumerate(self.body.lines) if needle and needle in line.text.lower()]
        if not matches:
            self.post_message(self.Searched(0, 0))
            self.refresh()
            return
        here = self._rows[self.cursor] if self._rows else 0
        if from_start:
            target = next((i for i in matches if i >= here), matches[0])
        elif step > 0:
            target = next((i for i in matches if i > here), matches[0])
        else:
            target = next((i for i in reversed(matches) if i < here), matches[-1])
        self._folded = {i for i in self._folded if not i < target <= self.body.lines[i].fold_end}
        self._rebuild()
        self.cursor = self._rows.index(target)
        self.post_message(self.Searched(matches.index(target) + 1, len(matches)))

    def action_shift(self, step: int) -> None:
        """Scroll sideways."""
        self.offset_x = max(0, self.offset_x + step)

    def row_clicked(self, event: events.Click) -> None:
        """On a fold's mark it folds."""
        if event.x + self.offset_x < 3 and self.body.lines[self._rows[self.cursor]].fold_end >= 0:
            self.action_fold()
