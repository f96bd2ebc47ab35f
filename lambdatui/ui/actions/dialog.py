"""The log of actions in front of the workbench: what was sent, how it ended, how to do the same by hand."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lambdatui.blocking import call_blocking
from lambdatui.core.actions import Action, ActionLog
from lambdatui.ui.actions.describe import detail, row, searched
from lambdatui.ui.field import Field

_LOOK_EVERY_S = 0.5


class ActionsDialog(ModalScreen[None]):
    """Shows the log, newest last, and goes on while calls are made. Owns the filter; sends nothing."""

    SHORTCUT_SCOPE = "Action log"
    DEFAULT_CSS = """
    ActionsDialog {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 130; max-width: 96%; height: 80%;
            border: round $accent; background: $surface; border-subtitle-color: $text-muted;
        }
        & Input, & Input:focus {
            display: none; border: none; height: 1; padding: 0 1; background: $boost; background-tint: transparent;
        }
        & OptionList, & OptionList:focus {
            height: 1fr; border: none; padding: 0; background: $surface; background-tint: transparent;
            scrollbar-size-vertical: 1;
        }
        & #action-detail { display: none; height: auto; max-height: 70%; border-top: solid $border-blurred; padding: 0 1; }
        & #action-none { display: none; padding: 0 1; color: $text-muted; }
        &.-filtering Input { display: block; }
        &.-detail #action-detail { display: block; }
        &.-none #action-none { display: block; }
        &.-none OptionList { display: none; }
    }
    """  # noqa: E501
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Close", id="actions.close", tooltip="Clear the filter, then close"),
        Binding("exclamation_mark,q", "dismiss", "Close", show=False),
        Binding("slash", "filter", "Filter", id="actions.filter", tooltip="Show what contains every word"),
        Binding("y", "copy", "Copy", id="actions.copy", tooltip="Copy the aws command that does the same"),
    ]

    def __init__(self, log: ActionLog, *, utc: bool) -> None:
        super().__init__()
        self._log = log
        self._utc = utc
        self._seen = -1
        self._query = ""
        self._shown: tuple[Action, ...] = ()
        self._list = OptionList(markup=False)
        self._detail = Static("", id="action-detail", markup=False)
        self._none = Static("", id="action-none", markup=False)

    def compose(self) -> ComposeResult:
        """Filter, rows, and what is known of one of them."""
        with Vertical() as box:
            box.border_title = Content("Action log")
            box.border_subtitle = Content("enter details · y copies the aws command · / filters · esc closes")
            yield Field(placeholder="filter")
            yield self._list
            yield self._none
            yield self._detail

    def on_mount(self) -> None:
        """Begin at the newest; look for more now and then."""
        self._list.focus()
        self.set_interval(_LOOK_EVERY_S, self._look)
        self.call_after_refresh(self._look)

    def on_resize(self) -> None:
        """The rows fit the width."""
        self._fill()

    @property
    def _highlighted(self) -> Action | None:
        index = self._list.highlighted
        return self._shown[index] if index is not None and index < len(self._shown) else None

    def _look(self) -> None:
        if self._log.changes != self._seen:
            self._fill()

    def _fill(self) -> None:
        self._seen = self._log.changes
        before = self._highlighted
        at_end = before is None or (self._shown and before is self._shown[-1])
        words = self._query.casefold().split()
        self._shown = tuple(action for action in self._log.recent() if all(word in searched(action) for word in words))
        self.set_class(not self._shown, "-none")
        self._none.update("No call matches." if words else "Nothing was sent yet.")
        # The box's frame, and the scrollbar.
        width = max(min(130, self.size.width * 96 // 100) - 3, 20)
        self._list.clear_options()
        self._list.add_options([Option(row(action, width, utc=self._utc)) for action in self._shown])
        if self._shown:
            numbers = [action.number for action in self._shown]
            stay = before is not None and not at_end and before.number in numbers
            self._list.highlighted = numbers.index(before.number) if before and stay else len(numbers) - 1

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._query = event.value
        self._fill()

    @on(Input.Submitted)
    def _narrowed(self, event: Input.Submitted) -> None:
        event.stop()
        self._list.focus()

    @on(OptionList.OptionHighlighted)
    def _look_closer(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self.has_class("-detail"):
            self._tell()

    @on(OptionList.OptionSelected)
    def _toggle_detail(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.toggle_class("-detail")
        if self.has_class("-detail"):
            self._tell()

    @work(group="command", exclusive=True)
    async def _tell(self) -> None:
        action = self._highlighted
        if action is None:
            return
        self._detail.update(detail(action, "", utc=self._utc))
        self._detail.update(detail(action, await call_blocking(self._log.command, action), utc=self._utc))

    @work(group="copy", exclusive=True)
    async def action_copy(self) -> None:
        """Copy the command of the row under the cursor."""
        if action := self._highlighted:
            self.app.copy_to_clipboard(await call_blocking(self._log.command, action))

    def action_filter(self) -> None:
        """Type a filter."""
        self.add_class("-filtering")
        self.query_one(Input).focus()

    def action_back(self) -> None:
        """One step back: the filter, the details, the dialog."""
        if self.has_class("-filtering"):
            self.remove_class("-filtering")
            self.query_one(Input).value = ""
            self._list.focus()
        elif self.has_class("-detail"):
            self.remove_class("-detail")
        else:
            self.dismiss(None)
