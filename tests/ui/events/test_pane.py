"""Promises of the event view, kept by pressing its keys over real files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from lambdatui.core.events import Draft, EventSource
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.invocation import InvocationType
from lambdatui.storage.drafts import FileDraftStore
from lambdatui.storage.events import FileEventStore
from lambdatui.ui.events.editor import JsonEditor
from lambdatui.ui.events.pane import EventView

RESIZE, ORDER = FunctionSummary("resize-image"), FunctionSummary("order-created")


class Bench(App[None]):
    """Only the view, over files in a folder."""

    def __init__(self, root: Path, editor_command: str = "false") -> None:
        super().__init__()
        self.root = root
        for service, name, text in (("s3", "put", '{"Records": []}'), ("hello", "world", '{"a": 1}')):
            (root / "samples" / service).mkdir(parents=True, exist_ok=True)
            (root / "samples" / service / f"{name}.json").write_text(text)
        (root / "events").mkdir(exist_ok=True)
        self.store = FileEventStore(
            own=root / "events",
            project=None,
            samples=root / "samples",
            trash=root / "trash",
            root=root,
            clock=lambda: datetime(2026, 11, 23, tzinfo=UTC),
        )
        self.drafts = FileDraftStore(root / "drafts")
        self.view = EventView(self.store, self.drafts, editor_command, suspend=nullcontext)

    def compose(self) -> ComposeResult:
        yield self.view

    @property
    def editor(self) -> JsonEditor:
        return self.view.query_one(JsonEditor)

    @property
    def status(self) -> str:
        return str(self.view.query_one("#event-status", Static).render())

    def saved(self, function: str, name: str) -> Path:
        return self.root / "events" / function / f"{name}.json"


async def eventually(pilot: Pilot[None], promise: Callable[[], bool]) -> None:
    """Wait until `promise` holds; five seconds at most."""
    deadline = asyncio.get_running_loop().time() + 5
    while not promise():
        assert asyncio.get_running_loop().time() < deadline, "it never held"
        await pilot.pause(0.02)


async def opened(pilot: Pilot[None], app: Bench, function: FunctionSummary = RESIZE) -> None:
    """Select a function and wait until its event stands in the editor."""
    app.view.function = function
    await eventually(pilot, lambda: not app.editor.read_only)


def keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


async def test_a_function_never_opened_begins_with_its_own_event(tmp_path: Path) -> None:
    """Its event "default" if there is one, else its first, else an empty object."""
    app = Bench(tmp_path)
    keep(app.saved("resize-image", "a"), "[1]")
    keep(app.saved("resize-image", "default"), "[2]")
    async with app.run_test(size=(90, 12)) as pilot:
        await opened(pilot, app)
        assert (app.view.event_name, app.view.payload()) == ("default", b"[2]")
        await opened(pilot, app, ORDER)
        assert (app.view.event_name, app.view.payload()) == ("", b"{}")
        assert "new event" in app.status
        assert "2 B of 6 MB" in app.status
        assert "valid JSON" in app.status


async def test_what_is_typed_survives_a_change_of_function_and_a_restart(tmp_path: Path) -> None:
    """Each function keeps its own draft, with its undo history while the workbench runs."""
    app = Bench(tmp_path)
    async with app.run_test(size=(90, 12)) as pilot:
        await opened(pilot, app)
        app.view.edit()
        await pilot.press("right", *'"a":1')
        app.view.function = ORDER
        assert app.drafts.load("resize-image") == Draft('{"a":1}', modified=True)
        await opened(pilot, app, ORDER)
        assert app.view.payload() == b"{}"
        await opened(pilot, app)
        assert app.view.payload() == b'{"a":1}'
        app.view.edit()
        await pilot.press(*["ctrl+z"] * 8)
        assert app.view.payload() == b"{}"
        await pilot.press("end", "enter", "7")
    again = Bench(tmp_path)
    async with again.run_test(size=(90, 12)) as pilot:
        await opened(pilot, again)
        assert again.view.payload() == b"{}\n7"
        assert "modified" in again.status


async def test_a_draft_is_written_while_one_types(tmp_path: Path) -> None:
    """A moment after the last key the draft is on disk: a crash costs no more."""
    app = Bench(tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, app)
        app.view.edit()
        await pilot.press("1")
        await eventually(pilot, lambda: (app.drafts.load("resize-image") or Draft("")).text == "1{}")


async def test_looking_at_functions_writes_no_drafts(tmp_path: Path) -> None:
    """Only what was typed or opened is kept."""
    app = Bench(tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await opened(pilot, app, ORDER)
        app.view.function = None
        await pilot.pause()
    assert not list(tmp_path.glob("drafts/*"))


async def test_the_problem_is_told_with_line_and_column_as_one_types(tmp_path: Path) -> None:
    """The status line names the place when the keys rest, the text can't be sent, and mending clears it at once."""
    app = Bench(tmp_path)
    async with app.run_test(size=(90, 12)) as pilot:
        await opened(pilot, app)
        app.view.edit()
        await pilot.press("right", *'"a" 1')
        problem = app.view.problem
        assert problem is not None
        assert (problem.line, problem.column) == (1, 6)
        await eventually(pilot, lambda: "line 1, column 6: expecting ':'" in app.status)
        assert app.editor.problem == problem
        await pilot.press("left", ":")
        assert app.view.problem is None
        assert "valid JSON" in app.status


