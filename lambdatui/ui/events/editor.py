"""A text editor for JSON that stays quick at any size Lambda takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.document._document import EditResult, Location, Selection
from textual.document._document_navigator import DocumentNavigator
from textual.document._edit import Edit
from textual.document._history import EditHistory
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import TextArea

from lambdatui.core.events import JsonProblem
from lambdatui.core.json_text import KINDS, brackets
from lambdatui.ui.events.document import JsonDocument, UnwrappedDocument
from lambdatui.ui.events.painting import LineLook, paint

_CLOSING = {"{": "}", "[": "]", '"': '"'}
_BRACKET_LINES = 2_000
"""How far the partner of a bracket is looked for: a moment, whatever the document's size."""

_PARTS = ("problem", "problem-number", *KINDS)
_OF_TEXT_AREA = ("cursor", "gutter", "cursor-gutter", "cursor-line", "selection", "matching-bracket")


@dataclass(frozen=True, slots=True)
class Buffer:
    """One text in the editor with all that belongs to it: its undo history, the cursor, where it is scrolled to."""

    document: JsonDocument
    history: EditHistory
    selection: Selection = field(default_factory=Selection)
    scroll: Offset = field(default_factory=Offset)

    @classmethod
    def of(cls, text: str) -> Buffer:
        """A fresh buffer."""
        return cls(JsonDocument(text), EditHistory(100, 2.0, 100))


@dataclass
class Replacement(Edit):
    """Another text in place of all that was there; `done` hears when it is made (True) or taken back (False)."""

    done: Callable[[bool], None] | None = None

    def do(self, text_area: TextArea, record_selection: bool = True) -> EditResult:
        """Make it."""
        result = super().do(text_area, record_selection)
        if self.done:
            self.done(True)
        return result

    def undo(self, text_area: TextArea) -> EditResult:
        """Take it back."""
        result = super().undo(text_area)
        if self.done:
            self.done(False)
        return result


