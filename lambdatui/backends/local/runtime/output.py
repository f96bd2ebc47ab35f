"""Splits what a child writes into log messages: lines of text, and the frames of a runtime client's logging."""

from __future__ import annotations

from typing import TypeAlias

Message: TypeAlias = tuple[int, str]
"""When it was written, in milliseconds since the epoch, and its text without the line end."""

MESSAGE_LIMIT_BYTES = 256 * 1024
_MARK = b"\xa5\x5a\x00"  # 0xa55a00XX: never valid UTF-8, so text is not taken for a frame
_HEADER_BYTES = 16
_FRAME_LIMIT_BYTES = 16 * 1024 * 1024
_DAY_MS = 86_400_000


class OutputParser:
    """Owns the bytes that are not yet a whole message.

    Text and frames come through one pipe, so a `print` and a log line keep their order. Lines end at `\\n` only:
    a `\\r` inside stays. A frame is one message, however many lines it has. Bytes that are not UTF-8 become U+FFFD.
    """

    def __init__(self) -> None:
        self._buffer = b""
        self._line = b""  # text without its line end yet; a frame may come between its parts

    def feed(self, piece: bytes, now_ms: int) -> list[Message]:
        """Take `piece` and return the messages that it completes."""
        messages: list[Message] = []
        buffer = self._buffer + piece
        search_from = 0
        while buffer:
            start = buffer.find(_MARK, search_from)
            if start < 0:
                # The mark may be cut at the end of this piece.
                keep = next((n for n in (2, 1) if buffer.endswith(_MARK[:n])), 0)
                self._text(buffer[: len(buffer) - keep], now_ms, messages)
                buffer = buffer[len(buffer) - keep :]
                break
            header = buffer[start : start + _HEADER_BYTES]
            if len(header) == _HEADER_BYTES and not _plausible(header, now_ms):
                search_from = start + len(_MARK)
                continue
            self._text(buffer[:start], now_ms, messages)
            buffer = buffer[start:]
            search_from = 0
            length = int.from_bytes(header[4:8], "big")
            if len(header) < _HEADER_BYTES or len(buffer) < _HEADER_BYTES + length:
                break
            body = buffer[_HEADER_BYTES : _HEADER_BYTES + length].removesuffix(b"\n")
            _emit(int.from_bytes(header[8:16], "big") // 1000, body, messages)
            buffer = buffer[_HEADER_BYTES + length :]
        self._buffer = buffer
        return messages

    def flush(self, now_ms: int) -> list[Message]:
        """What is left: a line without its end, or a frame that was cut short."""
        messages: list[Message] = []
        buffer, self._buffer = self._buffer, b""
        cut_frame = buffer.startswith(_MARK) and len(buffer) >= _HEADER_BYTES
        if not cut_frame:
            self._text(buffer, now_ms, messages)
        line, self._line = self._line, b""
        if line:
            _emit(now_ms, line, messages)
        if cut_frame:
            _emit(now_ms, buffer[_HEADER_BYTES:], messages)
        return messages

    def _text(self, text: bytes, now_ms: int, messages: list[Message]) -> None:
        if not text:
            return
        whole, newline, rest = text.rpartition(b"\n")
        if newline:
            block = self._line + whole
            self._line = rest
            if len(block) <= MESSAGE_LIMIT_BYTES:
                messages.extend((now_ms, line) for line in block.decode("utf-8", "replace").split("\n"))
            else:
                for line in block.split(b"\n"):
                    _emit(now_ms, line, messages)
        else:
            self._line += rest
        while len(self._line) >= MESSAGE_LIMIT_BYTES:
            _emit(now_ms, self._line[:MESSAGE_LIMIT_BYTES], messages)
            self._line = self._line[MESSAGE_LIMIT_BYTES:]


def _emit(timestamp_ms: int, body: bytes, messages: list[Message]) -> None:
    starts = range(0, max(1, len(body)), MESSAGE_LIMIT_BYTES)
    messages.extend((timestamp_ms, body[at : at + MESSAGE_LIMIT_BYTES].decode("utf-8", "replace")) for at in starts)


def _plausible(header: bytes, now_ms: int) -> bool:
    """Whether this is a frame's header, not a handler's binary output that happens to look like one."""
    length = int.from_bytes(header[4:8], "big")
    written_ms = int.from_bytes(header[8:16], "big") // 1000
    return 2 <= header[3] <= 0x1B and length <= _FRAME_LIMIT_BYTES and abs(written_ms - now_ms) < _DAY_MS
