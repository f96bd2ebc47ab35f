"""The app's output: Textual's private parts that it leans on are named here and in `updates`, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import cast

from rich.color import ColorSystem
from rich.console import RenderableType
from textual import events, messages
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.message import Message
from textual.screen import Screen

from lambdatui.ui.output.line import Line
from lambdatui.ui.output.painter import Painter
from lambdatui.ui.output.updates import LightUpdate

_ASK_MODE = "\x1b[?2026$p"
"""Answered by a terminal that has synchronised output, and read by Textual as just that."""
_ASK_POSITION = "\x1b[6n"
"""Answered by nearly all others."""
_QUIET_S = 1.0


class LightOutput(App[int]):
    """Writes only what changes on the screen, and keeps one frame of log traffic under way.

    Both are off until `write_lightly`. Owns the model of the screen and the line to the terminal; decides nothing
    about what is on the screen.
    """

    _painter: Painter | None = None
    _line: Line | None = None
    _writer: object = None

    def write_lightly(self, environment: Mapping[str, str], *, delta: bool, frame_ack: bool) -> None:
        """Choose how the terminal is written to: only differences, and log traffic a frame at a time."""
        if delta:
            # GNU screen erases with the terminal's own background; tmux, which may call itself the same, does not.
            is_screen = environment.get("TERM", "").startswith("screen") and "TMUX" not in environment
            colours = self.console._color_system or ColorSystem.TRUECOLOR
            self._painter = Painter(colours, erases_with_background=not is_screen)
        if frame_ack:
            self._line = Line(lambda seconds, call: asyncio.get_running_loop().call_later(seconds, call), monotonic)

    @property
    def holds_back(self) -> bool:
        """Whether pictures wait for the end of a batch of changes, as a screen's first one while it is switched to."""
        return self._batch_count > 0

    def paint_traffic(self, paint: Callable[[], None]) -> None:
        """Call `paint`, which draws what only log lines changed, when the line to the terminal is free."""
        if self._line is None:
            paint()
        else:
            self._line.paint(paint)

    async def quiet(self) -> None:
        """Wait until the terminal owes no answer: what reads from it next would take it for keys."""
        line = self._line
        end = monotonic() + _QUIET_S
        while line is not None and not line.free and monotonic() < end:
            answered = asyncio.Event()
            line.when_free(answered.set)
            # Not wait_for: until Python 3.12 it loses a cancellation that comes with what it waits for.
            with suppress(TimeoutError):
                async with asyncio.timeout(end - monotonic()):
                    await answered.wait()

    # -- Textual's hooks

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        driver = self._driver
        written = (
            renderable is not None
            and not self._batch_count
            and self._running
            and not self._closed
            and not self.is_headless
            and driver is not None
        )
        if written and self._painter is not None and driver is not None:
            # The driver makes a new writer each time it enters the alternate screen, which is empty then.
            writer = getattr(driver, "_writer_thread", None)
            if writer is not self._writer:
                self._writer = writer
                self._painter.forget()
            if not driver.is_inline and isinstance(renderable, LayoutUpdate | ChopsUpdate):
                light = LightUpdate(renderable, self._painter, *self.size, self.console)
                cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
                if light.empty and cursor == self._previous_cursor_position:
                    self.post_display_hook()
                    return
                renderable = cast("RenderableType", light)
            else:
                self._painter.forget()
        super()._display(screen, renderable)
        if written and self._line is not None and self._line.due and driver is not None:
            self._line.due = False
            if not self._line.deaf and not driver.is_inline:
                driver.write(_ASK_MODE if self._sync_available else _ASK_POSITION)
                driver.flush()
                self._line.asked()

    def post_message(self, message: Message) -> bool:
        """See Textual: also seen while the app is closing, when nothing is dispatched any more."""
        if self._line is not None and isinstance(
            message, messages.TerminalSupportsSynchronizedOutput | events.CursorPosition
        ):
            self._line.answered()
        return super().post_message(message)

    async def _on_resize(self, event: events.Resize) -> None:
        # The terminal has cut or filled what it shows; Textual's own handler comes after this one. There and back
        # again within one event is no new size for Textual, and yet not what was shown.
        if self._painter is not None:
            self._painter.forget()
            if event.size == self._size:
                self.refresh()

    async def _on_exit_app(self) -> None:
        await self.quiet()
        self._line = None


class HeldScreen(Screen[None]):
    """Paints nothing while pictures are held back, and then all of it: Textual would paint, and drop, each of them.

    What it dropped it took for shown: the first it showed was a part of the next, on an empty screen.
    """

    def _compositor_refresh(self) -> None:
        if self.app._batch_count:
            self._repaint_required = True
        else:
            super()._compositor_refresh()
