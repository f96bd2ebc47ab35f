"""Keeps the lines of a log: compact, bounded, in the order of time, searchable."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol
from weakref import WeakSet

from lambdatui.core.log_block import Block, ColdBlock
from lambdatui.core.log_filter import LogFilter, Pattern
from lambdatui.core.log_intake import Lines, RunningInvocations, lines_of
from lambdatui.core.log_lines import Level, classify
from lambdatui.core.log_texts import ColdTexts, CompressedTexts
from lambdatui.core.log_told import FIRST_LINE, LEVEL_BITS, UNTOLD
from lambdatui.core.logs import LogEvent

BLOCK_LINES = 4096
BLOCK_BYTES = 2 * 1024 * 1024
"""A block is closed at whichever comes first: a few events of 1 MB are a block too."""

_timestamp_ms = attrgetter("timestamp_ms")

_WAITING_LINES = 64 * BLOCK_LINES
"""So many lines that show no more may wait to be read: in a flood most of them are too old for that before."""
_WAITING = 16
"""So many closed blocks may wait for `compact`; in a flood `extend` compresses the others itself."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of an event. `position` is its place in the buffer; `first` says that it opens its event."""

    position: int
    timestamp_ms: int
    text: str
    level: Level
    request_id: str
    first: bool
    function_name: str = ""


class Mark:
    """A line's place, kept right by its buffer while older lines go and late ones come in before it."""

    __slots__ = ("__weakref__", "position")

    def __init__(self, position: int) -> None:
        self.position = position


class Watcher(Protocol):
    """Someone who wants to know what becomes of the lines: a `LogFilter` is one, `BufferInvocations` another."""

    def appended(self, start: int) -> None:
        """Lines were added from position `start` to the end."""
        ...

    def inserted(self, position: int, count: int) -> None:
        """So many lines came in late, before what was at `position`; every `Mark` has been put right."""
        ...

    def trimmed(self, first: int, waiting: int) -> int:
        """The lines before position `first` show no more; from which position on it has to read them, the others go.

        At most `waiting` of them may wait for that: what is before those is to be read now.
        """
        ...


