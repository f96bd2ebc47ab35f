"""Switching the target while the workbench runs: another screen in the place of the old one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType

from lambdatui.blocking import call_blocking
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.target import Backend
from lambdatui.services import Services, Targets
from lambdatui.ui.workbench import Workbench

if TYPE_CHECKING:
    from lambdatui.core.targets import Address

QUIT_S = 0.35
"""Within the time that a person calls instant."""
_LEAVE_S = 5.0
"""Nobody waits for the target that was left: the new one is on the screen."""


class TargetSwitching(App[int]):
    """Owns the services and the workbench of the target at hand.

    The new target is open before the old one is left: what can't be opened leaves everything as it was.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "t",
            "switch_target",
            "Target",
            id="target.switch",
            tooltip="Open another profile, region or project instead; drafts and accepted events are kept",
        ),
    ]

    # A target is a mode of Textual's: its screens leave together, a dialog that was opened meanwhile too.
    DEFAULT_MODE = "target-0"

    services: Services
    workbench: Workbench | None = None
    _switching = False
    switched = 0
    """How often the target was switched: 0 while it is the one that the command line named."""

    def begin_with(self, services: Services) -> None:
        """The target to start with."""
        self.services = services
        self.add_mode(self.DEFAULT_MODE, self._first_screen)

    def _first_screen(self) -> Workbench:
        self.workbench = Workbench(self.services)
        return self.workbench

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dimmed where there is nothing to choose from."""
        if action == "switch_target":
            return True if self.services.targets is not None else None
        return super().check_action(action, parameters)

    # Not exclusive: a second `t` must not break off what the first one has begun.
    @work(group="target")
    async def action_switch_target(self) -> None:
        """Ask what to open, and go there; nothing opens over an open dialog."""
        if self._switching or len(self.screen_stack) > 1 or self.workbench is None or self.services.targets is None:
            return
        self._switching = True
        try:
            await self._ask_and_go(self.workbench, self.services.targets)
        except WorkbenchError as error:
            self.workbench.show_error(error)
        finally:
            self._switching = False

    async def _ask_and_go(self, workbench: Workbench, targets: Targets) -> None:
        from lambdatui.ui.targets.choose import choose_address  # noqa: PLC0415  # not needed for the first paint

        address = await choose_address(self, targets)
        if address is not None and await self._may_leave(workbench):
            await self._go_to(address, workbench, targets)

    async def _may_leave(self, workbench: Workbench) -> bool:
        running, told = sorted(workbench.running), []
        if running:
            ends = workbench.leaving_ends_it
            goes_on = "It is ended." if ends else "It goes on at AWS; its answer is not shown here."
            told.append(f"Waiting for {', '.join(running)}. {goes_on}")
        told += [f"Sent, and its end is not known yet: {change}" for change in workbench.unfinished]
        if not told:
            return True
        from lambdatui.ui.dialogs.confirm import Confirm  # noqa: PLC0415  # not needed for the first paint

        return await self.push_screen_wait(Confirm("Leave while it runs?", "\n".join(told)))

    async def _go_to(self, address: Address, old: Workbench, targets: Targets) -> None:
        services = await call_blocking(targets.open, address)
        if services.target.key == self.services.target.key:
            services.close()
            self.notify(services.target.label, title="Open already", markup=False)
            return
        try:
            backend = await services.open_backend()
        except WorkbenchError:
            services.close()
            raise
        await self._replace(old, services, backend)

    async def _replace(self, old: Workbench, services: Services, backend: Backend) -> None:
        left = self.services
        new = Workbench(services, backend)
        new.layout_choice = old.layout_choice
        self.services, self.workbench = services, new
        self.switched += 1
        mode = f"target-{self.switched}"
        self.add_mode(mode, lambda: new)
        before = self.current_mode
        await self.switch_mode(mode)
        await self.remove_mode(before)
        self._leave(old, left)

    @work(group="leave")
    async def _leave(self, old: Workbench, left: Services) -> None:
        kept = await self.close_workbench(old, _LEAVE_S)
        left.close()
        if kept:
            events = "1 async event is" if kept == 1 else f"{kept} async events are"
            self.notify(
                f"{events} kept there, and {'goes' if kept == 1 else 'go'} on when it is opened again.",
                title=left.target.label,
                markup=False,
            )

    async def close_workbench(self, workbench: Workbench, within_s: float = QUIT_S) -> int:
        """End the workbench's backend; the number of async events that are kept."""
        try:
            # Not wait_for: until Python 3.12 it loses a cancellation that comes with what it waits for.
            async with asyncio.timeout(within_s):
                return await workbench.close_backend()
        except TimeoutError:
            self.log("the target did not close in time; its guard ends what is left")
            return 0
