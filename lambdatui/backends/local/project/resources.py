"""Reads the properties of one function resource of a template."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as MappingType
from pathlib import Path

from lambdatui.backends.local.project.found import Found
from lambdatui.backends.local.project.intrinsics import Resolver, Resource
from lambdatui.backends.local.project.nodes import Mapping, Node, Scalar, Sequence, word_for
from lambdatui.backends.local.project.values import NoValue, Unresolvable, call_of
from lambdatui.core.errors import InvalidInput, WorkbenchError

LAYERS = ("AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion")
_SIMPLE = {
    "MemorySize": "memory",
    "Timeout": "timeout",
    "Description": "description",
    "ReservedConcurrentExecutions": "reserved",
}
_ASYNC = {"MaximumRetryAttempts": "retries", "MaximumEventAgeInSeconds": "event_age"}
_LOGGING = {"LogFormat": "log_format", "ApplicationLogLevel": "log_level"}


class FunctionReader:
    """Turns function resources into `Found`; adds to the template's problems what it can't.

    A setting that can't be worked out keeps its default; without code, handler or runtime the function can't run.
    """

    def __init__(
        self,
        path: Path,
        resolver: Resolver,
        bodies: MappingType[str, Mapping],
        known: MappingType[str, Resource],
        *,
        global_properties: dict[str, Node],
        problems: list[WorkbenchError],
    ) -> None:
        self._path = path
        self._resolver = resolver
        self._bodies = bodies
        self._known = known
        self._globals = global_properties
        self._problems = problems

    def read(self, logical_id: str, body: Mapping, known: Resource, line: int) -> Found:
        """The function that `body` defines at `line`."""
        found = Found(known.name, self._origin(line))
        properties = self._properties(logical_id, body)
        own = self._inherited(properties) if known.kind == "AWS::Serverless::Function" else properties
        self._attempt(logical_id, found, lambda: self._code(found, own, body, known), fatal=True)
        for aws_name, attribute in (("Runtime", "runtime"), ("Handler", "handler")):
            if aws_name in own:
                self._attempt(logical_id, found, self._texted(found, attribute, own[aws_name]), fatal=True)
        self._take(logical_id, found, own, _SIMPLE)
        if (node := self._part(own, "LoggingConfig")) is not None:
            self._take(logical_id, found, node.fields(), _LOGGING)
        if (node := self._part(own, "EventInvokeConfig")) is not None:
            self._async(logical_id, found, node.fields())
        if "Architectures" in own:
            self._attempt(logical_id, found, lambda: self._architecture(found, own["Architectures"]))
        self._environment(logical_id, found, properties, known)
        self._layers(logical_id, found, properties, known)
        return found

    def add_event_invoke_config(self, functions: list[Found], body: Mapping) -> None:
        """Give what an AWS::Lambda::EventInvokeConfig says to the function that it names."""
        fields = self._properties("EventInvokeConfig", body)
        if "FunctionName" not in fields:
            return
        try:
            named = self._resolver.text(fields["FunctionName"]) or ""
        except Unresolvable as error:
            self._problem(error.line, error.reason)
            return
        for found in functions:
            if found.name == named.rsplit(":", 1)[-1]:
                self._async(found.name, found, fields)

    # -- the parts of a function

    def _code(self, found: Found, own: dict[str, Node], body: Mapping, known: Resource) -> None:
        if "PackageType" in own and self._resolver.text(own["PackageType"]) == "Image":
            found.cannot_run("container images are not run locally")
            return
        if "InlineCode" in own:
            found.cannot_run(
                f"{self._origin(own['InlineCode'].line)}: inline code is not run locally; put it in a file"
            )
            return
        key = "CodeUri" if known.kind == "AWS::Serverless::Function" else "Code"
        metadata = body.fields().get("Metadata")
        asset = metadata.fields().get("aws:asset:path") if isinstance(metadata, Mapping) else None
        node = asset if asset is not None else own.get(key)
        if node is None:
            if key == "CodeUri":  # as SAM does: the template's own folder
                found.code = self._path.parent
            return
        found.origins["code"] = self._origin(node.line)
        value = self._resolver.resolve(node)
        if isinstance(value, dict):
            inline = "ZipFile" in value
            where = "inline code is not run locally; put it in a file" if inline else "the code is in S3, not here"
            found.cannot_run(f"{self._origin(node.line)}: {where}")
        elif not isinstance(value, str) or not value.strip() or "\0" in value:
            raise Unresolvable(node.line, f"{key}: a folder is expected, not {word_for(node)}")
        elif value.startswith(("s3://", "http://", "https://")):
            found.cannot_run(f"{self._origin(node.line)}: the code is in S3, not here")
        else:
            found.code = self._path.parent / value

    def _texted(self, found: Found, attribute: str, node: Node) -> Callable[[], None]:
        def take() -> None:
            text = self._resolver.text(node)
            if text:
                setattr(found, attribute, text)
                found.origins[attribute] = self._origin(node.line)

        return take

    def _architecture(self, found: Found, node: Node) -> None:
        value = self._resolver.resolve(node)
        if isinstance(value, list) and value and isinstance(value[0], str):
            found.architecture = value[0]

    def _environment(self, logical_id: str, found: Found, own: dict[str, Node], known: Resource) -> None:
        sources = [own]
        if known.kind == "AWS::Serverless::Function":
            sources.insert(0, self._globals)
        for source in sources:
            environment = self._part(source, "Environment")
            variables = self._part(environment.fields(), "Variables") if environment is not None else None
            for name, node in variables.fields().items() if variables is not None else ():
                self._attempt(f"{logical_id}: {name}", found, self._variable(found, name, node))

    def _variable(self, found: Found, name: str, node: Node) -> Callable[[], None]:
        def take() -> None:
            text = self._resolver.text(node)
            if text is None:
                found.environment.pop(name, None)
            else:
                found.set_variable(name, text, self._origin(node.line), self._problems)

        return take

    def _layers(self, logical_id: str, found: Found, own: dict[str, Node], known: Resource) -> None:
        sources = [self._globals, own] if known.kind == "AWS::Serverless::Function" else [own]
        for source in sources:
            node = source.get("Layers")
            if node is None:
                continue
            if not isinstance(node, Sequence) or node.tag:
                self._problem(node.line, f"{logical_id}: Layers: a list is expected, not {word_for(node)}")
                continue
            for item in node.items:
                self._attempt(logical_id, found, self._layer(logical_id, found, item))

    def _layer(self, logical_id: str, found: Found, item: Node) -> Callable[[], None]:
        def take() -> None:
            call = call_of(item)
            named = call[1].text if call and call[0] == "Ref" and isinstance(call[1], Scalar) else ""
            if named not in self._bodies or self._known[named].kind not in LAYERS:
                text = self._resolver.text(item) or ""
                self._problem(item.line, f"{logical_id} runs without the layer {text}: it is not in this template")
                return
            fields = self._properties(named, self._bodies[named])
            content = fields.get("ContentUri") or fields.get("Content")
            folder = self._resolver.text(content) if content is not None else None
            if not folder or not (self._path.parent / folder).is_dir():
                self._problem(item.line, f"{logical_id} runs without the layer {named}: its content is no folder here")
                return
            found.layers.append(self._path.parent / folder)

        return take

    def _async(self, logical_id: str, found: Found, fields: dict[str, Node]) -> None:
        self._take(logical_id, found, fields, _ASYNC)
        destinations = self._part(fields, "DestinationConfig")
        failure = self._part(destinations.fields(), "OnFailure") if destinations is not None else None
        node = failure.fields().get("Destination") if failure is not None else None
        if node is not None:
            self._attempt(logical_id, found, lambda: self._on_failure(found, node))

    def _on_failure(self, found: Found, node: Node) -> None:
        arn = self._resolver.text(node) or ""
        here = next((r for r in self._known.values() if r.arn == arn and ":function:" in arn), None)
        if here is None:
            self._problem(node.line, f"{found.name}: the failure destination {arn} is not in this template")
        else:
            found.set("on_failure", f"function:{here.name}", self._origin(node.line), self._problems, "OnFailure")

    # -- what all parts need

    def _take(self, logical_id: str, found: Found, fields: dict[str, Node], names: MappingType[str, str]) -> None:
        for aws_name, key in names.items():
            if aws_name in fields:
                self._attempt(logical_id, found, self._setting(found, aws_name, key, fields[aws_name]))

    def _setting(self, found: Found, aws_name: str, key: str, node: Node) -> Callable[[], None]:
        def take() -> None:
            value = self._resolver.resolve(node)
            if value is not None and not isinstance(value, NoValue):
                found.set(key, value, self._origin(node.line), self._problems, f"{found.name}: {aws_name}")

        return take

    def _attempt(self, logical_id: str, found: Found, take: Callable[[], None], *, fatal: bool = False) -> None:
        try:
            take()
        except Unresolvable as error:
            if fatal:
                found.cannot_run(f"{self._origin(error.line)}: {error.reason}")
            else:
                self._problem(error.line, f"{logical_id}: {error.reason}")

    def _properties(self, logical_id: str, body: Mapping) -> dict[str, Node]:
        node = body.fields().get("Properties")
        if isinstance(node, Mapping):
            return node.fields()
        if node is not None:
            self._problem(node.line, f"{logical_id}: Properties: a mapping is expected, not {word_for(node)}")
        return {}

    def _inherited(self, own: dict[str, Node]) -> dict[str, Node]:
        """The function's properties over those of Globals; Environment and Layers are joined where they are read."""
        return self._globals | own

    def _part(self, fields: dict[str, Node], name: str) -> Mapping | None:
        node = fields.get(name)
        if node is None or (isinstance(node, Scalar) and node.kind == "null"):
            return None
        if isinstance(node, Mapping) and call_of(node) is None:
            return node
        self._problem(node.line, f"{name}: a mapping is expected, not {word_for(node)}")
        return None

    def _origin(self, line: int) -> str:
        return f"{self._path.name}:{line}"

    def _problem(self, line: int, reason: str) -> None:
        problem = InvalidInput(f"{self._origin(line)}: {reason}")
        if all(problem.title != known.title for known in self._problems):  # Globals are read once a function
            self._problems.append(problem)


def deploys_elsewhere(body: Mapping) -> str:
    """The local template of a nested stack; "" when it has none."""
    node = body.fields().get("Properties")
    fields = node.fields() if isinstance(node, Mapping) else {}
    location = fields.get("Location") or fields.get("TemplateURL")
    return location.text if isinstance(location, Scalar) and not location.text.startswith("http") else ""
