"""Asks a question on the terminal without standing in the way of Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import sys

import click


async def confirm(question: str) -> None:
    """Ask for y or n; anything but yes ends the command.

    Raises:
        click.UsageError: nobody can be asked.
        click.Abort: the answer is no.
    """
    _need_a_terminal()
    while True:
        answer = (await _answer(f"{question} [y/N]: ")).lower()
        if answer in ("y", "yes"):
            return
        if answer in ("", "n", "no"):
            raise click.Abort


async def name_typed(question: str, name: str) -> None:
    """Ask for `name`; anything else ends the command.

    Raises:
        click.UsageError: nobody can be asked.
        click.Abort: the answer is another.
    """
    _need_a_terminal()
    if await _answer(f"{question} Type {name} to go on: ") != name:
        raise click.Abort


def _need_a_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("Nobody can be asked here: add --yes to apply this, or --dry-run to look only.")


async def _answer(question: str) -> str:
    """The line that is typed. Awaited, not blocked for: whenever Ctrl-C comes, the event loop hears it."""
    sys.stderr.write(question)
    sys.stderr.flush()
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[bytes] = loop.create_future()
    descriptor = sys.stdin.fileno()

    def read() -> None:
        loop.remove_reader(descriptor)
        if not typed.done():
            try:
                typed.set_result(os.read(descriptor, 4096))
            except OSError:  # the terminal has gone
                typed.set_result(b"")

    loop.add_reader(descriptor, read)
    try:
        line = await typed
    finally:
        loop.remove_reader(descriptor)
    if not line:
        raise click.Abort
    return line.decode("utf-8", "replace").strip()
