"""Asks for the code of an MFA device on the terminal itself: stdin and stdout belong to the command."""

from __future__ import annotations

import os

from lambdatui.core.sign_in import CodeRequest, code_problem
from lambdatui.core.text import clean

TERMINAL = "/dev/tty"


def ask_on_terminal(request: CodeRequest) -> str | None:
    """The code; None without a terminal, or for an empty line."""
    try:
        # Unbuffered in both directions, and no other file is touched: a pipe's data is not taken for a code.
        descriptor = os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return None
    with os.fdopen(descriptor, "r+b", buffering=0) as terminal:
        if request.problem:
            terminal.write(f"{clean(request.problem)}\n".encode())
        while True:
            terminal.write(f"MFA code for {clean(request.profile)} ({clean(request.device)}): ".encode())
            code = terminal.readline().decode("utf-8", "replace").strip()
            if not code:
                return None
            if not (problem := code_problem(code)):
                return code
            terminal.write(f"{problem}.\n".encode())
