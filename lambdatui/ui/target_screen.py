"""A screen on one target: its header, the backend that is opened behind it, and what the backend tells of itself."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.target import Backend
from lambdatui.services import Services
from lambdatui.ui.header import HeaderBar
from lambdatui.ui.targets.signing_in import SigningInScreen

if TYPE_CHECKING:
    from lambdatui.core.actions import ActionLog
    from lambdatui.core.invocation import Invoker

_TICK_S = 20.0


class TargetScreen(SigningInScreen):
    """Owns the header and the backend of one target for as long as the screen stands. Knows no pane.

    Another target is another screen. `begin` opens the target, unless it was given open; a subclass does in
    `target_opened` what can be done from then on.
    """

    # Every frame says it: red is for failure and production.
    DEFAULT_CSS = """
    TargetScreen.-production Pane { border: round $error 55%; }
    TargetScreen.-production Pane:focus-within { border: heavy $error; border-title-color: $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "exclamation_mark",
            "actions",
            "Action log",
            id="actions.show",
            show=False,
            tooltip="Every call that was made to AWS, and the aws command that does the same",
        ),
    ]

    def __init__(self, services: Services, opened: Backend | None = None) -> None:
        super().__init__(services.memory)
        self.set_class(services.target.production, "-production")
        self.services = services
        # Held, not looked up: news may come while the screen is being taken down.
        self.header = HeaderBar(services.target)
        self._given = opened
        self._backend: asyncio.Future[Backend] | None = None

    def target_opened(self, backend: Backend) -> None:
        """The backend is there, once."""
        raise NotImplementedError

    async def backend(self) -> Backend:
        """The open backend, as soon as there is one."""
        return await asyncio.shield(self._coming())

    async def invoker(self) -> Invoker:
        """See `backend`."""
        return (await self.backend()).invoker

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The log of actions is dimmed where nothing is sent anywhere."""
        if action == "actions":
            return True if self._log is not None else None
        return super().check_action(action, parameters)

    def action_actions(self) -> None:
        """Show what was sent."""
        from lambdatui.ui.actions.dialog import ActionsDialog  # noqa: PLC0415  # not needed for the first paint

        if self._log is not None:
            self.app.push_screen(ActionsDialog(self._log, utc=self.services.settings.time_display == "utc"))

    def begin(self) -> None:
        """Open the target."""
        self._open()

    @property
    def leaving_ends_it(self) -> bool:
        """Whether an invocation that is awaited ends with the backend."""
        opened = self._backend is not None and self._backend.done()
        return opened and self._coming().result().invoker.cancelling_ends_it

    async def close_backend(self) -> int:
        """End the target's backend; the number of accepted async events that are kept for the next start."""
        if self._backend is None or not self._backend.done():
            return 0
        backend = self._backend.result()
        self.give_up_codes()
        kept = len(await backend.invoker.in_flight())
        await backend.close()
        return kept

    def tell_time(self) -> None:
        """Start the header's clock."""
        self._tick()
        self.set_interval(_TICK_S, self._tick)

    def pick_up(self) -> None:
        """Whose functions these are may be asked again; a subclass adds its own."""
        if self.header.identity is None and self._backend is not None and self._backend.done():
            self._tell_label(self._backend.result())

    def show_error(self, error: WorkbenchError) -> None:
        """Tell of a failure in passing."""
        self.notify(error.more or error.title, title=error.title, severity="error", timeout=8, markup=False)

    @property
    def _log(self) -> ActionLog | None:
        opened = self._backend is not None and self._backend.done()
        return self._coming().result().actions if opened else None

    def _coming(self) -> asyncio.Future[Backend]:
        if self._backend is None:
            self._backend = asyncio.get_running_loop().create_future()
        return self._backend

    @work(group="backend", exclusive=True)
    async def _open(self) -> None:
        try:
            backend = self._given or await self.services.open_backend()
        except WorkbenchError as error:
            self.show_error(error)
            return
        self._coming().set_result(backend)
        if backend.sign_in is not None:
            self.follow_sign_in(backend.sign_in)
        self._remember()
        self.target_opened(backend)
        self._resume(backend)
        self._tell_label(backend)
        if self.services.target.note:
            self.notify(self.services.target.note, markup=False)

    def _remember(self) -> None:
        if self.services.targets is not None:
            with suppress(WorkbenchError):  # AWS's own settings: whatever is asked next tells of them
                self.services.targets.remember()

    @work(group="name", exclusive=True)
    async def _tell_label(self, backend: Backend) -> None:
        if backend.identity is None:
            return
        try:
            async for identity in backend.identity():
                self.header.identity = identity
        except WorkbenchError:
            # The list meets the same trouble, and tells it: the header keeps what is known.
            return

    @work(group="resume", exclusive=True)
    async def _resume(self, backend: Backend) -> None:
        states = await backend.invoker.in_flight()
        if states:
            events = "1 async event" if len(states) == 1 else f"{len(states)} async events"
            self.notify(f"{events} accepted earlier: resumed", markup=False)

    def _tick(self) -> None:
        now = self.services.clock()
        if self.services.settings.time_display == "utc":
            self.header.clock = now.strftime("%H:%M UTC")
        else:
            self.header.clock = now.astimezone().strftime("%H:%M")
