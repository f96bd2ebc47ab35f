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
    r"(?i:\b[\w-]*(?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?token"
    r"|access[_-]?token|refresh[_-]?token|session[_-]?token|security[_-]?token|id[_-]?token|client[_-]?secret"
    r"|authorization|credential|(?<![a-z])token|(?<![a-z])pwd)[\w-]*)"
)
_RULES = (
    # A name that says so, and its value: in JSON, escaped JSON, key=value, headers.
    re.compile(rf"(?P<kept>{_NAMED}\\?[\"']?\s*[:=]\s*\\?[\"'])(?P<secret>[^\"'\\]{{3,}})"),
    re.compile(
        rf"(?P<kept>{_NAMED}\\?[\"']?\s*[:=]\s*(?:(?i:bearer|basic)\s+)?)(?P<secret>[^\s\"'\\,;&)\]}}{{\[]{{3,}})"
    ),
    re.compile(r"(?P<kept>\b(?i:bearer|basic)\s+)(?P<secret>[\w+/.=~-]{8,})"),
    # Forms that are secrets whatever stands before them.
    re.compile(r"(?P<kept>\b)(?P<secret>(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b)"),
    re.compile(r"(?P<kept>\b)(?P<secret>eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*)"),
    re.compile(r"(?P<kept>\b)(?P<secret>gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,})"),
    re.compile(r"(?P<kept>\b)(?P<secret>[sr]k_(?:live|test)_\w{10,}|sk-[\w-]{20,}|AIza[\w-]{30,})"),
    re.compile(r"(?P<kept>://[^\s/:@]*:)(?P<secret>[^\s/@]+)(?=@)"),
    re.compile(r"(?P<kept>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?P<secret>(?s:.+?)(?=-----END|\Z))"),
    re.compile(r"(?P<kept>[?&](?:X-Amz-Signature|X-Amz-Security-Token|X-Amz-Credential|sig)=)(?P<secret>[^&\s\"']+)"),
)


def mask(text: str) -> str:
    """`text` with a cover in the place of each value that looks secret; what names it stays."""
    text = clean(text)  # escape sequences would part a secret from its name, or in two
    for rule in _RULES:
        text = rule.sub(_covered, text)
    return text


def _covered(found: re.Match[str]) -> str:
    return found["kept"] + COVER
