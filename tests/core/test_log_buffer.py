"""The store of log lines: order, bounds, places that stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core import log_buffer
from lambdatui.core.log_buffer import LogBuffer, LogLine
from lambdatui.core.log_lines import Level, classify
from lambdatui.core.log_search import parse_pattern
from lambdatui.core.log_texts import ColdTexts, CompressedTexts
from lambdatui.core.logs import LogEvent
from lambdatui.storage.log_spool import SpooledTexts

ID = "8f5a1c22-91d3-4f1c-8a2b-00000000000{}"


def event(at_ms: int, message: str, stream: str = "s") -> LogEvent:
    """An event of the log."""
    return LogEvent(f"{at_ms}-{message}", at_ms, at_ms, stream, message)


def texts(buffer: LogBuffer) -> list[str]:
    """Every line that shows."""
    return [line.text for line in every(buffer)]


def every(buffer: LogBuffer) -> list[LogLine]:
    """Every line that shows, with all that is known of it."""
    return buffer.lines(buffer.first, len(buffer))


def test_lines_of_an_event_stay_together() -> None:
    """A traceback with carriage returns is one event of several lines."""
    buffer = LogBuffer()
    buffer.extend([event(1, "[ERROR] KeyError: 'x'\rTraceback\r\u00a0\u00a0File\n"), event(1, "next\n")])
    lines = every(buffer)
    assert [line.text for line in lines] == ["[ERROR] KeyError: 'x'", "Traceback", "\u00a0\u00a0File", "next"]
    assert [line.first for line in lines] == [True, False, False, True]
    assert [line.level for line in lines] == [Level.ERROR, Level.ERROR, Level.ERROR, Level.NONE]
    for position in range(3):
        assert [line.text for line in buffer.event(position)] == [line.text for line in lines[:3]]


def test_a_print_belongs_to_the_invocation_of_its_stream() -> None:
    """Streams interleave; each print goes with what runs in its own stream, and INIT with nothing."""
    a, b = ID.format(1), ID.format(2)
    buffer = LogBuffer()
    buffer.extend(
        [
            event(0, "INIT_START Runtime Version: python:3.13\n", "one"),
            event(1, f"START RequestId: {a} Version: $LATEST\n", "one"),
            event(2, f"START RequestId: {b} Version: $LATEST\n", "two"),
            event(3, "print of a\n", "one"),
            event(4, "print of b\n", "two"),
            event(5, f"END RequestId: {a}\n", "one"),
        ]
    )
    assert [line.request_id for line in every(buffer)] == ["", a, b, a, b, a]


def test_a_late_event_goes_to_its_place_and_invocation() -> None:
    """An event that comes in late stands where its time says, with the invocation that ran then."""
    a, b = ID.format(1), ID.format(2)
    buffer = LogBuffer()
    buffer.extend([event(1, f"START RequestId: {a} Version: 1"), event(9, f"START RequestId: {b} Version: 1")])
    buffer.extend([event(4, "late\nof two lines")])
    assert [line.text for line in every(buffer)][1:3] == ["late", "of two lines"]
    assert [line.request_id for line in every(buffer)] == [a, a, a, b]


def test_a_mark_stays_with_its_line() -> None:
    """Neither late events before it nor dropped lines move a reader's place."""
    buffer = LogBuffer(max_lines=50)
    buffer.extend([event(n * 10, f"line {n}") for n in range(40)])
    mark = buffer.mark(30)
    buffer.extend([event(5, "late one"), event(295, "late two\nand three"), event(305, "late behind it")])
    assert buffer.lines(mark.position, 1)[0].text == "line 30"
    buffer.extend([event(1000 + n, f"new {n}") for n in range(25)])
    assert buffer.lines(mark.position, 1)[0].text == "line 30"
    assert len(buffer) == 50


def test_the_oldest_lines_go_first() -> None:
    """The bound on lines holds exactly, over many blocks."""
    buffer = LogBuffer(max_lines=10_000)
    for start in range(0, 30_000, 1_500):
        buffer.extend([event(n, f"line {n}") for n in range(start, start + 1_500)])
    assert texts(buffer) == [f"line {n}" for n in range(20_000, 30_000)]
    assert buffer.lines(0, 5) == []


def test_memory_is_bounded_even_by_few_large_events() -> None:
    """Events of a megabyte are compressed, then dropped: the store does not grow with them."""
    buffer = LogBuffer(max_lines=1000, max_bytes=8 * 1024 * 1024)
    for n in range(40):
        buffer.extend([event(n, f"{n} " + "é" * 600_000)])
        assert buffer.size_bytes <= 8 * 1024 * 1024 + log_buffer.BLOCK_BYTES
    assert texts(buffer)[-1].startswith("39 ")


