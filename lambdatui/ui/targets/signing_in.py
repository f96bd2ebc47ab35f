"""A screen on a target that asks who one is: the banner, the dialog for a code, and trying again."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from lambdatui.core.text import clean
from lambdatui.ui.arranged import ArrangedScreen
from lambdatui.ui.targets.banner import SignInBanner

if TYPE_CHECKING:
    from lambdatui.core.remembered import Memory
    from lambdatui.core.sign_in import CodeRequest, SignIn


class SigningInScreen(ArrangedScreen):
    """Owns the banner, and the codes that are asked for. A subclass says in `pick_up` what is to be tried again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+r",
            "sign_in",
            "Retry",
            id="session.retry",
            priority=True,
            tooltip="Try again what could not be had while nobody was signed in",
        ),
        Binding(
            "ctrl+g",
            "copy_sign_in",
            "Copy the command",
            id="session.copy",
            show=False,
            tooltip="Copy the command that signs in to the terminal's clipboard",
        ),
    ]

    @dataclass
    class CodeNeeded(Message):
        """A call waits in its thread for the code of an MFA device."""

        request: CodeRequest
        answer: Future[str | None] = field(default_factory=Future)

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory)
        # Held, not looked up: news may come while the screen is being taken down.
        self.banner = SignInBanner()
        self._sign_in: SignIn | None = None
        self._waiting_codes: set[Future[str | None]] = set()

    def pick_up(self) -> None:
        """Somebody is signed in again: try again what failed since."""
        raise NotImplementedError

    def follow_sign_in(self, sign_in: SignIn) -> None:
        """Ask for codes from now on, and show the banner while nobody is signed in."""
        self._sign_in = sign_in
        sign_in.ask_by(self._ask)
        self._watch_sign_in(sign_in)

    def give_up_codes(self) -> None:
        """Nobody answers any more: the calls that wait for a code end."""
        self._sign_in = None
        for answer in list(self._waiting_codes):
            if not answer.done():
                answer.set_result(None)

    @work(group="sign-in", exclusive=True)
    async def _watch_sign_in(self, sign_in: SignIn) -> None:
        async for error in sign_in.states():
            was_out, self.banner.error, self.banner.trying = self.banner.error is not None, error, False
            self.refresh_bindings()
            if error is not None and not was_out:
                self._await_renewal(sign_in)
            elif error is None:
                self.workers.cancel_group(self, "renewal")
                self.pick_up()

    @work(group="renewal", exclusive=True)
    async def _await_renewal(self, sign_in: SignIn) -> None:
        while True:
            await sign_in.renewed()
            self.action_sign_in()

    def action_sign_in(self) -> None:
        """Sign in anew, and go on where it stopped."""
        if self._sign_in is not None:
            self.banner.trying = True
            self._sign_in.again()
            self.pick_up()

    def action_copy_sign_in(self) -> None:
        """Copy the command."""
        if self.banner.error is not None:
            self.app.copy_to_clipboard(self.banner.error.command)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only while the banner shows; copying, where there is a command."""
        if action == "sign_in":
            return self.banner.error is not None
        if action == "copy_sign_in":
            return self.banner.error is not None and bool(self.banner.error.command)
        return super().check_action(action, parameters)

    def _ask(self, request: CodeRequest) -> str | None:
        # In the thread of the call.
        needed = self.CodeNeeded(request)
        self._waiting_codes.add(needed.answer)
        if self._sign_in is None or not self.post_message(needed):
            return None
        return needed.answer.result()

    @on(CodeNeeded)
    def _show_question(self, event: CodeNeeded) -> None:
        event.stop()
        self._ask_code(event)

    @work(group="code")
    async def _ask_code(self, event: CodeNeeded) -> None:
        from lambdatui.core.sign_in import code_problem  # noqa: PLC0415  # not needed for the first paint
        from lambdatui.ui.dialogs.prompt import Prompt  # noqa: PLC0415

        request = event.request
        lines = [("device  ", clean(request.device)), ("role    ", clean(request.role))]
        about = [Content.assemble((name, "$text-muted"), (value, "$foreground")) for name, value in lines if value]
        about += [Content.styled(clean(request.problem), "$error")] if request.problem else []
        asked = Prompt(
            f"MFA code for {clean(request.profile)}",
            problem=code_problem,
            keys="enter signs in · esc not now",
            about=Content("\n").join(about),
        )
        code: str | None = None
        try:
            code = await self.app.push_screen_wait(asked)
        finally:
            self._waiting_codes.discard(event.answer)
            if not event.answer.done():
                event.answer.set_result(code.strip() if code else None)
