"""The command as a shell sees it: pipes, signals, terminals, exit codes."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Start = Callable[..., subprocess.Popen[bytes]]
DEADLINE_S = 20


def read_until(descriptor: int, wanted: bytes) -> bytes:
    """What can be read until `wanted` came, or all there is."""
    content = b""
    deadline = time.monotonic() + DEADLINE_S
    while wanted not in content and time.monotonic() < deadline:
        if not select.select([descriptor], [], [], 0.2)[0]:
            continue
        try:
            chunk = os.read(descriptor, 65_536)
        except OSError:  # the other end of a pseudo-terminal is closed
            break
        if not chunk:
            break
        content += chunk
    return content


def test_a_reader_that_leaves_is_no_error(start: Start) -> None:
    """A write that nobody reads ends the command in silence; the exit code is that of SIGPIPE."""
    child = start("tail", "greet", "--no-follow")
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    assert child.wait(DEADLINE_S) == 141
    assert child.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that takes nothing is Linux's")
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["text", "json"])
def test_a_full_disk_is_told(start: Start, more: tuple[str, ...]) -> None:
    """What was to be written is lost, and the shell hears of it; it is no bug of ours."""
    with Path("/dev/full").open("wb") as full:
        child = start("tail", "greet", "--no-follow", *more, stdout=full)
        assert child.wait(DEADLINE_S) == 74
    assert child.stderr is not None
    assert child.stderr.read() == b"error: the output can't be written: No space left on device\n"


def test_through_a_shell_head_gets_its_line(start: Start) -> None:
    """`lambdatui tail FN | head -1` ends with the first line: it does not wait for another to find the pipe closed."""
    child = start("tail", "greet", "--since", "2020-01-01")
    head = subprocess.run(["head", "-1"], stdin=child.stdout, capture_output=True, check=True, timeout=DEADLINE_S)
    assert head.stdout.count(b"\n") == 1
    assert head.stdout.endswith(b"line 0\n")
    assert child.stdout is not None
    child.stdout.close()
    assert child.wait(DEADLINE_S) == 141


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_the_wait(start: Start, number: signal.Signals, code: int) -> None:
    """Ctrl-C while the function runs is exit code 130, other signals 128 + their number; never a traceback."""
    child = start("invoke", "slow", "--logs")
    assert child.stderr is not None
    assert b"hello from slow" in read_until(child.stderr.fileno(), b"hello from slow")
    child.send_signal(number)
    assert child.wait(DEADLINE_S) == code
    assert b"Traceback" not in child.stderr.read()


def test_ctrl_c_ends_a_tail(start: Start) -> None:
    """A tail follows until Ctrl-C: exit code 130."""
    child = start("tail", "greet", "-n", "1")
    assert child.stdout is not None
    assert b"line 4999" in read_until(child.stdout.fileno(), b"line 4999")
    child.send_signal(signal.SIGINT)
    assert child.wait(DEADLINE_S) == 130


def test_the_event_comes_from_a_pipe_only_when_asked(start: Start) -> None:
    """`-e -` reads stdin; without it stdin is left alone, even when it never ends."""
    child = start("invoke", "greet", "-e", "-")
    assert child.communicate(b'{"piped": true}', timeout=DEADLINE_S)[0] == b'{"piped": true}'
    waiting = start("invoke", "greet")
    assert waiting.wait(DEADLINE_S) == 0
    assert waiting.stdout is not None
    assert waiting.stdout.read() == b"{}"


def test_ctrl_c_while_stdin_is_awaited(start: Start) -> None:
    """Nobody writes the event: Ctrl-C ends it cleanly."""
    child = start("invoke", "greet", "-e", "-", "--logs")
    assert child.stderr is not None
    assert child.stdin is not None
    child.stdin.write(b'{"never":')
    child.stdin.flush()
    deadline = time.monotonic() + DEADLINE_S
    while _unread(child.stdin.fileno()) and time.monotonic() < deadline:
        select.select([], [], [], 0.02)
    child.send_signal(signal.SIGINT)
    assert child.wait(DEADLINE_S) == 130
    assert child.stderr.read() == b"interrupted\n"


@pytest.mark.parametrize(
    ("typed", "code", "told"), [(b"y\n", 0, b"512 MB  "), (b"n\n", 130, b"interrupted"), (b"\x03", 130, b"^C")]
)
def test_on_a_terminal_set_asks_first(start: Start, typed: bytes, code: int, told: bytes) -> None:
    """The difference is shown, then the question; y applies, n and Ctrl-C change nothing, however early they come."""
    master, terminal = pty.openpty()
    try:
        child = start(
            "set", "greet", "memory=512", stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
            preexec_fn=lambda: _own(terminal),
        )  # fmt: skip
        os.close(terminal)
        assert "256 MB → 512 MB".encode() in read_until(master, b"Apply? [y/N]: ")
        os.write(master, typed)
        rest = read_until(master, told)
        assert told in rest
        assert (b"applied" in rest or b"default" in rest) == (code == 0)
        assert child.wait(DEADLINE_S) == code
    finally:
        os.close(master)


@pytest.mark.parametrize(
    ("variables", "words", "colored"),
    [
        ({}, (), True),
        ({"NO_COLOR": "1"}, (), False),
        ({}, ("--no-color",), False),
        ({"NO_COLOR": "1"}, ("--color",), True),
    ],
)
def test_colour_is_for_terminals(
    start: Start, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], words: tuple[str, ...], *, colored: bool
) -> None:
    """Colour on a terminal, none where NO_COLOR is set; --color and --no-color decide."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    master, terminal = pty.openpty()
    try:
        child = start("ls", *words, stdout=terminal)
        os.close(terminal)
        content = read_until(master, b"slow.py")
        assert child.wait(DEADLINE_S) == 0
        assert b"NAME" in content
        assert (b"\x1b[" in content) == colored
    finally:
        os.close(master)


def test_a_pipe_gets_no_colour_and_no_heading(start: Start) -> None:
    """What a program reads is data only."""
    out, err = start("ls").communicate(timeout=DEADLINE_S)
    assert out.startswith(b"busy ")
    assert b"\x1b" not in out
    assert err == b""


def _own(terminal: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


def _unread(pipe: int) -> int:
    """How many bytes of a pipe nobody has taken yet."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)
