"""The functions that are meant by the words of a command line: names, and globs such as "order-*"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from lambdatui.core.errors import NotFound
from lambdatui.core.functions import FunctionCatalogue


async def functions_named(catalogue: FunctionCatalogue, words: Sequence[str]) -> tuple[str, ...]:
    """The names that `words` stand for, each once, in their order. The list is read only if one of them is a glob.

    Raises:
        NotFound: a glob matches none.
    """
    globs = globs_in(words)
    if not globs:
        return tuple(dict.fromkeys(words))
    known = [function.name async for page in catalogue.pages() for function in page.functions]
    names: list[str] = []
    for word in words:
        found = matching(known, (word,)) if word in globs else (word,)
        if not found:
            raise NotFound(f"No function matches {word}", f"There are {len(known)} functions.")
        names += found
    return tuple(dict.fromkeys(names))


def globs_in(words: Iterable[str]) -> tuple[str, ...]:
    """Those of `words` that are no names."""
    return tuple(word for word in words if any(mark in word for mark in "*?["))


def matching(names: Iterable[str], globs: Sequence[str]) -> tuple[str, ...]:
    """Those of `names` that one of the globs means."""
    return tuple(name for name in names if any(fnmatchcase(name, glob) for glob in globs))
