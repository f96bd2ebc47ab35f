"""The one screen: the panes, what is selected, and who tells whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.reactive import reactive

from lambdatui.blocking import call_blocking
from lambdatui.core.errors import MayHaveRun, WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.history import HistoryRow
from lambdatui.core.invocation import (
    Completed,
    Delivered,
    InvocationRequest,
    InvocationType,
    Outcome,
    outcome_of,
)
from lambdatui.core.limits import SYNC_PAYLOAD_BYTES
from lambdatui.core.listing import Listing
from lambdatui.core.target import Backend, TargetKind
from lambdatui.services import Services
from lambdatui.ui.coming import ComingPane
from lambdatui.ui.edit_pane import EditPane
from lambdatui.ui.footer import FooterBar
from lambdatui.ui.functions.columns import Mark
from lambdatui.ui.functions.pane import FunctionsPane
from lambdatui.ui.invoke.choices import InvokeChoices
from lambdatui.ui.tabs import PaneTabs
from lambdatui.ui.target_screen import TargetScreen

if TYPE_CHECKING:
    from lambdatui.ui.configuration.view import ConfigurationView
    from lambdatui.ui.events.pane import EventView
    from lambdatui.ui.insights.state import Asked
    from lambdatui.ui.invoke.pane import ResultPane
    from lambdatui.ui.logs.pane import LogsPane
    from lambdatui.ui.panes import Panes
    from lambdatui.ui.sections.view import StoreView
    from lambdatui.ui.triggers.view import TriggersView
    from lambdatui.ui.versions.view import VersionsView

_ADVICE = (
    "Write a handler, such as app.py with def handler(event, context), a template.yaml or a lambdatui.toml: "
    "it shows here by itself. Examples to learn from: lambdatui --demo"
)


class Workbench(TargetScreen):
    """Owns the list of functions, the selection and the layout. Panes own the rest; they meet only here."""

    AUTO_FOCUS = "FunctionTable"
    BINDINGS = [
        Binding("i,f5,ctrl+j", "invoke", "Invoke", id="invoke.sync", tooltip="Send the event and wait for the answer"),
        Binding(
            "a,f6",
            "invoke_async",
            "Async",
            id="invoke.async",
            tooltip="Queue the event; it is retried, and followed to its end",
        ),
        Binding(
            "x",
            "stop_waiting",
            "Stop waiting",
            id="invoke.stop",
            tooltip="Stop waiting for the answer: locally that ends the function, on AWS it keeps running",
        ),
        Binding(
            "I",
            "dry_run",
            "Dry run",
            id="invoke.dry_run",
            show=False,
            tooltip="Ask whether it would be allowed; runs nothing",
        ),
        Binding(
            "v,f10",
            "choose_qualifier",
            "Version",
            id="invoke.qualifier",
            show=False,
            tooltip="Choose the version or alias to invoke, on AWS",
        ),
        Binding(
            "o,f12",
            "invoke_options",
            "Options",
            id="invoke.options",
            show=False,
            tooltip="Client context, tenant, durable execution, streamed answer",
        ),
        Binding("e", "edit_event", "Event", id="event.edit", tooltip="Edit the event"),
        Binding("h", "history", "History", id="invoke.history", tooltip="Recent invocations; Enter edits one's event"),
        Binding("d", "detail", "Detail", id="detail.show", show=False, tooltip="Everything known of this function"),
        Binding(
            "C",
            "concurrency",
            "Account's concurrency",
            id="account.concurrency",
            show=False,
            tooltip="The account's limit, and who reserves how much of it",
        ),
        Binding("m", "set('memory')", "Memory", id="configuration.memory", tooltip="Change the memory size"),
        Binding("c", "configuration", "Config", id="configuration.show", tooltip="Show every setting"),
        Binding("T", "set('timeout')", "Timeout", id="configuration.timeout", show=False, tooltip="Change the timeout"),
        Binding(
            "R",
            "set('reserved')",
            "Reserved concurrency",
            id="configuration.reserved",
            show=False,
            tooltip="Change the reserved concurrency",
        ),
        Binding("V", "versions", "Versions", id="versions.show", show=False, tooltip="Show versions and aliases"),
        Binding(
            "E",
            "triggers",
            "Triggers",
            id="triggers.show",
            show=False,
            tooltip="Show what makes the function run: event sources, policy, URLs",
        ),
        Binding("u", "undo", "Undo", id="configuration.undo", tooltip="Take the last change of this function back"),
        Binding("l", "focus_pane('logs')", "Logs", id="logs.focus", tooltip="Go to the logs"),
        Binding("slash", "filter", "Filter", id="functions.find", tooltip="Filter the functions"),
        Binding("r", "refresh_list", "Refresh", id="functions.refresh", show=False, tooltip="Read the list again"),
        Binding(
            "Q",
            "insights",
            "Logs Insights",
            id="logs.insights",
            show=False,
            tooltip="Query the logs of the picked functions, or of this one",
        ),
    ]

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
        self._event_names: dict[str, str] = {}
        self._unsent: tuple[str, InvocationType] | None = None
        self._choices = InvokeChoices(services.memory, services.target.key)
        self._asked_insights: Asked | None = None

    def compose(self) -> ComposeResult:
        """Header, the four panes, footer."""
        yield self.header
        yield self.banner
        yield PaneTabs()
        with Horizontal(id="upper"):
            yield self._list
            with Vertical(id="right"):
                yield EditPane()
                yield ComingPane("result", "3", "Result")
        yield ComingPane("logs", "4", "Logs")
        yield FooterBar()

    def on_mount(self) -> None:
        """Show the last known list at once; open the target after the first paint."""
        known = self.services.functions.load()
        # Before the first layout: a second one would cost a tenth of the start.
        self.place()
        self._list.advice = _ADVICE
        self._list.cached = True
        self._list.listing = True
        if known:
            self.functions = known.functions
            self._list.select(self.memory.load().selected.get(self.services.target.key, ""))
        self.tell_time()
        self.call_after_refresh(self._painted)

    async def _painted(self) -> None:
        # What the first screen does not show is imported and mounted when it stands: half of the start, otherwise.
        from lambdatui.ui.panes import mount_panes  # noqa: PLC0415

        self._panes = await mount_panes(self, self.services, self.backend)
        self.place()
        self._panes.look_at(self.selected)
        self._tell_sending()
        for act in self._waiting:
            act(self._panes)
        self._waiting.clear()
        self.begin()

    def _with_panes(self, act: Callable[[Panes], object]) -> None:
        """Do `act` now, or as soon as the panes are mounted: a key that is typed ahead is not lost."""
        if self._panes:
            act(self._panes)
        else:
            self._waiting.append(act)

    # -- the target ------------------------------------------------------------------------------------------------

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
        self._with_panes(lambda panes: panes.try_again())

    @property
    def running(self) -> frozenset[str]:
        """The functions whose answer is awaited."""
        return self._panes.result.running if self._panes else frozenset()

    def _read_details(self, backend: Backend) -> None:
        if backend.inspector is not None:
            self._list.read_details(backend.inspector.glance, self.services.settings.aws.detail_calls_per_second)

    def on_unmount(self) -> None:
        """Remember the function that was looked at."""
        if self.selected:
            remembered = self.services.memory.load()
            selected = {**remembered.selected, self.services.target.key: self.selected.name}
            self.services.memory.save(replace(remembered, selected=selected))

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

    # -- what is selected --------------------------------------------------------------------------------------------

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

    @on(FunctionsPane.Chosen)
    def _chosen(self) -> None:
        self.action_edit_event()

    def _select(self) -> FunctionSummary | None:
        # The cursor's news come when it rests, and may be older than it is: a key that is typed right after a move is
        # meant for the new function.
        self.selected = self._list.selected
        return self.selected

    def watch_selected(self, function: FunctionSummary | None) -> None:
        """Every pane looks at the same function."""
        if self._unsent and (function is None or function.name != self._unsent[0]):
            self.notify("Its event was still being read.", title=f"Not sent to {self._unsent[0]}", markup=False)
            self._unsent = None
        if self._panes:
            self._panes.look_at(function)
        self._tell_sending()
        self.refresh_bindings()

    # -- invoking ----------------------------------------------------------------------------------------------------

    def _send(self, invocation_type: InvocationType) -> None:
        function = self._select()
        if function is None:
            return
        panes = self._panes
        if panes is None or panes.event.reading:
            self._unsent = function.name, invocation_type
            return
        view = panes.event
        view.invocation_type = invocation_type
        problem = view.problem
        if problem is not None:
            where = f"line {problem.line}, column {problem.column}"
            self.notify(
                f"{where}: {problem.message}. Nothing was sent.",
                title="The event is not JSON",
                severity="error",
                markup=False,
            )
            self.action_edit_event()
            return
        request = self._choices.of(function.name).request(function.name, view.payload(), invocation_type)
        self._event_names[function.name] = view.event_name
        if view.too_large and self._on_aws:
            self._send_anyway(request, function.architecture)
        else:
            self._hand_over(request, function.architecture)

    @work(group="dialog", exclusive=True)
    async def _send_anyway(self, request: InvocationRequest, architecture: str) -> None:
        from lambdatui.ui.dialogs.confirm import Confirm  # noqa: PLC0415  # seldom needed
        from lambdatui.ui.invoke.describe import over_limit_question  # noqa: PLC0415

        if await self.app.push_screen_wait(Confirm("The event is too large", over_limit_question(request))):
            self._hand_over(replace(request, over_limit=True), architecture)

    def _hand_over(self, request: InvocationRequest, architecture: str) -> None:
        self._with_panes(lambda panes: panes.result.invoke(request, architecture))
        if self.has_class("-single") and not self.layout_choice.zoomed:
            self.action_focus_pane("result")

    @property
    def _on_aws(self) -> bool:
        return self.services.target.kind is TargetKind.AWS

    def _tell_sending(self) -> None:
        if self._panes and self.selected:
            self._panes.event.sending = self._choices.of(self.selected.name).told

    @work(group="dialog", exclusive=True)
    async def action_choose_qualifier(self) -> None:
        """Choose the version or alias that the function is invoked by from now on."""
        from lambdatui.ui.invoke.qualifiers import choose_qualifier  # noqa: PLC0415  # not for the first paint

        function = self._select()
        store = (await self.backend()).versions
        if function is None or store is None:
            return
        options = self._choices.of(function.name)
        try:
            chosen = await choose_qualifier(self.app, store, function.name, options.qualifier)
        except WorkbenchError as error:
            self.show_error(error)
            return
        if chosen is not None:
            self._choices.choose(function.name, replace(options, qualifier=chosen))
            self._tell_sending()

    @work(group="dialog", exclusive=True)
    async def action_invoke_options(self) -> None:
        """Choose what goes with the event."""
        from lambdatui.ui.invoke.options_dialog import OptionsDialog  # noqa: PLC0415  # not for the first paint

        function = self._select()
        if function is None:
            return
        dialog = OptionsDialog(function.name, self._choices.of(function.name), on_aws=self._on_aws)
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            self._choices.choose(function.name, chosen)
            self._tell_sending()

    def on_event_view_ready(self, event: EventView.Ready) -> None:
        """Send what was asked for while the event was being read."""
        if self._unsent and self._unsent[0] == event.function_name:
            _, invocation_type = self._unsent
            self._unsent = None
            self._send(invocation_type)

    def action_invoke(self) -> None:
        """Send the event and wait."""
        self._send(InvocationType.REQUEST_RESPONSE)

    def action_invoke_async(self) -> None:
        """Queue the event."""
        self._send(InvocationType.EVENT)

    def action_dry_run(self) -> None:
        """Ask whether it would be allowed."""
        self._send(InvocationType.DRY_RUN)

    def action_stop_waiting(self) -> None:
        """Abandon the running invocation."""
        self._select()
        self._with_panes(lambda panes: panes.result.stop_waiting())

    @work(group="dialog", exclusive=True)
    async def action_history(self) -> None:
        """Choose a recent invocation, and edit its event."""
        from lambdatui.ui.history.dialog import history_dialog  # noqa: PLC0415  # not needed for the first paint

        function = self._select()
        if function is None:
            return
        try:
            rows = await self.services.history.recent(function.name)
        except WorkbenchError as error:
            self.show_error(error)
            return
        chosen = await self.app.push_screen_wait(history_dialog(function.name, rows, self.services.clock()))
        if chosen is not None and self._select() == function:
            text = rows[chosen].payload.decode("utf-8", "replace")
            self._show_tab("Event")
            self._with_panes(lambda panes: panes.event.begin_with(text))

    @work(group="dialog", exclusive=True)
    async def action_insights(self) -> None:
        """Query the logs of the picked functions, or of this one, with the query as it was left."""
        from lambdatui.ui.insights.screen import InsightsScreen  # noqa: PLC0415  # not needed for the first paint

        function = self._select()
        insights = (await self.backend()).insights
        if function is None or insights is None:
            return
        names = tuple(one.name for one in self.picked) or (function.name,)
        screen = InsightsScreen(insights, names, self.services, self._asked_insights)
        self._asked_insights = await self.app.push_screen_wait(screen) or self._asked_insights

    @work(group="dialog", exclusive=True)
    async def action_detail(self) -> None:
        """Show everything that is known of the function."""
        from lambdatui.ui.detail.plain import plain_sections  # noqa: PLC0415  # not needed for the first paint
        from lambdatui.ui.detail.screen import DetailScreen  # noqa: PLC0415

        function = self._select()
        if function is None:
            return
        backend = await self.backend()
        read = backend.inspector.sections if backend.inspector else partial(plain_sections, backend)
        await self.app.push_screen_wait(DetailScreen(function, partial(read, function.name)))

    @work(group="dialog", exclusive=True)
    async def action_concurrency(self) -> None:
        """Show the account's limit, and who reserves how much of it."""
        from lambdatui.ui.detail.concurrency import ConcurrencyScreen  # noqa: PLC0415  # not for the first paint

        backend = await self.backend()
        if backend.inspector is not None:
            await self.app.push_screen_wait(ConcurrencyScreen(backend.inspector.account, self._list))

    def on_result_pane_changed(self, event: ResultPane.Changed) -> None:
        """Mark a running function in the list."""
        if event.running:
            self._mark(event.function_name, Mark.RUNNING)
        self.refresh_bindings()

    async def on_result_pane_answered(self, event: ResultPane.Answered) -> None:
        """Mark the function, mark the lines of its log, keep the invocation."""
        request, answer = event.request, event.answer
        name = request.function_name
        if isinstance(answer, Completed):
            outcome = outcome_of(answer)
            self._mark(name, Mark.SUCCEEDED if outcome is Outcome.SUCCEEDED else Mark.FAILED)
            request_id = answer.request_id
            self._with_panes(lambda panes: panes.logs.mark(request_id))
            word, body, report = outcome.value, answer.payload[:SYNC_PAYLOAD_BYTES], answer.report
        elif isinstance(answer, WorkbenchError):
            self._mark(name, Mark.FAILED)
            word = "may have run" if isinstance(answer, MayHaveRun) else "not invoked"
            body, report = str(answer).encode(), None
        else:
            self._mark(name, Mark.RUNNING if request.invocation_type is InvocationType.EVENT else None)
            word, body, report = "accepted" if request.invocation_type is InvocationType.EVENT else "allowed", b"", None
        request_id = "" if isinstance(answer, WorkbenchError) else answer.request_id
        row = HistoryRow(
            event.started_at,
            name,
            request.invocation_type,
            request_id,
            self._event_names.get(name, ""),
            request.payload,
            word,
            body,
            report,
            event.elapsed_ms,
        )
        try:
            await self.services.history.add(row)
            self._list.last_used = await self.services.history.last_used()
        except WorkbenchError as error:
            self.show_error(error)

    def on_result_pane_ended(self, event: ResultPane.Ended) -> None:
        """Mark the function and the lines of the last attempt."""
        self._mark(event.function_name, Mark.SUCCEEDED if isinstance(event.step, Delivered) else Mark.FAILED)
        self._with_panes(lambda panes: panes.logs.mark(event.step.request_id))

    def _mark(self, name: str, mark: Mark | None) -> None:
        self._marks = {known: old for known, old in self._marks.items() if known != name}
        if mark is not None:
            self._marks[name] = mark
        self._list.marks = self._marks

    # -- the configuration -------------------------------------------------------------------------------------------

    def action_set(self, key: str) -> None:
        """Edit one setting, wherever the focus is."""
        self._select()
        self._show_tab("Configuration")
        self._with_panes(lambda panes: panes.configuration.edit(key))

    def action_configuration(self) -> None:
        """Show the settings."""
        self._select()
        self._show_tab("Configuration")
        self._with_panes(lambda panes: panes.configuration.settings.focus())

    def action_edit_event(self) -> None:
        """Go into the event."""
        self._select()
        self._show_tab("Event")
        self._with_panes(lambda panes: panes.event.edit())

    def action_versions(self) -> None:
        """Show versions and aliases."""
        self._select()
        self._show_tab("Versions")
        self._with_panes(lambda panes: panes.versions.list.focus())

    def action_triggers(self) -> None:
        """Show what makes the function run."""
        self._select()
        self._show_tab("Triggers")
        self._with_panes(lambda panes: panes.triggers.list.focus())

    def action_undo(self) -> None:
        """Take the last change back."""
        self._select()
        self._with_panes(lambda panes: self._undoing(panes).undo())

    def on_configuration_view_applied(self, event: ConfigurationView.Applied) -> None:
        """Say what changed; the list shows it too."""
        verb = "Undone: " if event.undone else ""
        self.notify(verb + event.change.show(masked=True), title=event.configuration.function_name, markup=False)
        self.action_refresh_list()

    def on_store_view_applied(self, event: StoreView.Applied) -> None:
        """Say what changed."""
        verb = "Undone: " if event.undone else ""
        self.notify(verb + event.told, title=event.function_name, markup=False)

    def on_store_view_copied(self, event: StoreView.Copied) -> None:
        """The app owns the clipboard."""
        self.app.copy_to_clipboard(event.text)

    def _undoing(self, panes: Panes) -> ConfigurationView | VersionsView | TriggersView:
        """Whose last change `u` takes back: that of the tab which is looked at."""
        tab = self.query_one(EditPane).tab
        return panes.versions if tab == "Versions" else panes.triggers if tab == "Triggers" else panes.configuration

    def _show_tab(self, tab: str) -> None:
        self.query_one(EditPane).tab = tab
        self.bring("edit")

    # -- the rest ----------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Filter the functions."""
        self.bring("functions")
        self._list.action_filter()

    def on_result_pane_copied(self, event: ResultPane.Copied) -> None:
        """The app owns the clipboard."""
        self.app.copy_to_clipboard(event.text)

    def on_logs_pane_copied(self, event: LogsPane.Copied) -> None:
        """The app owns the clipboard."""
        self.app.copy_to_clipboard(event.text)

    def on_logs_pane_event_found(self, event: LogsPane.EventFound) -> None:
        """A record of the log is edited as an event of the function that is looked at."""
        self._show_tab("Event")
        self._with_panes(lambda panes: panes.event.begin_with(event.text))

    def on_logs_pane_times_chosen(self, event: LogsPane.TimesChosen) -> None:
        """Times are shown so at the next start too."""
        self.memory.save(replace(self.memory.load(), log_times=event.style.value))

    def on_result_pane_save_requested(self, event: ResultPane.SaveRequested) -> None:
        """Ask where to, then write."""
        self._save(event)

    @work(group="dialog", exclusive=True)
    async def _save(self, event: ResultPane.SaveRequested) -> None:
        from lambdatui.ui.dialogs.prompt import Prompt  # noqa: PLC0415

        path = await self.app.push_screen_wait(Prompt("Save the answer to", f"./{event.suggested_name}"))
        if path is None:
            return
        try:
            written = await call_blocking(self.services.write_file, path, event.text.encode())
        except WorkbenchError as error:
            self.show_error(error)
            return
        self.notify(f"Saved to {written}", markup=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What needs a function is dimmed without one; what has nothing to do is hidden."""
        function = self._list.selected if self.is_mounted else None
        if action in ("invoke", "invoke_async"):
            return True if function and not function.problem and not self.services.target.read_only else None
        if action == "concurrency":
            return self.services.target.kind is TargetKind.AWS
        if action == "choose_qualifier":
            return True if function and self._on_aws else None
        if action in ("dry_run", "edit_event", "history", "detail", "invoke_options"):
            return True if function else None
        if action == "insights":
            return True if function and self.services.target.aws else None
        if action in ("set", "configuration", "versions", "triggers"):
            return True if function else None
        if action == "stop_waiting":
            return self._panes.result.waiting if self._panes else False
        if action == "undo":
            return self._undoing(self._panes).can_undo if self._panes else False
        return super().check_action(action, parameters)
