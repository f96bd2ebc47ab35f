"""What was found out about one function, setting by setting, on its way to a FunctionSpec."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.core.configuration import COMMON, Value, definition_of
from lambdatui.core.errors import InvalidInput, WorkbenchError
from lambdatui.core.functions import Reserved, Unreserved

Setting = int | str
DEFAULTS: dict[str, Setting | None] = {
    "memory": 128,
    "timeout": 3,
    "description": "",
    "reserved": None,
    "retries": 2,
    "event_age": 21_600,
    "on_failure": "",
    "log_format": "Text",
    "log_level": "INFO",
}
WHOLE_NUMBERS = ("memory", "timeout", "reserved", "retries", "event_age")
RUNS_LOCALLY = ("python3", "provided")


@dataclass(slots=True)
class Found:
    """The settings of one function as its files give them, each with its origin ("template.yaml:12").

    `settings` are keyed as in `core.configuration` (`reserved` is a number or missing); `code`, `interpreter` and
    `layers` are paths; `problem` is the first reason why it can't run. Keeps only what is sound: what is not becomes a
    problem of the list.
    """

    name: str
    origin: str
    runtime: str = ""
    handler: str = ""
    code: Path | None = None
    architecture: str = "x86_64"
    settings: dict[str, Setting] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    interpreter: Path | None = None
    layers: list[Path] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    def cannot_run(self, reason: str) -> None:
        """Keep the first reason why the function can't run."""
        self.problem = self.problem or reason

    def set(self, key: str, value: object, origin: str, problems: list[WorkbenchError], label: str = "") -> None:
        """Take one setting of `COMMON` over; a value that it can't hold is a problem and changes nothing."""
        definition = COMMON[key]
        try:
            if key in WHOLE_NUMBERS:
                if isinstance(value, bool) or not isinstance(value, int | str):
                    raise InvalidInput("", f"{_type_of(value)} can't be one.")
                parsed = definition.parse(str(value))
                kept: Value = parsed.value.executions if isinstance(parsed.value, Reserved) else parsed.value
                warning = parsed.warning if definition.kind == "integer" else ""
                if isinstance(kept, Unreserved):
                    self.settings.pop(key, None)
                    kept = None
            elif not isinstance(value, str):
                raise InvalidInput("", f"{_type_of(value)} can't be one.")
            else:
                kept, warning = definition.parse(value).value, ""
        except InvalidInput as error:
            wanted = "a whole number" if key in WHOLE_NUMBERS else definition.hint if definition.choices else "a text"
            problems.append(InvalidInput(f"{origin}: {label or key}: {wanted} is expected", error.detail))
            return
        if warning:
            problems.append(InvalidInput(f"{origin}: {label or key} is {definition.show(kept)}", warning))
        if isinstance(kept, int | str):
            self.settings[key] = kept
        self.origins[key] = origin

    def set_variable(self, name: str, value: str, origin: str, problems: list[WorkbenchError]) -> None:
        """Take one environment variable over; a name that Lambda refuses is a problem."""
        try:
            definition_of(f"env.{name}")
        except InvalidInput as error:
            problems.append(InvalidInput(f"{origin}: {error.title}", error.detail))
            return
        self.environment[name] = value
        self.origins[f"env.{name}"] = origin

    def spec(self, project: Path) -> FunctionSpec:
        """The function as it is to run; `project` stands in for a code folder that is not known."""
        value = DEFAULTS | self.settings
        reserved = value["reserved"]
        self._check()
        return FunctionSpec(
            name=self.name,
            runtime=self.runtime,
            handler=self.handler,
            code_path=self.code or project,
            origin=self.origin,
            memory_mb=int(value["memory"] or 0),
            timeout_s=int(value["timeout"] or 0),
            description=str(value["description"]),
            architecture=self.architecture,
            environment=dict(self.environment),
            reserved=Reserved(reserved) if isinstance(reserved, int) else Unreserved(),
            retries=int(value["retries"] or 0),
            event_age_s=int(value["event_age"] or 0),
            on_failure=str(value["on_failure"]),
            log_format=str(value["log_format"]),
            log_level=str(value["log_level"]),
            interpreter=self.interpreter,
            layers=tuple(self.layers),
            origins=dict(self.origins),
            problem=self.problem,
        )

    def _check(self) -> None:
        if not self.runtime:
            self.cannot_run(f"{self.origin}: no runtime is given")
        elif not self.runtime.startswith(RUNS_LOCALLY):
            self.cannot_run(f"{self.runtime} is not run locally: Python and provided.* are")
        elif not self.handler and self.runtime.startswith("python"):
            self.cannot_run(f"{self.origin}: no handler is given")
        if self.code is None:
            self.cannot_run(f"{self.origin}: no code is given")
        elif not self.code.is_dir():
            origin = self.origins.get("code", self.origin)
            what = "is a file; the local runner needs the folder" if self.code.exists() else "does not exist"
            self.cannot_run(f"{origin}: the code folder {self.code.name or self.code} {what}")
        elif self.runtime.startswith("provided") and not (self.code / "bootstrap").is_file():
            self.cannot_run(f"{self.origin}: {self.code.name} has no bootstrap")


def _type_of(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "Nothing"
        case list():
            return "A list"
        case dict():
            return "A mapping"
        case _:
            return f"“{str(value)[:60]}”"
