"""Promises of the functions pane, kept by pressing its keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from lambdatui.core.errors import InvalidInput
from lambdatui.core.functions import FunctionSummary
from lambdatui.ui.dialogs.reader import Reader
from lambdatui.ui.functions.columns import Mark
from lambdatui.ui.functions.pane import FunctionsPane
from lambdatui.ui.functions.table import FunctionTable

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
FUNCTIONS = (
    FunctionSummary("resize-image", "python3.13", memory_mb=512, timeout_s=30),
    FunctionSummary("order-created", "python3.13", memory_mb=256),
    FunctionSummary("slow-report", "python3.11", memory_mb=1024, timeout_s=900),
    FunctionSummary("always-fails", "nodejs16.x", memory_mb=128),
)


class Bench(App[None]):
    """Only the pane, and what it told."""

    def __init__(self) -> None:
        super().__init__()
        self.pane = FunctionsPane(lambda: NOW)
        self.highlighted: list[str | None] = []
        self.chosen: list[str] = []
        self.picked: list[tuple[str, ...]] = []

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.functions = FUNCTIONS
        self.pane.focus_list()

    def on_functions_pane_highlighted(self, event: FunctionsPane.Highlighted) -> None:
        self.highlighted.append(event.function.name if event.function else None)

    def on_functions_pane_picked(self, event: FunctionsPane.Picked) -> None:
        self.picked.append(tuple(function.name for function in event.functions))

    def on_functions_pane_chosen(self, event: FunctionsPane.Chosen) -> None:
        self.chosen.append(event.function.name)


def rows(app: Bench) -> list[str]:
    """The table as a person sees it, header first."""
    table = app.query_one(FunctionTable)
    return [table.render_line(y).text.rstrip() for y in range(table.size.height)]


def names(app: Bench) -> list[str]:
    return [row[1:].split()[0] for row in rows(app)[1:] if row.strip()]


def under_cursor(app: Bench) -> str:
    return next(row for row in rows(app) if row.startswith("▌"))[1:].split()[0]


async def eventually(pilot: Pilot[None], promise: Callable[[], bool]) -> None:
    """Wait until `promise` holds; five seconds at most."""
    deadline = asyncio.get_running_loop().time() + 5
    while not promise():
        assert asyncio.get_running_loop().time() < deadline, "it never held"
        await pilot.pause(0.02)


async def test_the_filter_narrows_as_one_types_and_enter_keeps_it() -> None:
    """ "/" filters with each letter, the best match under the cursor; Enter goes to the list, the filter stays."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("slash", "o", "r")
        assert names(app) == ["order-created", "slow-report"]
        assert app.pane.border_subtitle == "2/4"
        assert under_cursor(app) == "order-created"
        await pilot.press("enter", "j")
        assert app.query_one(FunctionTable).has_focus
        assert under_cursor(app) == "slow-report"
        assert names(app) == ["order-created", "slow-report"]


async def test_escape_shows_every_function_again_and_the_cursor_stays() -> None:
    """Esc clears the filter; the function that was found is still the one under the cursor."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("slash", *"slow", "escape")
        assert len(names(app)) == len(FUNCTIONS)
        assert under_cursor(app) == "slow-report"
        assert app.query_one(FunctionTable).has_focus


async def test_keys_typed_ahead_of_the_filter_reach_it() -> None:
    """Letters that arrive in one packet with "/" (a slow line) are filtered by, not taken as keys of the list."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        for key, letter in (("slash", "/"), ("s", "s"), ("l", "l"), ("o", "o")):
            app.post_message(events.Key(key, letter))
        await eventually(pilot, lambda: names(app) == ["slow-report"])


async def test_the_cursor_stays_on_its_function_when_the_list_is_read_again() -> None:
    """A refresh, a sort and a filter keep the cursor on the same function by name."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("G")
        assert under_cursor(app) == "slow-report"
        app.pane.functions = (FunctionSummary("aaa-new"), *FUNCTIONS)
        await pilot.pause()
        assert under_cursor(app) == "slow-report"
        await pilot.press("s", "S")
        assert under_cursor(app) == "slow-report"


async def test_the_sort_key_goes_through_the_columns_and_shift_turns_it_round() -> None:
    """`s` sorts by the next column, its heading carries the arrow; `S` reverses."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        assert names(app) == ["always-fails", "order-created", "resize-image", "slow-report"]
        await pilot.press("s", "s")
        assert names(app) == ["always-fails", "order-created", "resize-image", "slow-report"]
        assert "▲Memory" in rows(app)[0]
        await pilot.press("S")
        assert names(app) == ["slow-report", "resize-image", "order-created", "always-fails"]
        assert "▼Memory" in rows(app)[0]


