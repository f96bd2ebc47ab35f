"""Edits the layers of a function: added, removed, put in order, raised to their newest version."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lambdatui.core.configuration import Entry
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.layers import LAYERS_MOST, UNZIPPED_MOST_MB, LayerName, LayerShelf
from lambdatui.core.text import clean
from lambdatui.ui.field import Field


class LayersDialog(ModalScreen[tuple[str, ...] | None]):
    """Answers with the ARNs as they are to be, or None. Sends nothing; asks the shelf which versions are newer."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    LayersDialog {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 92; max-width: 96%; height: auto; max-height: 90%;
            border: round $accent; background: $surface; padding: 0 1;
            border-subtitle-color: $text-muted;
        }
        & OptionList, & OptionList:focus {
            width: 1fr; height: auto; max-height: 12; border: none; padding: 0; background: $surface;
        }
        & Static { width: 100%; height: auto; }
        & #layers-verdict { margin-top: 1; }
        & #layers-note { color: $text-muted; }
        & Input, & Input:focus { display: none; border: none; height: 1; padding: 0 1; background: $boost;
            background-tint: transparent; }
        &.-adding Input { display: block; }
    }
    """
    BINDINGS = [
        Binding("enter", "apply", "Apply", id="layers.apply", tooltip="Make the change that is shown", priority=True),
        Binding("escape", "cancel", "Cancel", id="layers.cancel", tooltip="Leave the layers as they are"),
        Binding("a,plus", "add", "Add", id="layers.add", tooltip="Add a layer by its ARN"),
        Binding("d,delete", "remove", "Remove", id="layers.remove", tooltip="Take the layer off"),
        Binding("K,shift+up", "shift(-1)", "Earlier", id="layers.earlier", tooltip="Put it before the one above"),
        Binding("J,shift+down", "shift(1)", "Later", id="layers.later", tooltip="Put it after the one below"),
        Binding("n", "raise_one", "Newest", id="layers.newest", tooltip="Raise it to its newest version"),
        Binding("N", "raise_all", "All newest", id="layers.all_newest", tooltip="Raise all to their newest versions"),
        Binding("up,k", "move(-1)", "Up", id="layers.up", show=False),
        Binding("down,j", "move(1)", "Down", id="layers.down", show=False),
    ]

    def __init__(self, function_name: str, entry: Entry, shelf: LayerShelf | None) -> None:
        super().__init__()
        self._function_name = function_name
        self._definition = entry.definition
        self._before = entry.value if isinstance(entry.value, tuple) else ()
        self._layers = [LayerName.of(arn) for arn in self._before]
        self._note = entry.note
        self._shelf = shelf
        self._newest: dict[str, LayerName] = {}
        self._trouble = ""
        self._list = OptionList(markup=False)
        self._list.can_focus = False  # the keys are the dialog's
        self._verdict = Static("", id="layers-verdict", markup=False)
        self._said = Static("", id="layers-note", markup=False)

    def compose(self) -> ComposeResult:
        """The layers in their order, what is to change, what Lambda takes at most."""
        with Vertical() as box:
            box.border_title = Content(f"Layers of {self._function_name}")
            box.border_subtitle = Content("a add · d remove · K J move · n newest · enter applies · esc cancels")
            yield self._list
            yield Field(placeholder="arn:aws:lambda:REGION:ACCOUNT:layer:NAME[:VERSION]")
            yield self._verdict
            yield self._said

    def on_mount(self) -> None:
        """The newest versions are asked for meanwhile."""
        self._draw()
        self._look_up()

    @property
    def _cursor(self) -> int | None:
        return self._list.highlighted if self._layers else None

    def _draw(self, cursor: int | None = None) -> None:
        at = self._cursor if cursor is None else cursor
        self._list.clear_options()
        self._list.add_options([Option(self._row(layer)) for layer in self._layers])
        if self._layers:
            self._list.highlighted = max(0, min(at or 0, len(self._layers) - 1))
        self._verdict.update(self._difference())
        self._said.update(self._explanation())
        self.refresh_bindings()

    def _row(self, layer: LayerName) -> Content:
        newest = self._newest.get(layer.name)
        newer = newest is not None and newest.arn != layer.arn and newest.version is not None
        note = f"  {newest.version} is newer" if newest and newer else ""
        mark = "" if layer.arn in self._before else "  new here"
        return Content.assemble(
            " ",
            (clean(layer.short), "bold"),
            (note, "$warning"),
            (mark, "$success"),
            (f"  {clean(layer.arn)}", "$text-muted"),
        )

    def _difference(self) -> Content:
        now = tuple(layer.arn for layer in self._layers)
        if now == self._before:
            return Content.styled("No layers: a adds one." if not now else "Nothing changed yet.", "$text-muted")
        show = self._definition.show
        diff = Content.assemble((show(self._before), "$error"), (" → ", "$text-muted"), (show(now), "bold $success"))
        warning = self._definition.parse(" ".join(now)).warning if now else ""
        return Content.assemble(diff, (f"\n⚠ {warning}" if warning else "", "$warning"))

    def _explanation(self) -> Content:
        caps = (
            f"{len(self._layers)} of {LAYERS_MOST} layers; {UNZIPPED_MOST_MB} MB at most unzipped, with the code. "
            "The later lies over the earlier."
        )
        return Content("\n".join(part for part in (caps, self._note and f"Now: {self._note}.", self._trouble) if part))

    @work(group="layers", exclusive=True)
    async def _look_up(self) -> None:
        for name in [layer for layer in self._layers if layer.name not in self._newest]:
            await self._ask(name)
        self._draw()

    async def _ask(self, layer: LayerName) -> LayerName:
        """The newest version; the layer itself where nobody tells."""
        if layer.name in self._newest or self._shelf is None:
            return self._newest.get(layer.name, layer)
        try:
            newest = await self._shelf.newest(layer)
        except WorkbenchError as error:
            self._trouble = f"Newer versions of {clean(layer.short)} are not known: {error.title}"
            return layer
        self._newest[layer.name] = newest
        return newest

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What needs a layer is dimmed without one; while an ARN is typed, letters are text."""
        adding = self.has_class("-adding")
        if action in ("apply", "cancel"):
            return True
        if action in ("remove", "shift", "raise_one", "raise_all"):
            return None if adding or not self._layers else True
        return None if adding and action == "add" else super().check_action(action, parameters)

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        at = self._cursor
        if at is not None:
            self._list.highlighted = max(0, min(at + step, len(self._layers) - 1))

    def action_shift(self, step: int) -> None:
        """Move the layer."""
        at = self._cursor
        if at is not None and 0 <= at + step < len(self._layers):
            self._layers[at], self._layers[at + step] = self._layers[at + step], self._layers[at]
            self._draw(at + step)

    def action_remove(self) -> None:
        """Take the layer off."""
        at = self._cursor
        if at is not None:
            del self._layers[at]
            self._draw()

    def action_raise_one(self) -> None:
        """Raise the layer at the cursor."""
        at = self._cursor
        if at is not None:
            self._raise((at,))

    def action_raise_all(self) -> None:
        """Raise all."""
        self._raise(tuple(range(len(self._layers))))

    @work(group="layers")
    async def _raise(self, places: tuple[int, ...]) -> None:
        wanted = [(place, self._layers[place]) for place in places]
        for place, layer in wanted:
            newest = await self._ask(layer)
            if place < len(self._layers) and self._layers[place] == layer:
                self._layers[place] = newest
        self._draw()

    def action_add(self) -> None:
        """Ask for an ARN."""
        self.add_class("-adding")
        field = self.query_one(Input)
        field.value = ""
        field.focus()
        self.refresh_bindings()

    @work(group="layers")
    async def _add(self, arn: str) -> None:
        layer = LayerName.of(arn)
        # Without a version the newest is meant.
        self._layers.append(layer if layer.version is not None else await self._ask(layer))
        self._draw(len(self._layers) - 1)

    def action_apply(self) -> None:
        """Take the typed ARN, or close with the layers as they stand."""
        if not self.has_class("-adding"):
            self.dismiss(tuple(layer.arn for layer in self._layers))
            return
        arn = self.query_one(Input).value.strip()
        self._end_adding()
        if arn:
            self._add(arn)

    def action_cancel(self) -> None:
        """Leave the ARN, or the dialog."""
        if self.has_class("-adding"):
            self._end_adding()
        else:
            self.dismiss(None)

    def _end_adding(self) -> None:
        self.remove_class("-adding")
        self.set_focus(None)
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()  # a click moves the cursor, and applies nothing
