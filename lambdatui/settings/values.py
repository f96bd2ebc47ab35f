"""What a setting may be: how each kind is read from text, checked, and refused in words.

Plain classes, as every start reads the settings before the first frame, and making a dataclass takes 0.5 ms.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class Wrong(Exception):
    """A value that can't be taken; the message says what is expected, `detail` what there is to choose from."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class Value(Protocol):
    """One kind of value."""

    def from_text(self, text: str) -> object:
        """What `text`, from argv or the environment, would be in TOML; `text` itself where it is nothing else."""
        ...

    def check(self, value: object) -> object:
        """The value as the settings hold it.

        Raises:
            Wrong: it can't be taken.
        """
        ...


class Flag:
    """true or false."""

    __slots__ = ()

    def from_text(self, text: str) -> object:
        """Also 1, yes and on; 0, no and off."""
        return {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False}.get(
            text.lower(), False if text.lower() == "off" else text
        )

    def check(self, value: object) -> bool:
        """See `Value`."""
        if not isinstance(value, bool):
            raise Wrong(f"true or false, not {shown(value)}")
        return value


class Number:
    """A number from `least` to `most`."""

    __slots__ = ("least", "most", "whole")

    def __init__(self, least: float, most: float, *, whole: bool = False) -> None:
        self.least, self.most, self.whole = least, most, whole

    def from_text(self, text: str) -> object:
        """See `Value`."""
        try:
            return int(text) if self.whole else float(text)
        except ValueError:
            return text

    def check(self, value: object) -> float:
        """An int where `whole`, else a float."""
        kinds = int if self.whole else (int, float)
        # not(a <= b <= c) also refuses NaN, which TOML can write.
        if isinstance(value, bool) or not isinstance(value, kinds) or not self.least <= value <= self.most:
            kind = "a whole number" if self.whole else "a number"
            raise Wrong(f"{kind} from {self.least:,} to {self.most:,}, not {shown(value)}")
        return value if self.whole else float(value)


class Choice:
    """One of some words; `noun` is what they are."""

    __slots__ = ("noun", "words")

    def __init__(self, noun: str, words: tuple[str, ...]) -> None:
        self.noun, self.words = noun, words

    def from_text(self, text: str) -> object:
        """See `Value`."""
        return text

    def check(self, value: object) -> str:
        """See `Value`."""
        if not isinstance(value, str) or value not in self.words:
            suggestion = nearest(value, self.words) if isinstance(value, str) else ""
            raise Wrong(f"no {self.noun} named {shown(value)}{suggestion}", f"There are: {listed(self.words)}.")
        return value


class Text:
    """A text that is not empty."""

    __slots__ = ()

    def from_text(self, text: str) -> object:
        """See `Value`."""
        return text

    def check(self, value: object) -> str:
        """See `Value`."""
        if not isinstance(value, str) or not value.strip():
            raise Wrong(f"a text, not {shown(value)}")
        if not value.isprintable():
            raise Wrong("a text without control characters")
        return value.strip()


class Names:
    """A list of environment variables' names."""

    __slots__ = ()

    def from_text(self, text: str) -> object:
        """Split by commas."""
        return [name.strip() for name in text.split(",") if name.strip()]

    def check(self, value: object) -> tuple[str, ...]:
        """See `Value`."""
        if not isinstance(value, list):
            raise Wrong(f'a list of names, such as ["HTTPS_PROXY"], not {shown(value)}')
        for name in value:
            if not isinstance(name, str) or not name.isascii() or not name.isidentifier():
                raise Wrong(f"{shown(name)} can't name an environment variable")
        return tuple(dict.fromkeys(value))


class Words:
    """A list of names of any kind."""

    __slots__ = ()

    def from_text(self, text: str) -> object:
        """Split by commas."""
        return [name.strip() for name in text.split(",") if name.strip()]

    def check(self, value: object) -> tuple[str, ...]:
        """See `Value`."""
        if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
            raise Wrong(f'a list of names, such as ["bucket", "status"], not {shown(value)}')
        return tuple(dict.fromkeys(value))


class Pair:
    """Two numbers from `least` to `most`."""

    __slots__ = ("number",)

    def __init__(self, least: float, most: float) -> None:
        self.number = Number(least, most)

    def from_text(self, text: str) -> object:
        """Split by a comma."""
        return [self.number.from_text(part.strip()) for part in text.split(",")]

    def check(self, value: object) -> tuple[float, float]:
        """See `Value`."""
        if not isinstance(value, list) or len(value) != 2:
            raise Wrong(f"two numbers, such as [1, 2], not {shown(value)}")
        return self.number.check(value[0]), self.number.check(value[1])


_SENT_AS = {"ctrl+i": "Tab", "ctrl+m": "Enter", "ctrl+h": "Backspace"}


def key_names(value: object) -> str:
    """The keys of one binding, split by commas, from a text or a list.

    Raises:
        Wrong: not keys, or keys that no terminal can tell apart.
    """
    if isinstance(value, str):
        names = [part.strip() for part in value.split(",")] if len(value) > 1 else [value]
    elif isinstance(value, list):
        names = [part.strip() if isinstance(part, str) else "" for part in value]
    else:
        names = []
    if not names or not all(name and name.isprintable() and " " not in name for name in names):
        raise Wrong(f'keys, such as "ctrl+s" or ["i", "f5"], not {shown(value)}')
    for name in names:
        if name.lower() in _SENT_AS:
            raise Wrong(f"terminals send {name} as {_SENT_AS[name.lower()]}: choose another key")
    return ",".join("comma" if name == "," else name for name in names)


def shown(value: object) -> str:
    """A value as an error quotes it: cleaned, in one line, cut."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int | float):
        try:
            return _quoted(str(value))
        except ValueError:  # more digits than Python converts
            return "a number that long"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else f"a {type(value).__name__}"


def _quoted(text: str, longest: int = 60) -> str:
    return f"“{one_line(text, longest)}”"


def one_line(text: str, longest: int) -> str:
    """`text` cleaned, in one line, cut."""
    from lambdatui.core.text import clean  # noqa: PLC0415  # only for an error

    line = " ".join(clean(text[: longest * 4]).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def listed(words: Collection[str]) -> str:
    """The words, split by commas."""
    return ", ".join(sorted(words) if isinstance(words, frozenset | set) else words)


def nearest(word: str, words: Collection[str]) -> str:
    """A question that suggests the word that may have been meant, or ""."""
    import difflib  # noqa: PLC0415  # only for an error

    close = difflib.get_close_matches(word[:100], list(words), 1)
    if not close:  # the last part alone: "idle_seconds" for "local.idle_seconds"
        close = [known for known in words if known.rpartition(".")[2] == word.rpartition(".")[2]][:1]
    return f"; did you mean {close[0]}?" if close else ""
