"""Asks what to do when an event's file is not what was read."""

from __future__ import annotations

from difflib import unified_diff
from enum import Enum
from itertools import islice
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from lambdatui.core.errors import Conflict
from lambdatui.core.text import clean

_COMPARED_UP_TO = 200_000


class Resolution(Enum):
    """What becomes of the two texts."""

    RELOAD = "reload"
    SAVE_AS = "save as"
    OVERWRITE = "overwrite"


class ConflictScreen(ModalScreen[Resolution | None]):
    """Shows how the editor's text and the file differ; answers with a resolution, None to leave both."""

    DEFAULT_CSS = """
    ConflictScreen {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 84; max-width: 94%; height: auto; max-height: 90%;
            border: round $warning; background: $surface; padding: 0 1;
        }
        & Static { width: 100%; height: auto; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "answer('RELOAD')", "Reload", id="conflict.reload", tooltip="Take the file's; undo brings yours"),
        Binding("a", "answer('SAVE_AS')", "Save as", id="conflict.save_as", tooltip="Save yours under another name"),
        Binding("o", "answer('OVERWRITE')", "Overwrite", id="conflict.overwrite", tooltip="Replace the file by yours"),
        Binding("escape", "dismiss(None)", "Leave", id="conflict.leave", tooltip="Change nothing"),
    ]

    def __init__(self, conflict: Conflict) -> None:
        super().__init__()
        self._conflict = conflict

    def compose(self) -> ComposeResult:
        """What happened, the difference, the keys."""
        conflict = self._conflict
        with Vertical() as box:
            box.border_title = Content(clean(conflict.title))
            yield Static(difference(conflict.theirs, conflict.mine))
            yield Static(
                Content.assemble(
                    *("\n", (" r ", "bold $accent"), "reload the file  "),
                    *((" a ", "bold $accent"), "save as …  "),
                    *((" o ", "bold $accent"), "overwrite  "),
                    *((" esc ", "bold $accent"), "leave it"),
                )
            )

    def action_answer(self, name: str) -> None:
        """Close with the answer."""
        self.dismiss(Resolution[name])


def difference(theirs: str, mine: str, lines: int = 14) -> Content:
    """The first lines that differ: "-" in the file only, "+" in the editor only."""
    if len(theirs) + len(mine) > _COMPARED_UP_TO:
        return Content(f"The file has {len(theirs):,} characters, yours {len(mine):,}.")
    found = list(islice(unified_diff(theirs.splitlines(), mine.splitlines(), lineterm="", n=1), 2, lines + 3))
    styles = {"-": "$text-error", "+": "$text-success", "@": "$text-muted"}
    shown = [Content.styled(clean(line)[:200], styles.get(line[:1], "")) for line in found[:lines]]
    if len(found) > lines:
        shown.append(Content.styled("…", "$text-muted"))
    return Content("\n").join(shown) if shown else Content("The texts are equal.")