@pytest.mark.parametrize("texts", [CompressedTexts, SpooledTexts])
def test_cold_lines_read_like_warm_ones(texts: Callable[[], ColdTexts]) -> None:
    """Putting text away, compressed or on disk, changes neither it nor time, level or invocation."""
    buffer = LogBuffer(plain_lines=4096, texts=texts())
    request = ID.format(7)
    buffer.extend([event(0, f"START RequestId: {request} Version: 1")])
    buffer.extend([event(n, f"[ERROR] line {n} é" if n % 3 else f"line {n}") for n in range(1, 20_000)])
    before = every(buffer)
    while buffer.compact():
        pass
    assert buffer.size_bytes < 900_000
    assert every(buffer) == before
    buffer.extend([event(500, "late into the cold")])
    assert buffer.lines(501, 1)[0].text == "late into the cold"
    assert len(buffer) == 20_001


def test_history_comes_before_the_oldest_line() -> None:
    """Older events go before all others, in blocks of their own: no position, mark or match moves; room is kept."""
    buffer = LogBuffer(max_lines=12_000, plain_lines=4096)
    buffer.extend([event(n, f"line {n}") for n in range(20_000, 25_000)])
    pattern = parse_pattern("line 1999")
    assert pattern is not None
    found = buffer.filter(pattern)
    while found.advance():
        pass
    mark = buffer.mark(10)
    before = buffer.lines(0, 5_000)
    buffer.prepend(
        [
            event(n, f"START RequestId: {ID.format(1)} Version: 1" if n == 15_000 else f"line {n}\rsecond {n}")
            for n in range(15_000, 18_000)
        ]
    )
    buffer.prepend([event(n, f"line {n}") for n in range(10_000, 15_000)])
    assert buffer.lines(0, 5_000) == before
    assert buffer.lines(mark.position, 1)[0].text == "line 20010"
    assert len(buffer) == 12_000
    assert buffer.full
    assert every(buffer)[0].text == "line 13999"
    assert buffer.oldest_ms == 13_999
    assert every(buffer)[-5_001].request_id == ID.format(1)
    while found.advance():
        pass
    assert len(found) == 0
    assert not buffer.compact(100)
    assert [line.text for line in buffer.lines(buffer.position_at(15_001), 2)] == ["line 15001", "second 15001"]
    buffer.extend([event(25_000, "newest")])
    assert every(buffer)[0].text == "line 14000"


def test_clearing_hides_and_restoring_brings_back() -> None:
    """Cleared lines are out of view, of the filter too, and none is lost."""
    buffer = LogBuffer()
    buffer.extend([event(n, f"line {n}") for n in range(10)])
    found = buffer.filter(parse_pattern("line") or 1 / 0)  # type: ignore[arg-type]
    while found.advance():
        pass
    assert buffer.clear() == 10
    buffer.extend([event(20, "line new")])
    assert (texts(buffer), len(found), buffer.cleared) == (["line new"], 1, True)
    assert buffer.lines(found.position(0), 1)[0].text == "line new"
    buffer.restore()
    assert (len(buffer), len(found), buffer.cleared) == (11, 11, False)


def test_the_next_error_is_found_in_both_directions() -> None:
    """Errors are found across blocks, first lines of their events only."""
    buffer = LogBuffer()
    buffer.extend([event(n, "[ERROR] boom\nsecond line" if n in (3, 9000) else f"line {n}") for n in range(10_000)])
    assert buffer.next_at_level(Level.ERROR, 0, forward=True) == 3
    assert buffer.next_at_level(Level.ERROR, 3, forward=True) == 9001
    assert buffer.next_at_level(Level.ERROR, 9001, forward=True) is None
    assert buffer.next_at_level(Level.ERROR, 9001, forward=False) == 3
    assert buffer.next_at_level(Level.ERROR, 3, forward=False) is None


def test_a_far_error_is_looked_for_block_by_block() -> None:
    """Each step asks one block, none behind the error; then the answer is at hand."""
    buffer = LogBuffer(plain_lines=4096)
    buffer.extend([event(n, "[ERROR] boom" if n in (100, 10_000) else f"line {n}") for n in range(30_000)])
    steps = 0
    while buffer.ask_towards(Level.ERROR, 100, forward=True):
        steps += 1
    assert steps == 3
    assert buffer.next_at_level(Level.ERROR, 100, forward=True) == 10_000
    while buffer.ask_towards(Level.ERROR, 29_999, forward=False):
        steps += 1
    assert steps == 8
    assert not buffer.ask_towards(Level.ERROR, 10_000, forward=True)
    assert not buffer.ask_towards(Level.ERROR, 100, forward=False)


