"""JSON as text: laid out anew token by token, and taken apart for colouring.

Numbers, escapes, the order of keys and keys that come twice stay exactly as they are: only white space changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lambdatui.core.errors import InvalidInput
from lambdatui.core.events import problem_of

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(rf'{_STRING}|[{{}}\[\]:,]|[^\s{{}}\[\]:,"]+', re.DOTALL)
_SPAN = re.compile(
    rf"(?P<key>{_STRING}(?=\s*:))"
    r'|(?P<string>"[^"\\]*(?:\\.[^"\\]*)*\\?"?)'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<word>true|false|null)\b"
    r"|(?P<punctuation>[{}\[\]:,]+)"
)
_BRACKET = re.compile(rf"{_STRING}|[{{}}\[\]]")

KINDS = ("key", "string", "number", "word", "punctuation")
"""What `spans` tells apart."""


def pretty(text: str, indent: int = 2) -> str:
    """`text` with a member or element a line, as `json.dumps(indent=…)` lays it out.

    Raises:
        InvalidInput: it is not JSON; the title says where.
    """
    _check(text)
    parts: list[str] = []
    newline = "\n"
    previous = ""
    for token in _TOKEN.findall(text):
        if token in ("}", "]"):
            if previous not in ("{", "["):
                newline = newline[: len(newline) - indent]
                parts.append(newline)
            parts.append(token)
        else:
            if previous in ("{", "["):
                newline += " " * indent
                parts.append(newline)
            parts.append(token)
            parts.append(newline if token == "," else " " if token == ":" else "")  # noqa: S105
        previous = token
    return "".join(parts) + _last_newline(text)


def minify(text: str) -> str:
    """`text` without white space between its tokens.

    Raises:
        InvalidInput: it is not JSON; the title says where.
    """
    _check(text)
    return "".join(_TOKEN.findall(text)) + _last_newline(text)


def spans(line: str) -> Iterator[tuple[int, int, str]]:
    """The stretches [start, end) of one line and what each is, of `KINDS`. A string does not cross lines in JSON."""
    for match in _SPAN.finditer(line):
        yield match.start(), match.end(), match.lastgroup or ""


def brackets(line: str) -> list[tuple[int, str]]:
    """The columns of the brackets of one line that are not within strings."""
    return [(match.start(), match[0]) for match in _BRACKET.finditer(line) if match[0] in "{}[]"]


def _check(text: str) -> None:
    problem = problem_of(text)
    if problem is not None:
        raise InvalidInput(
            f"Not JSON: line {problem.line}, column {problem.column}", f"{problem.message}.", "Mend it, then try again."
        )


def _last_newline(text: str) -> str:
    return "\n" if text.endswith("\n") and text.strip() else ""