async def test_a_click_on_a_heading_sorts_and_a_click_on_a_row_moves_the_cursor() -> None:
    """The mouse works where a person would try it: headings, rows, a double click to choose."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        column = rows(app)[0].index("Timeout")
        await pilot.click(FunctionTable, offset=(column + 2, 0))
        assert names(app)[-1] == "slow-report"
        await pilot.click(FunctionTable, offset=(4, 4))
        assert under_cursor(app) == "slow-report"
        await pilot.double_click(FunctionTable, offset=(4, 4))
        assert app.chosen == ["slow-report"]


async def test_resting_on_a_function_is_told_once() -> None:
    """The function on which the cursor comes to rest is told, once, and not again when nothing changed."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        await eventually(pilot, lambda: app.highlighted[-1:] == ["always-fails"])
        await pilot.press("j", "j", "j", "k")
        await eventually(pilot, lambda: app.highlighted[-1] == "resize-image")
        told = list(app.highlighted)
        app.pane.functions = tuple(FUNCTIONS)
        await pilot.press("k", "j")
        await pilot.pause(0.2)
        assert [name for name in app.highlighted[len(told) :] if name == "resize-image"] in ([], ["resize-image"])
        assert app.highlighted[-1] == "resize-image"


async def test_names_are_never_markup_and_never_escape_sequences() -> None:
    """A name such as "[/foo]" or one with a control sequence is shown as plain text."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.functions = (FunctionSummary("[/foo]"), FunctionSummary("a\x1b]52;c;eA==\x07b"))
        await pilot.pause()
        assert names(app) == ["[/foo]", "ab"]


async def test_marks_and_last_use_are_shown_beside_the_name() -> None:
    """Each row says how the last invocation ended and how long ago it was."""
    app = Bench()
    async with app.run_test(size=(70, 12)) as pilot:
        app.pane.marks = {"always-fails": Mark.FAILED, "slow-report": Mark.RUNNING}
        app.pane.last_used = {"always-fails": NOW - timedelta(minutes=2)}
        await pilot.pause()
        table = dict(zip(names(app), rows(app)[1:], strict=False))
        assert table["always-fails"].endswith("2m ✗")
        assert table["slow-report"].endswith("◐")


async def test_a_function_that_cannot_run_says_why_under_the_cursor() -> None:
    """A problem function carries a warning, and its reason stands below the list while the cursor is on it."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.functions = (*FUNCTIONS, FunctionSummary("aaa", problem="no file src/app.py"))
        await pilot.press("g")
        reason = app.query_one("#functions-reason")
        assert reason.display
        assert "no file src/app.py" in str(reason.render())
        await pilot.press("j")
        await eventually(pilot, lambda: not reason.display)


async def test_what_could_not_be_read_is_a_row_that_opens_its_text() -> None:
    """A broken template stands after the last function; Enter opens its whole text, Esc comes back."""
    app = Bench()
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.problems = (InvalidInput("template.yaml:14: not YAML", "Timeout: : 3", "Mend line 14"),)
        await pilot.press("G", "enter")
        assert [type(screen) for screen in app.screen_stack][1:] == [Reader]
        texts = " ".join(str(widget.render()) for widget in app.screen.query("Static"))
        assert "Timeout: : 3" in texts
        assert "Mend line 14" in texts
        await pilot.press("escape")
        assert len(app.screen_stack) == 1
        assert app.chosen == []