def test_escapes_never_get_in() -> None:
    """Each line is safe for a terminal, in batches with and without such lines."""
    buffer = LogBuffer()
    buffer.extend([event(1, "plain"), event(2, "\x1b]52;c;aGFjaw==\x07evil \x1b[2J\x9b1mé"), event(3, "é\u202e")])
    assert texts(buffer) == ["plain", "evil 1mé", "é"]


_SAYINGS = (
    "a print",
    "a print\nof two lines",
    f"START RequestId: {ID.format(1)} Version: 1",
    f"START RequestId: {ID.format(2)} Version: 1",
    f"END RequestId: {ID.format(2)}",
    f"[ERROR]\t2026-11-23T14:02:11.031Z\t{ID.format(3)}\tboom\nof it",
    f'{{"level":"WARN","requestId":"{ID.format(4)}","message":"m"}}',
    f'{{"level":"INFO","requestId":"foreign","inner":"{ID.format(1)}"}}',
    "INIT_START Runtime Version: python:3.13",
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_lines_say_is_the_same_whenever_they_are_asked(data: st.DataObject) -> None:
    """Level and invocation are those of one pass in the order of time, though lines come late and are asked at will."""
    original = log_buffer.BLOCK_LINES
    log_buffer.BLOCK_LINES = 6
    try:
        buffer = LogBuffer(plain_lines=8)
        came: list[LogEvent] = []
        for _ in range(data.draw(st.integers(1, 6))):
            drawn = st.tuples(st.integers(0, 30), st.sampled_from(_SAYINGS), st.sampled_from("xyz"))
            batch = [event(at, saying, stream) for at, saying, stream in data.draw(st.lists(drawn, max_size=8))]
            buffer.extend(batch)
            came = sorted(came + sorted(batch, key=lambda one: one.timestamp_ms), key=lambda one: one.timestamp_ms)
            if data.draw(st.booleans()):
                buffer.compact(2)
            if data.draw(st.booleans()):
                buffer.lines(buffer.first + data.draw(st.integers(0, 40)), 1)
        running: dict[str, str] = {}
        expected: list[tuple[str, Level, str, bool]] = []
        for one in came:
            level, named = classify(one.message, running.get(one.stream, ""))
            if named is not None:
                running[one.stream] = named
            lines = one.message.split("\n")
            expected += [(line, level, running.get(one.stream, ""), not n) for n, line in enumerate(lines)]
        assert [(line.text, line.level, line.request_id, line.first) for line in every(buffer)] == expected
    finally:
        log_buffer.BLOCK_LINES = original


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_store_equals_a_sorted_list(data: st.DataObject) -> None:
    """Whatever comes in whatever batches: order, filter, marks and bounds are those of a plain list."""
    original = log_buffer.BLOCK_LINES
    log_buffer.BLOCK_LINES = 8
    try:
        limit = data.draw(st.integers(15, 60), "limit")
        buffer = LogBuffer(max_lines=limit, plain_lines=8)
        pattern = parse_pattern("a")
        assert pattern is not None
        found = buffer.filter(pattern)
        expected: list[tuple[int, str]] = []
        number = 0
        for _ in range(data.draw(st.integers(1, 8))):
            times = data.draw(st.lists(st.integers(0, 60), max_size=20))
            batch = []
            for at in times:
                message = f"{number} " + data.draw(st.sampled_from(["a", "b", "é a", "c\nd a"]))
                batch.append(event(at, message))
                number += 1
            if expected and buffer.end - buffer.first >= limit:
                # Older than what is kept: gone either way; keep to what both define.
                batch = [one for one in batch if one.timestamp_ms > expected[-limit][0]]
            buffer.extend(batch)
            for one in sorted(batch, key=lambda one: one.timestamp_ms):
                at_index = len([line for line in expected if line[0] <= one.timestamp_ms])
                expected[at_index:at_index] = [(one.timestamp_ms, text) for text in one.message.split("\n")]
            if data.draw(st.booleans()):
                found.advance()
            if data.draw(st.booleans()):
                buffer.compact(2)
            shown = [(line.timestamp_ms, line.text) for line in every(buffer)]
            assert shown == expected[-limit:]
        while found.advance():
            pass
        hits = [buffer.lines(found.position(n), 1)[0].text for n in range(len(found))]
        assert hits == [text for _, text in expected[-limit:] if "a" in text]
        assert [found.rank(found.position(n)) for n in range(len(found))] == list(range(len(found)))
    finally:
        log_buffer.BLOCK_LINES = original
