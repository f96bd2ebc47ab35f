"""What the lines of one block say of themselves, level and invocation: found out when somebody asks."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise

from lambdatui.core.log_lines import classify

LEVEL_BITS = 0b111
FIRST_LINE = 0b1000
"""Set in the flags of the first line of each event; the lower bits are the event's `Level`."""
UNTOLD = LEVEL_BITS
"""In the place of a level: nobody has asked yet."""

_ANCHORS = (b"START RequestId: ", b"END RequestId: ", b"REPORT RequestId: ", b"INIT_START ", b"RESTORE_START ")
_RECORD_ANCHOR = b'"type":"platform.'
_ANCHOR_BYTES = 160
_BEGINNINGS = (b"\nSTART RequestId: ", b'"platform.start"')
_FORGOTTEN = bytes(flag & FIRST_LINE | UNTOLD for flag in range(256))


class Told:
    """The columns of a block that its text tells: most lines of a large log are never asked for theirs.

    `requests[n]` counts from 1 into `request_ids`, 0 for none; `streams[n]` counts from 0 into `stream_names`.
    A line that names no invocation belongs to the one that runs in its stream: what `opening` says, for each stream,
    as the block begins. The lines before `upto` have been asked. `begun` counts the invocations that begin here, None
    as long as nobody has counted.
    """

    __slots__ = (
        "_index",
        "_names",
        "_running",
        "begun",
        "flags",
        "opening",
        "request_ids",
        "requests",
        "streams",
        "upto",
    )

    def __init__(self) -> None:
        self.flags = bytearray()
        self.requests = array("H")
        self.request_ids: list[str] = []
        self.streams = array("H")
        self.opening: list[str] = []
        self.upto = 0
        self.begun: int | None = None
        self._names: dict[str, int] = {}
        self._index: dict[str, int] = {"": 0}
        self._running: list[str] = []  # in each stream, at `upto`

    @property
    def stream_names(self) -> list[str]:
        """Every stream with a line here."""
        return list(self._names)

    @property
    def size_bytes(self) -> int:
        """Roughly the memory that it takes."""
        return 5 * len(self.flags) + 120 * (len(self.request_ids) + len(self._names))

    def add(self, flags: bytes | bytearray, streams: str | Sequence[str], running: Callable[[str], str]) -> None:
        """Lines were added at the end: in which stream each, or all of them. `running` knows what ran there before."""
        self.flags += flags
        self.begun = None
        self.requests.frombytes(bytes(self.requests.itemsize * len(flags)))
        self.streams.extend(self._numbers(streams, len(flags), running))

    def insert(
        self, at: int, flags: bytes | bytearray, streams: str | Sequence[str], running: Callable[[str], str]
    ) -> None:
        """Lines were added before line number `at`: what any line of the block says may have changed."""
        self.flags[at:at] = flags
        self.begun = None
        self.requests[at:at] = array("H", bytes(self.requests.itemsize * len(flags)))
        self.streams[at:at] = array("H", self._numbers(streams, len(flags), running))
        self.forget()

    def forget(self) -> None:
        """Ask anew."""
        self.upto = 0
        self.flags = forgotten(self.flags)
        self._running = list(self.opening)
        self.request_ids = []
        self._index = {"": 0}

    def openings(self) -> Iterable[tuple[str, str]]:
        """Each stream, and what ran there as the block began."""
        return zip(self._names, self.opening, strict=True)

    def opens(self, stream: str) -> str | None:
        """What ran in `stream` as the block began; None: it has no line here."""
        number = self._names.get(stream)
        return None if number is None else self.opening[number]

    def open_with(self, stream: str, request_id: str) -> None:
        """`request_id` ran in `stream` as the block began, as has turned out since."""
        self.opening[self._names[stream]] = request_id
        self.forget()

    def count_begun(self, text: bytearray) -> None:
        """Count the invocations that begin here; that of the first line may be missed."""
        self.begun = sum(map(text.count, _BEGINNINGS))

    def ask(self, text: bytearray, start_of: Callable[[int], int]) -> None:
        """Have every line say what it does; those that have done so are not asked again."""
        count = len(self.flags)
        if self.upto >= count:
            return
        lines = text[start_of(self.upto) :].decode().split("\n")
        lines.pop()  # nothing stands behind the last newline
        sizes = self._sizes(self.upto)
        streams = self.streams[self.upto :]
        if len(sizes) < len(lines):
            firsts = list(accumulate(sizes[:-1], initial=0))
            lines = ["\n".join(lines[first : first + size]) for first, size in zip(firsts, sizes, strict=True)]
            streams = array("H", [streams[first] for first in firsts])
        running, index = self._running, self._index
        flags, requests = bytearray(), array("H")
        for message, stream in zip(lines, streams, strict=True):
            current = running[stream]
            level, named = classify(message, current)
            if named is not None and named != current:
                current = running[stream] = named
            request = index.get(current)
            if request is None:
                self.request_ids.append(current)
                request = index[current] = len(self.request_ids)
            flags.append(level | FIRST_LINE)
            requests.append(request)
        if len(sizes) < count - self.upto:
            for number in range(len(sizes) - 1, -1, -1):
                more = sizes[number] - 1
                if more:
                    flags[number + 1 : number + 1] = bytes((flags[number] & LEVEL_BITS,)) * more
                    requests[number + 1 : number + 1] = array("H", (requests[number],)) * more
        self.flags[self.upto :] = flags
        self.requests[self.upto :] = requests
        self.upto = count

    def ends_with(self, text: bytearray, start_of: Callable[[int], int]) -> dict[str, str]:
        """What runs in each stream at the end, found without asking more lines than that takes."""
        running = list(self._running)
        since = self._sure(text, start_of, running)
        for number in range(min(since, default=self.upto), len(self.flags)):
            stream = self.streams[number]
            if self.flags[number] & FIRST_LINE and number >= since[stream]:
                named = classify(self._message(text, start_of, number), running[stream])[1]
                if named is not None:
                    running[stream] = named
        return dict(zip(self._names, running, strict=True))

    def _sure(self, text: bytearray, start_of: Callable[[int], int], running: list[str]) -> list[int]:
        """For each stream the line behind the last one that names its invocation whatever came before; see `_ANCHORS`.

        What it names goes to `running`.
        """
        since = [self.upto] * len(running)
        waiting = set(range(len(running)))
        for number in range(len(self.flags) - 1, self.upto - 1, -1):
            if not waiting:
                break
            stream = self.streams[number]
            if stream not in waiting or not self.flags[number] & FIRST_LINE:
                continue
            start = start_of(number)
            if text.startswith(_ANCHORS, start) or (
                text.startswith(b"{", start) and text.find(_RECORD_ANCHOR, start, start + _ANCHOR_BYTES) >= 0
            ):
                named = classify(self._message(text, start_of, number))[1]
                if named is not None:
                    running[stream], since[stream] = named, number + 1
                    waiting.discard(stream)
        return since

    def _sizes(self, start: int) -> list[int]:
        """How many lines each event has, from line number `start` on, which begins one."""
        flags = self.flags
        if flags.find(UNTOLD, start) < 0:
            return [1] * (len(flags) - start)
        firsts = [number for number in range(start, len(flags)) if flags[number] & FIRST_LINE]
        return [end - first for first, end in pairwise((*firsts, len(flags)))]

    def _message(self, text: bytearray, start_of: Callable[[int], int], number: int) -> str:
        end = number + 1
        while end < len(self.flags) and not self.flags[end] & FIRST_LINE:
            end += 1
        return text[start_of(number) : start_of(end) - 1].decode()

    def _numbers(self, streams: str | Sequence[str], count: int, running: Callable[[str], str]) -> Sequence[int]:
        names = self._names
        for name in (streams,) if isinstance(streams, str) else dict.fromkeys(streams):
            if name not in names:
                names[name] = len(names)
                self.opening.append(request_id := running(name))
                self._running.append(request_id)
        if isinstance(streams, str):
            return array("H", (names[streams],)) * count
        return [names[name] for name in streams]


def forgotten(flags: bytearray) -> bytearray:
    """The flags of lines that nobody has asked."""
    return flags.translate(_FORGOTTEN)
