"""A text in the user's own editor, and back."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from textual.app import App, SuspendNotSupported

from lambdatui.core.errors import InvalidInput, WorkbenchError
from lambdatui.ui.output.hooks import LightOutput


async def edit_off_screen(
    app: App[Any], suspend: Callable[[], AbstractContextManager[None]], command: str, name: str, text: str
) -> str:
    """`edit_externally`, while `suspend` gives the terminal away.

    Raises:
        WorkbenchError: see `edit_externally`; or no other program can have the terminal.
    """
    if isinstance(app, LightOutput):
        await app.quiet()
    edited: str | WorkbenchError
    try:
        with suspend():
            # Caught in here: an error that leaves `suspend` would leave the terminal suspended.
            try:
                edited = edit_externally(command, name, text)
            except WorkbenchError as error:
                edited = error
    except SuspendNotSupported:
        edited = WorkbenchError("No other program can take this terminal over")
    app.refresh(layout=True)
    if isinstance(edited, WorkbenchError):
        raise edited
    return edited


def edit_externally(command: str, name: str, text: str) -> str:
    """What `text` became in the editor that `command` starts. Waits until the editor ends; call it off the screen.

    `name` is the start of the file's name. A file that can't be taken over is kept, and its path told.
    Raises:
        WorkbenchError: the editor could not be started, or ended with an error: the text stays as it was.
        InvalidInput: what it left is not UTF-8 text.
    """
    folder = Path(mkdtemp(prefix="lambdatui-"))
    path = folder / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name).strip('-.') or 'event'}.json"
    before = text.encode("utf-8", "surrogatepass")
    path.write_bytes(before)
    try:
        words = shlex.split(command)
        status = subprocess.run([*words, str(path)], check=False).returncode  # noqa: S603  # the user's own command
    except (OSError, ValueError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        reason = getattr(error, "strerror", None) or str(error)
        raise WorkbenchError(f"The editor can't be started: {command}", reason, "Set `editor`, or $EDITOR.") from error
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WorkbenchError("The editor left no file", str(path), "The event is as it was.") from error
    if status != 0:
        kept = "" if content == before else f"What it wrote is in {path}"
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
        raise WorkbenchError(f"The editor ended with status {status}", kept, "The event is as it was.")
    try:
        after = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("The edited file is not UTF-8 text", str(path), "The event is as it was.") from error
    shutil.rmtree(folder, ignore_errors=True)
    # Editors end a file with a newline; alone it is no change.
    return text if after.removesuffix("\n") == text.removesuffix("\n") else after
