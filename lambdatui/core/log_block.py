"""Some thousands of log lines as one piece of bytes: at hand while they are read, elsewhere when they are cold."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, islice, pairwise

from lambdatui.core.log_intake import Lines
from lambdatui.core.log_texts import ColdTexts
from lambdatui.core.log_told import FIRST_LINE, Told, forgotten

_FUNCTIONS = 256
"""So many functions are told apart in one block; more than anyone follows at once."""

_FIRSTS = bytes(flag for flag in range(256) if flag & FIRST_LINE)
_IS_FIRST = bytes(1 if flag & FIRST_LINE else 0 for flag in range(256))


class Block:
    """Whole events in the order of time: their text, and for each line its end, time and function.

    `ends[n]` is the offset of the newline that ends line `n`; `functions[n]` counts from 0 into `function_names`.
    What the lines say of themselves is asked for, and kept in `told`. Knows nothing of other blocks.
    """

    __slots__ = ("ends", "function_names", "functions", "text", "times", "told")

    def __init__(self) -> None:
        self.text = bytearray()
        self.ends = array("I")
        self.times = array("q")
        self.functions = bytearray()
        self.function_names: list[str] = []
        self.told = Told()

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def size_bytes(self) -> int:
        """Roughly the memory that it takes."""
        return len(self.text) + 13 * len(self.ends) + self.told.size_bytes

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

    def is_first(self, number: int) -> bool:
        """Whether line `number` begins an event."""
        return bool(self.told.flags[number] & FIRST_LINE)

    def whole(self, lines: list[int], start: int, stop: int) -> list[int]:
        """Every line of the events that those lines are of, in order. `start` and `stop` stand between two events."""
        flags = self.told.flags
        if not lines or len(lines) == stop - start or not flags.translate(None, _FIRSTS):
            return lines
        firsts = flags.translate(_IS_FIRST)
        found: list[int] = []
        taken = at = 0
        # From one event of several lines to the next: what lies between stays as it is.
        while at < len(lines) and (further := firsts.find(0, lines[at], stop)) >= 0:
            begin, end = max(firsts.rfind(1, start, further), start), firsts.find(1, further, stop)
            end = end if end >= 0 else stop
            here = bisect_left(lines, begin, at)
            at = bisect_left(lines, end, here)
            if at > here:
                found += lines[taken:here]
                found += range(begin, end)
                taken = at
        return found + lines[taken:]

    def ask(self) -> None:
        """Have every line tell its level and its invocation."""
        self.told.ask(self.text, self.start_of)

    @property
    def flags(self) -> bytearray:
        """The level of each line, and which of them begin an event: see `FIRST_LINE`."""
        self.ask()
        return self.told.flags

    def request_id(self, number: int) -> str:
        """The invocation that line `number` belongs to, "" when not known."""
        self.ask()
        index = self.told.requests[number]
        return self.told.request_ids[index - 1] if index else ""

    def of_request(self, beginning: str, start: int, stop: int) -> list[int]:
        """The lines, from `start` up to `stop`, of the invocations whose request id begins so."""
        self.ask()
        ids = {n for n, name in enumerate(self.told.request_ids, 1) if name.startswith(beginning)}
        requests = self.told.requests
        return [n for n in range(start, stop) if requests[n] in ids] if ids else []

    def running(self) -> dict[str, str]:
        """What runs at the end in each stream that has a line here."""
        return self.told.ends_with(self.text, self.start_of)

    def function_name(self, number: int) -> str:
        """The function that wrote line `number`."""
        return self.function_names[self.functions[number]]

    def stream_name(self, number: int) -> str:
        """The stream that line `number` came in."""
        return self.told.stream_names[self.told.streams[number]]

    def append(self, lines: Lines, running: Callable[[str], str]) -> None:
        """Add lines after the others. `running` is asked for what runs in a stream that has no line here yet."""
        self.ends.extend(_ends(lines.sizes, len(self.text)))
        self.text += lines.text
        self.times.extend(array("q", lines.times))  # twice as fast as to take them one by one
        self.told.add(lines.flags, lines.streams, running)
        self.functions += self._functions(lines.functions, len(lines))

    def insert(self, at: int, lines: Lines, running: Callable[[str], str]) -> None:
        """Add the lines of one event before line number `at`."""
        offset, size = self.start_of(at), len(lines.text)
        self.text[offset:offset] = lines.text
        ends = array("I", _ends(lines.sizes, offset))
        ends.extend([end + size for end in self.ends[at:]])
        self.ends[at:] = ends
        self.times[at:at] = array("q", lines.times)
        self.told.insert(at, lines.flags, lines.streams, running)
        self.functions[at:at] = self._functions(lines.functions, len(lines))

    def part(self, start: int, stop: int) -> Lines:
        """The lines from number `start` up to `stop`, as they came."""
        names, streams = self.told.stream_names, self.told.streams
        ends = [self.start_of(start) - 1, *self.ends[start:stop]]
        return Lines(
            bytes(self.text[self.start_of(start) : self.start_of(stop)]),
            [end - before for before, end in pairwise(ends)],
            self.times[start:stop],
            forgotten(self.told.flags[start:stop]),
            [names[number] for number in streams[start:stop]],
            [self.function_names[number] for number in self.functions[start:stop]],
        )

    def place_of(self, timestamp_ms: int) -> int:
        """The number of the line before which an event of that time belongs: behind those of the same time."""
        return bisect_right(self.times, timestamp_ms)

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
        firsts = [number for number, flag in enumerate(self.told.flags) if flag & FIRST_LINE]
        middle = firsts[len(firsts) // 2]
        first, second = Block(), Block()
        opening = dict(self.told.openings())
        first.append(self.part(0, middle), opening.__getitem__)
        opening |= first.running()
        second.append(self.part(middle, len(self)), opening.__getitem__)
        return first, second


class ColdBlock:
    """A block whose text lies elsewhere. Reading it takes a fraction of a millisecond: `thawed`."""

    __slots__ = ("_ticket", "ends", "first_ms", "function_names", "functions", "last_ms", "texts", "times", "told")

    def __init__(self, block: Block, texts: ColdTexts) -> None:
        self.texts = texts
        self._ticket = texts.put(block.text)
        # The columns stay: they are small, and a search needs the ends of the lines at once.
        self.ends, self.times, self.told = block.ends, block.times, block.told
        self.functions, self.function_names = block.functions, block.function_names
        self.first_ms = block.first_ms
        self.last_ms = block.last_ms

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def size_bytes(self) -> int:
        """The memory that it takes."""
        return self.texts.size_bytes(self._ticket) + 13 * len(self.ends) + self.told.size_bytes

    def thawed(self, text: bytearray) -> Block:
        """The lines again, their text in `text`. It shares its columns: change the one and drop the other."""
        self.texts.get(self._ticket, text)
        block = Block()
        block.text = text
        block.ends, block.times, block.told = self.ends, self.times, self.told
        block.functions, block.function_names = self.functions, self.function_names
        return block

    def drop(self) -> None:
        """Forget its text."""
        self.texts.drop(self._ticket)


def _ends(sizes: Iterable[int], offset: int) -> Iterable[int]:
    """The offsets of the newlines of lines of these sizes, the first of which begins at `offset`."""
    return islice(accumulate(sizes, initial=offset - 1), 1, None)