class LogBuffer:
    """Owns the newest lines of a log, at most `max_lines` of them and about `max_bytes` of memory.

    A line's position is a number that stays the same while lines are added after it, or before the oldest, and
    while the oldest ones are dropped; only an event that comes in late moves those behind it, and every `Mark` and
    `LogFilter` with them. The newest `plain_lines` lie as they are; the text of older ones goes to `texts`
    (`compact`), which by itself compresses it. Reads no clock, waits for nothing; one thread at a time.
    """

    def __init__(
        self,
        max_lines: int = 1_000_000,
        max_bytes: int = 256 * 1024 * 1024,
        plain_lines: int = 32_768,
        texts: ColdTexts | None = None,
    ) -> None:
        self._texts = texts or CompressedTexts()
        self.max_lines = max_lines
        self.max_bytes = max_bytes
        self.plain_lines = plain_lines
        self._blocks: list[Block | ColdBlock] = [Block()]
        self._starts: list[int] = [0]
        self._cold = 0  # that many blocks, from the oldest, are compressed
        self._first = 0
        self._bytes = 0  # of the closed blocks
        self._gone = False  # whether lines from before the oldest were here, or would have been
        self._hidden: Mark | None = None
        self._marks: WeakSet[Mark] = WeakSet()
        self._watchers: WeakSet[Watcher] = WeakSet()
        self._streams = RunningInvocations()
        self._thawed: tuple[ColdBlock, Block] | None = None
        self.newest_ms: int | None = None
        """The time of the newest event so far; None while there is none."""
        self.disordered = 0
        """How often events came in before lines that were there already: places that were drawn have moved."""

    def __len__(self) -> int:
        return self.end - self.first

    @property
    def first(self) -> int:
        """The position of the oldest line that shows; equal to `end` when there is none."""
        return max(self._first, self._hidden.position) if self._hidden is not None else self._first

    @property
    def end(self) -> int:
        """The position after the newest line."""
        return self._starts[-1] + len(self._blocks[-1])

    @property
    def size_bytes(self) -> int:
        """Roughly the memory that the lines take."""
        return self._bytes + self._blocks[-1].size_bytes

    def extend(self, events: Sequence[LogEvent]) -> None:
        """Take a batch. Events older than lines that are here already go to their place in time.

        Text is made safe for a terminal on its way in. An event's lines stay together.
        """
        if not events:
            return
        times = list(map(_timestamp_ms, events))
        ordered = sorted(times)
        if times != ordered:
            times = ordered
            events = sorted(events, key=_timestamp_ms)
        late = bisect_left(times, self.newest_ms) if self.newest_ms is not None else 0
        if late:
            for event in events[:late]:
                self._insert(event)
            self.disordered += 1
            events, times = events[late:], times[late:]
        if events:
            self._append(lines_of(events, times))
            self.newest_ms = times[-1]
        self._trim()

    @property
    def oldest_ms(self) -> int | None:
        """The time of the oldest line that can be shown; None while there is none."""
        number = self._number_of(self._first)
        return self._blocks[number].times[self._first - self._starts[number]] if self.end > self._first else None

    @property
    def full(self) -> bool:
        """Whether the oldest lines go as new ones come."""
        return self.end - self._first >= self.max_lines or self.size_bytes >= self.max_bytes

    def prepend(self, events: Sequence[LogEvent]) -> None:
        """Take history: events from before the oldest line, in the order of time. No position changes.

        Of more than there is room for, the newest are taken. None: the oldest line is the first of all.
        """
        if not events:
            self._gone = False
            return
        oldest_ms = self.oldest_ms
        if oldest_ms is None or any(event.timestamp_ms > oldest_ms for event in events):
            self.extend(events)
            return
        lines = lines_of(events, [event.timestamp_ms for event in events])
        room = self.max_lines - (self.end - self._first)
        if room < len(lines):
            lines, self._gone = lines.part(lines.event_end(len(lines) - room - 1), len(lines)), True
        if not len(lines) or self._first > self._starts[0]:
            return
        blocks = self._blocks_of(lines)
        self._first = start = self._first - len(lines)
        starts = [start := start + size for size in (0, *map(len, blocks[:-1]))]
        self._blocks[:0], self._starts[:0] = blocks, starts
        self._bytes += sum(block.size_bytes for block in blocks)
        self._cold = 0

    def _blocks_of(self, lines: Lines) -> list[Block]:
        running: defaultdict[str, str] = defaultdict(str)
        blocks: list[Block] = []
        at = 0
        while at < len(lines):
            stop = lines.fitting(at, BLOCK_LINES, BLOCK_BYTES)
            blocks.append(block := Block())
            block.append(lines.part(at, stop), running.__getitem__)
            running |= block.running()
            at = stop
        for stream, request_id in running.items():
            self._streams.note_before(stream, request_id)
        return blocks

    def lines(self, start: int, count: int) -> list[LogLine]:
        """At most `count` lines from position `start` on; those that are gone are left out."""
        return self._read(max(start, self.first), min(start + count, self.end))

    def _read(self, start: int, stop: int) -> list[LogLine]:
        found: list[LogLine] = []
        while start < stop:
            block, offset = self._block_at(start)
            told = block.flags
            for number in range(offset, min(len(block), offset + stop - start)):
                flags = told[number]
                found.append(
                    LogLine(
                        start,
                        block.times[number],
                        block.line(number),
                        Level(flags & LEVEL_BITS),
                        block.request_id(number),
                        bool(flags & FIRST_LINE),
                        block.function_name(number),
                    )
                )
                start += 1
        return found

    def event(self, position: int) -> list[LogLine]:
        """Every line of the event that the line at `position` belongs to; [] when it is gone."""
        if not self._first <= position < self.end:
            return []
        start = self._nearest(Level.NONE, position + 1, forward=False)
        following = self._nearest(Level.NONE, position, forward=True)
        return self._read(
            self._first if start is None else max(start, self._first), self.end if following is None else following
        )

    def stream_at(self, position: int) -> str:
        """The stream in which the line at `position` came; "" when it is gone."""
        if not self._first <= position < self.end:
            return ""
        block, offset = self._block_at(position)
        return block.stream_name(offset)

    def position_at(self, timestamp_ms: int) -> int:
        """The position of the first line of that time or later; `end` when all are older."""
        number = len(self._blocks) - 1
        while number > 0 and self._blocks[number - 1].last_ms >= timestamp_ms:
            number -= 1
        if not len(self._blocks[number]):
            return self.end
        times = self._plain(self._blocks[number]).times
        return max(self._starts[number] + bisect_left(times, timestamp_ms), self.first)

    def mark(self, position: int) -> Mark:
        """A mark at `position`; it stays right for as long as someone holds it."""
        mark = Mark(position)
        self._marks.add(mark)
        return mark

    def filter(self, pattern: Pattern, within: LogFilter | None = None) -> LogFilter:
        """The lines that match `pattern`, from now on kept up to date; `advance` it until it is complete.

        `within` is an older filter that shows where the new one need not look, when it can't match there.
        """
        found = LogFilter(self, pattern, within)
        self.watch(found)
        return found

    def watch(self, watcher: Watcher) -> None:
        """Tell `watcher` of every change, for as long as someone holds it."""
        self._watchers.add(watcher)

    def next_at_level(self, level: Level, position: int, *, forward: bool) -> int | None:
        """The nearest first line of an event of `level` or above, after (or before) `position`; None: no other."""
        found = self._nearest(level, position, forward=forward)
        return found if found is not None and found >= self.first else None

    def ask_towards(self, level: Level, position: int, *, forward: bool) -> bool:
        """Have one more block between here and the next event of `level` tell its levels, some milliseconds' work.

        False when all have told: `next_at_level` has its answer at once then. Else that asks all of them.
        """
        number = self._number_of(min(max(position, self._first), max(self.end - 1, 0)))
        wanted = [FIRST_LINE | value for value in Level if value >= level]
        for at in range(number, len(self._blocks)) if forward else range(number, -1, -1):
            block, start = self._blocks[at], self._starts[at]
            if block.told.upto < len(block):
                self._plain(block).ask()
                return True
            here = slice(max(position + 1 - start, 0), None) if forward else slice(0, max(position - start, 0))
            flags = block.told.flags[here]
            if any(value in flags for value in wanted):
                return False
        return False

    def _nearest(self, level: Level, position: int, *, forward: bool) -> int | None:
        wanted = [FIRST_LINE | value for value in (*Level, UNTOLD) if value >= level]
        number = self._number_of(min(max(position, self._first), max(self.end - 1, 0)))
        numbers = range(number, len(self._blocks)) if forward else range(number, -1, -1)
        for number in numbers:
            block, start = self._blocks[number], self._starts[number]
            asked = not level or block.told.upto == len(block)
            flags = block.told.flags if asked else self._plain(block).flags
            if forward:
                hits = [flags.find(value, max(position + 1 - start, 0)) for value in wanted]
            else:
                hits = [flags.rfind(value, 0, max(position - start, 0)) for value in wanted]
            hits = [hit for hit in hits if hit >= 0]
            if hits:
                return start + (min(hits) if forward else max(hits))
        return None

    def clear(self) -> int:
        """Hide what is here, and say how many lines that are; `restore` brings them back."""
        count = len(self)
        self._hidden = self.mark(self.end)
        return count

    def restore(self) -> None:
        """Show again what `clear` hid, as far as it is still kept."""
        self._hidden = None

    @property
    def cleared(self) -> bool:
        """Whether `clear` hid lines that `restore` could bring back."""
        return self._hidden is not None and self._hidden.position > self._first

    def compact(self, blocks: int = 1) -> bool:
        """Compress at most `blocks` of the older blocks, about 5 ms each; False when none is left to do."""
        while blocks > 0 and self._too_warm():
            blocks -= self._freeze()
        return self._too_warm()

    def shrink(self, lines: int) -> bool:
        """Bring a log that nobody looks at nearer to its newest `lines`, all of them compressed: a block at a time.

        False when it is as small as that.
        """
        too_many = self.end - self._first - lines
        if too_many > 0 and (first := self._moment_of(self._first + min(too_many, BLOCK_LINES))) > self._first:
            self._forget(first, 0)
            return True
        self._cut()
        plain, self.plain_lines = self.plain_lines, 0
        more = self.compact()
        self.plain_lines = plain
        return more

    def _moment_of(self, position: int) -> int:
        """The first line of the moment of the one at `position`: history is read again from between two moments."""
        number = self._number_of(position)
        times = self._blocks[number].times
        return self._starts[number] + bisect_left(times, times[position - self._starts[number]])

    def _cut(self) -> None:
        """Let go of lines that show no more beside others that do: history has its place there."""
        at = self._first - self._starts[0]
        if not at:
            return
        old, block = self._blocks[0], self._plain(self._blocks[0])
        gone, kept = Block(), Block()
        opening = dict(block.told.openings())
        gone.append(block.part(0, at), opening.__getitem__)
        opening |= gone.running()
        kept.append(block.part(at, len(block)), opening.__getitem__)
        if isinstance(old, ColdBlock):
            old.drop()
        self._thawed = None
        self._blocks[0], self._starts[0], self._cold = kept, self._first, 0
        self._bytes = sum(one.size_bytes for one in self._blocks[:-1])

    def beginning_of(self, invocations: int, blocks: int) -> int:
        """The position of the block from which on at least so many invocations begin, the first when fewer do.

        At most so many `blocks` are looked at that nobody has looked at for this; then it is the first, too.
        """
        for number in range(len(self._blocks) - 1, -1, -1):
            told = self._blocks[number].told
            if told.begun is None:
                if not blocks:
                    break
                blocks -= 1
                told.count_begun(self._plain(self._blocks[number]).text)
            invocations -= told.begun or 0
            if invocations <= 0:
                return self._starts[number]
        return self._starts[0]

    # -- the blocks

    def block_before(self, position: int) -> tuple[int, Block]:
        """The block that holds the line before `position`, and the position of its first line."""
        block, offset = self._block_at(position - 1)
        return position - 1 - offset, block

    def _number_of(self, position: int) -> int:
        return max(bisect_right(self._starts, position) - 1, 0)

    def _block_at(self, position: int) -> tuple[Block, int]:
        number = self._number_of(position)
        return self._plain(self._blocks[number]), position - self._starts[number]

    def _plain(self, block: Block | ColdBlock) -> Block:
        if isinstance(block, Block):
            return block
        if self._thawed is None or self._thawed[0] is not block:
            text = self._thawed[1].text if self._thawed is not None else bytearray()
            self._thawed = block, block.thawed(text)
        return self._thawed[1]

    def _replace(self, number: int, *blocks: Block | ColdBlock) -> None:
        self._blocks[number : number + 1] = blocks
        starts = [self._starts[number]]
        for block in blocks[:-1]:
            starts.append(starts[-1] + len(block))
        self._starts[number : number + 1] = starts
        self._bytes = sum(block.size_bytes for block in self._blocks[:-1])

    def _too_warm(self) -> bool:
        """Whether there are more plain lines than asked for, not counting the block that is being filled."""
        return self._cold < len(self._blocks) - 1 and self.end - self._starts[self._cold + 1] >= self.plain_lines

    def _freeze(self) -> int:
        """Compress the oldest plain block, unless it is so already; how many were compressed."""
        block = self._blocks[self._cold]
        self._cold += 1
        if isinstance(block, ColdBlock):
            return 0
        self._blocks[self._cold - 1] = cold = ColdBlock(block, self._texts)
        self._bytes += cold.size_bytes - block.size_bytes
        return 1

    def _append(self, lines: Lines) -> None:
        start, at = self.end, 0
        while at < len(lines):
            block = self._open_block(lines.event_end(at) - at)
            stop = lines.fitting(at, BLOCK_LINES - len(block), BLOCK_BYTES)
            block.append(lines.part(at, stop), self._streams.running)
            at = stop
        for watcher in tuple(self._watchers):
            watcher.appended(start)

    def _open_block(self, lines: int) -> Block:
        """The block to which so many lines go: the last one, or a new one when it is full."""
        last = self._blocks[-1]
        if isinstance(last, Block):
            if not len(last):
                return last
            if len(last) + lines <= BLOCK_LINES and len(last.text) < BLOCK_BYTES:
                return last
            for stream, request_id in last.running().items():
                self._streams.note(stream, request_id)
        self._bytes += last.size_bytes
        self._starts.append(self.end)
        self._blocks.append(block := Block())
        return block

    def block_at(self, position: int) -> tuple[int, Block]:
        """The block that holds the line at `position`, and the position of its first line."""
        block, offset = self._block_at(position)
        return position - offset, block

    def _insert(self, event: LogEvent) -> None:
        stamp = event.timestamp_ms
        number = len(self._blocks) - 1
        while number > 0 and (not len(self._blocks[number]) or self._blocks[number].first_ms > stamp):
            number -= 1
        block = self._plain(self._blocks[number])
        at = block.place_of(stamp)
        position = self._starts[number] + at
        if position < self._first or (position == self._first and self._gone):
            return  # older than the oldest line that is kept: it is gone like those, or history
        lines = lines_of([event], [stamp])
        count = len(lines)
        block.insert(at, lines, lambda stream: self._ran_before(number, stream))
        replaced = self._blocks[number]
        if isinstance(replaced, ColdBlock):
            replaced.drop()
        # Late events come in groups: a compressed block stays plain until `compact` comes by again.
        self._thawed = None
        self._starts[number + 1 :] = [start + count for start in self._starts[number + 1 :]]
        parts = block.split() if len(block) > 2 * BLOCK_LINES else (block,)
        self._replace(number, *parts)
        if classify(str(lines.text, "utf-8").removesuffix("\n"))[1] is not None:
            self._tell_later(number, number + len(parts), event.stream)
        self._cold = min(self._cold, number)
        for mark in self._marks:
            if mark.position >= position:
                mark.position += count
        for watcher in tuple(self._watchers):
            watcher.inserted(position, count)

    def _ran_before(self, number: int, stream: str) -> str:
        """What ran in `stream` as block `number` began, which had no line of it."""
        for later in self._blocks[number + 1 :]:
            known = later.told.opens(stream)
            if known is not None:
                return known  # the next block with a line of it was told the same
        return self._streams.running(stream)

    def _tell_later(self, number: int, later: int, stream: str) -> None:
        """In block `number` something came into `stream`: those from `later` on that this concerns begin otherwise."""
        running = ""
        for at in range(number, len(self._blocks)):
            told = self._blocks[at].told
            known = told.opens(stream)
            if known is None:
                continue
            if at >= later:
                if known == running:
                    return
                told.open_with(stream, running)
            if at == len(self._blocks) - 1:
                return
            running = self._plain(self._blocks[at]).running()[stream]
        self._streams.note(stream, running)

    def _trim(self) -> None:
        self._forget(self.end - self.max_lines)
        while len(self._blocks) > 1 and self.size_bytes > self.max_bytes:
            if self._cold < len(self._blocks) - 1:
                self._freeze()  # rather compress than forget
            else:
                self._forget(self._starts[1], 0)
        while self._too_warm() and len(self._blocks) - self._cold > self.plain_lines // BLOCK_LINES + _WAITING:
            self._freeze()

    def _forget(self, first: int, waiting: int = _WAITING_LINES) -> None:
        """Show the lines before position `first` no more; their blocks go when nobody wants to read them."""
        before, self._first = self._first, max(first, self._first)
        self._gone = self._gone or self._first > before
        if self._first > before or (len(self._blocks) > 1 and self._starts[1] <= before):
            wanted = min([watcher.trimmed(self._first, waiting) for watcher in self._watchers], default=self._first)
            while len(self._blocks) > 1 and self._starts[1] <= min(self._first, wanted):
                self._drop()

    def _drop(self) -> None:
        block = self._blocks.pop(0)
        self._bytes -= block.size_bytes
        if isinstance(block, ColdBlock):
            block.drop()
            if self._thawed is not None and self._thawed[0] is block:
                self._thawed = None
        self._starts.pop(0)
        self._cold = max(self._cold - 1, 0)
