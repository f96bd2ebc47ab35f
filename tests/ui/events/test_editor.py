"""Promises of the JSON editor, kept by pressing its keys."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import TextArea

from lambdatui.core.events import JsonProblem
from lambdatui.ui.events.document import JsonDocument
from lambdatui.ui.events.editor import JsonEditor

pytestmark = pytest.mark.usefixtures("quick_pilot")

SAMPLE = """{
  "Records": [
    { "name": "漢字", "size": 12,	"ok": true },
    { "key": "uploads/é.jpg" }
  ],
	"tab": [1, 2, [3]],

  "long": "%s"
}
""" % ("x" * 90)


class Side(App[None]):
    """One text area, stock or ours."""

    CSS = "TextArea, TextArea:focus { border: none; padding: 0; scrollbar-size: 1 1; }"

    def __init__(self, area: TextArea) -> None:
        super().__init__()
        self.area = area

    def compose(self) -> ComposeResult:
        yield self.area

    def on_mount(self) -> None:
        self.area.focus()


def stock(text: str) -> TextArea:
    area = TextArea(text, soft_wrap=False, show_line_numbers=True, tab_behavior="indent")
    area.indent_width = 2
    return area


def ours(text: str, *, assist: bool = False) -> JsonEditor:
    editor = JsonEditor(assist=assist)
    editor.load_text(text)
    return editor


KEYS = (
    *'ab1{}[]":, é漢',
    *("enter", "backspace", "delete", "tab"),
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
    *("ctrl+left", "ctrl+right", "shift+left", "shift+right", "shift+up", "shift+down", "shift+home", "shift+end"),
    *("ctrl+w", "ctrl+u", "ctrl+k", "ctrl+shift+k", "ctrl+z", "ctrl+z", "ctrl+y", "f7"),
)
PASTES = ("x", '{\n  "a": 1\n}', "漢\t漢", "\n\n", "tail\n")


@pytest.mark.parametrize("seed", range(3))
async def test_every_key_does_what_it_does_in_the_stock_text_area(seed: int) -> None:
    """After any keys and pastes, text, cursor and selection equal those of Textual's own TextArea."""
    draw = random.Random(seed)  # noqa: S311
    steps = [draw.choice(PASTES) if draw.random() < 0.06 else draw.choice(KEYS) for _ in range(120)]
    ends = []
    for area in (stock(SAMPLE), ours(SAMPLE)):
        states = []
        async with Side(area).run_test(size=(50, 12)) as pilot:
            # Batches of undo are cut by time too: the same clock for both.
            area.history._get_time = lambda: 0.0  # type: ignore[method-assign]
            for step in steps:
                if step in PASTES:
                    pilot.app.post_message(events.Paste(step))
                    await pilot.pause()
                else:
                    await pilot.press(step)
                states.append((step, area.text, area.selection))
        ends.append(states)
    for expected, got in zip(*ends, strict=True):
        assert got == expected


PLACE = st.integers(0, 8)


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet="a漢\té\n\r{", max_size=30),
    st.lists(
        st.tuples(
            st.integers(0, 5), st.integers(0, 8), st.integers(0, 5), st.integers(0, 8), st.text("b字\n\t", max_size=5)
        ),
        max_size=6,
    ),
)
def test_what_is_kept_up_to_date_equals_what_is_measured_anew(
    text: str, edits: list[tuple[int, int, int, int, str]]
) -> None:
    """Size in bytes, widest line and text after edits are those of a document made from the result."""
    document = JsonDocument(text)
    for row, column, to_row, to_column, insert in edits:
        start, end = (
            (line := min(at_row, document.line_count - 1), min(at_column, len(document[line])))
            for at_row, at_column in ((row, column), (to_row, to_column))
        )
        document.replace_range(start, end, insert)
        assert document.size_bytes == len(document.text.encode())
        assert document.get_size(2) == JsonDocument(document.text).get_size(2)


def test_line_separators_within_a_string_do_not_split_it() -> None:
    """U+2028, U+0085 and form feed are letters of JSON strings: the text stays as it was."""
    text = '{"a": "b\u2028c\x85d\x0ce"}\r\n[1]\r\n'
    document = JsonDocument(text)
    assert document.line_count == 3
    assert document.text == text


def shown(editor: TextArea, y: int) -> str:
    return editor.render_line(y).text


async def test_control_characters_are_shown_as_pictures_and_kept() -> None:
    """What a terminal would obey is painted as a picture; the payload keeps it."""
    editor = ours('{"a": "\x1b[2J\x9b\u202e"}')
    async with Side(editor).run_test(size=(50, 6)):
        assert shown(editor, 0).split()[1:] == ['{"a":', '"␛[2J��"}']
        assert editor.text == '{"a": "\x1b[2J\x9b\u202e"}'


