"""The text that every match of a regular expression holds, as far as that is plain to see."""

from __future__ import annotations

import re

_PART = re.compile(
    r"""(?:\\(?P<escaped>[^a-zA-Z0-9])|(?P<plain>[^\\[(){}|.*+?^$]))(?![*?{])
    |(?P<opens>\()|(?P<closes>\))|(?P<either>\|)
    |\\(?:[xuUN0-9][0-9a-fA-F]*|.)
    |\[\^?\]?(?:\\.|[^\]\\])*\]
    |\{[^}]*\}
    |.""",
    re.VERBOSE | re.DOTALL,
)
_FLAGS = re.compile(r"\(\?[aiLmsux]")


def held_text(expression: str) -> str:
    """The longest text that is in every match of `expression`, which is valid; "" when none is seen.

    Only what stands outside of groups and alternatives is looked at.
    """
    if _FLAGS.match(expression):
        return ""
    longest = held = ""
    depth = 0
    for part in _PART.finditer(expression):
        match part.lastgroup:
            case "opens":
                depth += 1
            case "closes":
                depth -= 1
            case "either" if not depth:
                return ""
            case "plain" | "escaped" if not depth:
                held += part[part.lastgroup]
                longest = max(longest, held, key=len)
                continue
            case _:
                pass
        held = ""
    return longest
