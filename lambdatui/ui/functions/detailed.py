"""A pane whose functions are looked at more closely: state, concurrency and tags of those on the screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import work
from textual.reactive import reactive

from lambdatui.core.errors import Denied
from lambdatui.core.function_query import parse_query
from lambdatui.core.functions import FunctionDetail, FunctionSummary
from lambdatui.ui.functions.glances import NOTHING_READ, Glances
from lambdatui.ui.pane import Pane

if TYPE_CHECKING:
    from lambdatui.ui.functions.details import LazyDetails


class DetailedPane(Pane):
    """Owns what was read beyond the list, and the reading. A subclass shows it, and tells what is on the screen."""

    functions: reactive[tuple[FunctionSummary, ...]] = reactive((), repaint=False)
    glances: reactive[Glances] = reactive(NOTHING_READ, repaint=False)
    listing: reactive[bool] = reactive(False, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._details: LazyDetails | None = None
        self._looked_at: tuple[str, ...] = ()
        self._reads_all = False

    @property
    def query_text(self) -> str:
        """What the functions are filtered by."""
        raise NotImplementedError

    def more_is_known(self) -> None:
        """`glances` is new."""
        raise NotImplementedError

    @property
    def progress(self) -> tuple[int, int]:
        """How many functions of those that are to be read are read, and how many there are; (0, 0) for none."""
        return self._details.progress if self._details is not None else (0, 0)

    def read_details(self, ask: Callable[[str], Awaitable[FunctionDetail]], per_second: float) -> None:
        """Read state, concurrency and tags of what is on the screen, from now on."""
        from lambdatui.ui.functions.details import LazyDetails  # noqa: PLC0415  # after the first paint

        self._details = LazyDetails(ask, self._tell_details, per_second=per_second)
        self.glances = Glances(offered=True)
        self._run_details(self._details)

    def details_are_old(self) -> None:
        """The list is read again: what is on the screen is asked anew, and shown as it was until then."""
        if self._details is not None:
            self._details.refresh()

    def read_all(self, wanted: bool) -> None:
        """Read the details of every function, behind those on the screen; or stop that."""
        self._reads_all = wanted
        self.sweep()

    def look_at(self, names: tuple[str, ...]) -> None:
        """These are on the screen, the one under the cursor first."""
        self._looked_at = names
        self.want_details()

    def want_details(self) -> None:
        """Ask for what is on the screen."""
        # While pages come, other rows are on the screen all the time: only the function under the cursor is asked for.
        if self._details is not None:
            self._details.want(self._looked_at[:1] if self.listing else self._looked_at)

    def sweep(self) -> None:
        """Read the details of all functions while they are wanted, or the filter asks for what only they tell."""
        if self._details is None:
            return
        query = parse_query(self.query_text)
        wanted = (query.needs_details or self._reads_all) and self._details.stopped is None
        self._details.sweep(f.name for f in self.functions if wanted and (self._reads_all or query.may_hold(f)))

    @work(group="details", exclusive=True)
    async def _run_details(self, details: LazyDetails) -> None:
        self.want_details()
        await details.run()

    def _tell_details(self) -> None:
        details = self._details
        if details is None:
            return
        stopped = details.stopped
        if isinstance(stopped, Denied) and self.glances.stopped is not stopped:
            self.notify(
                f"State, reserved concurrency and tags show as “?”. {stopped.hint}",
                title=stopped.title,
                severity="warning",
                markup=False,
            )
        self.glances = Glances(details.details, details.failures, stopped, offered=True)
        self.more_is_known()
