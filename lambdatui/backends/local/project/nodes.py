"""YAML and JSON text as a tree of nodes that know their line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from lambdatui.core.errors import InvalidInput

# libyaml's own composer recurses: 100,000 opening brackets end the process with a segmentation fault (PyYAML 6.0.3).
# Its event parser does not, so the tree is built here, from the events.
_EVENTS: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = yaml.resolver.Resolver()
_PREFIX = "tag:yaml.org,2002:"
MAX_DEPTH = 200
MAX_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A single value. `kind` is YAML's word for its type ("str", "int", "bool", "null", …); `tag` is "" or "!Sub"."""

    text: str
    kind: str
    tag: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list. An alias makes it contain itself, so walkers count their steps."""

    tag: str
    line: int
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """Keys and values, in the order of the file; `fields` gives them by name."""

    tag: str
    line: int
    pairs: list[tuple[Node, Node]] = field(default_factory=list)

    def fields(self) -> dict[str, Node]:
        """The values by key, those of merge keys (`<<`) below its own. Of a key that is there twice the last counts."""
        merged: dict[str, Node] = {}
        own: dict[str, Node] = {}
        for key, value in self.pairs:
            if not isinstance(key, Scalar):
                continue
            if key.kind == "merge":
                sources = value.items if isinstance(value, Sequence) else [value]
                for source in sources:
                    if isinstance(source, Mapping) and source is not self:
                        plain = ((k, v) for k, v in source.pairs if isinstance(k, Scalar) and k.kind != "merge")
                        merged = {k.text: v for k, v in plain if isinstance(k, Scalar)} | merged
            else:
                own[key.text] = value
        return merged | own

    def line_of(self, key: str) -> int:
        """The line of `key`, or of the mapping when it is not there."""
        return next((k.line for k, _ in self.pairs if isinstance(k, Scalar) and k.text == key), self.line)

    def repeated(self) -> Iterator[tuple[str, int]]:
        """Each key that is there more than once, with the line of the last."""
        seen: set[str] = set()
        for key, _ in self.pairs:
            if isinstance(key, Scalar):
                if key.text in seen:
                    yield key.text, key.line
                seen.add(key.text)


Node: TypeAlias = Scalar | Sequence | Mapping


def word_for(node: Node) -> str:
    """What a node is, as an error says it."""
    match node:
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Scalar(kind="null"):
            return "nothing"
        case Scalar():
            return f"“{node.text[:60]}”"


def parse(text: str, file: str) -> Node | None:
    """The first document of `text`; None when it is empty. `file` is the name that errors carry.

    Raises:
        InvalidInput: not YAML; the title holds file, line and column.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(f"{file}: too large", f"{len(text):,} characters; CloudFormation takes 1 MB.")
    if file.endswith(".json"):
        text = text.replace(
            "\t", " "
        )  # JSON may be indented with tabs, YAML may not; inside a string neither may hold one
    builder = _Builder(file)
    loader = _EVENTS(text)
    try:
        while loader.check_event():
            event = loader.get_event()
            if isinstance(event, yaml.DocumentEndEvent):
                break
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise InvalidInput(f"{file}{place}: {error.problem or error.context}", error.context or "") from error
    except yaml.YAMLError as error:
        raise InvalidInput(f"{file}: not a text that YAML allows", str(error)) from error
    finally:
        loader.dispose()
    return builder.root


class _Builder:
    """Builds the tree from events, one at a time, without recursion."""

    def __init__(self, file: str) -> None:
        self.root: Node | None = None
        self._file = file
        self._open: list[Sequence | Mapping] = []
        self._keys: list[Node | None] = []
        self._anchors: dict[str, Node] = {}

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        match event:
            case yaml.ScalarEvent():
                self._add(self._scalar(event, line), event.anchor)
            case yaml.SequenceStartEvent():
                self._enter(Sequence(_own_tag(event.tag), line), event.anchor)
            case yaml.MappingStartEvent():
                self._enter(Mapping(_own_tag(event.tag), line), event.anchor)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._open.pop()
                self._keys.pop()
            case yaml.AliasEvent():
                if event.anchor not in self._anchors:
                    raise InvalidInput(f"{self._file}:{line}: no anchor is named “{event.anchor}”")
                self._add(self._anchors[event.anchor], None)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> Scalar:
        tag = _own_tag(event.tag)
        if event.tag and not tag:
            kind = event.tag.removeprefix(_PREFIX)
        elif event.implicit[0]:
            kind = str(_PLAIN.resolve(yaml.ScalarNode, event.value, (True, False))).removeprefix(_PREFIX)  # type: ignore[no-untyped-call]
        else:
            kind = "str"
        return Scalar(event.value, kind, tag, line)

    def _enter(self, node: Sequence | Mapping, anchor: str | None) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise InvalidInput(f"{self._file}:{node.line}: nested too deeply", f"More than {MAX_DEPTH} levels.")
        self._add(node, anchor)
        self._open.append(node)
        self._keys.append(None)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = node
        else:
            parent.pairs.append((key, node))
            self._keys[-1] = None


def _own_tag(tag: str | None) -> str:
    return tag if tag and not tag.startswith(_PREFIX) else ""