async def test_a_large_text_is_checked_off_the_loop_and_its_limit_follows_the_invocation_type(tmp_path: Path) -> None:
    """A megabyte and more is checked in its own time; it fits a synchronous invocation and no asynchronous one."""
    app = Bench(tmp_path)
    async with app.run_test(size=(90, 12)) as pilot:
        await opened(pilot, app)
        app.view.edit()
        await pilot.press("f7")
        app.post_message(events.Paste("[" + "1,\n" * 400_000 + "]"))
        await eventually(pilot, lambda: "line 400001, column 1" in app.status)
        assert "1.1 MB of 6 MB" in app.status
        assert not app.view.too_large
        app.view.invocation_type = InvocationType.EVENT
        await pilot.pause()
        assert "1.1 MB of 1 MB" in app.status
        assert app.view.too_large


async def test_save_asks_a_name_for_a_new_event_and_keeps_it_afterwards(tmp_path: Path) -> None:
    """ctrl+s works inside the editor; the suggested name can be taken; the next ctrl+s asks nothing."""
    app = Bench(tmp_path)
    async with app.run_test(size=(90, 20)) as pilot:
        await opened(pilot, app)
        app.view.edit()
        await pilot.press("ctrl+s", "enter")
        await eventually(pilot, lambda: app.saved("resize-image", "default").exists())
        await eventually(pilot, lambda: app.view.event_name == "default")
        await pilot.press("right", "1", "ctrl+s")
        await eventually(pilot, lambda: app.saved("resize-image", "default").read_text() == "{1}")
        assert "modified" not in app.status


async def test_a_name_that_no_file_can_have_is_refused_where_it_is_typed(tmp_path: Path) -> None:
    """The dialog stays with the name until it can be saved."""
    app = Bench(tmp_path)
    async with app.run_test(size=(90, 20)) as pilot:
        await opened(pilot, app)
        await pilot.press("ctrl+s", *"a/b", "enter")
        await eventually(pilot, lambda: any("can't be" in str(s.render()) for s in app.screen.query(".problem")))
        await pilot.press(*["backspace"] * 3, *"good", "enter")
        await eventually(pilot, lambda: app.saved("resize-image", "good").exists())


