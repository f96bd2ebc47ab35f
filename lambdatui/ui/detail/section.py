"""One section of the detail: its heading, its facts, and what can't be read."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Group
from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.app import RenderResult
from textual.reactive import reactive
from textual.widget import Widget

from lambdatui.core.errors import Denied, WorkbenchError
from lambdatui.core.inspection import Fact, Tone
from lambdatui.core.text import clean

LABEL_CELLS = 24

_PARTS = {"title", "label", *(tone.value for tone in Tone)}


class SectionView(Widget):
    """Shows one section. `facts` is None while it is read, and an error when it can't be. Fetches nothing."""

    DEFAULT_CSS = """
    SectionView {
        width: 1fr; height: auto; margin: 0 0 1 0;
        & > .section-view--title { color: $primary; text-style: bold; }
        & > .section-view--label { color: $text-muted; }
        & > .section-view--plain { color: $foreground; }
        & > .section-view--quiet { color: $text-muted; }
        & > .section-view--warning { color: $text-warning; }
        & > .section-view--failed { color: $text-error; text-style: bold; }
        &.-empty { display: none; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"section-view--{part}" for part in _PARTS}

    facts: reactive[tuple[Fact, ...] | WorkbenchError | None] = reactive(None, layout=True)

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title

    def watch_facts(self) -> None:
        """A section without anything to say is left out."""
        self.set_class(self.facts == (), "-empty")

    def render(self) -> RenderResult:
        """The heading and a line a fact; long values go on below themselves."""
        table = Table.grid(padding=(0, 1))
        table.add_column(width=LABEL_CELLS, overflow="fold")
        table.add_column(ratio=1, overflow="fold")
        for fact in described(self.facts):
            table.add_row(
                Text(clean(fact.label), self._ink("label")), Text(clean(fact.value), self._ink(fact.tone.value))
            )
        return Group(Text(self.title, self._ink("title")), table)

    def _ink(self, part: str) -> Style:
        style = self.get_component_rich_style(f"section-view--{part}")
        return style.without_color + Style(color=style.color)


def described(facts: tuple[Fact, ...] | WorkbenchError | None) -> tuple[Fact, ...]:
    """What a section shows: its facts, that they are being read, or why they can't be."""
    match facts:
        case None:
            return (Fact("reading …", "", Tone.QUIET),)
        case Denied():
            return (
                Fact("not permitted", f"needs {facts.permission}" if facts.permission else facts.title, Tone.WARNING),
            )
        case WorkbenchError():
            return (Fact("can't be read", "\n".join(filter(None, (facts.title, facts.hint))), Tone.WARNING),)
        case _:
            return facts
