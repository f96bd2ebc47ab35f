"""Reads what Textual's compositor would write, as patches; the one place that knows its updates' insides."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from lambdatui.ui.output.cells import Doubt
from lambdatui.ui.output.painter import Painter, Patch


class LightUpdate(CompositorUpdate):
    """An update that is written as what differs from the screen; in doubt as Textual renders it."""

    def __init__(self, update: CompositorUpdate, painter: Painter, columns: int, rows: int, console: Console) -> None:
        try:
            self._written = painter.paint(_patches(update), columns, rows)
        except Doubt:
            painter.forget()
            self._written = update.render_segments(console)

    @property
    def empty(self) -> bool:
        """Whether the screen shows it already."""
        return not self._written

    def render_segments(self, console: Console) -> str:  # noqa: ARG002 - Textual's signature
        """See `CompositorUpdate`."""
        return self._written


def _patches(update: CompositorUpdate) -> Iterator[Patch]:
    match update:
        case LayoutUpdate():
            for y, strips in enumerate(update.strips, update.region.y):
                yield Patch(update.region.x, y, _segments(strips))
        case ChopsUpdate():
            for y, start, stop in update.spans:
                yield from _chops(update, y, start, stop)
        case _:
            raise Doubt


def _segments(strips: object) -> Iterator[Segment]:
    for strip in strips:  # type: ignore[attr-defined]  # Textual types it as an iterable of strips
        yield from strip


def _chops(update: ChopsUpdate, y: int, start: int, stop: int) -> Iterator[Patch]:
    # The same pieces that `ChopsUpdate.render_segments` writes; those side by side are one patch.
    at = end_of_patch = -1
    together: list[Segment] = []
    for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
        if strip is None or x > stop or end <= start:
            continue
        piece: Strip = strip if start <= x < stop and end <= stop else strip.crop(0, min(end, stop) - x)
        if x != end_of_patch:
            if together:
                yield Patch(at, y, together)
            at, together = x, []
        together = [*together, *piece]
        end_of_patch = x + piece.cell_length
    if together:
        yield Patch(at, y, together)