async def test_every_empty_list_says_what_to_do() -> None:
    """No functions, none yet and none that match are three different pictures."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("slash", *"zzz")
        assert "No function matches." in "\n".join(rows(app))
        await pilot.press("escape")
        app.pane.functions = ()
        app.pane.advice = "Add a handler."
        await pilot.pause()
        assert "No functions here." in "\n".join(rows(app))
        assert "Add a handler." in "\n".join(rows(app))
        app.pane.listing = True
        await pilot.pause()
        assert "Looking for functions…" in "\n".join(rows(app))


async def test_a_row_is_as_wide_as_the_list_also_below_the_last_one() -> None:
    """A list that just grew is painted once from where it stood: no row spills over the border beside it."""
    app = Bench()
    async with app.run_test(size=(60, 6)) as pilot:
        await pilot.press("G")
        table = app.query_one(FunctionTable)
        assert table.has_scrollbar()
        for y in range(table.size.height + 5):
            assert Strip(list(table.render_line(y))).cell_length == table.size.width


async def test_ten_thousand_functions_scroll_by_wheel_page_and_key() -> None:
    """Only the visible rows are painted; the last is one key away and the scrollbar shows where one is."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.functions = tuple(FunctionSummary(f"f-{number:05}") for number in range(10_000))
        await pilot.press("G")
        assert names(app)[-1] == "f-09999"
        assert rows(app)[-1].endswith("▐")
        await pilot.press("g", "pagedown")
        assert under_cursor(app) == "f-00008"
        table = app.query_one(FunctionTable)
        await pilot._post_mouse_events([events.MouseScrollDown], table)
        assert names(app)[0] == "f-00003"


async def test_selecting_a_function_clears_a_filter_that_hides_it() -> None:
    """`select` finds any function of the list, filtered out or not, and says when there is none."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("slash", *"slow")
        assert app.pane.select("resize-image")
        await pilot.pause()
        assert under_cursor(app) == "resize-image"
        assert not app.pane.select("nobody")


async def test_space_picks_and_goes_on_and_escape_picks_none() -> None:
    """Picked rows carry a mark of their own, the title counts them, and each change is told once, in list order."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        app.pane.marks = {"order-created": Mark.FAILED}
        await pilot.press("j", "space", "k", "k", "space")
        table = dict(zip(names(app), rows(app)[1:], strict=False))
        assert [name for name, row in table.items() if row.startswith("◆")] == ["always-fails", "order-created"]
        assert table["order-created"].endswith("✗")
        assert "2 picked" in str(app.pane.border_title)
        assert app.picked == [("order-created",), ("order-created", "always-fails")]
        await pilot.press("escape")
        assert app.picked[-1] == ()
        assert "◆" not in "".join(rows(app))


async def test_picks_outlive_filter_sort_and_refresh() -> None:
    """Ctrl+A picks what the filter shows; esc clears the filter first; only what is gone from the list is dropped."""
    app = Bench()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("slash", *"or", "enter", "ctrl+a", "escape", "s", "S")
        assert app.picked == [("order-created", "slow-report")]
        await pilot.press("slash", *"order", "enter", "ctrl+a", "escape")
        assert app.picked[-1] == ("slow-report",)
        app.pane.listing = True
        app.pane.functions = FUNCTIONS[:1]
        await pilot.pause()
        app.pane.functions = FUNCTIONS
        app.pane.listing = False
        await pilot.pause()
        assert app.picked[-1] == ("slow-report",)
        app.pane.functions = FUNCTIONS[:1]
        await pilot.pause()
        assert len(app.pane.picks) == 0
        await pilot.press("ctrl+a", "ctrl+a")
        assert app.picked[-2:] == [("resize-image",), ()]


async def test_columns_are_hidden_and_shown_by_a_dialog() -> None:
    """`w` lists the columns; Enter hides or shows one and asks on, esc is enough. The arrangement can be kept."""
    app = Bench()
    async with app.run_test(size=(70, 24)) as pilot:
        assert "Memory" in rows(app)[0]
        await pilot.press("w", *"memory", "enter")
        await eventually(pilot, lambda: "Memory" not in rows(app)[0] and len(app.screen_stack) == 2)
        await pilot.press("escape", "s", "S")
        await eventually(pilot, lambda: len(app.screen_stack) == 1)
        assert app.pane.arrangement == ("Runtime", True, ("Memory",))
        app.pane.restore("Timeout", ("Runtime", "Gone"), descending=True)
        await pilot.pause()
        assert "▼Timeout" in rows(app)[0]
        assert "Runtime" not in rows(app)[0]
        assert "Memory" in rows(app)[0]