async def test_a_change_on_disk_is_never_overwritten_unasked(tmp_path: Path) -> None:
    """A conflict shows both; overwriting is a choice, and so is taking the file's text, which undo takes back."""
    app = Bench(tmp_path)
    path = app.saved("resize-image", "default")
    keep(path, "[1]")
    async with app.run_test(size=(90, 20)) as pilot:
        await opened(pilot, app)
        app.view.edit()
        await pilot.press("right", "2", "ctrl+z", "3")
        path.write_text("[9]")
        await pilot.press("ctrl+s")
        await eventually(pilot, lambda: len(app.screen_stack) == 2)
        shown = " ".join(str(widget.render()) for widget in app.screen.query(Static))
        assert "-[9]" in shown
        assert "+[31]" in shown
        await pilot.press("r")
        await eventually(pilot, lambda: app.view.payload() == b"[9]")
        assert path.read_text() == "[9]"
        await pilot.press("ctrl+z")
        assert app.view.payload() == b"[31]"
        await pilot.press("ctrl+s")
        await eventually(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press("o")
        await eventually(pilot, lambda: path.read_text() == "[31]")


async def test_open_filters_previews_and_opens_and_undo_brings_the_text_and_its_name_back(tmp_path: Path) -> None:
    """A sample becomes the event; ctrl+z brings back the text that was there, under the name that it had."""
    app = Bench(tmp_path)
    keep(app.saved("resize-image", "default"), "[1]")
    async with app.run_test(size=(110, 20)) as pilot:
        await opened(pilot, app)
        app.view.edit()
        await pilot.press("ctrl+o")
        await eventually(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press(*"s3")
        await eventually(pilot, lambda: '"Records"' in " ".join(str(s.render()) for s in app.screen.query(Static)))
        await pilot.press("enter")
        await eventually(pilot, lambda: app.view.event_name == "s3/put")
        assert "s3/put sample" in app.status
        await pilot.press("ctrl+z")
        assert (app.view.event_name, app.view.payload()) == ("default", b"[1]")
        assert "modified" not in app.status
    again = Bench(tmp_path)
    async with again.run_test() as pilot:
        await opened(pilot, again)
        assert again.view.event_name == "default"


async def test_saving_a_sample_saves_a_copy_for_the_function(tmp_path: Path) -> None:
    """Samples are never written: a name is asked, and the sample's own is suggested."""
    app = Bench(tmp_path)
    app.drafts.save(
        "resize-image",
        Draft("{}", "s3/put", EventSource.SAMPLE, str(tmp_path / "samples/s3/put.json"), "", modified=False),
    )
    async with app.run_test(size=(90, 20)) as pilot:
        await opened(pilot, app)
        assert app.view.payload() == b'{"Records": []}'
        await pilot.press("w", "enter")
        await eventually(pilot, lambda: app.view.event_name == "put")
        assert app.saved("resize-image", "put").read_text() == '{"Records": []}'


async def test_pretty_and_minify_change_white_space_only_and_undo_as_one_step(tmp_path: Path) -> None:
    """F3 lays out, F8 takes white space out, numbers stay as typed; a broken text stays untouched."""
    app = Bench(tmp_path)
    keep(app.saved("resize-image", "default"), '{"b":1.0,"a":[1e3]}')
    async with app.run_test(size=(90, 20)) as pilot:
        await opened(pilot, app)
        app.view.edit()
        await pilot.press("f3")
        await eventually(pilot, lambda: app.view.payload() == b'{\n  "b": 1.0,\n  "a": [\n    1e3\n  ]\n}')
        await pilot.press("f8")
        await eventually(pilot, lambda: app.view.payload() == b'{"b":1.0,"a":[1e3]}')
        await pilot.press("ctrl+z", "ctrl+z")
        assert app.view.payload() == b'{"b":1.0,"a":[1e3]}'
        await pilot.press("x", "f3")
        await eventually(pilot, lambda: "line 1, column 1" in app.status)
        assert app.view.payload().startswith(b"x{")


def script(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)
    return str(path)


async def test_the_text_goes_to_the_users_editor_and_back_as_one_step(tmp_path: Path) -> None:
    """F4 hands the text over in a .json file; what the editor leaves is taken, undo brings the old text back."""
    command = script(tmp_path / "editor", 'case "$1" in *.json) echo "[2]" > "$1";; esac')
    app = Bench(tmp_path, command)
    async with app.run_test() as pilot:
        await opened(pilot, app)
        app.view.edit()
        await pilot.press("f4")
        await eventually(pilot, lambda: app.view.payload() == b"[2]\n")
        await pilot.press("ctrl+z")
        assert app.view.payload() == b"{}"


@pytest.mark.parametrize(
    "body",
    ['echo "[2]" > "$1"; exit 3', 'printf "\\377" > "$1"', 'rm "$1"', None],
    ids=["status", "binary", "gone", "none"],
)
async def test_an_editor_that_fails_leaves_the_text_as_it_was(tmp_path: Path, body: str | None) -> None:
    """A status other than 0, bytes that are no text, no file, no such program: the event stays."""
    command = script(tmp_path / "editor", body) if body else str(tmp_path / "no-such-editor")
    app = Bench(tmp_path, command)
    async with app.run_test(notifications=True) as pilot:
        await opened(pilot, app)
        app.view.edit()
        await pilot.press("f4")
        await eventually(pilot, lambda: len(app._notifications) == 1)
        assert app.view.payload() == b"{}"


async def test_a_deleted_event_goes_to_the_trash_and_its_text_stays(tmp_path: Path) -> None:
    """F9 moves the file to the trash; the text stays in the editor, and saving brings the event back."""
    app = Bench(tmp_path)
    path = app.saved("resize-image", "default")
    keep(path, "[1]")
    async with app.run_test(size=(90, 20)) as pilot:
        await opened(pilot, app)
        await pilot.press("D")
        await eventually(pilot, lambda: not path.exists())
        assert len(list((tmp_path / "trash").iterdir())) == 1
        assert app.view.payload() == b"[1]"
        await pilot.press("ctrl+s", "enter")
        await eventually(pilot, path.exists)


async def test_escape_leaves_the_editor_so_that_letters_are_keys(tmp_path: Path) -> None:
    """Inside, letters are text; after Esc they are keys, and Enter goes back in."""
    app = Bench(tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, app)
        app.view.edit()
        await pilot.press("p", "escape")
        assert app.view.has_focus
        assert app.view.payload() == b"p{}"
        await pilot.press("v")
        await eventually(pilot, lambda: app.view.payload() == b"{}")
        await pilot.press("enter")
        assert app.editor.has_focus


async def test_nothing_of_another_function_is_ever_sent(tmp_path: Path) -> None:
    """From the moment another function is selected until its event was read there is nothing to send."""
    app = Bench(tmp_path)
    keep(app.saved("resize-image", "default"), "[1]")
    async with app.run_test() as pilot:
        await opened(pilot, app)
        app.view.function = ORDER
        problem = app.view.problem
        assert problem is not None
        assert "still being read" in problem.message
        assert app.view.payload() == b""
