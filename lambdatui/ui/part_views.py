"""The views of what a function on AWS has besides its settings, each made when it is first looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lambdatui.core.functions import FunctionSummary
from lambdatui.core.target import Backend, Target
from lambdatui.ui.edit_pane import EditPane

# Most sessions look at neither: their modules and widgets cost a tenth of the start.
if TYPE_CHECKING:
    from lambdatui.ui.sections.view import StoreView


class PartViews:
    """Owns the views that were made; each looks at the function that is selected."""

    def __init__(
        self,
        edit: EditPane,
        backend: Callable[[], Awaitable[Backend]],
        target: Target,
        clock: Callable[[], datetime],
    ) -> None:
        self._edit = edit
        self._backend = backend
        self._target = target
        self._clock = clock
        self._function: FunctionSummary | None = None
        self._made: dict[str, StoreView[Any, Any]] = {}

    def offer(self) -> None:
        """Let the edit pane have them made."""
        self._edit.offer("Versions", self._versions)
        self._edit.offer("Triggers", self._triggers)

    def look_at(self, function: FunctionSummary | None) -> None:
        """All look at the same function."""
        self._function = function
        for view in self._made.values():
            view.function = function

    def made(self, tab: str) -> StoreView[Any, Any] | None:
        """The view under a tab; None when it was not looked at yet."""
        return self._made.get(tab)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The changes that were sent, and whose end is not known."""
        return tuple(text for view in self._made.values() for text in view.unfinished)

    def focus(self, tab: str) -> None:
        """Give the focus to the list of a tab that is shown."""
        if tab in self._made:
            self._made[tab].list.focus()

    def try_again(self) -> None:
        """Read what could not be read."""
        for view in self._made.values():
            view.try_again()

    def _versions(self) -> StoreView[Any, Any]:
        from lambdatui.ui.versions.view import VersionsView  # noqa: PLC0415

        return self._keep("Versions", VersionsView(self._backend, self._target, self._clock))

    def _triggers(self) -> StoreView[Any, Any]:
        from lambdatui.ui.triggers.view import TriggersView  # noqa: PLC0415

        return self._keep("Triggers", TriggersView(self._backend, self._target))

    def _keep(self, tab: str, view: StoreView[Any, Any]) -> StoreView[Any, Any]:
        view.function = self._function
        self._made[tab] = view
        return view
