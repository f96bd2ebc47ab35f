"""Covers what looks like a key, a token or a password in a line: for screens that others see."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from lambdatui.core.text import clean

Cover: TypeAlias = Callable[[str], str]
"""What is shown of a text: `mask`, or all of it."""

COVER = "••••"

_NAMED = (
    r"(?i:(?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?token"
    r"|access[_-]?token|refresh[_-]?token|session[_-]?token|security[_-]?token|id[_-]?token|client[_-]?secret"
    r"|authorization|credential|(?<![a-z])token|(?<![a-z])pwd)[\w-]{0,64}+)"
)
# A name that says so, up to its value: in JSON, escaped JSON, key=value, headers.
_NAME = re.compile(rf"{_NAMED}(?P<quote>\\*[\"']?)\s*[:=]\s*(?:(?i:bearer|basic)\s+)?")
_FEWEST = 3
"""Fewer characters in quotes are no secret."""
_NOTHING = "\\ \t\n,:"
"""Nor is what stands between two texts, of which the first ends with such a name."""
_BARE = re.compile(r"[^\s\"'\\,;&)\]}{\[]{3,}")
_QUOTE = re.compile(r"(\\*)([\"'])")
_STEP = re.compile(r"(\\*)([\"'])|[\[\]{}]")
# Forms that are secrets whatever stands before them.
_FORMS = (
    re.compile(r"(?P<kept>\b(?i:bearer|basic)\s+)(?P<secret>[\w+/.=~-]{8,})"),
    re.compile(r"(?P<kept>\b)(?P<secret>(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b)"),
    re.compile(r"(?P<kept>\b)(?P<secret>eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*)"),
    re.compile(r"(?P<kept>\b)(?P<secret>gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,})"),
    re.compile(r"(?P<kept>\b)(?P<secret>[sr]k_(?:live|test)_\w{10,}|sk-[\w-]{20,}|AIza[\w-]{30,})"),
    re.compile(r"(?P<kept>://[^\s/:@]*:)(?P<secret>[^\s/@\"]+)(?=@)"),
    re.compile(r"(?P<kept>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?P<secret>[^\"']+?(?=-----END|\\*[\"']|\Z))"),
    re.compile(r"(?P<kept>[?&](?:X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential|sig)=)(?P<secret>[^&\s\"']+)"),
)


def mask(text: str) -> str:
    """`text` with a cover in the place of each value that looks secret; what names it stays.

    Of a named secret the list or object that it may be is covered whole. JSON stays JSON.
    """
    text = _named_covered(clean(text))  # escape sequences would part a secret from its name, or in two
    for form in _FORMS:
        text = form.sub(_covered, text)
    return text


def _covered(found: re.Match[str]) -> str:
    return found["kept"] + COVER


def _named_covered(text: str) -> str:
    parts: list[str] = []
    done = 0
    for name in _NAME.finditer(text):
        start = name.end()
        if start < done:
            continue  # named within what is covered
        if quote := _QUOTE.match(text, start):
            start, end = quote.end(), _end_of_string(text, quote)
            if len(text[start:end].strip(_NOTHING)) < _FEWEST:
                continue
            cover = COVER
        else:
            if text[start : start + 1] in ("[", "{"):
                end = _end_of_brackets(text, start)
            elif bare := _BARE.match(text, start):
                end = bare.end()
            else:
                continue
            cover = f"{name['quote']}{COVER}{name['quote']}"
        parts += text[done:start], cover
        done = end
    return "".join(parts) + text[done:] if parts else text


def _end_of_string(text: str, opening: re.Match[str]) -> int:
    """Where the string ends that `opening` begins, its closing quote not counted; the end of `text` for one cut off.

    Each time that JSON is put into a string of JSON its backslashes double, and a quote gets one more: \" is \\\" then.
    """
    depth, mark = len(opening[1]), opening[2]
    for quote in _QUOTE.finditer(text, opening.end()):
        if quote[2] == mark and len(quote[1]) % (2 * depth + 2) == depth:
            return quote.end() - 1 - depth
    return len(text)


def _end_of_brackets(text: str, start: int) -> int:
    """Behind the bracket that closes the one at `start`; the end of `text` for one that was cut off."""
    depth, at = 0, start
    while step := _STEP.search(text, at):
        at = step.end()
        if step[2]:
            at = _end_of_string(text, step) + len(step[0])
            continue
        depth += 1 if step[0] in "[{" else -1
        if not depth:
            return at
    return len(text)
