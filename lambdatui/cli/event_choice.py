"""Finds the event that `-e` names: standard input, a file, or an event of the store by its name."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from lambdatui.blocking import call_blocking
from lambdatui.cli.session import near_names
from lambdatui.core.errors import InvalidInput, NotFound
from lambdatui.core.events import EventStore, problem_of
from lambdatui.core.invocation import InvocationType
from lambdatui.core.payload import payload_limit_bytes


@dataclass(frozen=True, slots=True)
class ChosenEvent:
    """The payload to send, and the name under which the history keeps it ("" for `{}`)."""

    name: str
    payload: bytes


async def choose_event(store: EventStore, function: str, asked: str | None) -> ChosenEvent:
    """What `-e` means: None is `{}`, "-" standard input; then an event's name, then a file.

    A saved event of the function goes before one of the project, and that before a sample. What begins with
    `.`, `/` or `~` is always a file.
    Raises:
        NotFound: neither an event nor a file; the hint lists names that come near.
        InvalidInput: it can't be read, or is not text.
    """
    if asked is None:
        return ChosenEvent("", b"{}")
    entries = () if asked == "-" or asked.startswith((".", "/", "~")) else await store.entries(function)
    # The store lists them in this order of precedence.
    for entry in entries:
        if entry.name == asked:
            return ChosenEvent(asked, (await store.load(entry)).text.encode("utf-8", "surrogateescape"))
    try:
        return await read_event(asked)
    except NotFound:
        if not entries:
            raise
        near = near_names(asked, [entry.name for entry in entries])
        hint = f"{near} `lambdatui events list {function}` lists them.".strip()
        raise NotFound(f"No event and no file is named “{asked}”", hint=hint) from None


async def read_event(file: str) -> ChosenEvent:
    """The content of a file, or of standard input for "-".

    Raises:
        NotFound: no such file.
        InvalidInput: it can't be read.
    """
    try:
        return ChosenEvent("stdin" if file == "-" else file, await call_blocking(_read, file))
    except FileNotFoundError:
        raise NotFound(f"There is no file {file}") from None
    except (OSError, ValueError, RuntimeError) as error:  # ValueError: a NUL in the path; RuntimeError: no home for ~
        reason = error.strerror if isinstance(error, OSError) else ""
        raise InvalidInput(f"{file} can't be read", reason or str(error)) from None


def check_payload(event: ChosenEvent, invocation_type: InvocationType, *, over_limit: bool = False) -> str:
    """Refuse what Lambda would refuse, before it is sent; a warning for what is too large with `over_limit`, else "".

    Raises:
        InvalidInput: not UTF-8, not JSON (the title has line and column), or too large.
    """
    name = event.name or "the event"
    limit = payload_limit_bytes(invocation_type)
    too_large = f"{invocation_type.value} takes at most {limit:,} bytes." if len(event.payload) > limit else ""
    if too_large and not over_limit:
        hint = "On AWS --send-anyway sends it: the service is the judge."
        raise InvalidInput(f"{name}: {len(event.payload):,} bytes", too_large, hint)
    try:
        text = event.payload.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{name} is not UTF-8 text", f"Byte {error.start} is none.") from None
    if problem := problem_of(text):
        raise InvalidInput(f"{name}:{problem.line}:{problem.column}: not JSON", problem.message)
    return too_large


def _read(file: str) -> bytes:
    if file != "-":
        return Path(file).expanduser().read_bytes()
    # Unbuffered: a thread that waits in a buffered read holds its lock, and the interpreter can't end after Ctrl-C.
    stdin = getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)
    content: bytes = stdin.read()
    return content
