"""Draws the settings of a function, a row each, with the cursor on one."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from lambdatui.core.configuration import Entry
from lambdatui.ui.configuration.rows import Row, SectionRow, SettingRow, value_text

_LABEL_COLUMNS = 26


class SettingsList(Widget, can_focus=True):
    """Shows rows; says which setting is to be edited. Edits nothing itself."""

    DEFAULT_CSS = """
    SettingsList { height: 1fr; width: 1fr; }
    SettingsList > .settings--section { color: $primary; text-style: bold; }
    SettingsList > .settings--label { color: $foreground; }
    SettingsList > .settings--value { color: $foreground; text-style: bold; }
    SettingsList > .settings--muted { color: $text-muted; }
    SettingsList > .settings--edited { color: $accent; }
    SettingsList > .settings--bar { color: $accent; }
    SettingsList > .settings--cursor { background: $block-cursor-blurred-background; }
    SettingsList:focus > .settings--cursor { background: $block-cursor-background; }
    """
    COMPONENT_CLASSES = {
        "settings--section",
        "settings--label",
        "settings--value",
        "settings--muted",
        "settings--edited",
        "settings--bar",
        "settings--cursor",
    }
    BINDINGS = [
        Binding("enter", "edit", "Edit", id="configuration.edit", tooltip="Change the setting at the cursor"),
        Binding("v", "reveal", "Reveal", id="configuration.reveal", tooltip="Show or mask the environment's values"),
        Binding("N", "add", "New variable", id="configuration.add", tooltip="Add an environment variable"),
        Binding(
            "d,delete", "reset", "Reset", id="configuration.reset", tooltip="Remove the variable or the edit made here"
        ),
        Binding("up,k", "move(-1)", "Up", id="configuration.up", show=False),
        Binding("down,j", "move(1)", "Down", id="configuration.down", show=False),
        Binding("pageup", "move(-10)", "Page up", id="configuration.page_up", show=False),
        Binding("pagedown", "move(10)", "Page down", id="configuration.page_down", show=False),
        Binding("home,g", "move(-9999)", "Top", id="configuration.top", show=False),
        Binding("end,G", "move(9999)", "Bottom", id="configuration.bottom", show=False),
    ]

    @dataclass
    class EditRequested(Message):
        """The setting is to be changed."""

        entry: Entry

    @dataclass
    class AddRequested(Message):
        """A variable is to be added."""

    @dataclass
    class ResetRequested(Message):
        """The setting is to go back to where it comes from; a variable is to be removed."""

        entry: Entry

    rows: reactive[tuple[Row, ...]] = reactive(())
    cursor: reactive[int] = reactive(0)
    top: reactive[int] = reactive(0)
    revealed: reactive[bool] = reactive(False)

    _longest = 0

    @property
    def entry(self) -> Entry | None:
        """The setting at the cursor."""
        row = self.rows[self.cursor] if self.cursor < len(self.rows) else None
        return row.entry if isinstance(row, SettingRow) else None

    def watch_rows(self) -> None:
        """New rows: the cursor stays where it was, on a setting."""
        labels = [row.entry.definition.label for row in self.rows if isinstance(row, SettingRow)]
        self._longest = max(map(cell_len, labels), default=0)
        self.cursor = self._nearest(self.cursor, 1)

    def watch_cursor(self, cursor: int) -> None:
        """Keep the cursor on the screen, with its section's heading when that is just above."""
        height = max(self.size.height, 1)
        first = cursor - 1 if cursor and isinstance(self.rows[cursor - 1 : cursor][0], SectionRow) else cursor
        self.top = max(0, min(max(self.top, cursor - height + 1), first))

    def on_resize(self) -> None:
        """The cursor stays visible."""
        if self.rows:
            self.watch_cursor(self.cursor)

    def go_to(self, key: str) -> Entry | None:
        """Move the cursor to the setting `key`; None when it is not there."""
        for index, row in enumerate(self.rows):
            if isinstance(row, SettingRow) and row.entry.definition.key == key:
                self.cursor = index
                return row.entry
        return None

    def render_line(self, y: int) -> Strip:
        """One row: a heading, or label, value and origin."""
        width, index = self.size.width, self.top + y
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        row = self.rows[index]
        if isinstance(row, SectionRow):
            left = [Segment(f" {row.title}", self._style("section"))]
            note = row.note
        else:
            left, note = self._setting(row.entry), row.entry.locked or row.entry.origin
        edited = isinstance(row, SettingRow) and row.entry.origin == "edited here"
        right = Segment(f"  {note} ", self._style("edited" if edited else "muted"))
        used = sum(segment.cell_length for segment in left)
        if used + right.cell_length > width and right.cell_length >= width // 2 and used < width - 2:
            # A long reason is cut, not the value.
            right = Segment(set_cell_size(f"  {note}", width - used - 1) + "…", right.style)
        elif used + right.cell_length > width:
            room = max(width - right.cell_length, 0)
            left = [*Strip(left).crop(0, max(room - 1, 0)), Segment("…", self._style("muted"))]
            used = sum(segment.cell_length for segment in left)
        strip = Strip([*left, Segment(" " * max(width - used - right.cell_length, 0)), right]).crop(0, width)
        if index == self.cursor:
            strip = strip.apply_style(self._style("cursor"))
        return strip.apply_style(self.rich_style)

    def _setting(self, entry: Entry) -> list[Segment]:
        # Names of variables are the user's own, and may need more than ours.
        room = min(max(_LABEL_COLUMNS, self._longest + 2), max(self.size.width // 2, 12))
        label = f"  {entry.definition.label}"
        label = set_cell_size(label, room) if cell_len(label) <= room else set_cell_size(label, room - 1) + "…"
        style = "muted" if entry.locked or entry.value is None else "value"
        at_cursor = entry is self.entry
        return [
            Segment("▌" if at_cursor else " ", self._style("bar")),
            Segment(label + " ", self._style("muted" if entry.locked else "label")),
            Segment(value_text(entry, revealed=self.revealed), self._style(style)),
        ]

    def _style(self, role: str) -> Style:
        return self.get_component_rich_style(f"settings--{role}", partial=True)

    def _nearest(self, index: int, step: int) -> int:
        settings = [i for i, row in enumerate(self.rows) if isinstance(row, SettingRow)]
        if not settings:
            return 0
        ahead = [i for i in settings if (i >= index if step > 0 else i <= index)]
        return (ahead[0] if step > 0 else ahead[-1]) if ahead else (settings[-1] if step > 0 else settings[0])

    def action_move(self, step: int) -> None:
        """Move the cursor to another setting."""
        self.cursor = self._nearest(max(0, min(self.cursor + step, len(self.rows))), 1 if step > 0 else -1)

    def action_edit(self) -> None:
        """Ask to edit the setting at the cursor."""
        if self.entry:
            self.post_message(self.EditRequested(self.entry))

    def action_add(self) -> None:
        """Ask to add a variable."""
        self.post_message(self.AddRequested())

    def action_reset(self) -> None:
        """Ask to take the setting back."""
        if self.entry:
            self.post_message(self.ResetRequested(self.entry))

    def action_reveal(self) -> None:
        """Show or mask the values of the environment."""
        self.revealed = not self.revealed
        secrets = [i for i, row in enumerate(self.rows) if isinstance(row, SettingRow) and row.entry.secret]
        if self.revealed and secrets and self.cursor not in secrets:
            self.cursor = secrets[0]

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; a second one edits."""
        index = self.top + event.y
        if index < len(self.rows) and isinstance(self.rows[index], SettingRow):
            self.cursor = index
            if event.chain >= 2:
                self.action_edit()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.action_move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.action_move(-1)
