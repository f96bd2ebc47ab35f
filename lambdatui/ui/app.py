"""The Textual app: themes, keymap, clipboard."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from textual import on, work
from textual.binding import Binding
from textual.driver import Driver

from lambdatui.services import Services
from lambdatui.ui.clipboard import LIMIT_BYTES, osc52
from lambdatui.ui.crash import QuietCrash
from lambdatui.ui.keys_in_turn import KeysInTurn
from lambdatui.ui.output.hooks import LightOutput
from lambdatui.ui.targets.switching import TargetSwitching
from lambdatui.ui.themes import THEMES
from lambdatui.ui.workbench import Workbench


class LambdatuiApp(KeysInTurn, TargetSwitching, QuietCrash, LightOutput):
    """Runs the workbench; its return value is the process's exit code.

    `on_listed` is called with the app once the true list stands on the screen.
    """

    SHORTCUT_SCOPE = "Everywhere"
    TITLE = "lambdatui"
    CSS_PATH = "workbench.tcss"
    # What is told in passing must not hide what was asked for: one or two lines, above the footer.
    CSS = """
    Toast { width: auto; max-width: 64; padding: 0 1; margin-top: 0; }
    ToastRack { margin-bottom: 1; }
    """
    NOTIFICATION_TIMEOUT = 4
    ENABLE_COMMAND_PALETTE = False  # ours looks like our other dialogs
    BINDINGS = [
        Binding("question_mark,f1", "help", "Help", id="app.help", tooltip="Every key that works here"),
        Binding("ctrl+p", "palette", "Palette", id="app.palette", priority=True, tooltip="Find any action by name"),
        Binding("q", "quit", "Quit", id="app.quit", show=False, tooltip="Leave; nothing is lost"),
        Binding(
            "ctrl+q",
            "quit",
            "Quit from anywhere",
            id="app.quit_anywhere",
            show=False,
            priority=True,
            tooltip="Leave, also from a dialog and from the editor; nothing is lost",
        ),
    ]

    def __init__(
        self,
        services: Services,
        on_listed: Callable[[LambdatuiApp], None] | None = None,
        driver_class: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class=driver_class)
        self.begin_with(services)
        self.kept_events = 0
        self.unfinished: tuple[str, ...] = ()
        """Changes whose end was not known when the app was left."""
        self._on_listed = on_listed
        self.animation_level = "full" if services.settings.animations else "none"
        for known in list(self.available_themes):
            self.unregister_theme(known)
        for own in THEMES:
            self.register_theme(own)
        self.theme = services.theme
        output = services.settings.output
        self.write_lightly(os.environ, delta=output.delta, frame_ack=output.frame_ack)
        self.set_keymap(dict(services.settings.keymap))

    def on_mount(self) -> None:
        """A polite end is a quit: state is kept, children are gone."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.exit, 128 + number)

    def exit(self, *args: Any, **named: Any) -> None:
        """Leave, by whatever way; what is on its way then is told on the normal screen."""
        self.unfinished = self.workbench.unfinished if self.workbench is not None else ()
        super().exit(*args, **named)

    @on(Workbench.Listed)
    def _listed(self) -> None:
        # What is kept for the next start is the picture of what this command line opens.
        if self._on_listed and not self.switched:
            self.call_after_refresh(self._on_listed, self)

    async def on_unmount(self) -> None:
        """Close the target, within the time that a person calls instant."""
        # No screen is left on the stack by now.
        if self.workbench is not None:
            self.kept_events = await self.close_workbench(self.workbench)

    def remember_theme(self, name: str) -> None:
        """Switch to a theme, now and at the next start."""
        self.theme = name
        memory = self.services.memory
        memory.save(replace(memory.load(), theme=name))

    def copy_to_clipboard(self, text: str) -> None:
        """Send `text` to the terminal's clipboard, through tmux and screen too, and say so."""
        size = len(text.encode("utf-8", "replace"))
        if size * 4 // 3 > LIMIT_BYTES:
            self.notify(
                f"{size:,} bytes are more than terminals take. s saves it to a file.",
                title="Not copied",
                severity="warning",
                markup=False,
            )
            return
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(osc52(text, os.environ))
        self.notify(f"Sent to the terminal's clipboard: {size:,} bytes", markup=False)

    @work(group="dialog", exclusive=True)
    async def action_palette(self) -> None:
        """Offer every action by its name; nothing opens over an open dialog."""
        if len(self.screen_stack) > 1:
            return
        from lambdatui.ui.commands import commands  # noqa: PLC0415  # not needed for the first paint
        from lambdatui.ui.dialogs.choose import Choice, Choose  # noqa: PLC0415

        offered = commands(self.screen, self.remember_theme)
        choices = [Choice(command.title, command.explanation, command.key) for command in offered]
        chosen = await self.push_screen_wait(
            Choose("Palette", choices, keys="enter runs · esc closes", empty="There is nothing to do here.")
        )
        if chosen is not None:
            await offered[chosen].run()

    def action_help(self) -> None:
        """Show every key that works here; nothing opens over an open dialog."""
        if len(self.screen_stack) > 1:
            return
        from lambdatui.ui.dialogs.reader import Reader  # noqa: PLC0415  # not needed for the first paint
        from lambdatui.ui.help import help_text  # noqa: PLC0415

        self.push_screen(Reader("Keys", help_text(self.screen, Reader.columns(self.size.width))))
