"""What is typed into the filter of the functions: words for the name, and terms such as `runtime:python3.8`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt

from lambdatui.core.functions import FunctionDetail, FunctionSummary, Reserved

_OF_SUMMARY: Mapping[str, Callable[[FunctionSummary], str | int]] = {
    "place": lambda function: function.place,
    "runtime": lambda function: function.runtime or "image",
    "arch": lambda function: function.architecture,
    "package": lambda function: function.package_type,
    "description": lambda function: function.description,
    "memory": lambda function: function.memory_mb,
    "timeout": lambda function: function.timeout_s,
    "layers": lambda function: function.layer_count,
    "size": lambda function: function.code_size_bytes or 0,
}
_OF_DETAIL = frozenset({"tag", "state", "reserved"})
KEYS = (*_OF_SUMMARY, *sorted(_OF_DETAIL))
"""What may stand before the colon."""

_NUMBER = re.compile(r"(>=|<=|>|<|=)?(\d+)")
_COMPARE = {">=": ge, "<=": le, ">": gt, "<": lt, "=": eq, "": eq}


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. A text holds when it begins with the value (`*value` when it has it anywhere), in any case."""

    key: str
    value: str

    def holds(self, function: FunctionSummary, detail: FunctionDetail | None) -> bool:
        """Whether the function is meant. What was not read of it is not meant."""
        if self.key in _OF_SUMMARY:
            return self._matches(_OF_SUMMARY[self.key](function))
        if detail is None:
            return False
        if self.key == "tag":
            return self._has_tag(detail.tags)
        if self.key == "state":
            return self._matches(detail.state)
        reserved = detail.reserved
        if isinstance(reserved, Reserved):
            return not self.value.isalpha() and self._matches(reserved.executions)
        return self.value.lower() in ("none", "unreserved")

    def _has_tag(self, tags: Mapping[str, str]) -> bool:
        key, equals, value = self.value.partition("=")
        if not equals:
            return any(_begins(name, key) for name in tags)
        return any(name.lower() == key.lower() and _begins(text, value) for name, text in tags.items())

    def _matches(self, actual: str | int) -> bool:
        if isinstance(actual, str):
            return _begins(actual, self.value)
        number = _NUMBER.fullmatch(self.value)
        # Still being typed: no condition yet.
        return number is None or _COMPARE[number[1] or ""](actual, int(number[2]))


@dataclass(frozen=True, slots=True)
class FunctionQuery:
    """What is looked for. `words` are for the name; all `terms` must hold."""

    words: str = ""
    terms: tuple[Term, ...] = ()

    @property
    def needs_details(self) -> bool:
        """Whether it asks for what the list does not tell: state, reserved concurrency or tags."""
        return any(term.key in _OF_DETAIL for term in self.terms)

    def may_hold(self, function: FunctionSummary) -> bool:
        """Whether all terms hold that the list alone decides."""
        return all(term.holds(function, None) for term in self.terms if term.key in _OF_SUMMARY)

    def holds(self, function: FunctionSummary, detail: FunctionDetail | None) -> bool:
        """Whether all terms hold; the words are another's."""
        return all(term.holds(function, detail) for term in self.terms)


def parse_query(text: str) -> FunctionQuery:
    """What `text` asks for. What begins with no key of ours is a word."""
    if ":" not in text:
        return FunctionQuery(text.strip())
    words, terms = [], []
    for part in text.split():
        key, colon, value = part.partition(":")
        if colon and key.lower() in KEYS:
            terms.append(Term(key.lower(), value))
        else:
            words.append(part)
    return FunctionQuery(" ".join(words), tuple(terms))


def _begins(actual: str, value: str) -> bool:
    actual, value = actual.lower(), value.lower()
    return value[1:] in actual if value.startswith("*") else actual.startswith(value)
