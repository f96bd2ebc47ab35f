"""Fuzzy search over a list of names: fzf's answer set, the best first."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

# Below this many candidates a search name by name is cheaper than joining them again.
_JOIN_FROM = 1000


class FuzzyFilter:
    """Finds names whose letters hold every word of a query in order.

    Owns the joined names and the last result, which a growing query narrows. A word without capitals ignores
    case, a word with one does not. Names are single lines.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = [name.replace("\n", " ") for name in names]
        self._folded = [_fold(name) for name in self._names]
        self._everything = tuple(range(len(self._names)))
        self._last: tuple[str, tuple[int, ...]] = ("", self._everything)

    def search(self, query: str) -> tuple[int, ...]:
        """The indices of the names that match, the best first; all of them, in their order, for no words."""
        query = query.lstrip()
        words = query.split()
        if not words:
            self._last = ("", self._everything)
            return self._everything
        last_query, candidates = self._last
        if not (last_query and query.startswith(last_query)):
            candidates = self._everything
        for word in words:
            candidates = _holding(word, self._folded if word == _fold(word) else self._names, candidates)
        # Kept in the order of the list: ranking is for the eye, narrowing needs the set.
        self._last = (query, candidates)
        return self._ranked(words, candidates)

    def _ranked(self, words: Sequence[str], candidates: tuple[int, ...]) -> tuple[int, ...]:
        names, folded = self._names, self._folded
        texts = [folded if word == _fold(word) else names for word in words]
        # One integer a name sorts in half the time of a tuple.
        keys = []
        for index in candidates:
            score = 0
            for word, source in zip(words, texts, strict=True):
                score += _score(word, source[index], names[index])
            keys.append((score * 10_000 + min(len(names[index]), 9_999), index))
        keys.sort()
        return tuple(index for _, index in keys)


def matched_positions(name: str, query: str) -> frozenset[int]:
    """The positions in `name` of the letters that `query` matches; empty when it does not."""
    found: set[int] = set()
    for word in query.split():
        text = _fold(name) if word == _fold(word) else name
        positions = _positions(word, text, name)
        if positions is None:
            return frozenset()
        found.update(positions)
    return frozenset(found)


def _holding(word: str, texts: Sequence[str], candidates: tuple[int, ...]) -> tuple[int, ...]:
    pattern = re.compile(_subsequence(word))
    if len(candidates) < _JOIN_FROM:
        search = pattern.search
        return tuple(index for index in candidates if search(texts[index]))
    chosen = texts if len(candidates) == len(texts) else [texts[index] for index in candidates]
    starts = list(accumulate((len(text) + 1 for text in chosen), initial=0))
    hits = (bisect_right(starts, match.start()) - 1 for match in pattern.finditer("\n".join(chosen)))
    return tuple(candidates[hit] for hit in hits)


def _subsequence(word: str) -> str:
    """A pattern that matches from the first letter of `word` to the end of the line that holds it."""
    rest = "".join(f"[^\\n{_in_class(letter)}]*{re.escape(letter)}" for letter in word[1:])
    return f"{re.escape(word[0])}{rest}.*"


def _in_class(letter: str) -> str:
    return f"\\{letter}" if letter in "\\]^-[&~|" else letter


def _score(word: str, text: str, name: str) -> int:
    """How far `text` is from being `word`: contiguous first, then at word starts, then the shorter stretch."""
    at = text.find(word)
    if at == 0:
        return 0
    if at > 0:
        return 1 if _contiguous(word, text, name, at) else 2
    positions = _positions(word, text, name) or [0]
    starts = sum(1 for position in positions if _starts_word(name, position))
    return 3 + 2 * (len(word) - starts) + positions[-1] - positions[0] + 1 - len(word)


def _contiguous(word: str, text: str, name: str, at: int) -> int:
    """Where `word` stands in `text` at the start of a part of the name; 0 when it does so nowhere."""
    while at >= 0:
        if _starts_word(name, at):
            return at
        at = text.find(word, at + 1)
    return 0


def _positions(word: str, text: str, name: str) -> list[int] | None:
    at = text.find(word)
    if at >= 0:
        if at > 0:
            at = _contiguous(word, text, name, at) or at
        return list(range(at, at + len(word)))
    forward = _first_fit(word, text, name, at_starts=True) or _first_fit(word, text, name, at_starts=False)
    if forward is None:
        return None
    # From its end backwards: the shortest stretch that ends there.
    positions, end = [], forward[-1] + 1
    for letter in reversed(word):
        end = text.rindex(letter, 0, end)
        positions.append(end)
    backward = positions[::-1]
    starts = [sum(_starts_word(name, position) for position in fit) for fit in (forward, backward)]
    return forward if starts[0] > starts[1] else backward


def _first_fit(word: str, text: str, name: str, *, at_starts: bool) -> list[int] | None:
    positions: list[int] = []
    start = 0
    for letter in word:
        at = text.find(letter, start)
        while at_starts and at >= 0 and not (_starts_word(name, at) or (positions and at == positions[-1] + 1)):
            at = text.find(letter, at + 1)
        if at < 0:
            return None
        positions.append(at)
        start = at + 1
    return positions


def _starts_word(name: str, at: int) -> bool:
    """Whether a part of the name begins there: "order-Created" has o and C, "resizeImage" r and I."""
    if at == 0:
        return True
    before, here = name[at - 1], name[at]
    return here.isalnum() and (not before.isalnum() or (here.isupper() and not before.isupper()))


def _fold(text: str) -> str:
    folded = text.lower()
    if len(folded) == len(text):
        return folded
    # A few letters ("İ") grow when lowered; positions must stay those of the name.
    return "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in text)
