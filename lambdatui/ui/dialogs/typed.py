"""Asks for a name to be typed before what must not happen by habit."""

from __future__ import annotations

from textual.app import App

from lambdatui.ui.dialogs.prompt import Prompt


async def name_is_typed(app: App[object], word: str, title: str) -> bool:
    """Whether `word` was typed; to be awaited in a worker of the group "dialog" or of the change itself."""
    prompt = Prompt(
        title,
        problem=lambda text: "" if text.strip() == word else f"Type {word} to go on",
        keys=f"type {word}, then enter · esc changes nothing",
    )
    return await app.push_screen_wait(prompt) is not None
