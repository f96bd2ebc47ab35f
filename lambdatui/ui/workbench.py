"""The one screen: the panes, what is selected, and who tells whom."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical

from lambdatui.core.remembered import filters_with
from lambdatui.core.target import Backend, TargetKind
from lambdatui.services import Services
from lambdatui.ui.coming import ComingPane
from lambdatui.ui.edit_pane import EditPane
from lambdatui.ui.footer import FooterBar
from lambdatui.ui.invoking_screen import InvokingScreen
from lambdatui.ui.later import Later
from lambdatui.ui.output.hooks import LightOutput
from lambdatui.ui.tabs import PaneTabs

if TYPE_CHECKING:
    from lambdatui.ui.bulk.run import BulkRun
    from lambdatui.ui.configuration.view import ConfigurationView
    from lambdatui.ui.insights.state import Asked
    from lambdatui.ui.logs.pane import LogsPane
    from lambdatui.ui.panes import Panes
    from lambdatui.ui.sections.view import StoreView

_ADVICE = (
    "Write a handler, such as app.py with def handler(event, context), a template.yaml or a lambdatui.toml: "
    "it shows here by itself. Examples to learn from: lambdatui --demo"
)
_LOOK_AGAIN_S = 0.002


class Workbench(InvokingScreen):
    """Puts the panes together, and says which key does what. Panes own the rest; they meet only here."""

    AUTO_FOCUS = "FunctionTable"
    BINDINGS = [
        Binding("i,f5,ctrl+j", "invoke", "Invoke", id="invoke.sync", tooltip="Send the event and wait for the answer"),
        Binding(
            "a,f6",
            "invoke('Event')",
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
            "invoke('DryRun')",
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
        Binding(
            "F",
            "failed_events",
            "Failed events",
            id="invoke.failed",
            show=False,
            tooltip="The failed async events in the function's queue, on AWS; Enter edits one",
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
        Binding(
            "B",
            "bulk",
            "Change picked",
            id="bulk.change",
            show=False,
            tooltip="Change a setting of all picked functions; without any: the last such change, to take it back",
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

    def __init__(self, services: Services, opened: Backend | None = None) -> None:
        super().__init__(services, opened)
        self._asked_insights: Asked | None = None
        self._bulk: BulkRun | None = None
        self._first_picture = Later(self)

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
        remembered = self.memory.load()
        self._list.restore(remembered.sort_column, remembered.hidden_columns, descending=remembered.sort_descending)
        self._list.cached = True
        self._list.listing = True
        if known:
            self.functions = known.functions
            self._list.select(remembered.selected.get(self.services.target.key, ""))
        self.tell_time()
        self.call_after_refresh(self._shown)

    def _shown(self) -> None:
        # Held back, the first picture would come only after all that is imported and mounted now.
        if isinstance(self.app, LightOutput) and self.app.holds_back:
            self._first_picture.call(_LOOK_AGAIN_S, self._shown)
        else:
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

    @work(group="dialog", exclusive=True)
    async def action_insights(self) -> None:
        """Query the logs of the picked functions, or of this one, with the query as it was left."""
        from lambdatui.ui.insights.screen import InsightsScreen  # noqa: PLC0415  # not needed for the first paint

        function = self._select()
        insights = (await self.backend()).insights
        if function is None or insights is None:
            return
        names = tuple(one.name for one in self.picked) or (function.name,)
        masked = self._panes.logs.masked if self._panes else self.services.settings.logs.mask_secrets
        screen = InsightsScreen(insights, names, self.services, self._asked_insights, masked=masked)
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

    @work(group="dialog", exclusive=True)
    async def action_bulk(self) -> None:
        """Change a setting of the picked functions together; or look at the last such change."""
        from lambdatui.ui.bulk.asking import ask_for_run  # noqa: PLC0415  # not needed for the first paint
        from lambdatui.ui.bulk.screen import BulkScreen  # noqa: PLC0415

        if self.picked:
            bulk = await ask_for_run(self.app, (await self.backend()).configuration, self.picked)
        else:
            bulk = self._bulk
        if bulk is None:
            return
        self._bulk = bulk
        target = self.services.target
        screen = BulkScreen(bulk, read_only=target.read_only, production=target.production)
        await self.app.push_screen_wait(screen)
        if bulk.touched:
            self.action_refresh_list()
            self._with_panes(lambda panes: panes.configuration.reload())

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What was sent to change something, and has not ended: told to whoever leaves, who does not stop it."""
        panes, bulk = self._panes, self._bulk
        single = (*panes.configuration.unfinished, *panes.parts.unfinished) if panes else ()
        return (*single, *(bulk.unfinished if bulk is not None else ()))

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

    async def action_versions(self) -> None:
        """Show versions and aliases."""
        await self._show_part("Versions")

    async def action_triggers(self) -> None:
        """Show what makes the function run."""
        await self._show_part("Triggers")

    async def _show_part(self, tab: str) -> None:
        self._select()
        self._show_tab(tab)
        # The key after this one is for the view, which is made when it is first shown.
        await self.query_one(EditPane).stands(tab)
        self._with_panes(lambda panes: panes.parts.focus(tab))

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

    def _undoing(self, panes: Panes) -> ConfigurationView | StoreView[Any, Any]:
        """Whose last change `u` takes back: that of the tab which is looked at."""
        return panes.parts.made(self.query_one(EditPane).tab) or panes.configuration

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

    def on_logs_pane_filter_used(self, event: LogsPane.FilterUsed) -> None:
        """It can be recalled at the next start too; other workbenches add theirs meanwhile."""
        remembered = self.memory.load()
        self.memory.save(replace(remembered, log_filters=filters_with(event.text, remembered.log_filters)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What needs a function is dimmed without one; what has nothing to do is hidden."""
        function = self._list.selected if self.is_mounted else None
        if action == "bulk":
            return True if len(self._list.picks) or self._bulk else None
        if action == "concurrency":
            return self.services.target.kind is TargetKind.AWS
        if action == "insights":
            return True if function and self.services.target.aws else None
        if action in ("set", "configuration", "versions", "triggers", "detail"):
            return True if function else None
        if action == "undo":
            return self._undoing(self._panes).can_undo if self._panes else False
        return super().check_action(action, parameters)
