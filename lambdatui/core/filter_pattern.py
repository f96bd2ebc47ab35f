"""CloudWatch's filter patterns for plain lines, matched here: where the service that keeps the log can't do it."""

from __future__ import annotations

import re
from collections.abc import Callable

from lambdatui.core.errors import InvalidInput, Unsupported

_TERM = re.compile(r'\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|([^\s"]+))(?=\s|$)')
_ESCAPED = re.compile(r"\\(.)")


def matcher_of(pattern: str) -> Callable[[str], bool]:
    """Whether a message matches `pattern`: every term is in it, no `-term`, and of `?terms` alone at least one.

    Terms are words, "quoted phrases" or %regular expressions%; case counts. As the service does it, `?terms` are
    ignored beside terms that must match. Source: CloudWatch Logs user guide, "Filter pattern syntax", 2026.
    Raises:
        InvalidInput: it is no pattern.
        Unsupported: it is one for JSON or for columns.
    """
    if pattern.lstrip()[:1] in ("{", "["):
        raise Unsupported(
            "Patterns for JSON fields and columns need CloudWatch", "Here a filter is made of words.", "Use --grep RE."
        )
    required: list[re.Pattern[str]] = []
    optional: list[re.Pattern[str]] = []
    excluded: list[re.Pattern[str]] = []
    place = 0
    while pattern[place:].strip():
        found = _TERM.match(pattern, place)
        if found is None:
            raise InvalidInput(f"Not a filter pattern: {pattern}", f"Can't be read: {pattern[place:].strip()}")
        sign, quoted, expression, word = found.groups()
        terms = {"-": excluded, "?": optional}.get(sign, required)
        terms.append(_compiled(quoted, expression, word))
        place = found.end()
    if required or excluded:
        optional = []

    def matches(message: str) -> bool:
        return (
            all(term.search(message) for term in required)
            and not any(term.search(message) for term in excluded)
            and (not optional or any(term.search(message) for term in optional))
        )

    return matches


def _compiled(quoted: str | None, expression: str | None, word: str | None) -> re.Pattern[str]:
    if expression is None:
        return re.compile(re.escape(_ESCAPED.sub(r"\1", quoted) if quoted is not None else word or ""))
    try:
        return re.compile(expression)
    except re.error as error:
        raise InvalidInput(f"Not a regular expression: %{expression}%", str(error)) from None
