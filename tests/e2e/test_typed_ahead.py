"""Keys that arrive together: each goes where it was meant, also into a dialog that is not open yet."""

from __future__ import annotations

import pytest

from tests.e2e.desk import Desk, wait_live

pytestmark = pytest.mark.terminal


def test_what_is_typed_after_the_key_of_a_dialog_goes_into_it(desk: Desk) -> None:
    """A filter and Enter in one go: into the list of targets, the palette, and the name of a file."""
    with desk.start() as terminal:
        terminal.write(b"\x10theme: lambdatui-light\r")
        terminal.wait_gone("Palette ─")
        terminal.write(b"i")
        terminal.wait_for("200 ok")
        terminal.write(b"3s\x15./answer.json\r")
        terminal.wait_for("Saved to")
        assert (desk.project / "answer.json").is_file()
        terminal.write(b"tdemo\r")
        terminal.wait_for("resize-image")
        wait_live(terminal)
        assert "demo" in terminal.text.splitlines()[0]
        terminal.press("q")
        terminal.wait_exit()
        assert terminal.exit_code == 0
