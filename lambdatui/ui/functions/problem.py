"""The text of one problem, in full."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.text import clean


class ProblemScreen(ModalScreen[None]):
    """Shows title, detail and hint of a problem until a key closes it. Mends nothing."""

    DEFAULT_CSS = """
    ProblemScreen {
        align: center middle;
        & > Vertical {
            width: 80; max-width: 90%; height: auto; max-height: 80%;
            border: round $error; background: $surface; padding: 1 2;
            border-title-color: $text-error; border-subtitle-color: $text-muted;
        }
        & VerticalScroll { height: auto; max-height: 20; }
        & .title { text-style: bold; }
        & .detail { margin-top: 1; }
        & .hint { margin-top: 1; color: $text-muted; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss(None)", "Close", id="problem.close", tooltip="Back to the list"),
    ]

    def __init__(self, problem: WorkbenchError) -> None:
        super().__init__()
        self._problem = problem

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "Problem"
            box.border_subtitle = "Esc closes"
            with VerticalScroll():
                for part in ("title", "detail", "hint"):
                    if text := clean(getattr(self._problem, part)):
                        yield Static(text, markup=False, classes=part)
