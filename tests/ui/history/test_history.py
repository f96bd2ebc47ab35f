"""The history of a function: what was sent from here, and the same event again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lambdatui.core.history import HistoryRow
from lambdatui.core.invocation import InvocationType
from lambdatui.ui.events.pane import EventView
from lambdatui.ui.history.dialog import choice_of
from tests.ui.conftest import OpenWorkbench

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_a_row_tells_outcome_event_duration_and_age() -> None:
    """In the words of the headline; the payload's beginning besides."""
    row = HistoryRow(
        NOW - timedelta(minutes=3), "f", InvocationType.EVENT, "id", "s3/put", b'{"a": 1}', "accepted", b"", None, 12.34
    )
    choice = choice_of(row, NOW)
    assert (choice.text, choice.note, choice.mark) == ("async accepted · s3/put", '{"a": 1}', "●")
    assert choice.side.split() == ["12.3", "ms", "3m"]


async def test_a_past_event_is_edited_again(open_workbench: OpenWorkbench) -> None:
    """`h` lists the newest first and narrows as one types; Enter puts the event into the editor, undo takes it back."""
    async with open_workbench() as desk:
        await desk.press("h")
        await desk.sees("History of greet", "was not invoked from here yet")
        await desk.press("escape")
        view = desk.app.screen.query_one(EventView)
        for name in ("Ada", "Grace"):
            view.begin_with(f'{{"name": "{name}"}}')
            await desk.press("escape", "i")
            await desk.sees(f'"greeting": "{name}"', where="#result")
        await desk.press("h")
        await desk.sees("History of greet", "Grace", "Ada")
        assert desk.text.index("Grace") < desk.text.index("Ada")
        await desk.press("down", "enter")
        await desk.sees('{"name": "Ada"}', "new event", where="#edit")
        await desk.press("ctrl+z")
        await desk.sees('{"name": "Grace"}', where="#edit")
