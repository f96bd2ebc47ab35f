"""Some thousands of log lines as one piece of bytes: at hand while they are read, elsewhere when they are cold."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice

from lambdatui.core.log_texts import ColdTexts

LEVEL_BITS = 0b111
FIRST_LINE = 0b1000
"""Set in the flags of the first line of each event; the lower bits are the event's `Level`."""

_FUNCTIONS = 256
"""So many functions are told apart in one block; more than anyone follows at once."""


class Block:
    """Lines in the order of time: their text, and for each its end, time, flags, request id and function.

    `ends[n]` is the offset of the newline that ends line `n`; `requests[n]` counts from 1 into `request_ids`,
    0 for none; `functions[n]` counts from 0 into `function_names`. Knows nothing of other blocks.
    """

    __slots__ = (
        "_index",
        "ends",
        "flags",
        "function_names",
        "functions",
        "request_ids",
        "requests",
        "text",
        "times",
    )

    def __init__(self) -> None:
        self.text = bytearray()
        self.ends = array("I")
        self.times = array("q")
        self.flags = bytearray()
        self.requests = array("H")
        self.request_ids: list[str] = []
        self.functions = bytearray()
        self.function_names: list[str] = []
        self._index: dict[str, int] = {"": 0}

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def size_bytes(self) -> int:
        """Roughly the memory that it takes."""
        return len(self.text) + 16 * len(self.ends) + 120 * len(self.request_ids)

    @property
    def first_ms(self) -> int:
        """The time of the first line."""
        return self.times[0]

    @property
    def last_ms(self) -> int:
        """The time of the last line."""
        return self.times[-1]

    def start_of(self, line: int) -> int:
        """The offset at which line number `line` begins; that of the end for the line after the last."""
        return self.ends[line - 1] + 1 if line else 0

    def line(self, number: int) -> str:
        """The text of one line."""
        return self.text[self.start_of(number) : self.ends[number]].decode()

    def request_id(self, number: int) -> str:
        """The invocation that line `number` belongs to, "" when not known."""
        index = self.requests[number]
        return self.request_ids[index - 1] if index else ""

    def function_name(self, number: int) -> str:
        """The function that wrote line `number`."""
        return self.function_names[self.functions[number]]

    def append(
        self,
        times: Sequence[int],
        flags: Sequence[int],
        request_ids: Sequence[str],
        lines: Sequence[str],
        functions: str | Sequence[str] = "",
    ) -> None:
        """Add `lines`, none of which holds a newline, after the others. Sequences of one length."""
        joined, lengths = _joined(lines)
        self.ends.extend(_ends(lengths, len(self.text)))
        self.text += joined
        self.times.extend(times)
        self.flags += bytes(flags)
        self.requests.extend(self._indexes(request_ids))
        self.functions += self._functions(functions, len(lines))

    def insert(
        self,
        at: int,
        times: Sequence[int],
        flags: Sequence[int],
        request_ids: Sequence[str],
        lines: Sequence[str],
        *,
        function_name: str = "",
    ) -> None:
        """Add `lines` of one function before line number `at`."""
        joined, lengths = _joined(lines)
        offset = self.start_of(at)
        self.text[offset:offset] = joined
        ends = array("I", _ends(lengths, offset))
        ends.extend([end + len(joined) for end in self.ends[at:]])
        self.ends[at:] = ends
        self.times[at:at] = array("q", times)
        self.flags[at:at] = bytes(flags)
        self.requests[at:at] = array("H", self._indexes(request_ids))
        self.functions[at:at] = self._functions(function_name, len(lines))

    def place_of(self, timestamp_ms: int) -> int:
        """The number of the line before which an event of that time belongs: behind those of the same time."""
        return bisect_right(self.times, timestamp_ms)

    def _indexes(self, request_ids: Sequence[str]) -> list[int]:
        index = self._index
        for request_id in dict.fromkeys(request_ids):
            if request_id not in index:
                self.request_ids.append(request_id)
                index[request_id] = len(self.request_ids)
        return [index[request_id] for request_id in request_ids]

    def _functions(self, functions: str | Sequence[str], count: int) -> bytes:
        names = self.function_names
        for name in (functions,) if isinstance(functions, str) else dict.fromkeys(functions):
            if name not in names and len(names) < _FUNCTIONS:
                names.append(name)
        index = {name: number for number, name in enumerate(names)}
        if isinstance(functions, str):
            return bytes((index.get(functions, _FUNCTIONS - 1),)) * count
        return bytes([index.get(name, _FUNCTIONS - 1) for name in functions])

    def split(self) -> tuple[Block, Block]:
        """Two blocks with one half each."""
        halves = Block(), Block()
        middle = len(self) // 2
        for half, (start, end) in zip(halves, ((0, middle), (middle, len(self))), strict=True):
            half.append(
                self.times[start:end],
                self.flags[start:end],
                [self.request_id(n) for n in range(start, end)],
                [self.line(n) for n in range(start, end)],
                [self.function_name(n) for n in range(start, end)],
            )
        return halves


class ColdBlock:
    """A block whose text lies elsewhere. Reading it takes a fraction of a millisecond: `thawed`."""

    __slots__ = (
        "_ids",
        "_ticket",
        "ends",
        "first_ms",
        "flags",
        "function_names",
        "functions",
        "last_ms",
        "requests",
        "texts",
        "times",
    )

    def __init__(self, block: Block, texts: ColdTexts) -> None:
        self.texts = texts
        self._ticket = texts.put(block.text)
        # The columns stay: they are small, and a search needs the ends of the lines at once.
        self.ends, self.times, self.requests = block.ends, block.times, block.requests
        self.flags, self.functions = block.flags, block.functions
        self.function_names = block.function_names
        self._ids = "\n".join(block.request_ids).encode("utf-8", "replace")
        self.first_ms = block.first_ms
        self.last_ms = block.last_ms

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def size_bytes(self) -> int:
        """The memory that it takes."""
        return self.texts.size_bytes(self._ticket) + 16 * len(self.ends) + len(self._ids)

    def thawed(self, text: bytearray) -> Block:
        """The lines again, their text in `text`. It shares its columns: change the one and drop the other."""
        self.texts.get(self._ticket, text)
        block = Block()
        block.text = text
        block.ends, block.times, block.requests = self.ends, self.times, self.requests
        block.flags, block.functions = self.flags, self.functions
        block.function_names = self.function_names
        block.request_ids = self._ids.decode().split("\n") if self._ids else []
        block._index.update((request_id, n) for n, request_id in enumerate(block.request_ids, 1))  # noqa: SLF001
        return block

    def drop(self) -> None:
        """Forget its text."""
        self.texts.drop(self._ticket)


def _joined(lines: Sequence[str]) -> tuple[bytes, list[int]]:
    """The lines, each with its newline, and the size of each in bytes."""
    joined = "\n".join((*lines, ""))
    if joined.isascii():
        return joined.encode(), list(map(len, lines))
    encoded = [line.encode("utf-8", "replace") for line in lines]
    return b"\n".join((*encoded, b"")), list(map(len, encoded))


def _ends(lengths: Iterable[int], offset: int) -> Iterable[int]:
    """The offsets of the newlines of lines of these sizes, the first of which begins at `offset`."""
    return islice(accumulate(map((1).__add__, lengths), initial=offset - 1), 1, None)
