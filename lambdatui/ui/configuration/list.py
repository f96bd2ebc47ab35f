"""Draws the settings of a function, a row each, with the cursor on one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from lambdatui.core.configuration import Entry
from lambdatui.ui.configuration.rows import Row, SectionRow, SettingRow, value_text
from lambdatui.ui.rows import Rows, moving_keys

_LABEL_COLUMNS = 26


class SettingsList(Rows):
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
        *moving_keys("configuration"),
    ]
    SCROLLBAR = False
    PAGE_STEP = 10

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
        self.cursor = self.nearest(self.cursor, 1)

    def go_to(self, key: str) -> Entry | None:
        """Move the cursor to the setting `key`; None when it is not there."""
        for index, row in enumerate(self.rows):
            if isinstance(row, SettingRow) and row.entry.definition.key == key:
                self.cursor = index
                return row.entry
        return None

    @property
    def row_count(self) -> int:
        """Settings and headings."""
        return len(self.rows)

    def holds_cursor(self, number: int) -> bool:
        """Headings don't."""
        return isinstance(self.rows[number], SettingRow)

    def cursor_style(self) -> Style:
        """The cursor's background."""
        return self._style("cursor")

    def paint_row(self, number: int) -> Iterable[Segment]:
        """A heading, or label, value and origin."""
        width, row = self.size.width, self.rows[number]
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
        return [*left, Segment(" " * max(width - used - right.cell_length, 0)), right]

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

    def row_clicked(self, event: events.Click) -> None:
        """A second click edits."""
        if event.chain >= 2:
            self.action_edit()
