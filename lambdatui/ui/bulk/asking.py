"""Asks what is to be changed in several functions."""

from __future__ import annotations

from textual.app import App
from textual.content import Content

from lambdatui.core.bulk import parse_wanted
from lambdatui.core.configuration import ConfigurationStore, definition_of
from lambdatui.core.errors import InvalidInput
from lambdatui.core.functions import FunctionSummary
from lambdatui.ui.bulk.run import BulkRun
from lambdatui.ui.dialogs.prompt import Prompt

_EXAMPLES = "memory=512   retention=14   tag.team=shop   env.STAGE=test   unset env.DEBUG"


async def ask_for_run(
    app: App[object], store: ConfigurationStore, functions: tuple[FunctionSummary, ...]
) -> BulkRun | None:
    """The change that is typed, for these functions; None when it was given up. Nothing is read or changed yet."""
    count = f"{len(functions):,} functions" if len(functions) > 1 else functions[0].name
    about = Content.styled(f"A setting and its value, such as\n{_EXAMPLES}", "$text-muted")
    keys = "enter shows what would change · esc cancel"
    typed = await app.push_screen_wait(Prompt(f"Change {count}", problem=_problem, keys=keys, about=about))
    if typed is None:
        return None
    return BulkRun(store, sorted(function.name for function in functions), parse_wanted(typed))


def _problem(text: str) -> str:
    try:
        parse_wanted(text)
    except InvalidInput as error:
        key = text.partition("=")[0].strip()
        if "=" in text and text.endswith("="):
            return _hint(key) or error.title
        return error.title
    return ""


def _hint(key: str) -> str:
    try:
        return definition_of(key).hint
    except InvalidInput:
        return ""