async def test_lines_of_any_width_fill_the_screen_exactly() -> None:
    """Wide letters and tabs, scrolled sideways to any cell, never make a row wider or narrower than the widget."""
    editor = ours('{"漢字漢字": "\t漢\t字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字"}\n' + "x" * 300)
    async with Side(editor).run_test(size=(40, 6)) as pilot:
        for x in range(9):
            editor.scroll_to(x, 0, animate=False)
            await pilot.pause()
            for y in range(3):
                assert cell_len(shown(editor, y)) == editor.size.width


async def type_(area: TextArea, text: str) -> str:
    async with Side(area).run_test(size=(50, 12)) as pilot:
        await pilot.press(*("enter" if letter == "\n" else letter for letter in text))
        return area.text


async def test_typing_a_document_gives_that_document() -> None:
    """Closed brackets and quotes step aside for the ones that are typed."""
    for text in ('{"a":[1,{"b":"c\\"d"}],"e":{}}', '["{", "]"]', '"it\\\\"'):
        assert await type_(ours("", assist=True), text) == text


async def test_enter_between_brackets_opens_them() -> None:
    """Enter keeps the indentation, and goes one level in after an opening bracket."""
    assert await type_(ours("", assist=True), '{\n"a": [\n1') == '{\n  "a": [\n    1\n  ]\n}'


async def test_a_closing_bracket_goes_a_level_out_and_a_pair_is_deleted_as_one() -> None:
    """Typed on a blank line it goes out one level; backspace between an empty pair takes both."""
    editor = ours('{\n  "a": 1\n  ', assist=True)
    async with Side(editor).run_test() as pilot:
        await pilot.press("ctrl+end", "down", "down", "end", "}")
        assert editor.text == '{\n  "a": 1\n}'
    editor = ours("", assist=True)
    async with Side(editor).run_test() as pilot:
        await pilot.press("{", "backspace")
        assert editor.text == ""


async def test_pasting_adds_nothing() -> None:
    """A paste is taken as it is: no bracket is closed, nothing is indented. A megabyte is one step of undo."""
    editor = ours("", assist=True)
    big = '{"a": [\n' + "1,\n" * 350_000 + "1]}"
    async with Side(editor).run_test() as pilot:
        pilot.app.post_message(events.Paste(big))
        await pilot.pause()
        assert editor.text == big
        await pilot.press("ctrl+z")
        assert editor.text == ""


async def test_a_long_document_is_painted_where_the_cursor_is() -> None:
    """The lines around the cursor are on the screen at the top, in the middle and at the end."""
    editor = ours("\n".join(f'"line {number}",' for number in range(50_000)))
    async with Side(editor).run_test(size=(50, 10)) as pilot:
        assert "line 0" in shown(editor, 0)
        editor.move_cursor((25_000, 0))
        await pilot.press("X")
        assert any('X"line 25000"' in shown(editor, y) for y in range(10))
        editor.move_cursor(editor.document.end)
        await pilot.pause()
        assert "line 49999" in shown(editor, 9)


async def test_the_problem_is_marked_at_its_place() -> None:
    """The letter at which JSON ends carries the error's colours, its line number too."""
    editor = ours('{\n  "a" 1\n}')
    async with Side(editor).run_test(size=(50, 6)) as pilot:
        editor.problem = JsonProblem("expecting ':'", 2, 7)
        await pilot.pause()
        red = editor._style_of("problem").bgcolor
        marked = [segment.text for segment in editor.render_line(1) if segment.style and segment.style.bgcolor == red]
        assert marked == ["1"]


async def test_the_partner_of_a_bracket_is_found_past_brackets_in_strings() -> None:
    """Brackets within strings do not count; forwards and backwards."""
    editor = ours('{\n  "a}": [1, "]"]\n}')
    async with Side(editor).run_test():
        assert editor.find_matching_bracket("{", (0, 0)) == (2, 0)
        assert editor.find_matching_bracket("]", (1, 15)) == (1, 8)
        assert editor.find_matching_bracket("}", (1, 4)) is None


async def test_the_invoke_keys_are_not_taken() -> None:
    """F5 and F6 belong to the workbench, whatever has the focus."""
    editor = ours("{}")
    async with Side(editor).run_test() as pilot:
        await pilot.pause()
        assert not {"f5", "f6"} & set(editor._bindings.key_to_bindings)
