"""A line to type in: one row without a frame, whose cursor stands still."""

from __future__ import annotations

from textual.widgets import Input


class Field(Input):
    """An `Input` of one row. A blinking cursor is drawn twice a second, over SSH too, and half the time not seen."""

    # Textual's compact input has no padding unless it has the focus: its text would jump.
    DEFAULT_CSS = "Field.-textual-compact { padding: 0 1; }"

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        *,
        select_on_focus: bool = True,
        disabled: bool = False,
        id: str | None = None,  # noqa: A002  # Textual's name
    ) -> None:
        super().__init__(value, placeholder, select_on_focus=select_on_focus, compact=True, disabled=disabled, id=id)
        self.cursor_blink = False
