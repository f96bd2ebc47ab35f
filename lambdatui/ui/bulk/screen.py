"""The screen of a bulk change: a preview, the change with each function's outcome, and the way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from lambdatui.core.bulk import Changed, Changing, Ready, Wanted
from lambdatui.core.functions import Reserved
from lambdatui.ui.bulk.rows import row_of
from lambdatui.ui.bulk.run import BulkRun, summary
from lambdatui.ui.bulk.table import BulkTable
from lambdatui.ui.dialogs.prompt import Prompt
from lambdatui.ui.later import Later

_DRAW_S = 0.1


class BulkScreen(ModalScreen[None]):
    """Owns one run. Nothing is changed before `y`; what stops functions, or is in production, asks for their number."""

    DEFAULT_CSS = """
    BulkScreen {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 120; max-width: 96%;
            height: auto; max-height: 90%;
            border: round $accent;
            border-subtitle-color: $text-muted;
            background: $surface;
            padding: 0 1;
        }
        & Static { width: 100%; height: auto; }
        & .caution { color: $text-warning; }
        & .summary { color: $text-muted; padding: 0 0 1 0; }
        &.-production > Vertical { border: round $error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "apply", "Change", id="bulk.apply", tooltip="Make the changes that are shown"),
        Binding("s", "stop", "Stop", id="bulk.stop", tooltip="Begin no further change"),
        Binding("u", "undo", "Undo all", id="bulk.undo", tooltip="Take every change back"),
        Binding("escape,q", "close", "Close", id="bulk.close", tooltip="Back to the list; not while changes are made"),
    ]

    def __init__(self, bulk: BulkRun, *, read_only: bool, production: bool) -> None:
        super().__init__()
        self.bulk = bulk
        bulk.tell = self._changed
        self._read_only = read_only
        self._production = production
        self._working = False
        self._drawing = Later(self)
        self._table = BulkTable()
        self._summary = Static("", classes="summary", markup=False)
        self._box = Vertical()

    def compose(self) -> ComposeResult:
        """What is meant, what the server may object to, and the functions."""
        wanted, count = self.bulk.wanted, len(self.bulk.states)
        self.set_class(self._production, "-production")
        self._box.border_title = Content(f"{wanted.show(masked=True)} · {count:,} functions")
        with self._box:
            if wanted.warning:
                yield Static(f"{wanted.definition.label}: {wanted.warning}", classes="caution", markup=False)
            yield self._summary
            yield self._table

    def on_mount(self) -> None:
        """Read what stands, unless it is this run that is looked at again."""
        self._table.focus()
        self._draw()
        if self.bulk.busy:
            self._begin(self.bulk.plan)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Each key in its time."""
        match action:
            case "apply":
                return not self._working and bool(self.bulk.of(Ready)) and not self._read_only
            case "stop":
                return self._working and not self.bulk.stopping
            case "undo":
                return not self._working and bool(self.bulk.undoable)
            case _:
                return True

    @work(group="dialog", exclusive=True)
    async def action_apply(self) -> None:
        """Change those that are ready, once that is meant."""
        question = needs_the_number(self.bulk.wanted, production=self._production)
        if await self._meant(question, len(self.bulk.of(Ready))):
            self._begin(self.bulk.apply)

    def action_stop(self) -> None:
        """Begin no further one."""
        self.bulk.stop()
        self.refresh_bindings()

    @work(group="dialog", exclusive=True)
    async def action_undo(self) -> None:
        """Take every change back, once that is meant: it changes as many functions as the change did."""
        question = undoing_needs_the_number(self.bulk, production=self._production)
        if await self._meant(question, len(self.bulk.undoable)):
            self._begin(self.bulk.undo)

    def action_close(self) -> None:
        """Go; changes that are being made are stopped first, and come to their end."""
        if not self.bulk.of(Changing):
            self.dismiss()
            return
        self.bulk.stop()
        self.notify("What is on its way comes to its end; then esc closes.", title="Stopping", markup=False)

    async def _meant(self, question: str, count: int) -> bool:
        """Ask for the number of functions where there is a question."""
        if not question:
            return True
        problem = f"Type {count}, the number of functions, to go on"
        asked = Prompt(question, problem=lambda text: "" if text.strip() == str(count) else problem)
        return await self.app.push_screen_wait(asked) is not None

    def _begin(self, act: Callable[[], Awaitable[None]]) -> None:
        self._working = True
        self._carry_out(act)
        self._draw()

    @work(group="bulk", exclusive=True)
    async def _carry_out(self, act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        finally:
            self._working = False
            if self.is_attached:
                self._draw()

    def _changed(self) -> None:
        # Steps come in dozens a second: they are drawn together.
        if not self._drawing.due and self.is_attached:
            self._drawing.call(_DRAW_S, self._draw)

    def _draw(self) -> None:
        self._drawing.stop()
        run = self.bulk
        self._summary.update(Content(summary(run) + ("  · stopping" if run.stopping and run.busy else "")))
        self._table.show([row_of(name, state) for name, state in run.states.items()])
        keys = [
            f"{binding.key} {binding.description.lower()}"
            for binding in (b for b in self.BINDINGS[:3] if isinstance(b, Binding))
            if self.check_action(binding.action, ())
        ]
        if self._read_only and run.of(Ready):
            keys.append("read-only: nothing is changed")
        self._box.border_subtitle = Content(" · ".join([*keys, "esc close"]))
        self.refresh_bindings()


def needs_the_number(wanted: Wanted, *, production: bool) -> str:
    """Why the number of functions has to be typed, "" when one key is enough."""
    if wanted.value == Reserved(0):
        return "Stop all of these: every invocation will be throttled"
    return f"Production: {wanted.show(masked=True)}" if production else ""


def undoing_needs_the_number(run: BulkRun, *, production: bool) -> str:
    """The same for taking the changes back. What was stopped is started again by one key, also in production."""
    changes = [state.change for name in run.undoable if isinstance(state := run.states[name], Changed)]
    if any(change.old == Reserved(0) for change in changes):
        return "Stop functions again: every invocation will be throttled"
    if run.wanted.value == Reserved(0):
        return ""
    return f"Production: take back {run.wanted.show(masked=True)}" if production else ""
