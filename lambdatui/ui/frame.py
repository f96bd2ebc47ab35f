"""The screen as one text of escape sequences, kept to be shown at the next start before Textual is there."""

from __future__ import annotations

from textual.app import App
from textual.visual import Visual

from lambdatui.ui.header import HeaderBar
from lambdatui.ui.workbench import Workbench


def frame_of(app: App[int]) -> str:
    """What the workbench shows now, with a header that says "last known list"; "" while a dialog is in front."""
    screen = app.screen
    if not isinstance(screen, Workbench):
        return ""
    header = screen.query_one(HeaderBar)
    first = Visual.to_strips(header, header.last_known(), screen.size.width, 1, header.visual_style, pad=True)
    strips = [*first[:1], *screen._compositor.render_strips()[1:]]
    # Cursor addressing, not newlines: the last line must not scroll the screen.
    return "".join(f"\x1b[{row};1H{strip.render(app.console)}" for row, strip in enumerate(strips, 1))
