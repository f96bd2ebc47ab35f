"""From exec to the first painted content and to a live screen: lambdatui beside posting, in turns."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.peers import python_peer
from benchmarks.recording import Written, first_ms, recorded
from benchmarks.report import print_goal, print_samples

ROUNDS = 7
_SECONDS = 1.5


def _is_live(text: str) -> bool:
    # The kept frame tells no time.
    return re.search(r"read-write\s+\d\d:\d\d", text) is not None


def main() -> None:
    """Print first frame, live screen and both ratios."""
    with tempfile.TemporaryDirectory() as home:
        environment = _environment(home)
        ours = [str(Path(sys.executable).with_name("lambdatui")), "--demo"]
        # The newest tree-sitter (0.26.1) crashes the Textual of posting 2.11.1.
        folder = python_peer("posting", "posting==2.11.1", "tree-sitter==0.25.2")
        frame: list[float] = []
        live: list[float] = []
        posting: list[float] = []
        _ours(ours, environment, home)  # the first start unpacks the demo and has no picture to show
        for _ in range(ROUNDS):
            first, answered = _ours(ours, environment, home)
            frame.append(first)
            live.append(answered)
            if folder:
                posting.append(_posting([str(folder / "posting")], environment, home))
        print_samples(
            "Start, exec to painted (120x40)",
            {"lambdatui first frame": frame, "lambdatui live": live, "posting": posting},
            peer="posting",
        )
        middle = sorted(frame)[len(frame) // 2]
        print_goal(f"first frame <= 50 ms ({middle:.0f})", reached=middle <= 50)
        if posting:
            ratio = sorted(live)[len(live) // 2] / sorted(posting)[len(posting) // 2]
            print_goal(f"live <= 0.3x posting ({ratio:.2f}x)", reached=ratio <= 0.3)


def _ours(command: list[str], environment: dict[str, str], folder: str) -> tuple[float, float]:
    """Milliseconds to the first frame, and to the live screen: the one that shows the time of day."""
    written = recorded(command, environment, folder, _SECONDS)
    return _needed(written, lambda text: "lambdatui" in text), _needed(written, _is_live)


def _posting(command: list[str], environment: dict[str, str], folder: str) -> float:
    words = ("Collection", "No headers", "Response")
    return _needed(
        recorded(command, environment, folder, 2 * _SECONDS), lambda text: all(word in text for word in words)
    )


def _needed(written: list[Written], true: Callable[[str], bool]) -> float:
    at_ms = first_ms(written, true)
    if at_ms is None:
        raise SystemExit("a contestant did not start; is its terminal too small?")
    return at_ms


def _environment(home: str) -> dict[str, str]:
    return {
        "HOME": home,
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }


if __name__ == "__main__":
    main()
