"""Sending events from the workbench, and what is kept and shown of the answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work

from lambdatui.blocking import call_blocking
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.target import Backend, TargetKind
from lambdatui.services import Services
from lambdatui.ui.functions.columns import Mark
from lambdatui.ui.functions.pane import FunctionsPane
from lambdatui.ui.list_screen import ListScreen

# What an invocation is made of takes 20 ms to import, and the first screen knows none.
if TYPE_CHECKING:
    from lambdatui.core.invocation import InvocationRequest, InvocationType
    from lambdatui.ui.events.pane import EventView
    from lambdatui.ui.invoke.choices import InvokeChoices
    from lambdatui.ui.invoke.pane import ResultPane


class InvokingScreen(ListScreen):
    """Takes the event from its pane, hands the request to the result's, and keeps each answer in the history."""

    def __init__(self, services: Services, opened: Backend | None = None) -> None:
        super().__init__(services, opened)
        self._event_names: dict[str, str] = {}
        self._unsent: tuple[str, InvocationType] | None = None
        self._known_choices: InvokeChoices | None = None

    def watch_selected(self, function: FunctionSummary | None) -> None:
        """What was asked for while its event was being read is not sent to another function."""
        if self._unsent and (function is None or function.name != self._unsent[0]):
            self.notify("Its event was still being read.", title=f"Not sent to {self._unsent[0]}", markup=False)
            self._unsent = None
        super().watch_selected(function)
        self._tell_sending()

    @property
    def _choices(self) -> InvokeChoices:
        if self._known_choices is None:
            from lambdatui.ui.invoke.choices import InvokeChoices  # noqa: PLC0415  # not for the first paint

            self._known_choices = InvokeChoices(self.services.memory, self.services.target.key)
        return self._known_choices

    @property
    def running(self) -> frozenset[str]:
        """The functions whose answer is awaited."""
        return self._panes.result.running if self._panes else frozenset()

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
        # The cursor may be elsewhere, and not have told so yet: then this gives up what was asked for.
        self._select()
        if self._unsent and self._unsent[0] == event.function_name:
            _, invocation_type = self._unsent
            self._unsent = None
            self._send(invocation_type)

    def action_invoke(self, invocation_type: str = "RequestResponse") -> None:
        """Send the event, in one of AWS's three ways."""
        from lambdatui.core.invocation import InvocationType  # noqa: PLC0415  # not for the first paint

        self._send(InvocationType(invocation_type))

    def action_stop_waiting(self) -> None:
        """Abandon the running invocation."""
        self._select()
        self._with_panes(lambda panes: panes.result.stop_waiting())

    @on(FunctionsPane.Chosen)
    def _chosen(self) -> None:
        self.action_edit_event()

    def action_edit_event(self) -> None:
        """Go into the event."""
        self._select()
        self._show_tab("Event")
        self._with_panes(lambda panes: panes.event.edit())

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
    async def action_failed_events(self) -> None:
        """Choose an event that failed, and edit it to send it again."""
        from lambdatui.ui.invoke.failed_dialog import failed_dialog  # noqa: PLC0415  # not for the first paint

        function = self._select()
        failed = (await self.backend()).failed_events
        if function is None or failed is None:
            return
        try:
            kept = await failed.peek(function.name, self._choices.of(function.name).qualifier)
        except WorkbenchError as error:
            self.show_error(error)
            return
        chosen = await self.app.push_screen_wait(failed_dialog(kept, self.services.clock()))
        if chosen is not None and self._select() == function:
            text = kept.events[chosen].payload.decode("utf-8", "replace")
            self._show_tab("Event")
            self._with_panes(lambda panes: panes.event.begin_with(text))

    def on_result_pane_changed(self, event: ResultPane.Changed) -> None:
        """Mark a running function in the list."""
        if event.running:
            self._mark(event.function_name, Mark.RUNNING)
        self.refresh_bindings()

    async def on_result_pane_answered(self, event: ResultPane.Answered) -> None:
        """Mark the function, mark the lines of its log, keep the invocation."""
        from lambdatui.ui.invoke.keeping import kept  # noqa: PLC0415  # not for the first paint

        name = event.request.function_name
        row, mark, ended = kept(event, self._event_names.get(name, ""))
        self._mark(name, mark)
        if ended:
            self._with_panes(lambda panes: panes.logs.mark(row.request_id))
        try:
            await self.services.history.add(row)
            self._list.last_used = await self.services.history.last_used()
        except WorkbenchError as error:
            self.show_error(error)

    def on_result_pane_ended(self, event: ResultPane.Ended) -> None:
        """Mark the function and the lines of the last attempt."""
        from lambdatui.ui.invoke.keeping import mark_of  # noqa: PLC0415  # not for the first paint

        self._mark(event.function_name, mark_of(event.step))
        self._with_panes(lambda panes: panes.logs.mark(event.step.request_id))

    def on_result_pane_copied(self, event: ResultPane.Copied) -> None:
        """The app owns the clipboard."""
        self.app.copy_to_clipboard(event.text)

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
        """What needs a function is dimmed without one, and invoking where only reading is allowed."""
        function = self._list.selected if self.is_mounted else None
        if action == "invoke" and parameters != ("DryRun",):
            return True if function and not function.problem and not self.services.target.read_only else None
        if action == "failed_events":
            return True if function and self._on_aws and not self.services.target.read_only else None
        if action == "choose_qualifier":
            return True if function and self._on_aws else None
        if action in ("invoke", "edit_event", "history", "invoke_options"):
            return True if function else None
        if action == "stop_waiting":
            return self._panes.result.waiting if self._panes else False
        return super().check_action(action, parameters)
