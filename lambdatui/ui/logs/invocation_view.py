"""The invocations of a log, and the line under them in which a filter for them is typed."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from lambdatui.core.errors import InvalidInput
from lambdatui.core.invocation_query import parse_query
from lambdatui.core.log_query import Case
from lambdatui.ui.field import Field
from lambdatui.ui.logs.filter_bar import FilterBar
from lambdatui.ui.logs.invocations import InvocationList


class RowFilterBar(FilterBar):
    """Takes a filter for invocations: there is nothing that it only marks."""

    def compose(self) -> ComposeResult:
        """A sign, the input, what was found."""
        yield Static("/", id="sign")
        yield Field(placeholder="text  status=failed  >1s  memory>100  cost>0.001  error=TYPE  cold  !without")
        yield Static("", id="found")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Every row that does not match is hidden."""
        return action != "show_all"


class InvocationView(Vertical):
    """Owns which invocations show: what is typed under them says so. The list owns the place in them."""

    DEFAULT_CSS = """
    InvocationView { height: 1fr; width: 1fr; }
    """

    def __init__(self, now_ms: Callable[[], int] = lambda: 0) -> None:
        super().__init__()
        self.rows = InvocationList(now_ms=now_ms)
        self._bar = RowFilterBar()

    def compose(self) -> ComposeResult:
        """The rows; under them the filter, when there is one."""
        yield self.rows
        yield self._bar

    def open_filter(self) -> None:
        """Type a filter."""
        self._bar.open()

    @on(FilterBar.Changed)
    def _typed(self, event: FilterBar.Changed) -> None:
        event.stop()
        try:
            self.rows.find(parse_query(event.text, event.case))
        except InvalidInput as error:
            self._bar.say(f"{error.title}: {error.detail}", invalid=True)
        else:
            # Not by the list: Textual takes a message no further than to whoever had it sent.
            self.post_message(InvocationList.Arranged())

    @on(FilterBar.Left)
    def _left(self, event: FilterBar.Left) -> None:
        event.stop()
        self.rows.focus()

    @on(FilterBar.HidingToggled)
    @on(FilterBar.Used)
    def _not_of_lines(self, event: FilterBar.HidingToggled | FilterBar.Used) -> None:
        event.stop()

    @on(InvocationList.Unfiltered)
    def _unfilter(self, event: InvocationList.Unfiltered) -> None:
        event.stop()
        self._bar.action_clear()

    @on(InvocationList.Counted)
    def _count(self, event: InvocationList.Counted) -> None:
        event.stop()
        self._say_found()

    @on(InvocationList.Arranged)
    def _say_found(self) -> None:
        if self._bar.has_class("-invalid") and self._is_refused():
            return
        said = [self._bar.case.value] if self._bar.case is not Case.SMART else []
        if self._bar.text.strip():
            shown, of_all = self.rows.counts
            said.append(f"{shown:,} of {of_all:,} {'invocation' if of_all == 1 else 'invocations'}")
        self._bar.say(" · ".join(said))

    def _is_refused(self) -> bool:
        try:
            parse_query(self._bar.text, self._bar.case)
        except InvalidInput:
            return True
        return False
