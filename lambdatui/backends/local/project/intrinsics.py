"""What CloudFormation's intrinsic functions come to, as far as a template alone can tell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass

from lambdatui.backends.local.project.nodes import Mapping, Node, Scalar, Sequence, word_for
from lambdatui.backends.local.project.values import (
    NO_VALUE,
    NoValue,
    Unresolvable,
    Value,
    as_text,
    call_of,
    comparable,
    plain_value,
)

ACCOUNT = "123456789012"
REGION = "us-east-1"
MAX_STEPS = 50_000
MAX_DEPTH = 60
MAX_CHARACTERS = 1_000_000

_PSEUDO: dict[str, Value] = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "local",
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/local/local",
    "AWS::NotificationARNs": [],
    "AWS::NoValue": NO_VALUE,
}
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Resource:
    """What a reference to a resource needs: its type, and its physical name here."""

    kind: str
    name: str

    @property
    def arn(self) -> str:
        """An ARN that stands for the resource locally; right for functions."""
        if self.kind in ("AWS::Serverless::Function", "AWS::Lambda::Function"):
            return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}"
        service = [*self.kind.split("::"), ""][1].lower() or "local"
        return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{self.name}"


class Resolver:
    """Evaluates the nodes of one template: parameters' defaults, mappings, conditions, placeholders for resources.

    Refuses what does not end (aliases that multiply, conditions that name each other) by counting its steps.
    """

    def __init__(
        self,
        parameters: MappingType[str, Node],
        mappings: MappingType[str, Node],
        conditions: MappingType[str, Node],
        resources: MappingType[str, Resource],
        given: MappingType[str, str],
    ) -> None:
        self._parameters = parameters
        self._mappings = mappings
        self._conditions = conditions
        self._resources = resources
        self._given = given
        self._conditions_open: set[str] = set()
        self._steps = 0
        self._depth = 0
        self._functions: dict[str, Callable[[Node, int], Value]] = {
            "Ref": lambda node, line: self._ref(self._word(node, "Ref"), line),
            "Condition": lambda node, line: self.condition(self._word(node, "Condition"), line),
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::If": self._if,
            "Fn::Equals": self._equals,
            "Fn::Not": self._not,
            "Fn::And": self._and,
            "Fn::Or": self._or,
            "Fn::Join": self._join,
            "Fn::Split": self._split,
            "Fn::Select": self._select,
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAZs": lambda *_: [f"{REGION}a", f"{REGION}b", f"{REGION}c"],
            "Fn::ToJsonString": self._json,
            "Fn::Length": self._length,
        }

    def resolve(self, node: Node) -> Value:
        """The value of `node`.

        Raises:
            Unresolvable: the template does not determine it.
        """
        if self._depth == 0:
            self._steps = 0
        self._steps += 1
        if self._steps > MAX_STEPS or self._depth >= MAX_DEPTH:
            raise Unresolvable(node.line, "the value is nested too deeply or repeats itself through aliases")
        self._depth += 1
        try:
            call = call_of(node)
            return self._plain(node) if call is None else self._call(*call, node.line)
        finally:
            self._depth -= 1

    def text(self, node: Node) -> str | None:
        """The value of `node` as text, a number as it is written; None where it is null or AWS::NoValue.

        Raises:
            Unresolvable: the template does not determine it, or it is no single value.
        """
        if isinstance(node, Scalar) and not node.tag and node.kind != "null":
            return node.text.lower() if node.text.lower() in ("true", "false") else node.text
        return as_text(self.resolve(node), node.line)

    def condition(self, name: str, line: int) -> bool:
        """Whether the condition `name` holds.

        Raises:
            Unresolvable: it is not there, or goes in a circle.
        """
        node = self._conditions.get(name)
        if node is None:
            raise Unresolvable(line, f"no condition is named “{name}”")
        if name in self._conditions_open:
            raise Unresolvable(node.line, f"the condition {name} refers to itself")
        self._conditions_open.add(name)
        try:
            return self._truth(self.resolve(node), node.line)
        finally:
            self._conditions_open.discard(name)

    def _plain(self, node: Node) -> Value:
        match node:
            case Sequence():
                items = (self.resolve(item) for item in node.items)
                return [item for item in items if not isinstance(item, NoValue)]
            case Mapping():
                fields = {key: self.resolve(value) for key, value in node.fields().items()}
                return {key: value for key, value in fields.items() if not isinstance(value, NoValue)}
            case Scalar():
                return plain_value(node)

    def _call(self, name: str, argument: Node, line: int) -> Value:
        call = self._functions.get(name)
        if call is None:
            raise Unresolvable(line, f"{name} can't be worked out from the template alone")
        return call(argument, line)

    def _if(self, argument: Node, line: int) -> Value:
        condition, yes, no = self._arguments(argument, "Fn::If", 3)
        return self.resolve(yes if self.condition(self._word(condition, "Fn::If"), line) else no)

    def _equals(self, argument: Node, _line: int) -> Value:
        first, second = (self.resolve(item) for item in self._arguments(argument, "Fn::Equals", 2))
        return comparable(first) == comparable(second)

    def _not(self, argument: Node, line: int) -> Value:
        return not self._truth(self.resolve(self._arguments(argument, "Fn::Not", 1)[0]), line)

    def _and(self, argument: Node, line: int) -> Value:
        return all(self._truth(self.resolve(item), line) for item in self._arguments(argument, "Fn::And"))

    def _or(self, argument: Node, line: int) -> Value:
        return any(self._truth(self.resolve(item), line) for item in self._arguments(argument, "Fn::Or"))

    def _join(self, argument: Node, line: int) -> Value:
        separator, items = self._arguments(argument, "Fn::Join", 2)
        return self._bounded((self.text(separator) or "").join(self._texts(items, "Fn::Join")), line)

    def _split(self, argument: Node, line: int) -> Value:
        separator, source = self._arguments(argument, "Fn::Split", 2)
        mark = self.text(separator) or ""
        if not mark:
            raise Unresolvable(line, "Fn::Split needs a delimiter")
        return list((self.text(source) or "").split(mark))

    def _json(self, argument: Node, line: int) -> Value:
        return self._bounded(json.dumps(self.resolve(argument), default=str, separators=(",", ":")), line)

    def _length(self, argument: Node, line: int) -> Value:
        value = self.resolve(argument)
        if not isinstance(value, list):
            raise Unresolvable(line, f"Fn::Length needs a list, not {word_for(argument)}")
        return len(value)

    def _ref(self, name: str, line: int) -> Value:
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name in self._parameters:
            return self._parameter(name, self._parameters[name], line)
        if name in self._resources:
            return self._resources[name].name
        raise Unresolvable(line, f"“{name}” is neither a parameter nor a resource of this template")

    def _parameter(self, name: str, node: Node, line: int) -> Value:
        fields = node.fields() if isinstance(node, Mapping) else {}
        default = fields.get("Default")
        if name not in self._given and default is None:
            raise Unresolvable(line, f"the parameter {name} has no default (give one in lambdatui.toml, [parameters])")
        text = self._given[name] if name in self._given else default.text if isinstance(default, Scalar) else ""
        kind = fields.get("Type")
        is_list = isinstance(kind, Scalar) and ("List<" in kind.text or kind.text == "CommaDelimitedList")
        return [part.strip() for part in text.split(",")] if is_list else text

    def _get_att(self, argument: Node, line: int) -> Value:
        if isinstance(argument, Sequence):
            parts = self._texts(argument, "Fn::GetAtt")
        else:
            parts = self._word(argument, "Fn::GetAtt").split(".", 1)
        if len(parts) < 2:
            raise Unresolvable(line, "Fn::GetAtt needs a resource and an attribute")
        resource = self._resources.get(parts[0])
        if resource is None:
            raise Unresolvable(line, f"“{parts[0]}” is not a resource of this template")
        return resource.arn if parts[1] == "Arn" else ".".join([resource.name, *parts[1:]])

    def _sub(self, argument: Node, line: int) -> Value:
        variables: dict[str, Node] = {}
        if isinstance(argument, Sequence):
            template, names = self._arguments(argument, "Fn::Sub", 2)
            if not isinstance(names, Mapping):
                raise Unresolvable(line, "Fn::Sub needs a text and a mapping")
            variables, argument = names.fields(), template

        def value(match: re.Match[str]) -> str:
            name = match[1].strip()
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in variables:
                return self.text(variables[name]) or ""
            if "." in name:
                return as_text(self._get_att(Scalar(name, "str", "", line), line), line) or ""
            return as_text(self._ref(name, line), line) or ""

        return self._bounded(_PLACEHOLDER.sub(value, self._word(argument, "Fn::Sub")), line)

    def _select(self, argument: Node, line: int) -> Value:
        index_node, items_node = self._arguments(argument, "Fn::Select", 2)
        items, index = self.resolve(items_node), self.text(index_node) or ""
        if not isinstance(items, list) or not index.isdecimal() or int(index[:9]) >= len(items):
            raise Unresolvable(line, "Fn::Select: no item has that index")
        return items[int(index[:9])]

    def _find_in_map(self, argument: Node, line: int) -> Value:
        keys = [self.text(item) or "" for item in self._arguments(argument, "Fn::FindInMap")[:3]]
        fields = dict(self._mappings)
        found: Node | None = None
        for key in keys:
            found = fields.get(key)
            fields = found.fields() if isinstance(found, Mapping) else {}
        if len(keys) < 3 or found is None:
            raise Unresolvable(line, f"Fn::FindInMap finds nothing at {' / '.join(keys)}")
        return self.resolve(found)

    def _arguments(self, node: Node, name: str, count: int = 0) -> list[Node]:
        if not isinstance(node, Sequence) or (count and len(node.items) != count):
            raise Unresolvable(node.line, f"{name} needs a list{f' of {count}' if count else ''}, not {word_for(node)}")
        return node.items

    def _texts(self, node: Node, name: str) -> list[str]:
        items = self.resolve(node)
        if not isinstance(items, list):
            raise Unresolvable(node.line, f"{name} needs a list, not {word_for(node)}")
        return [as_text(item, node.line) or "" for item in items]

    def _word(self, node: Node, name: str) -> str:
        text = self.text(node)
        if text is None:
            raise Unresolvable(node.line, f"{name} needs a text, not {word_for(node)}")
        return text

    def _truth(self, value: Value, line: int) -> bool:
        word = comparable(value)
        if word not in ("true", "false"):
            raise Unresolvable(line, "a condition must come to true or false")
        return word == "true"

    def _bounded(self, text: str, line: int) -> str:
        if len(text) > MAX_CHARACTERS:
            raise Unresolvable(line, "the text grows too long")
        return text
