"""The settings of an event source mapping: what each may be, what is typed for it, and its change. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from lambdatui.core.errors import InvalidInput
from lambdatui.core.events import problem_of
from lambdatui.core.text import clean
from lambdatui.core.triggers import EventSourceMapping
from lambdatui.core.version_edits import Difference

MappingValue: TypeAlias = bool | int | tuple[str, ...] | None

_STREAMS = frozenset({"kinesis", "dynamodb"})
PATTERN_CHARACTERS = 4096
MOST_PATTERNS = 10
"""With a raised quota; 5 without."""


@dataclass(frozen=True, slots=True)
class MappingSetting:
    """What a setting of a mapping is. `limits` of a number; `services` are those that have it, () for all."""

    key: str
    label: str
    aws_name: str
    unit: str = ""
    limits: tuple[int, int] | None = None
    services: frozenset[str] = frozenset()
    removable: bool = False
    help: str = ""

    def applies(self, mapping: EventSourceMapping) -> bool:
        """Whether `mapping` has this setting."""
        return not self.services or mapping.service in self.services or mapping.value(self.key) is not None

    def show(self, value: MappingValue) -> str:
        """The value as a person reads it."""
        match value:
            case None:
                return "not set"
            case bool():
                return "Enabled" if value else "Disabled"
            case int():
                return f"{value:,} {self.unit}".strip()
            case ():
                return "none"
            case _:
                return " or ".join(" ".join(clean(pattern).split()) for pattern in value)

    @property
    def hint(self) -> str:
        """What may be typed."""
        if self.limits is None:
            return self.help
        least, most = self.limits
        return f"{least:,} to {most:,} {self.unit}".strip() + (", or none" if self.removable else "")

    def parse(self, text: str) -> int | None:
        """The number that `text` means.

        Raises:
            InvalidInput: it can't be meant; the title says what may be typed.
        """
        word = text.strip().lower().replace(",", "").removesuffix(self.unit).strip()
        if self.removable and word in ("", "none", "-"):
            return None
        if not re.fullmatch(r"[0-9]{1,9}", word):
            raise InvalidInput(f"{self.label}: {self.hint}", f"“{text.strip()}” is not a whole number.")
        return int(word)


ENABLED = MappingSetting("enabled", "State", "Enabled")
BATCH_SIZE = MappingSetting("batch_size", "Batch size", "BatchSize", "", (1, 10_000), help="records an invocation gets")
WINDOW = MappingSetting(
    "window_s", "Batching window", "MaximumBatchingWindowInSeconds", "s", (0, 300), help="waits for a fuller batch"
)
FILTERS = MappingSetting("filters", "Filters", "FilterCriteria", help="patterns; an event that matches one is sent")
MAXIMUM_CONCURRENCY = MappingSetting(
    "maximum_concurrency",
    "Maximum concurrency",
    "ScalingConfig",
    "",
    (2, 1_000),
    frozenset({"sqs"}),
    removable=True,
    help="invocations at once for this queue",
)
PARALLELIZATION = MappingSetting(
    "parallelization",
    "Parallelization factor",
    "ParallelizationFactor",
    "",
    (1, 10),
    _STREAMS,
    help="batches of one shard at once",
)
MAPPING_SETTINGS = {
    setting.key: setting for setting in (ENABLED, BATCH_SIZE, WINDOW, FILTERS, MAXIMUM_CONCURRENCY, PARALLELIZATION)
}


@dataclass(frozen=True, slots=True)
class SetMapping:
    """One setting of one mapping, old → new."""

    uuid: str
    name: str
    key: str
    old: MappingValue
    new: MappingValue

    @property
    def setting(self) -> MappingSetting:
        """What is changed."""
        return MAPPING_SETTINGS[self.key]

    @property
    def difference(self) -> Difference:
        """The change as a person reads it."""
        show = self.setting.show
        return Difference(f"{self.name}: {self.setting.label}", show(self.old), show(self.new))

    @property
    def inverse(self) -> SetMapping | None:
        """What takes it back; None where AWS knows no way back to "not set"."""
        if self.old is None and not self.setting.removable:
            return None
        return SetMapping(self.uuid, self.name, self.key, self.new, self.old)


def warning_of(mapping: EventSourceMapping, edit: SetMapping) -> str:
    """What the server may object to in `edit`, or what is easily overlooked; "" when nothing."""
    limits = edit.setting.limits
    if limits and isinstance(edit.new, int) and not limits[0] <= edit.new <= limits[1]:
        return f"outside {edit.setting.hint}: the server may refuse it"
    if mapping.service != "sqs":
        return ""
    batch = edit.new if edit.key == "batch_size" else mapping.batch_size
    window = edit.new if edit.key == "window_s" else mapping.window_s
    if edit.key not in ("batch_size", "window_s") or not isinstance(batch, int):
        return ""
    if mapping.source.endswith(".fifo") and batch > 10:
        return "a FIFO queue gives 10 at most"
    return "more than 10 messages need a batching window of 1 s or more" if batch > 10 and not window else ""


def filters_text(patterns: tuple[str, ...]) -> str:
    """The patterns as a JSON list to be edited; a pattern that is no JSON stays a string in it."""
    return json.dumps([_loaded(pattern) for pattern in patterns], indent=2, ensure_ascii=False)


def parse_filters(text: str) -> tuple[str, ...]:
    """The patterns that are typed as a JSON list of objects; nothing, or an empty list, means none.

    Raises:
        InvalidInput: it is no JSON, or not such a list; the title says where.
    """
    if not text.strip():
        return ()
    problem = problem_of(text)
    if problem is not None:
        raise InvalidInput(f"Line {problem.line}, column {problem.column}: {problem.message}")
    loaded = json.loads(text)
    patterns = [loaded] if isinstance(loaded, dict) else loaded
    if not isinstance(patterns, list):
        raise InvalidInput("A list of patterns", 'Such as [{"body": {"status": ["failed"]}}].')
    if len(patterns) > MOST_PATTERNS:
        raise InvalidInput(f"{MOST_PATTERNS} patterns at most", f"There are {len(patterns)}.")
    return tuple(_pattern(number, pattern) for number, pattern in enumerate(patterns, 1))


def _pattern(number: int, pattern: object) -> str:
    if not isinstance(pattern, dict):
        raise InvalidInput(f"Pattern {number} is not an object", 'Such as {"body": {"status": ["failed"]}}.')
    if wrong := _not_a_list(pattern, ""):
        raise InvalidInput(f"Pattern {number}, {wrong}: not a list", 'The values to match stand in a list: ["failed"].')
    text = json.dumps(pattern, ensure_ascii=False, separators=(",", ":"))
    if len(text) > PATTERN_CHARACTERS:
        raise InvalidInput(f"Pattern {number}: {PATTERN_CHARACTERS:,} characters at most", f"There are {len(text):,}.")
    return text


def _not_a_list(pattern: dict[str, object], path: str) -> str:
    """The first key whose value is neither a list nor an object: what the service refuses most often."""
    for key, value in pattern.items():
        here = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            if wrong := _not_a_list(value, here):
                return wrong
        elif not isinstance(value, list):
            return here
    return ""


def same_filters(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two sets of patterns mean the same, however they are spaced."""
    canonical: Callable[[str], str] = lambda text: json.dumps(_loaded(text), sort_keys=True)  # noqa: E731
    return sorted(map(canonical, one)) == sorted(map(canonical, other))


def _loaded(pattern: str) -> object:
    try:
        return json.loads(pattern)
    except ValueError:
        return pattern
