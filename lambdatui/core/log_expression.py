"""The texts of which every match of a regular expression holds one, as far as that is plain to see."""

from __future__ import annotations

import re

_PART = re.compile(
    r"""(?:\\(?P<escaped>[^a-zA-Z0-9])|(?P<plain>[^\\[(){}|.*+?^$]))(?![*?{])
    |(?P<opens>\()|(?P<closes>\))|(?P<either>\|)
    |\\(?:N\{[^}]*\}|[xuU0-9][0-9a-fA-F]*|.)
    |\[\^?\]?(?:\\.|[^\]\\])*\]
    |\{\d*,?\d*\}
    |.""",
    re.VERBOSE | re.DOTALL,
)
# Flags for all of it, and what may hold brackets that open and close nothing: comments, and where blanks don't count.
_UNREAD = re.compile(r"^\(\?[aiLmsux]|\(\?#|\(\?[a-zA-Z]*x")


def held_texts(expression: str) -> list[str]:
    """For each alternative of `expression`, which is valid, the longest text in every match; "" when none is seen.

    Of what stands in groups nothing is seen.
    """
    if _UNREAD.search(expression):
        return [""]
    texts = [""]
    held = ""
    depth = 0
    for part in _PART.finditer(expression):
        kind = part.lastgroup
        if kind in ("plain", "escaped") and not depth:
            held += part[kind]
            texts[-1] = max(texts[-1], held, key=len)
            continue
        held = ""
        if kind == "either" and not depth:
            texts.append("")
        depth += (kind == "opens") - (kind == "closes")
    return texts
