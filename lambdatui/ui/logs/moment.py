"""A moment as a person types it, to go there in a log."""

from __future__ import annotations

from datetime import datetime

from textual.app import App

from lambdatui.core.errors import InvalidInput
from lambdatui.core.moments import moment_ms
from lambdatui.ui.dialogs.prompt import Prompt


async def ask_moment(app: App[object], now: datetime, *, utc: bool) -> int | None:
    """Ask for a moment; None when the reader changed their mind."""

    def problem(text: str) -> str:
        try:
            moment_ms(text, now, utc=utc)
        except InvalidInput as error:
            return f"Not a time. {error.hint}"
        return ""

    keys = "14:02   2026-11-23 14:02   1h30m ago · enter goes · esc cancel"
    typed = await app.push_screen_wait(Prompt("Go to a time", "", problem, keys))
    return moment_ms(typed, now, utc=utc) if typed is not None else None
