"""Edits the filters of an event source mapping as JSON, judged as one types."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from lambdatui.core.errors import InvalidInput
from lambdatui.core.text import clean
from lambdatui.core.trigger_edits import filters_text, parse_filters, same_filters

_SUCH_AS = 'No pattern: every event is sent. One such as [{"body": {"status": ["failed"]}}] sends those that match it.'


class FiltersDialog(ModalScreen[tuple[str, ...] | None]):
    """Answers with the patterns, or None. Sends nothing; what can't be meant can't be applied."""

    DEFAULT_CSS = """
    FiltersDialog {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 90; max-width: 96%; height: 24; max-height: 92%;
            border: round $accent; background: $surface; padding: 0 1;
            border-subtitle-color: $text-muted;
        }
        & TextArea, & TextArea:focus { border: none; padding: 0; height: 1fr; background: $surface; }
        & #filters-verdict { height: auto; max-height: 8; border-top: solid $border-blurred; }
        & #filters-keys { height: 1; color: $text-muted; }
    }
    """
    BINDINGS = [
        Binding("ctrl+s", "apply", "Apply", id="filters.apply", priority=True, tooltip="Use these patterns"),
        Binding("escape", "dismiss(None)", "Cancel", id="filters.cancel", priority=True, tooltip="Change nothing"),
    ]

    def __init__(self, title: str, patterns: tuple[str, ...], caution: str) -> None:
        super().__init__()
        self._title = title
        self._patterns = patterns
        self._caution = caution
        self._verdict = Static("", id="filters-verdict", markup=False)

    def compose(self) -> ComposeResult:
        """The patterns, what they would change, the keys."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            yield TextArea(clean(filters_text(self._patterns)), tab_behavior="indent", show_line_numbers=True)
            yield self._verdict
            keys = Content.assemble(("^s", "bold $accent"), " apply   ", ("esc", "bold $accent"), " cancel")
            yield Static(keys, id="filters-keys", markup=False)

    def on_mount(self) -> None:
        """Begin in the text."""
        self.query_one(TextArea).focus()
        self._judge()

    @on(TextArea.Changed)
    def _judge(self) -> None:
        self._verdict.update(self._shown())

    def action_apply(self) -> None:
        """Answer, when it can be meant."""
        try:
            patterns = parse_filters(self.query_one(TextArea).text)
        except InvalidInput:
            return  # the problem stands below the text
        self.dismiss(None if same_filters(patterns, self._patterns) else patterns)

    def _shown(self) -> Content:
        try:
            patterns = parse_filters(self.query_one(TextArea).text)
        except InvalidInput as error:
            return Content.assemble(("✗ ", "$error"), (error.title, "$error"), f"  {error.detail}")
        if same_filters(patterns, self._patterns):
            return Content.styled(_SUCH_AS if not patterns else "Nothing changes.", "$text-muted")
        gone = [(f"- {clean(one)}\n", "$error") for one in self._patterns if not _in(one, patterns)]
        new = [(f"+ {clean(one)}\n", "$success") for one in patterns if not _in(one, self._patterns)]
        every = [("No pattern: every event is sent.\n", "$warning")] if not patterns else []
        caution = [(f"⚠ {self._caution}\n", "$warning")] if self._caution else []
        return Content.assemble(*gone, *new, *every, *caution).rstrip()


def _in(pattern: str, patterns: tuple[str, ...]) -> bool:
    return any(same_filters((pattern,), (other,)) for other in patterns)
