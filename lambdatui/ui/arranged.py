"""A screen of panes: which are shown, how the room is shared, which has the focus."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.events import DescendantFocus
from textual.reactive import reactive
from textual.widget import Widget

from lambdatui.ui import layout
from lambdatui.ui.output.hooks import HeldScreen
from lambdatui.ui.pane import Pane
from lambdatui.ui.tabs import PaneTabs

if TYPE_CHECKING:
    from lambdatui.core.remembered import Memory


class ArrangedScreen(HeldScreen):
    """Owns the arrangement of the four panes, and remembers their sizes. Knows nothing of what they show.

    A subclass composes, under the ids of `layout.PANES`, the panes, with `#upper` around the first three and
    `#right` around the second and the third, and a `PaneTabs`.
    """

    SHORTCUT_SCOPE = "Everywhere"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "focus_pane('functions')", "Functions", id="pane.functions", show=False, tooltip="Go to pane 1"),
        Binding(
            "2", "focus_pane('edit')", "Event or configuration", id="pane.edit", show=False, tooltip="Go to pane 2"
        ),
        Binding("3", "focus_pane('result')", "Result", id="pane.result", show=False, tooltip="Go to pane 3"),
        Binding("4", "focus_pane('logs')", "Logs", id="pane.logs", show=False, tooltip="Go to pane 4"),
        Binding("z", "zoom", "Zoom", id="pane.zoom", show=False, tooltip="Give this pane the whole screen, and back"),
        Binding("plus,equals_sign", "resize(1)", "Larger", id="pane.larger", show=False, tooltip="Grow this pane"),
        Binding("minus", "resize(-1)", "Smaller", id="pane.smaller", show=False, tooltip="Shrink this pane"),
        Binding(
            "underscore",
            "hide",
            "Hide",
            id="pane.hide",
            show=False,
            tooltip="Hide this pane; its number shows it again",
        ),
    ]

    layout_choice: reactive[layout.PaneLayout] = reactive(layout.PaneLayout)

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self.memory = memory
        self._focused_pane = "functions"
        self.set_reactive(ArrangedScreen.layout_choice, layout.from_sizes(memory.load().pane_sizes))

    @property
    def focus_chain(self) -> list[Widget]:
        """What Tab goes through: all but what keeps Tab for itself."""
        return [widget for widget in super().focus_chain if getattr(widget, "TAB_STOP", True) or widget.has_focus]

    def place(self) -> None:
        """Show the panes that are to be seen, each at its extent."""
        placement = layout.place(self.layout_choice, *self.app.size, self._focused_pane)
        panes = {name: self.pane(name) for name in layout.PANES}
        for name, pane in panes.items():
            pane.set_class(name not in placement.visible, "-away")
        panes["functions"].styles.width = placement.functions_columns
        panes["edit"].styles.height = placement.edit_rows
        panes["logs"].styles.height = placement.logs_rows
        self.query_one("#right").set_class(not placement.visible & {"edit", "result"}, "-away")
        self.query_one("#upper").set_class(not placement.visible & {"functions", "edit", "result"}, "-away")
        self.set_class(placement.single, "-single")
        self.set_class(placement.low, "-low")
        self.query_one(PaneTabs).current = self._focused_pane

    def pane(self, name: str) -> Pane:
        """The pane of that name, or what stands in its place until it is mounted."""
        return self.query_one(f"#{name}", Pane)

    def watch_layout_choice(self) -> None:
        """Arrange the panes anew."""
        if self.is_mounted:
            self.place()

    def on_resize(self) -> None:
        """Arrange the panes for another size."""
        self.place()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The pane with the focus always shows."""
        for ancestor in event.widget.ancestors_with_self:
            if isinstance(ancestor, Pane):
                name = next(name for name in layout.PANES if self.pane(name) is ancestor)
                if name != self._focused_pane:
                    self._focused_pane = name
                    self.place()
                return

    def bring(self, name: str) -> None:
        """Show a pane; the focus is the caller's to give."""
        self._focused_pane = name
        choice = self.layout_choice
        self.layout_choice = replace(choice, hidden=choice.hidden - {name})
        self.place()

    @on(PaneTabs.Chosen)
    def _tab_chosen(self, event: PaneTabs.Chosen) -> None:
        self.action_focus_pane(event.pane)

    def action_focus_pane(self, name: str) -> None:
        """Show a pane and give it the focus."""
        self.bring(name)
        self.pane(name).focus_pane()

    def action_zoom(self) -> None:
        """One pane, or all."""
        self.layout_choice = replace(self.layout_choice, zoomed=not self.layout_choice.zoomed)

    def action_resize(self, steps: int) -> None:
        """Grow or shrink the pane with the focus."""
        self.layout_choice = layout.resized(self.layout_choice, self._focused_pane, steps, self.size.width)
        self.memory.save(replace(self.memory.load(), pane_sizes=layout.sizes(self.layout_choice)))

    def action_hide(self) -> None:
        """Hide the pane with the focus; the next one takes it."""
        hidden = self.layout_choice.hidden | {self._focused_pane}
        left = [name for name in layout.PANES if name not in hidden]
        if left:
            self.layout_choice = replace(self.layout_choice, hidden=hidden)
            self.action_focus_pane(left[0])
