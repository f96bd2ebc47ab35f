"""A key on a slow line: a real sshd on loopback behind 64 kB/s and 200 ms, while 1,000 log lines a second arrive.

    python -m benchmarks.ssh_line [KEYS]

Characters that no log line holds are typed one by one; each one's time is that from the key until it is written to
the client's terminal. Ours runs with Textual's plain repaints and with its light output; `tail -f` echoes what is
typed, toolong and lnav show it in the field in which they search.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peers import program, python_peer
from benchmarks.recording import Recorder
from benchmarks.report import percentile, print_goal, print_samples
from benchmarks.terminal_bytes import Growing, environment, own

RATE = 1_000
BYTES_PER_S = 64_000
ONE_WAY_S = 0.1
GOAL_MS = 300.0
_SIGNS = "§¶¤¢£¥©®±µ¿¡ßøæðþđħłŋœŧ"
_PAUSE_S = 0.9
_NEVER_MS = 30_000.0
_READY_S = 10.0


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bytes_per_s: float) -> None:
    """Bytes from one end to the other, so many a second, each so much later."""
    loop = asyncio.get_running_loop()
    free_at = loop.time()
    while data := await reader.read(1024):
        free_at = max(free_at, loop.time()) + len(data) / bytes_per_s
        # Reading no more meanwhile is what makes the sender's own buffers fill, as on a real line.
        await asyncio.sleep(free_at - loop.time())
        loop.call_later(ONE_WAY_S, writer.write, data)
    loop.call_later(ONE_WAY_S, writer.close)


async def _serve(port: int, behind: int) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        narrow = socket.socket()
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
        narrow.setblocking(False)
        await asyncio.get_running_loop().sock_connect(narrow, ("127.0.0.1", behind))
        there, back = await asyncio.open_connection(sock=narrow, limit=4_096)
        await asyncio.gather(_carry(there, writer, BYTES_PER_S), _carry(reader, back, BYTES_PER_S))

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    await server.serve_forever()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[None]:
    """A server that is ended afterwards."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as server:
        try:
            deadline = time.monotonic() + _READY_S
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError as error:
                    if server.poll() is not None or time.monotonic() > deadline:
                        raise SystemExit(f"{command[0]} does not start") from error
                    select.select([], [], [], 0.05)
            yield
        finally:
            os.killpg(server.pid, signal.SIGTERM)


@contextmanager
def slow_line(folder: Path, sshd: Path) -> Iterator[list[str]]:
    """A command that runs what follows it at the other end of the line."""
    for key in ("host", "own"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key)], check=True)
    behind, port = _free_port(), _free_port()
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{behind}\nHostKey {folder / 'host'}\nAuthorizedKeysFile {folder / 'own.pub'}\n"
        "StrictModes no\nUsePAM no\nPermitRootLogin yes\nPidFile none\nAcceptEnv *\nPrintMotd no\nUseDNS no\n"
    )
    separation = Path("/run/sshd")
    if os.geteuid() == 0:
        separation.mkdir(mode=0o755, exist_ok=True)  # where sshd wants an empty folder when root starts it
    client = ["ssh", "-tt", "-p", str(port), "-i", str(folder / "own"), "-F", "none"]
    client += ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
    client += ["-o", "IdentitiesOnly=yes", f"{getpass.getuser()}@127.0.0.1"]
    line = [sys.executable, "-m", "benchmarks.ssh_line", "--line", str(port), str(behind)]
    with (
        _running([str(sshd), "-D", "-e", "-f", str(folder / "sshd_config")], behind),
        _running(line, port),
    ):
        yield client


def key_ms(client: Sequence[str], command: Sequence[str], folder: str, keys: int, before: Sequence[str]) -> list[float]:
    """Milliseconds from each key to its answer on the client's terminal."""
    there = " ".join(f"{name}={shlex.quote(environment()[name])}" for name in ("TERM", "COLORTERM", "PYTHONPATH"))
    remote = f"cd {shlex.quote(folder)} && env LANG=C.UTF-8 {there} {shlex.join(command)}"
    typed: list[tuple[str, float]] = []
    with Recorder([*client, remote], environment(), folder, 120, 40) as recorder:
        recorder.record(6.0)
        for key in before:
            recorder.press(key)
            recorder.record(2.0)
        for number in range(keys):
            sign = _SIGNS[number % len(_SIGNS)]
            typed.append((sign, (time.perf_counter() - recorder.started) * 1000))
            recorder.press(sign)
            recorder.record(_PAUSE_S)
        recorder.record(3.0)
        written = recorder.written
    found = []
    for sign, at_ms in typed:
        answer = next((part.at_ms for part in written if part.at_ms > at_ms and sign.encode() in part.data), None)
        found.append(_NEVER_MS if answer is None else answer - at_ms)
    return found


def main(arguments: Sequence[str] = ()) -> int:
    """Every contestant on the same line."""
    if arguments[:1] == ["--line"]:
        asyncio.run(_serve(int(arguments[1]), int(arguments[2])))
        return 0
    keys = int(arguments[0]) if arguments else len(_SIGNS)
    sshd = program("sshd", "openssh-server")
    if sshd is None:
        return 0
    toolong, lnav = python_peer("toolong", "toolong"), program("lnav", "lnav")
    samples: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with slow_line(folder, sshd) as client:
            samples["ours"] = key_ms(client, own(RATE, "delta+ack"), name, keys, ())
            samples["ours, plain repaints"] = key_ms(client, own(RATE, "stock"), name, keys, ())
            path = folder / "growing.log"
            peers: dict[str, tuple[list[str] | None, tuple[str, ...]]] = {
                "tail -f": (["tail", "-f", str(path)], ()),
                "toolong": ([str(toolong / "tl"), str(path)] if toolong else None, ("ctrl+f",)),
                "lnav": ([str(lnav), str(path)] if lnav else None, ("/",)),
            }
            for peer, (command, before) in peers.items():
                if command:
                    with Growing(path, RATE):
                        samples[peer] = key_ms(client, command, name, keys, before)
    kilobytes, trip = BYTES_PER_S // 1000, round(ONE_WAY_S * 2000)
    print_samples(f"Key to its answer, {kilobytes} kB/s, round trip {trip} ms, {RATE:,} lines/s arriving", samples)
    p95 = percentile(samples["ours"], 0.95)
    print_goal(f"p95 <= {GOAL_MS:.0f} ms ({p95:.0f})", reached=p95 <= GOAL_MS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
