"""The logs pane: follows the logs of the selected functions, and shows them by line or by invocation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, assert_never

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from lambdatui.core.errors import InvalidInput, WorkbenchError
from lambdatui.core.invocation_order import SortBy
from lambdatui.core.limits import Prices
from lambdatui.core.log_invocations import LONGEST_S
from lambdatui.core.log_lines import Level
from lambdatui.core.log_masks import mask
from lambdatui.core.log_query import Case, opens_expression, parse_query
from lambdatui.core.logs import Live, LogSource, QuickSource
from lambdatui.core.new_file import NewFile
from lambdatui.ui.logs.filter_bar import FilterBar
from lambdatui.ui.logs.followed import FollowedLog
from lambdatui.ui.logs.following import FollowingPane
from lambdatui.ui.logs.invocation_rows import RowWriter
from lambdatui.ui.logs.invocation_view import InvocationView
from lambdatui.ui.logs.invocations import InvocationList
from lambdatui.ui.logs.older import BEGINNING
from lambdatui.ui.logs.order import EveryLine, LineOrder
from lambdatui.ui.logs.search import LineSearch
from lambdatui.ui.logs.state import Broken, Tailing, describe
from lambdatui.ui.logs.times import TimeStyle, moment, time_of_day
from lambdatui.ui.logs.title import Reading, Title
from lambdatui.ui.logs.view import LogView

if TYPE_CHECKING:
    from lambdatui.ui.logs.saving import Extract

_BLOCKS_AT_ONCE = 4
"""So many blocks are asked for an error before keys get their turn; a few milliseconds each."""


class LogsPane(FollowingPane):
    """Owns how the followed log is read: by line or by invocation, what of it shows, and what is done with it.

    `source`, `function` and `picked` are given from above. Knows neither where the lines come from nor who invoked.
    """

    DEFAULT_CSS = """
    LogsPane { height: 1fr; }
    LogsPane.-by-invocation > FilterBar { display: none; }
    """
    SHORTCUT_SCOPE: ClassVar[str] = "Logs"
    BINDINGS = [
        Binding("escape", "stay", "Stop", id="logs.stay", tooltip="Read no further back; stay here"),
        Binding("escape", "unfilter", "All lines", id="logs.unfilter", tooltip="No filter: show every line again"),
        Binding("escape", "leave_only", "Invocations", id="logs.leave_only", tooltip="Back to every invocation"),
        Binding("slash", "filter", "Filter", id="logs.filter", tooltip="Show only lines with a text, /regex/, field=x"),
        Binding("b", "read_by", "By invocation", id="logs.invocations", tooltip="Read by invocation, or by line"),
        Binding(
            "n", "next(1)", "Next error", id="logs.next_error", tooltip="Go to the next error, or match that is marked"
        ),
        Binding("N", "next(-1)", "Previous error", id="logs.previous_error", show=False, tooltip="To the one above"),
        Binding("m", "set_mark", "Mark", id="logs.mark", tooltip="Set a mark: what comes now stands below it"),
        Binding("f", "only", "Only this one", id="logs.only", tooltip="Only the lines of this invocation, and back"),
        Binding("s", "save", "Save", id="logs.save", tooltip="Save what shows or is selected, as text or JSON"),
        Binding("at", "go_to_time", "Go to time", id="logs.time", show=False, tooltip="Go to a time: 14:02, -10m"),
        Binding(
            "ampersand", "hide", "All lines", id="logs.hide", show=False, tooltip="Hide what does not match, or mark it"
        ),
        Binding("T", "live", "Live Tail", id="logs.live", show=False, tooltip="AWS's Live Tail: quicker, at its price"),
        Binding("w", "wrap", "Wrap", id="logs.wrap", tooltip="Break long lines, or scroll sideways"),
        Binding("D", "times", "Times", id="logs.times", show=False, tooltip="Local time, UTC, time ago, or delta"),
        Binding("M", "mask", "Mask", id="logs.mask", show=False, tooltip="Cover keys, tokens and passwords, or not"),
        Binding("ctrl+l", "clear", "Clear", id="logs.clear", tooltip="Clear the view; the stored log stays"),
        Binding("u", "restore", "Undo clear", id="logs.restore", tooltip="Bring back the lines that were cleared"),
        Binding("r", "retry", "Try again", id="logs.retry", tooltip="Open the log again"),
    ]
    number = "4"

    @dataclass
    class Copied(Message):
        """A line or an event was asked for on the clipboard, as it arrived."""

        text: str

    @dataclass
    class EventFound(Message):
        """A record in the log is to become the event of the function that is looked at."""

        text: str

    @dataclass
    class TimesChosen(Message):
        """The reader wants times shown like this, now and later."""

        style: TimeStyle

    @dataclass
    class FilterUsed(Message):
        """Lines were filtered by this: it may be wanted again, now and later."""

        text: str

    times: reactive[TimeStyle] = reactive(TimeStyle.UTC)
    masked: reactive[bool] = reactive(False)
    fields: reactive[tuple[str, ...]] = reactive(())
    reading: reactive[Reading] = reactive(Reading.LINES)

    def __init__(
        self,
        max_lines: int = 100_000,
        *,
        prices: Prices | None = None,
        now: Callable[[], datetime] = lambda: datetime.fromtimestamp(0, UTC),
        new_file: Callable[[str], NewFile] | None = None,
        new_log: Callable[[tuple[str, ...], int], FollowedLog] = FollowedLog,
    ) -> None:
        super().__init__(max_lines, new_log)
        self._now = now
        self._prices = prices or Prices()
        self._new_file = new_file
        self._saving = self._seeking = ""
        # Held, not looked up: the tail may bring lines while the pane is being taken down.
        self._view = LogView(now_ms=self._now_ms)
        self._invocations = InvocationView(self._latest_ms)
        self._invocations.display = False
        self._list = self._invocations.rows
        self._view.beside = self._list.beside = self.say_soon
        self._list.display = False
        self._bar = FilterBar()
        self._search = LineSearch()
        self._hidden = 0

    def compose(self) -> ComposeResult:
        """The lines or the invocations; under them the filter, when there is one."""
        yield self._view.data_bind(LogsPane.times, LogsPane.masked, LogsPane.fields)
        yield self._bar
        yield self._invocations

    def on_mount(self) -> None:
        """Say what there is, and each second how far behind that is while there is trouble."""
        self._write_rows()
        self._open_log()
        self.set_interval(1, self.say_lag)

    def recall_filters(self, filters: tuple[str, ...]) -> None:
        """Offer the filters that were used before, the newest first."""
        self._bar.history = filters

    def mark(self, request_id: str) -> None:
        """Mark the lines of one invocation; "" for none."""
        self._view.marked = request_id

    def show_invocation(self, request_id: str) -> None:
        """Show the lines of one invocation alone, to their end."""
        self.reading = Reading.LINES
        self._only(request_id)
        self._view.action_follow()

    # -- what the tail brings

    def functions_changed(self) -> None:
        """Prices depend on the functions."""
        self._write_rows()

    def log_shown(self) -> None:
        """Show the log that is followed now, at the place where its reader left it."""
        log = self._log
        self._hidden = 0
        self._view.show(log)
        self._view.tags = log.function_names
        self._list.several = len(log.function_names) > 1
        self._list.show(log.invocations)
        self._search.attach(log.buffer)
        self._searched()

    def lines_came(self) -> None:
        """Draw them, with the next frame."""
        self._note_above()
        self._view.lines_came()
        self._list.lines_came()
        if self.reading is Reading.INVOCATIONS:
            self._log.invocations.read_some()  # of a flood the next frame would have much to read at once

    def older_came(self) -> None:
        """The reader's place stays; what is looked for is looked for in these too."""
        self._note_above()
        if not self._search.complete:
            self._advance()
        self._view.repaint()
        self._list.lines_came()
        self.say()

    def _note_above(self) -> None:
        """What is known of the time before the first line; where the first one does not show, not that it is that."""
        note = self._log.older.note(self._log)
        self._view.note = "" if note == BEGINNING and self._search.shown is not None else note
        self._list.note = "" if note == BEGINNING and self._list.filtered else note

    @on(LogView.TopReached)
    @on(InvocationList.TopReached)
    def _top_reached(self, event: LogView.TopReached | InvocationList.TopReached) -> None:
        event.stop()
        self.read_older()

    # -- the words

    def watch_state(self) -> None:
        """Say what the tail does now."""
        self.say()
        if self.is_mounted:
            self.refresh_bindings()

    @on(LogView.FollowingChanged)
    @on(InvocationList.Arranged)
    def say(self) -> None:
        """Say what the tail does, how much there is, and what of it shows."""
        self.spoken()
        if not self.is_mounted:
            return
        self._note_above()
        buffer, search = self._log.buffer, self._search
        filtered = search.shown is not None and not len(search.shown) and len(buffer) > 0
        names = ", ".join(self._log.function_names)
        hidden = self._hidden if buffer.cleared else 0
        words = describe(self.state, names, hidden=hidden, filtered=filtered)
        self._view.picture = words.picture
        title, room = self._title(), self.outer_size.width - 6
        notes = [Content(note) for note in self._notes()]
        below = title.below(room)
        self.write_frame(title.content(room), Content(" · ").join([*notes, *([below] if below.plain else [])]))
        self._say_found()

    def _title(self) -> Title:
        words = describe(self.state, "", now_s=self._clock(), lines=len(self._log.buffer))
        reading_back = self.reading is Reading.LINES and not self._view.following and words.tone == "success"
        invocations, lines = self.reading is Reading.INVOCATIONS, self._search.shown
        shown = self._log.marks.lines(lines) if lines is not None and lines.complete else None
        return Title(
            self._log.function_names,
            "reading back, G follows" if reading_back else words.title,
            "$warning" if reading_back else _TONES[words.tone],
            self._list.counts[1] if invocations else self._log.lines,
            "invocation" if invocations else "line",
            self._search.scope if not invocations else "",
            self.reading,
            self._list.counts[0] if invocations else shown,
        )

    def _notes(self) -> list[str]:
        notes = [note for note in (self._seeking, self._saving) if note]
        if self._log.buffer.cleared:
            notes.append(f"{self._hidden:,} cleared, u brings them back")
        notes += self._notes_of_tail()
        if self.reading is Reading.INVOCATIONS and self._list.sort_by is not SortBy.STARTED:
            notes.append(f"sorted by {self._list.sort_by.value}")
        elif self.reading is Reading.INVOCATIONS and self._may_read_older() and not self._log.buffer.full:
            notes.append("g reads older ones")
        if self._search.scope and self.reading is Reading.LINES:
            notes.append("esc clears the filter" if self._bar.opened else "esc shows every invocation")
        if self._search.query is not None and not self._search.hiding:
            notes.append("all lines, matches marked")
        if self._view.wrap:
            notes.append("wrapped")
        if self.masked:
            notes.append("secrets masked")
        if self.times in (TimeStyle.RELATIVE, TimeStyle.DELTA):
            notes.append(self.times.words)
        return notes

    def _notes_of_tail(self) -> list[str]:
        if isinstance(self.state, Broken):
            return ["r tries again"]
        if not isinstance(self.state, Tailing):
            return []
        tail = self.state.tail
        notes = ["opening Live Tail …"] if tail.live is Live.OPENING else []
        if tail.words and len(self._log.buffer):
            notes.append(tail.words)  # where no line is the picture says it
        return notes

    def on_resize(self) -> None:
        """Another width has room for other words."""
        self.say()

    # -- lines or invocations

    def watch_reading(self) -> None:
        """Show the one, hide the other; the focus goes along."""
        had_focus = self._view.has_focus or self._list.has_focus
        by_invocation = self.reading is Reading.INVOCATIONS
        self._view.display = not by_invocation
        self._invocations.display = self._list.display = by_invocation
        self.set_class(by_invocation, "-by-invocation")
        if had_focus:
            (self._list if by_invocation else self._view).focus()
        if by_invocation:
            self.call_after_refresh(self._list.repaint)
        self.say()
        if self.is_mounted:
            self.refresh_bindings()

    def _read_by_invocation(self, wanted: str = "") -> None:
        """Show the invocations, the cursor on the one that is wanted. The first look reads them from the lines."""
        if self._log.invocations.read_some():
            self._read_invocations(wanted)
            return
        self.reading = Reading.INVOCATIONS
        if wanted:
            self._list.go_to(wanted)

    @work(group="logs-invocations", exclusive=True)
    async def _read_invocations(self, wanted: str) -> None:
        """Between two blocks of lines keys are answered."""
        log, reading = self._log, True
        while reading:
            await asyncio.sleep(0)
            reading = self._log is log and log.invocations.read_some()
        if self._log is log:
            self._read_by_invocation(wanted)

    def _write_rows(self) -> None:
        functions = {one.name: one for one in (*self.picked, *((self.function,) if self.function else ()))}
        only = next(iter(functions.values())).architecture if len(functions) == 1 else "x86_64"

        def architecture(name: str) -> str:
            return functions[name].architecture if name in functions else only

        def longest_s(name: str) -> int:
            return functions[name].timeout_s if name in functions else LONGEST_S

        self._list.longest_s = longest_s
        utc = self.times is TimeStyle.UTC
        self._list.writer = RowWriter(self._prices, architecture, utc, self.masked, self._latest_ms)

    @on(InvocationList.Opened)
    def _invocation_opened(self, event: InvocationList.Opened) -> None:
        event.stop()
        self.show_invocation(event.invocation.request_id)

    @on(InvocationList.Left)
    def _list_left(self, event: InvocationList.Left) -> None:
        event.stop()
        self.reading = Reading.LINES

    def _only(self, request_id: str) -> None:
        self._search.only(request_id)
        self._searched()

    def on_click(self, event: events.Click) -> None:
        """A click on a name in the frame reads by that."""
        if event.widget is self and event.y == 0:
            reading = self._title().reading_at(event.x - 4, self.outer_size.width - 6)
            if reading is Reading.INVOCATIONS:
                self._read_by_invocation()
            elif reading is not None:
                self.reading = reading

    # -- the filter

    @on(FilterBar.Changed)
    def _filter_typed(self, event: FilterBar.Changed) -> None:
        try:
            query = parse_query(event.text, event.case)
        except InvalidInput as error:
            self._bar.say(f"{error.title}: {error.detail}", invalid=True)
            return
        if query != self._search.query:
            self._search.find(query)
            self._searched()
        else:
            self._say_found()

    @on(FilterBar.Used)
    def _filter_used(self, event: FilterBar.Used) -> None:
        event.stop()
        self.post_message(self.FilterUsed(event.text))

    @on(FilterBar.HidingToggled)
    def action_hide(self) -> None:
        """Hide what does not match, or only mark what does."""
        self._search.hide(hiding=not self._search.hiding)
        self._searched()
        self.refresh_bindings()

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self._view.focus()
        self.say()

    def _searched(self) -> None:
        self._view.show_only(self._search.shown, self._search.query)
        if self._search.complete:
            self.workers.cancel_group(self, "logs-filter")
        else:
            self._advance()
        self.say()
        self.refresh_bindings()

    @work(group="logs-filter", exclusive=True)
    async def _advance(self) -> None:
        """Search in slices, newest lines first: the first screenful shows long before the last line is looked at."""
        while self._search.step():
            self._view.lines_came()
            self._say_found()
            await asyncio.sleep(0)
        self._view.repaint()
        self.say()

    def _say_found(self) -> None:
        found, case = self._search.matches, self._bar.case
        said = [case.value] if case is not Case.SMART else []
        if found is not None:
            if found.complete and not len(found) and opens_expression(self._bar.text):
                said.append("no such text · / closes an expression")
            elif found.complete:
                said.append(f"{self._log.marks.lines(found):,} of {self._log.lines:,} lines")
            else:
                said.append(f"{self._log.marks.lines(found):,} lines, searched {found.progress:.0%}")
        if not (self._bar.has_class("-invalid") and self._bar.text.strip() and self._query_is_stale(self._bar.text)):
            self._bar.say(" · ".join(said))

    def _query_is_stale(self, typed: str) -> bool:
        """Whether what is typed is no filter, so that the one before it still holds."""
        try:
            return parse_query(typed, self._bar.case) != self._search.query
        except InvalidInput:
            return True

    # -- the keys

    @on(LogView.Copied)
    @on(InvocationList.Copied)
    def _copied(self, event: LogView.Copied | InvocationList.Copied) -> None:
        event.stop()
        self.post_message(self.Copied(mask(event.text) if self.masked else event.text))

    @on(LogView.Opened)
    def _opened(self, event: LogView.Opened) -> None:
        event.stop()
        self._open_event(event)

    @work(group="dialog", exclusive=True)
    async def _open_event(self, event: LogView.Opened) -> None:
        from lambdatui.ui.logs.detail import Answer, EventDetail, Wish  # noqa: PLC0415 - not needed for the first paint

        detail = EventDetail(event.lines, utc=self.times is TimeStyle.UTC, masked=self.masked)
        answer: Answer | None = await self.app.push_screen_wait(detail)
        if answer is None:
            return
        match answer.wish:
            case Wish.COPY:
                self.post_message(self.Copied(answer.text))
            case Wish.EVENT:
                self.post_message(self.EventFound(answer.text))
            case Wish.INVOCATION:
                self.show_invocation(answer.text)
            case _:
                assert_never(answer.wish)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Some only where they mean something; the rest is dimmed while there is no line."""
        by_invocation = self.reading is Reading.INVOCATIONS
        if action == "restore":
            return self._log.buffer.cleared
        if action == "retry":
            return isinstance(self.state, Broken)
        if action == "live":
            return isinstance(self.source, QuickSource)
        if action in ("stay", "unfilter", "leave_only"):
            return action == self._taken_back()
        if action == "hide":
            return self._search.query is not None and not by_invocation
        if action in ("wrap", "times", "only", "go_to_time", "save") and by_invocation:
            return False
        if action == "save" and self._new_file is None:
            return False
        if action in ("next", "clear", "save", "only", "go_to_time", "set_mark"):
            return True if len(self._log.buffer) else None
        return True

    def _taken_back(self) -> str:
        """What Esc takes back of how the lines are read, one thing at a time; "" for nothing."""
        if self.reading is Reading.INVOCATIONS:
            return ""
        if self._seeking:
            return "stay"
        if self._bar.opened:
            return "unfilter"
        return "leave_only" if self._search.scope else ""

    def action_stay(self) -> None:
        """Read no further back."""
        self.workers.cancel_group(self, "logs-older")

    def action_unfilter(self) -> None:
        """Every line again; the one under the cursor stays where it is."""
        if self._search.shown is not None:
            self._stay_at_cursor()
        self._bar.action_clear()

    def action_leave_only(self) -> None:
        """From the lines of one invocation back to its row."""
        self.reading = Reading.INVOCATIONS
        self._list.go_to(self._search.scope)
        self._only("")

    def action_filter(self) -> None:
        """Type a filter for what is read: lines, or invocations."""
        if self.reading is Reading.INVOCATIONS:
            self._invocations.open_filter()
        else:
            self._bar.open()
            self.say()

    def action_read_by(self) -> None:
        """By line or by invocation; from a line to its invocation."""
        if self.reading is Reading.LINES:
            line = self._view.cursor_line if not self._view.following else None
            self._read_by_invocation(self._search.scope or (line.request_id if line is not None else ""))
        else:
            self.reading = Reading.LINES
        if self._search.scope:
            self._only("")

    def action_only(self) -> None:
        """Only the lines of the invocation under the cursor; every line again. The cursor stays where it is."""
        line = self._view.cursor_line
        if self._search.scope:
            self._stay_at_cursor()
            self._only("")
        elif line is not None and line.request_id:
            self._only(line.request_id)
        else:
            self.notify("This line belongs to no invocation", timeout=2)

    def _stay_at_cursor(self) -> None:
        """Whatever shows next, the line under the cursor does; only who follows the newest of all goes on with that."""
        position = self._view.cursor_position
        if position is not None and not (self._view.following and position == self._log.buffer.end - 1):
            self._view.stay()

    def action_wrap(self) -> None:
        """Break long lines, or not."""
        self._view.wrap = not self._view.wrap
        self.say()

    def action_times(self) -> None:
        """Show times in another way."""
        self.times = self.times.next
        self.notify(f"Times: {self.times.words}", timeout=2)
        self.post_message(self.TimesChosen(self.times))

    def watch_times(self) -> None:
        """The rows of invocations have times too."""
        self._write_rows()
        self.say()

    def action_mask(self) -> None:
        """Cover what looks secret, or show it."""
        self.masked = not self.masked

    def watch_masked(self) -> None:
        """The errors of invocations are covered too."""
        self._write_rows()
        self.say()

    def action_next(self, direction: int) -> None:
        """Go to the next match that is marked, else to the next error or failure, or say that there is none."""
        forward = direction > 0
        if self.reading is Reading.INVOCATIONS:
            there, what = self._list.next_failure(forward=forward), "failed invocation"
        elif self._search.matches is not None and not self._search.hiding:
            there, what = self._view.next_match(self._search.matches, forward=forward), "match"
        elif any(not self._asked_further(forward=forward) for _ in range(_BLOCKS_AT_ONCE)):
            there, what = self._view.next_at_level(Level.ERROR, forward=forward), "error"
        else:
            self._find_error(forward=forward)
            return
        self._say_if_none(there, what, forward=forward)

    @work(group="logs-error", exclusive=True)
    async def _find_error(self, *, forward: bool) -> None:
        """The next error is far: between two blocks of lines keys are answered."""
        log = self._log
        asking = True
        while asking:
            await asyncio.sleep(0)
            asking = self._log is log and self._asked_further(forward=forward)
        if self._log is log:
            there = self._view.next_at_level(Level.ERROR, forward=forward)
            self._say_if_none(there, "error", forward=forward)

    def _asked_further(self, *, forward: bool) -> bool:
        position = self._view.cursor_position
        return position is not None and self._log.buffer.ask_towards(Level.ERROR, position, forward=forward)

    def _say_if_none(self, there: bool, what: str, *, forward: bool) -> None:
        if not there:
            self.notify(f"No {what} {'below' if forward else 'above'} this line", timeout=2)

    def action_set_mark(self) -> None:
        """Set a mark behind the newest line."""
        self._log.marks.set(time_of_day(self._now_ms(), utc=self.times is TimeStyle.UTC)[:8])
        self._view.repaint()
        self.say()

    def action_clear(self) -> None:
        """Clear the view; `u` takes it back."""
        before = self._hidden if self._log.buffer.cleared else 0
        self._hidden = before + self._log.buffer.clear()
        self._lines_moved()

    def action_restore(self) -> None:
        """Bring back what was cleared."""
        self._log.buffer.restore()
        self._advance()
        self._lines_moved()

    def _lines_moved(self) -> None:
        self.say()
        self._view.action_follow()
        self.refresh_bindings()

    @work(group="dialog", exclusive=True)
    async def action_go_to_time(self) -> None:
        """Ask for a time, and go there."""
        from lambdatui.ui.logs.moment import ask_moment  # noqa: PLC0415 - not needed for the first paint

        moment_ms = await ask_moment(self.app, self._now(), utc=self.times is TimeStyle.UTC)
        if moment_ms is not None:
            self._view.focus()
            if self.source is not None and not self._log.buffer.cleared:
                self._go_back_to(self.source, self._log, moment_ms)
            else:
                self._view.jump_near(self._log.buffer.position_at(moment_ms))

    @work(group="logs-older", exclusive=True)
    async def _go_back_to(self, source: LogSource, log: FollowedLog, moment_ms: int) -> None:
        """Read what is between here and there, and go there; a reader who moves meanwhile stays where they are."""
        place, buffer = self._view.place, log.buffer
        try:
            async for _ in log.older.read_back_to(source, log, moment_ms):
                self._seeking = (
                    f"back to {self._words_of(moment_ms)}, at {self._words_of(buffer.oldest_ms)} · esc stops"
                )
                self.older_came()
                self.refresh_bindings()
                if self._view.place != place:
                    return
            searching = True
            while searching:
                searching = self._search.step()
                await asyncio.sleep(0)
        finally:
            self._seeking = ""
            self.say()
            self.refresh_bindings()
        self._view.jump_near(buffer.position_at(moment_ms))
        if buffer.oldest_ms is not None and moment_ms < buffer.oldest_ms:
            words = f"Here is the oldest line, of {self._words_of(buffer.oldest_ms)}"
            self.notify(words, title=log.older.note(log).strip("─ ").capitalize(), markup=False)

    def _words_of(self, moment_ms: int | None) -> str:
        return "" if moment_ms is None else moment(moment_ms, self._latest_ms(), utc=self.times is TimeStyle.UTC)

    @work(group="dialog", exclusive=True)
    async def action_save(self) -> None:
        """Ask where to, then write the lines that are selected, else those that show."""
        from lambdatui.ui.dialogs.prompt import Prompt  # noqa: PLC0415
        from lambdatui.ui.logs.saving import KEYS, Extract  # noqa: PLC0415

        name = self._log.function_names[0] if len(self._log.function_names) == 1 else "functions"
        selection = self._view.selection if self.reading is Reading.LINES else None
        every = EveryLine(self._log.buffer)
        order: LineOrder = next((one for one in (selection, self._search.shown) if one is not None), every)
        among = "" if order is every else " selected" if order is selection else f" of {self._log.lines:,}"
        count = self._log.marks.lines(order)
        what = f"{count:,}{among} {'line' if count == 1 else 'lines'}"
        suggested = f"./{name}-{self._now().strftime('%Y%m%d-%H%M%S')}.log"
        path = await self.app.push_screen_wait(Prompt(f"Save {what} to", suggested, keys=KEYS))
        if path is not None and self._new_file is not None:
            if selection is not None:
                self._view.action_unselect()
            self._write(path, Extract(self._log, order, masked=self.masked), self._new_file)

    @work(group="logs-save", exclusive=True)
    async def _write(self, path: str, extract: Extract, new_file: Callable[[str], NewFile]) -> None:
        try:
            async for done in extract.write(path, new_file):
                self._saving = f"saving {done:.0%}"
                self.say_soon()
            self.notify(f"Saved to {extract.path}", markup=False)
        except WorkbenchError as error:
            self.notify(error.more or error.title, title=error.title, severity="error", timeout=8, markup=False)
        finally:
            self._saving = ""
            self.say()

    def _now_ms(self) -> int:
        return round(self._now().timestamp() * 1000)

    def _latest_ms(self) -> int:
        """By the clock here or that of the log: whichever is further."""
        return max(self._now_ms(), self._log.buffer.newest_ms or 0)


_TONES = {"muted": "$text-muted", "success": "$success", "warning": "$warning", "error": "$error"}
