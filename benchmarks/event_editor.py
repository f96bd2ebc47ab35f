"""A key in the event editor beside Textual's TextArea, at 10 kB, 1 MB and 5.5 MB of pretty-printed JSON.

Both stand in an app of their own, 120x40, on the headless driver; a key is timed until the screen is painted. The
peer is the plain TextArea without highlighting, which is its fastest. Run: python -m benchmarks.event_editor
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from statistics import median
from time import perf_counter

from textual.app import App, ComposeResult
from textual.widgets import TextArea

from lambdatui.ui.events.editor import JsonEditor

SIZES = {"10 kB": 10_000, "1 MB": 1_000_000, "5.5 MB": 5_500_000}
RECORD = {"eventSource": "aws:sqs", "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d", "body": "x" * 40, "n": 1.5}


def document(size_bytes: int) -> str:
    """A pretty-printed event of about that size."""
    one = len(json.dumps([RECORD], indent=2))
    return json.dumps({"Records": [RECORD] * (size_bytes // one)}, indent=2)


class Bench(App[None]):
    """One editor."""

    def __init__(self, editor: TextArea) -> None:
        super().__init__()
        self.editor = editor

    def compose(self) -> ComposeResult:
        """Only the editor."""
        yield self.editor

    def on_mount(self) -> None:
        """Keys go to it."""
        self.editor.focus()


def stock() -> TextArea:
    """Textual's own, set up like ours."""
    return TextArea(soft_wrap=False, show_line_numbers=True, tab_behavior="indent")


EDITORS: dict[str, Callable[[], TextArea]] = {"ours": JsonEditor, "TextArea": stock}


async def measure(make: Callable[[], TextArea], text: str, keys: int) -> tuple[float, float]:
    """Milliseconds to load `text`, and the median of a key at its beginning, middle and end."""
    app = Bench(make())
    async with app.run_test(size=(120, 40)) as pilot:
        started = perf_counter()
        app.editor.load_text(text)
        await pilot.pause(0)
        loaded = (perf_counter() - started) * 1000
        times = []
        last = app.editor.document.line_count - 1
        for row in (1, last // 2, last):
            app.editor.move_cursor((row, 2))
            await pilot.pause(0)
            for _ in range(keys):
                started = perf_counter()
                app.editor.insert("7")
                await pilot.pause(0)
                app.screen._compositor.update_widgets({app.editor})  # noqa: SLF001
                app.screen._compositor.render_update(full=True)  # noqa: SLF001  # a paint but its writing
                times.append((perf_counter() - started) * 1000)
    return loaded, median(times)


def main() -> None:
    """Print medians and ratios, ours against the peer in the same run."""
    print(f"{'editor':<10}{'size':>8}{'load ms':>10}{'key ms':>10}{'ours / it: load':>18}{'key':>8}")
    for label, size in SIZES.items():
        text = document(size)
        found = {
            name: asyncio.run(measure(make, text, keys=7 if name == "ours" else 3)) for name, make in EDITORS.items()
        }
        for name, (loaded, key) in found.items():
            ratios = f"{found['ours'][0] / loaded:>18.3f}{found['ours'][1] / key:>8.3f}" if name != "ours" else ""
            print(f"{name:<10}{label:>8}{loaded:>10.1f}{key:>10.1f}{ratios}")


if __name__ == "__main__":
    main()
