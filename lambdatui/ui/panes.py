"""The panes beside the list, made and mounted together once the first screen stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual.screen import Screen

from lambdatui.core.functions import FunctionSummary
from lambdatui.core.target import Backend, TargetKind
from lambdatui.services import Services
from lambdatui.ui.coming import ComingPane
from lambdatui.ui.configuration.view import ConfigurationView
from lambdatui.ui.edit_pane import EditPane
from lambdatui.ui.events.pane import EventView
from lambdatui.ui.footer import FooterBar
from lambdatui.ui.invoke.pane import ResultPane
from lambdatui.ui.logs.followed import FollowedLog
from lambdatui.ui.logs.pane import LogsPane
from lambdatui.ui.logs.state import Broken
from lambdatui.ui.logs.times import times_of
from lambdatui.ui.part_views import PartViews


@dataclass(frozen=True, slots=True)
class Panes:
    """The mounted panes."""

    event: EventView
    configuration: ConfigurationView
    result: ResultPane
    logs: LogsPane
    parts: PartViews

    def look_at(self, function: FunctionSummary | None) -> None:
        """Every pane looks at the same function."""
        self.event.function = function
        self.result.function = function
        self.logs.function = function
        self.configuration.function = function
        self.parts.look_at(function)

    def look_at_picked(self, functions: tuple[FunctionSummary, ...]) -> None:
        """What several functions can be looked at for together: their logs."""
        self.logs.picked = functions if len(functions) > 1 else ()

    def try_again(self) -> None:
        """Read what could not be read; what stands on the screen stays, and so does what is typed."""
        if isinstance(self.logs.state, Broken):
            self.logs.action_retry()
        if self.configuration.configuration is None:
            self.configuration.reload()
        self.parts.try_again()
        self.result.try_again()


async def mount_panes(
    screen: Screen[None],
    services: Services,
    backend: Callable[[], Awaitable[Backend]],
) -> Panes:
    """Put the panes where `ComingPane`s stand, and the views into the edit pane."""
    settings, target = services.settings, services.target
    edit = screen.query_one(EditPane)
    panes = Panes(
        EventView(services.events, services.drafts, settings.editor),
        ConfigurationView(backend, target, services.clock),
        ResultPane(backend, services.clock, target, settings.prices),
        LogsPane(
            settings.log_buffer_lines,
            prices=settings.prices,
            now=services.clock,
            new_file=services.new_file,
            new_log=lambda names, lines: FollowedLog(
                names, lines, services.log_texts() if services.log_texts else None
            ),
        ),
        PartViews(edit, backend, target, services.clock),
    )
    named = "time_display" in settings.origins
    remembered = services.memory.load()
    panes.logs.times = times_of((not named and remembered.log_times) or settings.time_display)
    panes.logs.recall_filters(remembered.log_filters)
    panes.logs.masked = settings.logs.mask_secrets
    panes.logs.fields = settings.logs.fields
    with screen.app.batch_update():
        for coming in screen.query(ComingPane):
            await coming.remove()
        await screen.query_one("#right").mount(panes.result)
        await screen.mount(panes.logs, before=screen.query_one(FooterBar))
        await edit.add("Event", panes.event)
        await edit.add("Configuration", panes.configuration)
        panes.parts.offer()
        if target.kind is not TargetKind.AWS:
            edit.lack("Versions", "Triggers")
    return panes
