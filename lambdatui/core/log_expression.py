"""The texts of which every match of a regular expression holds one, as far as that is plain to see."""

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


def held_texts(expression: str) -> list[str]:
    """For each alternative of `expression`, which is valid, the longest text in every match; "" when none is seen.

    Of what stands in groups nothing is seen.
    """
    if _FLAGS.match(expression):
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
