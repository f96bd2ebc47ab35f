"""The detail of one function: sections that are read at the same time, each with its own failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.inspection import Section
from lambdatui.core.text import clean
from lambdatui.ui.detail.section import SectionView
from lambdatui.ui.dialogs.scrolling import ScrollingDialog


class DetailScreen(ScrollingDialog):
    """Shows all sections of one function. Owns what was read; `sections` are made anew for each reading."""

    DEFAULT_CSS = "DetailScreen > VerticalScroll { width: 110; max-height: 94%; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,d", "dismiss", "Close", id="detail.close", tooltip="Back to the list"),
        Binding("y", "copy_arn", "Copy ARN", id="detail.copy", tooltip="Copy the function's ARN"),
        Binding("r", "read", "Read again", id="detail.refresh", tooltip="Ask for everything again"),
        Binding("j", "scroll(1)", "Down", show=False, id="detail.down", tooltip="A line down"),
        Binding("k", "scroll(-1)", "Up", show=False, id="detail.up", tooltip="A line up"),
    ]

    def __init__(self, function: FunctionSummary, sections: Callable[[], tuple[Section, ...]]) -> None:
        super().__init__()
        self._function = function
        self._sections = sections
        self._box = VerticalScroll()
        self._views: dict[str, SectionView] = {}

    def compose(self) -> ComposeResult:
        """The sections below each other; their places are there before they are read."""
        self._box.border_title = Content(" ".join(clean(self._function.name).split()))
        self._box.border_subtitle = Content(
            "y copies the ARN · r reads again · esc closes" if self._function.arn else "r reads again · esc closes"
        )
        with self._box:
            for section in self._sections():
                self._views[section.title] = SectionView(section.title)
                yield self._views[section.title]

    def on_mount(self) -> None:
        """Read."""
        self._box.focus()
        self.action_read()

    def action_read(self) -> None:
        """Read every section; what stands there stays until its answer is here."""
        self.workers.cancel_group(self, "detail")
        for section in self._sections():
            self._read(section)

    @work(group="detail")
    async def _read(self, section: Section) -> None:
        view = self._views[section.title]
        try:
            view.facts = await section.read()
        except WorkbenchError as error:
            view.facts = error

    def action_copy_arn(self) -> None:
        """Put the ARN into the clipboard."""
        self.app.copy_to_clipboard(self._function.arn)

    def action_scroll(self, lines: int) -> None:
        """A line up or down."""
        self._box.scroll_relative(y=lines, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without an ARN there is none to copy."""
        return bool(self._function.arn) if action == "copy_arn" else True
