"""Reads the functions of a SAM or CloudFormation template."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from pathlib import Path

from lambdatui.backends.local.project.found import Found
from lambdatui.backends.local.project.intrinsics import Resolver, Resource
from lambdatui.backends.local.project.nodes import Mapping, Node, Scalar, parse, word_for
from lambdatui.backends.local.project.resources import FunctionReader, deploys_elsewhere
from lambdatui.backends.local.project.values import Unresolvable, call_of
from lambdatui.core.errors import InvalidInput, WorkbenchError

FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")
_NESTED = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")


class Template:
    """One template as read: its functions, and the problems of its parts.

    A part that is wrong is a problem; the others still count. Runs and imports nothing.
    """

    def __init__(self, path: Path, given: MappingType[str, str]) -> None:
        self.path = path
        self.functions: list[Found] = []
        self.problems: list[WorkbenchError] = []
        self._lines: dict[str, int] = {}
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            self.problems.append(InvalidInput(f"{path.name}:{line}: not UTF-8 text"))
            return
        except OSError as error:
            self.problems.append(WorkbenchError(f"{path.name} can't be read", error.strerror or str(error)))
            return
        try:
            root = parse(text, path.name)
        except InvalidInput as error:
            self.problems.append(error)
            return
        if isinstance(root, Mapping):
            self._read(root.fields(), given)
        elif root is None:
            self.problems.append(InvalidInput(f"{path.name}: the file is empty", "Its Resources hold the functions."))
        else:
            self._problem(root.line, f"a mapping with Resources is expected, not {word_for(root)}")

    def _read(self, sections: dict[str, Node], given: MappingType[str, str]) -> None:
        resources = self._section(sections, "Resources")
        bodies: dict[str, Mapping] = {}
        for logical_id, node in resources.items():
            if isinstance(node, Mapping) and call_of(node) is None and not logical_id.startswith("Fn::"):
                bodies[logical_id] = node
            else:
                what = "Fn::ForEach is not expanded" if logical_id.startswith("Fn::") else f"not {word_for(node)}"
                self._problem(node.line, f"the resource {logical_id}: a mapping with a Type is expected, {what}")
        if "Resources" not in sections:
            self.problems.append(InvalidInput(f"{self.path.name}: no Resources", "They hold the functions."))
        elif isinstance(sections["Resources"], Mapping):
            self._lines = {key: sections["Resources"].line_of(key) for key in bodies}
            for key, line in sections["Resources"].repeated():
                self._problem(line, f"the resource {key} is there twice; the last one counts")
        known = {key: Resource(_kind(body), _physical_name(key, body)) for key, body in bodies.items()}
        resolver = Resolver(
            self._section(sections, "Parameters"),
            self._section(sections, "Mappings"),
            self._section(sections, "Conditions"),
            known,
            given,
        )
        reader = FunctionReader(
            self.path, resolver, bodies, known, global_properties=self._globals(sections), problems=self.problems
        )
        for logical_id, body in bodies.items():
            self._resource(reader, resolver, logical_id, body, known[logical_id])
        for body in bodies.values():
            if _kind(body) == "AWS::Lambda::EventInvokeConfig":
                reader.add_event_invoke_config(self.functions, body)

    def _resource(self, reader: FunctionReader, resolver: Resolver, key: str, body: Mapping, known: Resource) -> None:
        condition = body.fields().get("Condition")
        if known.kind in FUNCTIONS:
            if isinstance(condition, Scalar):
                try:
                    if not resolver.condition(condition.text, condition.line):
                        return
                except Unresolvable as error:
                    self._problem(error.line, f"{key}: {error.reason}; the function is shown as if it were deployed")
            found = reader.read(key, body, known, self._lines.get(key, body.line))
            if any(other.name == found.name for other in self.functions):
                self._problem(body.line, f"two functions are named {found.name}; only the first is listed")
            else:
                self.functions.append(found)
        elif known.kind in _NESTED and (where := deploys_elsewhere(body)):
            self._problem(body.line, f"the functions of the nested stack {key} ({where}) are not listed")

    def _globals(self, sections: dict[str, Node]) -> dict[str, Node]:
        function = self._section(sections, "Globals").get("Function")
        return function.fields() if isinstance(function, Mapping) else {}

    def _section(self, sections: dict[str, Node], name: str) -> dict[str, Node]:
        node = sections.get(name)
        if isinstance(node, Mapping):
            return node.fields()
        if node is not None and not (isinstance(node, Scalar) and node.kind == "null"):
            self._problem(node.line, f"{name}: a mapping is expected, not {word_for(node)}")
        return {}

    def _problem(self, line: int, reason: str) -> None:
        self.problems.append(InvalidInput(f"{self.path.name}:{line}: {reason}"))


def _kind(body: Mapping) -> str:
    kind = body.fields().get("Type")
    return kind.text if isinstance(kind, Scalar) else ""


def _physical_name(logical_id: str, body: Mapping) -> str:
    """FunctionName where it is literal, else the logical id, as `sam local` shows it."""
    properties = body.fields().get("Properties")
    if isinstance(properties, Mapping) and _kind(body) in FUNCTIONS:
        name = properties.fields().get("FunctionName")
        if isinstance(name, Scalar) and not name.tag and name.text.strip():
            return name.text.strip()
    return logical_id
