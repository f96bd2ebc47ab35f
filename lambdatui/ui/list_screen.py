"""The list of functions, what is selected in it, and the panes that look at that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.reactive import reactive

from lambdatui.blocking import call_blocking
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.listing import Listing
from lambdatui.core.target import Backend
from lambdatui.services import Services
from lambdatui.ui.edit_pane import EditPane
from lambdatui.ui.functions.columns import Mark
from lambdatui.ui.functions.pane import FunctionsPane
from lambdatui.ui.target_screen import TargetScreen

if TYPE_CHECKING:
    from lambdatui.ui.panes import Panes


class ListScreen(TargetScreen):
    """Owns the list of the target's functions and the selection; every pane looks at what is selected.

    A subclass composes the screen, with `self._list` in it, and sets `_panes` once they are mounted.
    """

    @dataclass
    class Listed(Message):
        """The true list stands on the screen."""

    # The screen itself shows none of these: painting it anew would paint every pane.
    functions: reactive[tuple[FunctionSummary, ...]] = reactive((), repaint=False)
    selected: reactive[FunctionSummary | None] = reactive(None, repaint=False)
    picked: reactive[tuple[FunctionSummary, ...]] = reactive((), repaint=False)
    """For what is done to several functions at once; () while none is picked."""

    def __init__(self, services: Services, opened: Backend | None = None) -> None:
        super().__init__(services, opened)
        self._list = FunctionsPane(services.clock, id="functions")
        self._panes: Panes | None = None
        self._waiting: list[Callable[[Panes], object]] = []
        self._marks: dict[str, Mark] = {}

    def watch_selected(self, function: FunctionSummary | None) -> None:
        """Every pane looks at the same function."""
        if self._panes:
            self._panes.look_at(function)
        self.refresh_bindings()

    def _with_panes(self, act: Callable[[Panes], object]) -> None:
        """Do `act` now, or as soon as the panes are mounted: a key that is typed ahead is not lost."""
        if self._panes:
            act(self._panes)
        else:
            self._waiting.append(act)

    def turn_of(self, key: str) -> bool | None:
        """What is typed after a key that needs the panes waits for them too."""
        del key
        return None if self._waiting else True

    def target_opened(self, backend: Backend) -> None:
        """Follow the log, read the list, watch the code."""
        if self._panes:
            self._panes.logs.source = backend.logs
        self.action_refresh_list()
        self._read_details(backend)
        self._watch_changes(backend)

    def pick_up(self) -> None:
        """The list, and what the panes could not have."""
        super().pick_up()
        if self._list.problems and not self._list.listing:
            self.action_refresh_list()
        else:
            self._list.details_are_old()
        self._with_panes(lambda panes: panes.try_again())

    def _read_details(self, backend: Backend) -> None:
        if backend.inspector is not None:
            self._list.read_details(backend.inspector.glance, self.services.settings.aws.detail_calls_per_second)

    def on_unmount(self) -> None:
        """Remember the function that was looked at, and how the list was arranged."""
        remembered = self.services.memory.load()
        selected = dict(remembered.selected)
        if self.selected:
            selected[self.services.target.key] = self.selected.name
        column, descending, hidden = self._list.arrangement
        arranged = replace(remembered, sort_column=column, sort_descending=descending, hidden_columns=hidden)
        self.services.memory.save(replace(arranged, selected=selected))

    @work(group="list", exclusive=True)
    async def action_refresh_list(self) -> None:
        """Read the whole list; the selection, the sort and the filter stay."""
        backend = await self.backend()
        self._list.listing = True
        self._list.details_are_old()
        reading = Listing(self.functions)
        try:
            async for page in backend.catalogue.pages():
                self.functions = reading.add(page, self.services.clock().timestamp()) or self.functions
            functions = reading.ended()
        except WorkbenchError as error:
            functions = reading.broke_off(error)
        problems = reading.problems
        self._list.problems = tuple(problems)
        self.functions = functions
        self._list.cached = self._list.cached and bool(problems) and not reading.has_read
        self._list.listing = False
        self.header.functions = len(functions)
        self._list.last_used = await self.services.history.last_used()
        if not problems:
            await call_blocking(self.services.functions.save, self.functions)
        self.post_message(self.Listed())

    @work(group="changes", exclusive=True)
    async def _watch_changes(self, backend: Backend) -> None:
        async for change in backend.catalogue.changes():
            self.header.news = change.reason
            self.action_refresh_list()
            touched = self.selected and (not change.functions or self.selected.name in change.functions)
            if touched and self._panes:
                self._panes.configuration.reload()

    def watch_functions(self, functions: tuple[FunctionSummary, ...]) -> None:
        """Hand the list on; the selected function may have new settings."""
        self._list.functions = functions
        if self.selected:
            same = next((function for function in functions if function.name == self.selected.name), None)
            if same is not None:
                self.selected = same

    @on(FunctionsPane.Highlighted)
    def _highlighted(self) -> None:
        self._select()

    @on(FunctionsPane.Picked)
    def _keep_picked(self, event: FunctionsPane.Picked) -> None:
        self.picked = event.functions
        self._with_panes(lambda panes: panes.look_at_picked(event.functions))

    def _select(self) -> FunctionSummary | None:
        # The cursor's news come when it rests, and may be older than it is: a key that is typed right after a move is
        # meant for the new function.
        self.selected = self._list.selected
        return self.selected

    def _mark(self, name: str, mark: Mark | None) -> None:
        self._marks = {known: old for known, old in self._marks.items() if known != name}
        if mark is not None:
            self._marks[name] = mark
        self._list.marks = self._marks

    def action_filter(self) -> None:
        """Filter the functions."""
        self.bring("functions")
        self._list.action_filter()

    def _show_tab(self, tab: str) -> None:
        self.query_one(EditPane).tab = tab
        self.bring("edit")
