"""The detail on a target that has no inspector: what its list and its settings tell."""

from __future__ import annotations

from lambdatui.core.functions import FunctionSummary, Reserved
from lambdatui.core.inspection import Fact, Section, Tone
from lambdatui.core.target import Backend

_MASK = "••••••••"


def plain_sections(backend: Backend, name: str) -> tuple[Section, ...]:
    """Two sections: the function, and its settings with where each comes from."""

    async def function() -> tuple[Fact, ...]:
        detail = await backend.catalogue.detail(name)
        tone = Tone.PLAIN if detail.state == "Active" else Tone.FAILED
        reserved = str(detail.reserved.executions) if isinstance(detail.reserved, Reserved) else "none"
        facts = (
            *_summary_facts(detail.summary),
            Fact("State", " · ".join(filter(None, (detail.state, detail.state_reason))), tone),
            Fact("Code", detail.code_location),
            Fact("Reserved", reserved),
            *(Fact(f"Tag {key}", value) for key, value in detail.tags.items()),
        )
        return tuple(fact for fact in facts if fact.value)

    async def settings() -> tuple[Fact, ...]:
        configuration = await backend.configuration.read(name)
        return tuple(
            Fact(
                entry.definition.label,
                (_MASK if entry.secret and entry.value is not None else entry.definition.show(entry.value))
                + f"  ({entry.origin})" * bool(entry.origin),
            )
            for entry in configuration.entries
        )

    return Section("Function", function), Section("Settings", settings)


def _summary_facts(function: FunctionSummary) -> tuple[Fact, ...]:
    return (
        Fact("ARN", function.arn),
        Fact("Description", function.description),
        Fact("Defined in", function.origin),
        Fact("Problem", function.problem, Tone.FAILED),
        Fact("Runtime", function.runtime or function.package_type),
        Fact("Handler", function.handler),
        Fact("Architecture", function.architecture),
        Fact("Log group", function.log_group),
    )
