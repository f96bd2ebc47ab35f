"""What stands where no log line does."""

from __future__ import annotations

from lambdatui.ui.logs.canvas import wrapped


def test_long_words_of_a_server_are_read_to_their_end() -> None:
    """They go on in the next row, in their style; an empty row stays one."""
    picture = wrapped((("not authorized to perform: logs:FilterLogEvents on resource", "text"), ("", "muted")), 34)
    assert picture == (
        ("not authorized to perform:", "text"),
        ("logs:FilterLogEvents on", "text"),
        ("resource", "text"),
        ("", "muted"),
    )
