"""The HTTP parser: whatever pieces a request arrives in, it is the same request."""

from __future__ import annotations

import contextlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.backends.local.runtime.http1 import BadRequest, Request, RequestParser, answer

bodies = st.binary(max_size=300)


def with_length(body: bytes) -> bytes:
    return b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    chunks = b"".join(b"%x;x=y\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    head = b"POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\nTrailer: T\r\n\r\n"
    return head + chunks + b"0\r\nT: trailing\r\n\r\n"


def feed_in_pieces(parser: RequestParser, stream: bytes, cuts: list[int]) -> list[Request]:
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    found: list[Request] = []
    for start, end in pairwise(edges):
        found += parser.feed(stream[start:end])
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(bodies, st.integers(0, 40)), max_size=4), st.lists(st.integers(0, 3000), max_size=12))
def test_pieces_do_not_matter(requests: list[tuple[bytes, int]], cuts: list[int]) -> None:
    """Requests with lengths and in chunks, one after the other, cut anywhere, come out whole and in order."""
    stream = b"".join(chunked(body, size) if size else with_length(body) for body, size in requests)
    found = feed_in_pieces(RequestParser(10_000), stream, cuts)
    assert [(bytes(r.body), r.path) for r in found] == [(body, "/b" if size else "/a") for body, size in requests]
    assert [r.trailers for r in found] == [{"t": "trailing"} if size else {} for _, size in requests]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=5))
def test_garbage_is_refused_or_waited_for(stream: bytes, cuts: list[int]) -> None:
    """No bytes make the parser fail in another way than BadRequest."""
    with contextlib.suppress(BadRequest):
        feed_in_pieces(RequestParser(100), stream, cuts)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 50), st.integers(0, 300), st.booleans())
def test_a_body_over_the_limit_is_counted_not_kept(limit: int, length: int, in_chunks: bool) -> None:
    """What is over the limit is counted and dropped: a huge answer costs no memory."""
    body = b"x" * length
    [request] = RequestParser(limit).feed(chunked(body, 7) if in_chunks else with_length(body))
    assert request.body_bytes == length
    assert len(request.body) == min(limit, length)


@pytest.mark.parametrize(
    "stream",
    [
        b"nonsense\r\n\r\n",
        b"GET / SPDY/3\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"x" * (2 * 1024 * 1024 + 1),
    ],
)
def test_what_is_not_http_is_refused(stream: bytes) -> None:
    """A connection that speaks something else is told so."""
    with pytest.raises(BadRequest):
        RequestParser(100).feed(stream)


def test_a_client_that_waits_to_send_is_noticed() -> None:
    """curl asks before it sends a large body."""
    parser = RequestParser(100)
    assert parser.feed(b"POST /a HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n") == []
    assert parser.wants_continue
    [request] = parser.feed(b"ok")
    assert (bytes(request.body), parser.wants_continue) == (b"ok", False)


def test_no_header_can_be_smuggled_into_an_answer() -> None:
    """A line break in a header's value does not start another header."""
    head = answer(200, b"body", {"X": "a\r\nEvil: yes"}).split(b"\r\n\r\n")[0]
    assert b"\r\nEvil" not in head
