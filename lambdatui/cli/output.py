"""Where a command's words go: data to stdout, everything else to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

import click

from lambdatui.core.errors import Conflict, Throttled, WorkbenchError
from lambdatui.core.text import clean

_TONES: Mapping[str, Mapping[str, str | bool]] = {
    "good": {"fg": "green"},
    "bad": {"fg": "red"},
    "warning": {"fg": "yellow"},
    "dim": {"dim": True},
    "bold": {"bold": True},
}


class Unwritten(Exception):
    """Stdout takes no more: a disk is full, a quota used up. `reason` is the system's own."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@contextmanager
def writing() -> Iterator[None]:
    """What is written to stdout inside arrives, or is told of.

    Raises:
        BrokenPipeError: the reader has gone.
        Unwritten: it can't be written for another reason.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unwritten(error.strerror or str(error)) from error


@dataclass(frozen=True, slots=True)
class Output:
    """Writes data and narration; knows whether colour is wanted. Refuses to put one sentence on stdout.

    `color` is what the user asked for, None to decide by the terminal and by `no_color` (the NO_COLOR convention).
    """

    json: bool = False
    color: bool | None = None
    no_color: bool = False

    @property
    def for_eyes(self) -> bool:
        """Whether a person reads stdout, not a program."""
        return sys.stdout.isatty()

    @property
    def colors_data(self) -> bool:
        """Whether stdout takes colour."""
        return self._takes_color(sys.stdout)

    @property
    def ascii_only(self) -> bool:
        """Whether JSON is to be written without other letters."""
        return not sys.stdout.encoding.lower().startswith("utf")

    def line(self, text: str) -> None:
        """One line of data; with several, call it once with newlines between them."""
        with writing():
            sys.stdout.write(text + "\n")
            sys.stdout.flush()

    def record(self, record: Mapping[str, object]) -> None:
        """One JSON object on a line of its own."""
        self.line(json.dumps(record, ensure_ascii=self.ascii_only))

    def payload(self, payload: bytes) -> None:
        """A response exactly as it came; on a terminal without its control characters and with a line end."""
        if sys.stdout.isatty():
            self.line(clean(payload.decode("utf-8", "replace")))
            return
        with writing():
            sys.stdout.flush()
            sys.stdout.buffer.write(payload)
            sys.stdout.buffer.flush()

    def chunk(self, payload: bytes) -> None:
        """A part of a response as it comes; on a terminal without its control characters."""
        with writing():
            sys.stdout.flush()
            if sys.stdout.isatty():
                sys.stdout.write(clean(payload.decode("utf-8", "replace")))
            else:
                sys.stdout.buffer.write(payload)
            sys.stdout.flush()

    def end_of_stream(self) -> None:
        """All chunks were written: on a terminal the line ends."""
        if sys.stdout.isatty():
            self.line("")

    def say(self, text: str, tone: str = "") -> None:
        """Narration, on stderr."""
        self._narrate(self._styled(clean(text), tone, sys.stderr))

    def complain(self, error: WorkbenchError, word: str = "error") -> None:
        """Title, detail and hint of `error`, and both values of a conflict, on stderr."""
        prefix = self._styled(f"{word}:", "warning" if word == "warning" else "bad", sys.stderr)
        self._narrate(f"{prefix} {clean(error.title)}")
        for part in (error.detail, *_particulars(error), error.hint):
            for line in clean(part).splitlines():
                self.say("  " + line)

    def data_tone(self, text: str, tone: str) -> str:
        """`text` in a colour if stdout takes colour."""
        return self._styled(text, tone, sys.stdout)

    @staticmethod
    def _narrate(text: str) -> None:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def _styled(self, text: str, tone: str, stream: TextIO) -> str:
        return click.style(text, **_TONES[tone]) if tone and self._takes_color(stream) else text  # type: ignore[arg-type]

    def _takes_color(self, stream: TextIO) -> bool:
        if self.color is not None:
            return self.color
        return not self.no_color and stream.isatty()


def _particulars(error: WorkbenchError) -> tuple[str, ...]:
    match error:
        case Conflict(mine=mine, theirs=theirs) if mine or theirs:
            return (f"yours: {mine}", f"now:   {theirs}")
        case Throttled(reason=reason, retry_after_s=wait_s):
            reason = "" if reason in error.title else reason
            return tuple(part for part in (reason, "" if wait_s is None else f"try again in {wait_s:g} s") if part)
        case _:
            return ()
