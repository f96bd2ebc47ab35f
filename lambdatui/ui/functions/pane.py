"""The functions pane: the list, its filter, and what is to be said about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.text import clean
from lambdatui.ui.dialogs.reader import Reader
from lambdatui.ui.field import Field
from lambdatui.ui.functions.columns import OPTIONAL, Column, Mark
from lambdatui.ui.functions.detailed import DetailedPane
from lambdatui.ui.functions.picks import Picks
from lambdatui.ui.functions.table import FunctionTable, Row


class FunctionsPane(DetailedPane):
    """Shows the functions of the target and tells which one is chosen. Owns the filter; lists nothing by itself.

    The workbench writes the reactives: the functions, when each was last used, how its last invocation ended,
    whether the list is still being read (`listing`) or is that of the last start (`cached`).
    """

    DEFAULT_CSS = """
    FunctionsPane {
        & > Input, & > Input:focus {
            display: none; height: 1; border: none; padding: 0 1; background: $boost; background-tint: transparent;
        }
        &.-filtering > Input { display: block; }
        & > #functions-reason { display: none; height: auto; max-height: 4; padding: 0 1; color: $text-warning; }
        &.-reason > #functions-reason { display: block; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="functions.filter", tooltip="Show what matches as you type"),
        Binding("s", "sort", "Sort", show=False, id="functions.sort", tooltip="Sort by the next column"),
        Binding("S", "reverse", "Reverse", show=False, id="functions.reverse", tooltip="Sort the other way round"),
        Binding(
            "w", "columns", "Columns", show=False, id="functions.columns", tooltip="Choose the columns of the list"
        ),
        Binding("enter", "choose", "Choose", show=False, id="functions.choose", tooltip="Go to the function's event"),
        Binding("down", "list_move(1)", "Down", show=False),
        Binding("up", "list_move(-1)", "Up", show=False),
        Binding(
            "space",
            "pick",
            "Pick",
            show=False,
            id="functions.pick",
            tooltip="Pick this function for what is done to several",
        ),
        Binding(
            "ctrl+a",
            "pick_all",
            "Pick all",
            show=False,
            id="functions.pick_all",
            tooltip="Pick all that are shown, or none",
        ),
        Binding("escape", "clear", "Clear filter", id="functions.clear", tooltip="Show every function again"),
        Binding("escape", "unpick", "Clear picks", id="functions.unpick", tooltip="Pick no function"),
    ]

    SHORTCUT_SCOPE = "Functions"
    number = "1"

    @dataclass
    class Highlighted(Message):
        """The cursor rests on another function, or on none."""

        function: FunctionSummary | None

    @dataclass
    class Chosen(Message):
        """A function was chosen with Enter or a double click."""

        function: FunctionSummary

    @dataclass
    class Picked(Message):
        """Other functions are picked; in the order of the list."""

        functions: tuple[FunctionSummary, ...]

    problems: reactive[tuple[WorkbenchError, ...]] = reactive((), repaint=False)
    last_used: reactive[Mapping[str, datetime]] = reactive[Mapping[str, datetime]](dict, repaint=False)
    marks: reactive[Mapping[str, Mark]] = reactive[Mapping[str, Mark]](dict, repaint=False)
    picks: reactive[Picks] = reactive(Picks, repaint=False)
    hidden_columns: reactive[frozenset[Column]] = reactive(frozenset, repaint=False)
    cached: reactive[bool] = reactive(False, repaint=False)
    advice: reactive[str] = reactive("", repaint=False)
    """What to do when there is no function: a sentence for the target at hand."""

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._table = FunctionTable(now)
        self._input = Field(placeholder="filter")
        self._reason = Static("", markup=False, id="functions-reason")
        self._typing = False
        self._shown = (0, 0)
        self._told_picked: tuple[FunctionSummary, ...] = ()
        self._explained = ""
        self._frame: tuple[int, str] | None = None

    def compose(self) -> ComposeResult:
        yield self._input
        yield self._table.data_bind(
            FunctionsPane.functions,
            FunctionsPane.problems,
            FunctionsPane.last_used,
            FunctionsPane.marks,
            FunctionsPane.picks,
            FunctionsPane.glances,
            FunctionsPane.hidden_columns,
            FunctionsPane.cached,
        )
        yield self._reason

    def on_mount(self) -> None:
        self._describe()

    @property
    def query_text(self) -> str:
        """What the functions are filtered by."""
        return self._table.query_text

    def more_is_known(self) -> None:
        """The frame counts what is read, and the line below says why the function under the cursor can't run."""
        self._describe()
        self._explain(self._table.row)

    @property
    def selected(self) -> FunctionSummary | None:
        """The function under the cursor."""
        return self._table.function

    def select(self, name: str) -> bool:
        """Put the cursor on the function `name`, clearing a filter that hides it; False when there is none."""
        if self._table.select(name):
            return True
        if not any(function.name == name for function in self.functions):
            return False
        self.action_clear()
        return self._table.select(name)

    @property
    def arrangement(self) -> tuple[str, bool, tuple[str, ...]]:
        """The sorted column, whether it is descending, and the hidden columns, by their names."""
        hidden = tuple(sorted(column.value for column in self.hidden_columns))
        return self._table.sort_column.value, self._table.sort_reversed, hidden

    def restore(self, sorted_by: str, hidden: Iterable[str], *, descending: bool) -> None:
        """As it was at the last start; names that mean no column any more are left out."""
        columns = {column.value: column for column in Column}
        self.hidden_columns = frozenset(columns[name] for name in hidden if columns.get(name) in OPTIONAL)
        if sorted_by in columns:
            self._table.sort_column = columns[sorted_by]
            self._table.sort_reversed = descending

    def focus_list(self) -> None:
        """Give the keys to the list."""
        self._typing = False
        self._table.active = False
        self._table.focus()

    def focus_pane(self) -> None:
        """Give the keys to the list, also while it is filtered."""
        self.focus_list()

    def on_key(self, event: events.Key) -> None:
        """Keys that were typed faster than the focus moves go where they were meant to."""
        if not event.is_printable or event.character is None:
            return
        if self._typing:
            self._input.insert_text_at_cursor(event.character)
            event.stop()
        else:
            active = self.screen.active_bindings.get(event.key)
            if active is not None and active.node is self and active.binding.action == "filter":
                self.action_filter()
                event.stop()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._table.query_text = event.value
        self.sweep()
        self._describe()

    @on(Input.Submitted)
    def _keep_filter(self, event: Input.Submitted) -> None:
        event.stop()
        if not self._input.value.strip():
            self.action_clear()
        self.focus_list()

    @on(events.DescendantBlur)
    def _left(self) -> None:
        self._typing = False
        self._table.active = False

    @on(events.DescendantFocus)
    def _entered(self) -> None:
        self._typing = self._table.active = self._input.has_focus

    @on(FunctionTable.Highlighted)
    def _tell_highlighted(self, event: FunctionTable.Highlighted) -> None:
        event.stop()
        self.post_message(self.Highlighted(event.function))

    @on(FunctionTable.Chosen)
    def _tell_chosen(self, event: FunctionTable.Chosen) -> None:
        event.stop()
        if isinstance(event.row, WorkbenchError):
            self.app.push_screen(Reader("Problem", full_text(event.row)))
        else:
            self.post_message(self.Chosen(event.row))

    @on(FunctionTable.CursorMoved)
    def _show_reason(self, event: FunctionTable.CursorMoved) -> None:
        event.stop()
        self._explain(event.row)

    @on(FunctionTable.Looked)
    def _look_closer(self, event: FunctionTable.Looked) -> None:
        event.stop()
        self.look_at(event.names)

    @on(FunctionTable.RowsChanged)
    def _count(self, event: FunctionTable.RowsChanged) -> None:
        event.stop()
        self._shown = (event.shown, event.total)
        self._describe()

    def watch_functions(self) -> None:
        self._drop_gone()
        self._tell_picked()
        self.sweep()

    def watch_picks(self) -> None:
        self._tell_picked()
        self._describe()
        self.refresh_bindings()

    def watch_listing(self) -> None:
        self._drop_gone()
        self.want_details()
        self._describe()

    def watch_cached(self) -> None:
        self._describe()

    def watch_advice(self) -> None:
        self._describe()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Esc clears the filter, then the picks; without either it is not ours."""
        if action == "clear":
            return self.has_class("-filtering")
        if action == "unpick":
            return bool(self.picks) and not self.has_class("-filtering")
        if action == "pick":
            return True if self._table.function else None
        return True

    def action_filter(self) -> None:
        self.add_class("-filtering")
        self._typing = True
        self._table.active = True
        self._input.focus()
        self.refresh_bindings()

    def action_clear(self) -> None:
        self.remove_class("-filtering")
        self._input.value = ""
        self._table.query_text = ""
        self.sweep()
        self.focus_list()
        self.refresh_bindings()

    def action_list_move(self, by: int) -> None:
        """Up and Down work from within the filter too."""
        self._table.action_move(by)

    def action_sort(self) -> None:
        self._table.cycle_sort()

    def action_reverse(self) -> None:
        self._table.reverse_sort()

    def action_pick(self) -> None:
        """Pick the function under the cursor, or not, and go on to the next."""
        if (function := self._table.function) is not None:
            self.picks = self.picks.toggled(function.name)
            self._table.action_move(1)

    def action_pick_all(self) -> None:
        """Pick all that the filter shows; none of them when all are."""
        self.picks = self.picks.all_or_none(self._table.shown_names)

    def action_unpick(self) -> None:
        self.picks = Picks()

    @work(group="dialog", exclusive=True)
    async def action_columns(self) -> None:
        """Show and hide columns, until esc; the list shows as many of them as there is room for."""
        from lambdatui.ui.functions.column_choice import column_dialog  # noqa: PLC0415  # not for the first paint

        while (column := await self.app.push_screen_wait(column_dialog(self.hidden_columns))) is not None:
            self.hidden_columns = self.hidden_columns ^ {OPTIONAL[column]}

    def action_choose(self) -> None:
        self._table.choose()

    def _note(self, filtering: bool) -> str:
        if self.cached and self.functions:
            return "last start's list"
        if self.listing:
            return "listing…"
        done, wanted = self.progress
        return f"reading {done:,} of {wanted:,}" if filtering and done < wanted else ""

    def _drop_gone(self) -> None:
        # While the list is being read, what is missing may still come.
        if not self.listing and not self.cached:
            self.picks = self.picks.kept_of(self.functions)

    def _tell_picked(self) -> None:
        picked = self.picks.among(self.functions) if self.picks else ()
        if picked != self._told_picked:
            self._told_picked = picked
            self.post_message(self.Picked(picked))

    def _explain(self, row: Row | None) -> None:
        reason = clean(row.problem or self.glances.trouble(row)) if isinstance(row, FunctionSummary) else ""
        if reason != self._explained:  # each update lays the screen out anew
            self._explained = reason
            self._reason.update(f"! {reason}" if reason else "")
            self.set_class(bool(reason), "-reason")

    def _describe(self) -> None:
        shown, total = self._shown
        filtering = bool(self._table.query_text.strip())
        frame = len(self.picks), subtitle(shown, total, filtering, self._note(filtering))
        if frame != self._frame:
            self._frame = frame
            # The footer has no room for a key that only matters now.
            picked = ((f" · {frame[0]:,} picked", "$accent"), (" · B changes all", "$text-muted")) if frame[0] else ()
            self.set_frame(Content.assemble("Functions", *picked), frame[1])
        self._table.notice = notice(total, filtering, self.listing, self.advice)


def full_text(problem: WorkbenchError) -> Content:
    """Title, detail and hint, a blank line between them."""
    styles = {"title": "bold", "detail": "", "hint": "$text-muted"}
    parts = [(clean(getattr(problem, part)), style) for part, style in styles.items() if getattr(problem, part)]
    return Content("\n\n").join([Content.styled(text, style) for text, style in parts])


def subtitle(shown: int, total: int, filtering: bool, note: str) -> str:
    """The lower text of the frame: how many functions, and how true that is."""
    count = f"{shown:,}/{total:,}" if filtering else f"{total:,}"
    return f"{count} · {note}" if note else count if total else ""


def notice(total: int, filtering: bool, listing: bool, advice: str) -> str:
    """What stands in the list's place when it has no rows: the first line says what is, the rest what to do."""
    if total and filtering:
        return "No function matches.\nEsc clears the filter."
    if listing:
        return "Looking for functions…"
    return "No functions here." + (f"\n{advice}" if advice else "")
