"""What a setting is: its kind, unit, limits and words, and how a value of it is read and shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from lambdatui.core.errors import InvalidInput
from lambdatui.core.functions import Reserved, Unknown, Unreserved
from lambdatui.core.layers import LAYERS_MOST, LayerName
from lambdatui.core.text import clean

Value: TypeAlias = int | str | tuple[str, ...] | Reserved | Unreserved | Unknown | None
"""A setting's value. None means "not set", which differs from "" and from 0."""

_VERBATIM = ("environment", "tag")
_NOTHING = ("", "none", "-")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value that was typed; `warning` is what the server may object to, "" when nothing."""

    value: Value
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a setting is.

    `kind` is "integer", "choice", "text", "concurrency", "layers", "environment" or "tag". `limits` are the least and
    the most of an integer, or of the characters of a text; `choices` the words of a choice, or the numbers that an
    integer may be. `none_word` is how None is typed and shown where it has a meaning ("forever"). `aws_name` is the
    field of the AWS API that holds it; `aws_only` is whether the local runner does not know it.
    """

    key: str
    label: str
    kind: str
    section: str
    help: str
    aws_name: str
    unit: str = ""
    limits: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()
    none_word: str = ""
    aws_only: bool = False

    @property
    def hint(self) -> str:
        """What may be typed, in a few words: "128 to 10,240 MB"."""
        if self.kind == "integer" and self.limits:
            return f"{self.limits[0]:,} to {self.limits[1]:,} {self.unit}".strip()
        if self.kind == "integer" and self.choices:
            words = [*self.choices[:5], "…", f"{int(self.choices[-1]):,} {self.unit}"]
            return f"{', '.join(words)}, or {self.none_word}" if self.none_word else ", ".join(words)
        if self.kind == "choice":
            return " or ".join(self.choices)
        if self.kind == "concurrency":
            return "a number of executions, or none"
        return self.help

    def parse(self, text: str) -> Parsed:
        """The value that `text` means.

        Raises:
            InvalidInput: it can't be meant; the title says what may be typed.
        """
        text = text if self.kind in _VERBATIM else text.strip()
        if self.kind == "integer":
            return self._parse_integer(text)
        if self.kind == "concurrency":
            return self._parse_concurrency(text)
        if self.kind == "choice":
            return self._parse_choice(text)
        if self.kind == "layers":
            return _parse_layers(text)
        if self.kind == "text":
            return self._parse_text(text)
        return Parsed(text)

    def show(self, value: Value) -> str:
        """The value as a person reads it, with its unit: "512 MB", "unreserved", "not set"."""
        match value:
            case None:
                return self.none_word or "not set"
            case Unreserved():
                return "unreserved"
            case Reserved(executions):
                return f"{executions:,}"
            case Unknown(reason):
                return f"unknown: {reason}"
            case int():
                return f"{value:,} {self.unit}".strip()
            case str():
                return clean(value)
            case tuple():
                return ", ".join(LayerName.of(arn).short for arn in value) or "none"

    def edit_text(self, value: Value) -> str:
        """The value as it stands in the edit field: the inverse of `parse`."""
        match value:
            case None:
                return self.none_word
            case Unknown():
                return ""
            case Unreserved():
                return "none"
            case Reserved(executions):
                return str(executions)
            case int() | str():
                return str(value)
            case tuple():
                return " ".join(value)

    def _parse_integer(self, text: str) -> Parsed:
        word = text.lower()
        if self.none_word and word in (self.none_word, "never", *_NOTHING):
            return Parsed(None)
        if self.unit and word.endswith(self.unit.lower()):
            word = word[: -len(self.unit)]
        number = _whole(word)
        if number is None:
            raise InvalidInput(f"{self.label}: {self.hint}", f"“{text}” is not a whole number.")
        if number < 0 or (self.limits and self.limits[0] > 0 and number == 0):
            raise InvalidInput(f"{self.label}: {self.hint}", f"{number} is out of range.")
        outside = self.limits and not self.limits[0] <= number <= self.limits[1]
        if outside or (self.choices and str(number) not in self.choices):
            return Parsed(number, f"outside {self.hint}: the server may refuse it")
        return Parsed(number)

    def _parse_concurrency(self, text: str) -> Parsed:
        if text.lower() in ("unreserved", *_NOTHING):
            return Parsed(Unreserved())
        number = _whole(text)
        if number is None or number < 0:
            raise InvalidInput(f"{self.label}: {self.hint}", f"“{text}” is neither.")
        stops = "0 stops the function: every invocation is throttled"
        return Parsed(Reserved(number), stops if number == 0 else "")

    def _parse_choice(self, text: str) -> Parsed:
        for choice in self.choices:
            if choice.lower() == text.lower():
                return Parsed(choice)
        if self.aws_only and text:
            # AWS adds words; the local runner does not.
            return Parsed(text, f"none of {', '.join(self.choices)}: the server may refuse it")
        raise InvalidInput(f"{self.label}: {self.hint}", f"“{text}” is none of them.")

    def _parse_text(self, text: str) -> Parsed:
        if self.aws_only and text.lower() in _NOTHING:
            return Parsed(None)
        if self.limits and len(text) > self.limits[1]:
            return Parsed(text, f"{len(text):,} characters, more than {self.limits[1]:,}: the server may refuse it")
        return Parsed(text)


def _parse_layers(text: str) -> Parsed:
    if text.lower() in _NOTHING:
        return Parsed(())
    arns = tuple(re.split(r"[\s,]+", text.strip(", ")))
    names = [LayerName.of(arn) for arn in arns]
    warnings = [f"“{name.short}” is not the ARN of a layer's version" for name in names if name.version is None]
    if len(arns) > LAYERS_MOST:
        warnings.append(f"{len(arns)} layers, {LAYERS_MOST} at most: the server may refuse it")
    if len({name.name for name in names}) < len(names):
        warnings.append("one layer stands there twice: the server may refuse it")
    return Parsed(arns, "; ".join(warnings))


def _whole(text: str) -> int | None:
    digits = text.strip().replace(",", "").replace("_", "")
    return int(digits) if re.fullmatch(r"-?[0-9]{1,12}", digits) else None