class JsonEditor(TextArea, inherit_bindings=False):
    """Edits one JSON text: colours, brackets, indentation, the problem where it is.

    A TextArea without its four costs by size: the text is joined at most once an edit, lines are measured when
    they change, nothing is wrapped, and a line is coloured when it is painted. A painted line is kept as long as
    nothing that decides its look changes. Saves nothing and validates nothing: `problem` is told to it.
    With `assist` it closes brackets and quotes, and indents.
    """

    TAB_STOP = False
    """Tab indents here: who goes through the panes with it passes by; e, Enter and a click go in."""

    DEFAULT_CSS = """
    JsonEditor, JsonEditor:focus {
        border: none; padding: 0; background: transparent; color: $foreground;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0;
        & .text-area--gutter { color: $foreground 35%; }
        & .text-area--cursor-gutter { color: $foreground 80%; background: $foreground 6%; text-style: none; }
        & .text-area--cursor-line { background: $foreground 6%; }
        & .text-area--matching-bracket { background: $foreground 25%; text-style: bold; }
        & .json-editor--key { color: $text-primary; }
        & .json-editor--string { color: $text-success; }
        & .json-editor--number, & .json-editor--word { color: $text-warning; }
        & .json-editor--punctuation { color: $foreground 60%; }
        & .json-editor--problem { background: $error; color: $background; text-style: bold; }
        & .json-editor--problem-number { color: $text-error; text-style: bold; }
        &:ansi {
            & .text-area--gutter, & .json-editor--punctuation { color: ansi_bright_black; }
            & .text-area--cursor-gutter { color: ansi_default; background: transparent; text-style: bold; }
            & .text-area--cursor-line { background: transparent; }
            & .text-area--cursor { color: ansi_default; background: ansi_default; text-style: reverse; }
            & .text-area--matching-bracket { background: transparent; text-style: bold underline; }
            & .json-editor--key { color: ansi_cyan; }
            & .json-editor--string { color: ansi_green; }
            & .json-editor--number, & .json-editor--word { color: ansi_yellow; }
            & .json-editor--problem { background: ansi_red; color: ansi_bright_white; }
            & .json-editor--problem-number { color: ansi_red; }
        }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"json-editor--{part}" for part in _PARTS}

    # Without F6, which invokes.
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in TextArea.BINDINGS if getattr(binding, "key", "") != "f6"
    ]

    @dataclass
    class Left(Message):
        """Esc: the keys go back to the pane."""

    problem: reactive[JsonProblem | None] = reactive(None)

    document: JsonDocument

    def __init__(self, *, assist: bool = True, id: str | None = None) -> None:  # noqa: A002
        self._styles: dict[str, Style] = {}
        self._painted: LRUCache[LineLook, Strip] = LRUCache(1024)
        self._assist = assist
        super().__init__(soft_wrap=False, show_line_numbers=True, tab_behavior="indent", id=id)
        self.cursor_blink = False
        self.indent_width = 2
        self.history = Buffer.of("").history

    @property
    def text(self) -> str:
        """The whole text."""
        return self.document.text

    @text.setter
    def text(self, value: str) -> None:
        self.load_text(value)

    @property
    def buffer(self) -> Buffer:
        """What is shown, to be shown again later with its undo history."""
        return Buffer(self.document, self.history, self.selection, self.scroll_offset)

    def show(self, buffer: Buffer) -> None:
        """Put another buffer on the screen."""
        self._take(buffer.document)
        self.history = buffer.history
        self.history.checkpoint()
        self.selection = buffer.selection
        self.record_cursor_width()
        self._refresh_size()
        self.scroll_to(buffer.scroll.x, buffer.scroll.y, animate=False)
        self.refresh()

    def replace_all(self, text: str, done: Callable[[bool], None] | None = None) -> None:
        """Put another text in place of this one, as one step that undo takes back. The cursor stays on its line."""
        row, column = self.cursor_location
        edit = Replacement(text, (0, 0), self.document.end, maintain_selection_offset=False, done=done)
        self.history.checkpoint()
        self.edit(edit)
        self.move_cursor(self.clamp_visitable((row, column)))

    def notify_style_update(self) -> None:
        self._styles.clear()
        self._painted.clear()
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        # Past TextArea's own, which reads its colours from the style sheet anew for each frame.
        return super(TextArea, self).render_lines(crop)

    def render_line(self, y: int) -> Strip:
        row = self.scroll_offset.y + y
        if row >= self.document.line_count:
            return Strip.blank(self.size.width, self._style_of("base"))
        look = self._look(row)
        strip = self._painted.get(look)
        if strip is None:
            strip = self._painted[look] = paint(look, self._style_of)
        return strip

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """The partner of the bracket at `search_from`, within some thousand lines; brackets in strings don't count."""
        if bracket not in "{}[]" or not bracket:
            return None
        row, column = search_from
        forward = bracket in "{["
        lines = range(row, min(row + _BRACKET_LINES, self.document.line_count))
        if not forward:
            lines = range(row, max(-1, row - _BRACKET_LINES), -1)
        depth = 0
        for line in lines:
            if len(self.document[line]) > 100_000:
                return None
            found = brackets(self.document[line])
            if line == row and (column, bracket) not in found:
                return None
            for at, letter in found if forward else reversed(found):
                if line == row and (at < column if forward else at > column):
                    continue
                depth += 1 if (letter in "{[") == forward else -1
                if depth == 0:
                    return line, at
        return None

    def watch_problem(self) -> None:
        self.refresh()

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.post_message(self.Left())
        elif self._assist and not self.read_only and self._help_typing(event.key, event.character):
            event.stop()
            event.prevent_default()

    def action_delete_left(self) -> None:
        """Delete to the left; an empty pair goes as one."""
        row, column = self.cursor_location
        line = self.document[row]
        pair = line[column - 1 : column + 1] if column else ""
        if self._assist and self.selection.is_empty and len(pair) == 2 and _CLOSING.get(pair[0]) == pair[1]:
            self._delete_via_keyboard((row, column - 1), (row, column + 1))
        else:
            super().action_delete_left()

    # Typing ----------------------------------------------------------------------------------------------------

    def _help_typing(self, key: str, character: str | None) -> bool:
        """Type for `key` what a person would type next anyway; False when there is nothing to add."""
        if not self.selection.is_empty:
            return False
        row, column = self.cursor_location
        line = self.document[row]
        before, after = line[:column], line[column:]
        if key == "enter":
            self._break_line(before, after)
            return True
        if character is None or character not in '{}[]"':
            return False
        if character in '}]"' and after.startswith(character) and not _escaped(before):
            self.move_cursor((row, column + 1))
            return True
        if character in "}]":
            return self._close(character, before, after)
        within_string = _open_string(before)
        ends_here = not after.strip() or after.lstrip()[0] in ",]}:"
        if character in _CLOSING and not within_string and ends_here:
            self._replace_via_keyboard(character + _CLOSING[character], (row, column), (row, column))
            self.move_cursor((row, column + 1))
            return True
        return False

    def _break_line(self, before: str, after: str) -> None:
        location = self.cursor_location
        indent = before[: len(before) - len(before.lstrip())]
        opened = before.rstrip()[-1:]
        deeper = indent + " " * self.indent_width if opened in ("{", "[") else indent
        closes = opened in ("{", "[") and after.lstrip()[:1] == _CLOSING[opened]
        self._replace_via_keyboard("\n" + deeper + ("\n" + indent if closes else ""), location, location)
        if closes:
            self.move_cursor((location[0] + 1, len(deeper)))

    def _close(self, character: str, before: str, after: str) -> bool:
        """A closing bracket that begins its line goes one level out."""
        row, column = self.cursor_location
        if before and not before.strip() and not after.strip() and before.endswith(" " * self.indent_width):
            self._replace_via_keyboard(character, (row, column - self.indent_width), (row, column))
            return True
        return False

    # What TextArea would do for the whole document ---------------------------------------------------------------

    def _set_document(self, text: str, language: str | None) -> None:  # noqa: ARG002
        self._take(JsonDocument(text))
        self.move_cursor((0, 0))
        self._refresh_size()

    def _take(self, document: JsonDocument) -> None:
        self.document = document
        self.wrapped_document = UnwrappedDocument(document, self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._matching_bracket_location = None

    def _build_highlight_map(self) -> None:
        """Nothing: lines are coloured when they are painted."""

    def _rewrap_and_refresh_virtual_size(self) -> None:
        self.wrapped_document.wrap(0, self.indent_width)
        self._refresh_size()

    def _refresh_size(self) -> None:
        width, height = self.document.get_size(self.indent_width)
        # In steps: a growing line then changes the layout of the screen now and then, not at each letter.
        width = width + self.gutter_width + 1
        if width > self.scrollable_content_region.width:
            width = -(-width // 16) * 16
        self.virtual_size = Size(width, height)
        self._refresh_scrollbars()

    # Painting --------------------------------------------------------------------------------------------------

    def _look(self, row: int) -> LineLook:
        (start, end), line = self.selection, self.document[row]
        current = end[0] == row and self.has_focus
        paired: tuple[int, ...] = ()
        partner = self._matching_bracket_location
        if partner is not None and start == end and self.has_focus:
            paired = tuple(column for at, column in (end, partner) if at == row)
        problem = self.problem
        return LineLook(
            line=line,
            number=f"{row + 1:>{self.gutter_width - 2}}  ",
            scroll_x=self.scroll_offset.x,
            width=self.size.width,
            tab_width=self.indent_width,
            current=current,
            cursor=end[1] if current else None,
            selected=_selected(self.selection, row, len(line)),
            paired=paired,
            problem=problem.column - 1 if problem is not None and problem.line == row + 1 else None,
        )

    def _style_of(self, part: str) -> Style:
        style = self._styles.get(part)
        if style is None:
            if part == "base":
                style = self.rich_style
            elif part in _OF_TEXT_AREA:
                style = self.get_component_rich_style(f"text-area--{part}")
            else:
                style = self.get_component_rich_style(f"json-editor--{part}")
                if part != "problem":
                    # Ink only: they stand on the current line and on selections too.
                    style = style.without_color + Style(color=style.color)
            self._styles[part] = style
        return style


def _selected(selection: Selection, row: int, length: int) -> tuple[int, int] | None:
    if selection.is_empty:
        return None
    (top, first), (bottom, last) = sorted(selection)
    if not top <= row <= bottom:
        return None
    # The line's end belongs to a selection that goes on below it: an empty line shows one cell.
    return first if row == top else 0, last if row == bottom else length + 1


def _escaped(before: str) -> bool:
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _open_string(before: str) -> bool:
    """Whether a string that began on this line is still open at its end."""
    return before.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 1
