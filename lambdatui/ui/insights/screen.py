"""The screen of Logs Insights: a query above, what it scans and costs, its rows below."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from time import monotonic
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widgets import DataTable, Static, TextArea

from lambdatui.blocking import call_blocking
from lambdatui.core.errors import MalformedQuery, WorkbenchError
from lambdatui.core.insights import POINTER, Insights, InsightsProgress, InsightsQuery
from lambdatui.core.insights_canned import CANNED
from lambdatui.core.insights_csv import csv_of
from lambdatui.core.insights_masks import covered, fields_covered
from lambdatui.core.listed import listed
from lambdatui.services import Services
from lambdatui.ui.dialogs.choose import Choice, Choose
from lambdatui.ui.dialogs.prompt import Prompt
from lambdatui.ui.dialogs.reader import Reader
from lambdatui.ui.footer import FooterBar
from lambdatui.ui.insights.rows import as_json, as_ndjson, table
from lambdatui.ui.insights.state import (
    PERIODS,
    Asked,
    Ended,
    Failed,
    Idle,
    Querying,
    State,
    describe,
    left_out,
    picture,
)

_TONES = {"muted": "$text-muted", "working": "$accent", "success": "$success", "error": "$error"}
_FRAME = 4
"""Columns of the border and of the padding in it."""


class InsightsScreen(ModalScreen[Asked | None]):
    """Owns the query and its state; its answer is the query as it was left. Scans only what f5 asks for."""

    SHORTCUT_SCOPE = "Logs Insights"
    DEFAULT_CSS = """
    InsightsScreen {
        background: $background;
        & > Vertical {
            border: round $accent; border-title-color: $foreground; border-subtitle-color: $text-muted;
            height: 1fr; background: $surface;
        }
        & TextArea, & TextArea:focus {
            height: auto; min-height: 3; max-height: 14; border: none; padding: 0 1;
            background: $boost; background-tint: transparent;
        }
        & .status { height: auto; max-height: 3; padding: 0 1; background: $panel; }
        & .picture { display: none; height: 1fr; padding: 1 2; color: $text-muted; }
        & DataTable { height: 1fr; background: $surface; scrollbar-size: 1 1; }
        &.-empty .picture { display: block; }
        &.-empty DataTable { display: none; }
        &:ansi > Vertical { background: ansi_default; }
    }
    InsightsScreen.-low TextArea { max-height: 5; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+j", "run", "Run", id="insights.run", priority=True, tooltip="Run the query: it costs by GB"),
        # Before what a narrow footer leaves out: no other key leads out of here.
        Binding("escape", "leave", "Stop or close", id="insights.leave", tooltip="Stop the query, or go back"),
        Binding(
            "ctrl+o",
            "canned",
            "Queries",
            id="insights.canned",
            priority=True,
            tooltip="Choose one of the canned queries",
        ),
        Binding("ctrl+t", "period", "Time", id="insights.period", priority=True, tooltip="Choose the time it covers"),
        Binding(
            "tab,shift+tab", "swap", "Query/rows", id="insights.swap", priority=True, tooltip="Between query and rows"
        ),
        Binding("y", "copy", "Copy", id="insights.copy", tooltip="Copy the row as JSON"),
        Binding(
            "M", "mask", "Mask", id="insights.mask", show=False, tooltip="Cover keys, tokens and passwords, or not"
        ),
        Binding("ctrl+s", "save", "Save", id="insights.save", priority=True, tooltip="Save all rows, as CSV or NDJSON"),
    ]

    state: reactive[State] = reactive(Idle, always_update=True)

    def __init__(
        self,
        insights: Insights,
        function_names: tuple[str, ...],
        services: Services,
        asked: Asked | None = None,
        *,
        masked: bool = False,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        """`asked` is the query to begin with; None begins with the first canned one. `masked` covers secrets."""
        super().__init__()
        asked = asked or Asked(CANNED[0].text)
        self._insights = insights
        self._names = function_names
        self._period_s = asked.period_s
        self._services = services
        self._masked = masked
        self._seconds = seconds
        self._began_s = 0.0
        self._query = TextArea(asked.text, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self._query.cursor_blink = False
        self._status = Static("", classes="status", markup=False)
        self._picture = Static("", classes="picture", markup=False)
        self._table: DataTable[object] = DataTable(cursor_type="row", zebra_stripes=False)
        self._found: InsightsProgress | None = None
        self._shown: InsightsProgress | None = None

    def compose(self) -> ComposeResult:
        """The query, its state, its rows."""
        with Vertical() as box:
            box.border_title = Content(self._title())
            yield self._query
            yield self._status
            yield self._picture
            yield self._table
        yield FooterBar()

    def on_mount(self) -> None:
        """The query is what one begins with."""
        self._query.focus()

    def on_resize(self) -> None:
        """A low screen gives the query fewer rows; a narrow one has room for fewer figures."""
        self.set_class(self.size.height < 30, "-low")
        self._say()

    # -- the query

    def action_run(self) -> None:
        """Run it, in the place of one that still runs."""
        if self._query.text.strip():
            self._run(self._query.text)

    @work(group="query", exclusive=True)
    async def _run(self, text: str) -> None:
        # Once cancelled it writes no state: that belongs to the query that took its place.
        end_s = int(self._services.clock().timestamp())
        query = InsightsQuery(text, end_s - self._period_s, end_s)
        self._began_s = self._seconds()
        last = InsightsProgress("Scheduled")
        self.state = Querying(last)
        try:
            async with aclosing(self._insights.run(self._names, query)) as steps:  # type: ignore[type-var]  # a generator
                async for last in steps:
                    self.state = Querying(last)
        except WorkbenchError as error:
            self.state = Failed(error)
            if isinstance(error, MalformedQuery) and error.place and self._query.text == text:
                line, column = error.place
                self._query.move_cursor((line - 1, column - 1))
                self._query.focus()
            return
        self.state = Ended(last, self._seconds() - self._began_s)
        if last.rows:
            self._table.focus()

    def watch_state(self, state: State) -> None:
        """Draw what is known."""
        self._say()
        self._picture.update(Content(picture(state)))
        self._note()
        if isinstance(state, Querying | Ended):
            self._fill(state.progress)
        elif isinstance(state, Failed):
            self._fill(InsightsProgress("Failed"))
        self.set_class(self._shown is None or not self._shown.rows, "-empty")
        self.refresh_bindings()

    def _say(self) -> None:
        room = self.size.width - _FRAME
        text, tone = describe(self.state, self._services.settings.prices, room)
        self._status.update(Content.styled(text, _TONES[tone]))

    def _note(self) -> None:
        notes = (Content.styled(left_out(self.state), "$warning"), Content("secrets masked" if self._masked else ""))
        self.query_one(Vertical).border_subtitle = Content(" · ").join(note for note in notes if note)

    def _fill(self, progress: InsightsProgress) -> None:
        if self._found is not None and self._found.rows == progress.rows:
            return
        self._found = progress
        self._show_rows(progress)

    def _show_rows(self, found: InsightsProgress) -> None:
        progress = self._shown = covered(found) if self._masked else found
        row = self._table.cursor_row
        self._table.clear(columns=True)
        for column in progress.shown_columns:
            self._table.add_column(Text(column), key=column)  # a str is parsed as markup
        self._table.add_rows(table(progress))
        self._table.move_cursor(row=min(row, max(len(progress.rows) - 1, 0)))

    @work(group="dialog", exclusive=True)
    async def action_canned(self) -> None:
        """Put a canned query into the editor; ctrl+z there brings the old one back."""
        choices = [Choice(query.name, query.explains) for query in CANNED]
        chosen = await self.app.push_screen_wait(
            Choose("Queries", choices, keys="enter takes it · esc closes", empty="There is none.")
        )
        if chosen is not None:
            everything = self._query.document.end
            self._query.replace(CANNED[chosen].text, (0, 0), everything)
            self._query.focus()

    @work(group="dialog", exclusive=True)
    async def action_period(self) -> None:
        """Choose the time."""
        choices = [Choice(name) for name, _ in PERIODS]
        chosen = await self.app.push_screen_wait(
            Choose("Time", choices, keys="enter takes it · esc closes", empty="There is none.")
        )
        if chosen is not None:
            self._period_s = PERIODS[chosen][1]
            self.query_one(Vertical).border_title = Content(self._title())

    # -- the rows

    @on(DataTable.RowSelected)
    def _opened(self, event: DataTable.RowSelected) -> None:
        self._open(event.cursor_row)

    @work(group="dialog", exclusive=True)
    async def _open(self, index: int) -> None:
        if self._shown is None or index >= len(self._shown.rows):
            return
        row = self._shown.rows[index]
        fields = {key: value for key, value in row.items() if key != POINTER}
        try:
            if pointer := row.get(POINTER):
                fields |= await self._insights.record(pointer)
        except WorkbenchError as error:
            self.notify(error.title, title="Only the row's own fields", severity="warning", markup=False)
        if self._masked:
            fields = fields_covered(fields)
        room = max(map(len, fields), default=0) + 2
        lines = [Content.assemble((f"{key:<{room}}", "$text-muted"), value) for key, value in fields.items()]
        await self.app.push_screen_wait(Reader("Row", Content("\n").join(lines)))

    def action_mask(self) -> None:
        """Cover what looks secret, or show it."""
        self._masked = not self._masked
        self._note()
        if self._found is not None:
            self._show_rows(self._found)

    def action_copy(self) -> None:
        """Copy the row under the cursor."""
        if self._shown is not None and self._shown.rows:
            self.app.copy_to_clipboard(as_json(self._shown.rows[self._table.cursor_row]))

    @work(group="dialog", exclusive=True)
    async def action_save(self) -> None:
        """Save every row."""
        shown = self._shown
        if shown is None or not shown.rows:
            return
        path = await self.app.push_screen_wait(Prompt("Save the rows to (.csv or .ndjson)", "./insights.csv"))
        if path is None:
            return
        text = csv_of(shown) if path.strip().endswith(".csv") else as_ndjson(shown.rows)
        try:
            written = await call_blocking(self._services.write_file, path, text.encode())
        except WorkbenchError as error:
            self.notify(str(error), title="Not saved", severity="error", markup=False)
            return
        self.notify(f"Saved to {written}", markup=False)

    # -- the rest

    def action_swap(self) -> None:
        """Between the query and its rows."""
        there = self._table if self._query.has_focus and self._table.display else self._query
        there.focus()

    def action_leave(self) -> None:
        """Stop the query that runs, else close."""
        if isinstance(self.state, Querying):
            # Told here: the worker ends when StopQuery is answered, and another query may run by then.
            self.state = Ended(self.state.progress, self._seconds() - self._began_s, stopped=True)
            self.workers.cancel_group(self, "query")
        else:
            self.dismiss(Asked(self._query.text, self._period_s))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without rows there is nothing to copy or to save."""
        if action in ("copy", "save"):
            return True if self._shown is not None and self._shown.rows else None
        return super().check_action(action, parameters)

    def _title(self) -> str:
        period = next((name for name, seconds in PERIODS if seconds == self._period_s), f"last {self._period_s:,} s")
        return f"Logs Insights · {listed(self._names, 3)} · {period}"
