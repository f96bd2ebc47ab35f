"""From bytes to log messages."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.backends.local.runtime.output import Message, OutputParser

NOW_MS = 1_790_000_000_000


def frame(text: str, kind: int = 0x0F, at_ms: int = NOW_MS) -> bytes:
    body = text.encode()
    return bytes([0xA5, 0x5A, 0x00, kind]) + len(body).to_bytes(4, "big") + (at_ms * 1000).to_bytes(8, "big") + body


def parse(stream: bytes, cuts: list[int] | None = None) -> list[str]:
    parser = OutputParser()
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts or []), len(stream)]
    messages: list[Message] = []
    for start, end in pairwise(edges):
        messages += parser.feed(stream[start:end], NOW_MS)
    return [text for _, text in messages + parser.flush(NOW_MS)]


lines = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=20)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(lines, st.booleans()), max_size=8), st.lists(st.integers(0, 1000), max_size=8))
def test_pieces_do_not_matter(parts: list[tuple[str, bool]], cuts: list[int]) -> None:
    """Lines and frames, cut anywhere, come out whole and in the order of writing."""
    stream = b"".join(frame(text) if framed else text.encode() + b"\n" for text, framed in parts)
    assert parse(stream, cuts) == [text for text, _ in parts]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([b"\xa5\x5a\x00", b"\n", b"\xa5", b"Z"]) | st.binary(max_size=20)).map(b"".join),
    st.lists(st.integers(0, 200), max_size=5),
)
def test_any_bytes_become_text(stream: bytes, cuts: list[int]) -> None:
    """No output can stop the reader, and none of it is lost."""
    assert "\n".join(parse(stream, cuts)) == stream.removesuffix(b"\n").decode("utf-8", "replace")


def test_a_frame_is_one_message_with_its_own_time() -> None:
    """A frame keeps its lines together; one newline at its end is not part of it."""
    assert OutputParser().feed(frame("a\nb\n", at_ms=NOW_MS - 5), NOW_MS) == [(NOW_MS - 5, "a\nb")]


def test_a_frame_between_the_parts_of_a_line_does_not_cut_it() -> None:
    """print writes text and newline in two writes: a thread may log between them."""
    assert parse(b"be" + frame("logged") + b"fore\n") == ["logged", "before"]


def test_binary_output_that_looks_like_a_frame_is_text() -> None:
    """A frame with an absurd time or level is the handler's own output."""
    assert parse(frame("x", at_ms=1) + b"\n")[0].startswith("\ufffdZ\x00")
    assert len(parse(b"\xa5\x5a\x00\xffrest of the line\n")) == 1


def test_a_frame_that_was_cut_short_is_shown() -> None:
    """The last words of a killed process are not lost."""
    assert parse(frame("last words")[:-2]) == ["last wor"]
