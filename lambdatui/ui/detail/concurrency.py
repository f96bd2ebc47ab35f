"""The account's concurrency: its limit, what is reserved and by whom, what is left for all others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionDetail, Reserved
from lambdatui.core.inspection import AccountConcurrency, Fact, Tone
from lambdatui.ui.detail.section import SectionView
from lambdatui.ui.dialogs.scrolling import ScrollingDialog
from lambdatui.ui.functions.glances import Glances
from lambdatui.ui.functions.pane import FunctionsPane

_BAR_CELLS = 40
_ALWAYS_UNRESERVED = 100
"""Lambda keeps so many from being reserved."""


class ConcurrencyScreen(ScrollingDialog):
    """Shows who reserves what. The list reads it, within its budget, for as long as this stands or `s` stops it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,C", "dismiss", "Close", id="concurrency.close", tooltip="Back to the list"),
        Binding("s", "stop", "Stop", id="concurrency.stop", tooltip="Stop reading, or go on"),
    ]

    def __init__(self, account: Callable[[], Awaitable[AccountConcurrency]], functions: FunctionsPane) -> None:
        super().__init__()
        self._account = account
        self._functions = functions
        self._limits: AccountConcurrency | None = None
        self._reading = True
        self._box = VerticalScroll()
        self._account_view = SectionView("Account")
        self._reserved_view = SectionView("Reserved by")

    def compose(self) -> ComposeResult:
        """The account above its functions."""
        self._box.border_title = Content("Concurrency of the account")
        with self._box:
            yield self._account_view
            yield self._reserved_view

    def on_mount(self) -> None:
        """Ask for both."""
        self._box.focus()
        self._ask()
        self._functions.read_all(True)
        self.watch(self._functions, "glances", self._draw)

    def on_unmount(self) -> None:
        """Nobody looks any more."""
        self._functions.read_all(False)

    @work(group="concurrency", exclusive=True)
    async def _ask(self) -> None:
        try:
            self._limits = await self._account()
        except WorkbenchError as error:
            self._account_view.facts = error
        else:
            self._account_view.facts = account_facts(self._limits)
        self._draw(self._functions.glances)

    def action_stop(self) -> None:
        """Stop reading, or go on."""
        self._reading = not self._reading
        self._functions.read_all(self._reading)
        self._draw(self._functions.glances)

    def _draw(self, glances: Glances) -> None:
        if not self.is_attached:
            return
        facts = reserving(glances.details)
        done, total = self._functions.progress
        found = sum(executions for executions, _ in reserves(glances.details))
        if self._limits is not None and found >= self._limits.reserved:
            note = f"All {found:,} reserved executions are found." if found else "Nobody reserves any."
            facts += (Fact("", note, Tone.QUIET),)
            self._functions.read_all(False)  # who is not read yet reserves nothing, or is stopped by 0
        if glances.stopped is not None:
            facts += (Fact("can't be read", glances.stopped.title, Tone.WARNING),)
        self._reserved_view.facts = facts or (Fact("", "none so far", Tone.QUIET),)
        parts = [f"{done:,} of {total:,} functions read"] if total else []
        if done < total or not self._reading:
            parts.append("s stops" if self._reading else "s goes on")
        self._box.border_subtitle = Content(" · ".join([*parts, "esc closes"]))


def account_facts(account: AccountConcurrency) -> tuple[Fact, ...]:
    """Limit, reserved and what is left, with a bar."""
    share = account.reserved / account.limit if account.limit else 0.0
    full = round(share * _BAR_CELLS)
    is_scarce = account.unreserved <= _ALWAYS_UNRESERVED
    return (
        Fact("Limit", f"{account.limit:,} executions at once, in this region"),
        Fact("Reserved", f"{account.reserved:,} · {share:.0%}"),
        Fact("", "█" * full + "░" * (_BAR_CELLS - full), Tone.QUIET),
        Fact(
            "Unreserved left",
            f"{account.unreserved:,} for all functions without a reserve" + " · no more can be reserved" * is_scarce,
            Tone.WARNING if is_scarce else Tone.PLAIN,
        ),
    )


def reserves(details: Mapping[str, FunctionDetail]) -> list[tuple[int, str]]:
    """Who reserves how much: those that are stopped first, then the largest reserve."""
    found = [
        (detail.reserved.executions, name) for name, detail in details.items() if isinstance(detail.reserved, Reserved)
    ]
    return sorted(found, key=lambda one: (one[0] != 0, -one[0], one[1]))


def reserving(details: Mapping[str, FunctionDetail]) -> tuple[Fact, ...]:
    """`reserves` as lines."""
    return tuple(
        Fact(f"{executions:>8,}", name) if executions else Fact(f"{executions:>8,}", f"{name} · stopped", Tone.WARNING)
        for executions, name in reserves(details)
    )
