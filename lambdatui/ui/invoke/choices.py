"""How each function is invoked from here: by which version or alias, and with which options."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lambdatui.core.invocation import InvocationRequest, InvocationType
from lambdatui.core.remembered import Memory
from lambdatui.core.versions import LATEST


@dataclass(frozen=True, slots=True)
class Options:
    """What goes with the event, see `InvocationRequest`."""

    qualifier: str = LATEST
    client_context: str = ""
    tenant_id: str = ""
    durable_name: str = ""
    log_tail: bool = True
    streamed: bool = False

    @property
    def told(self) -> str:
        """What differs from a plain invocation, short: "live · streamed · tenant blue"; "" when nothing does."""
        parts = [self.qualifier if self.qualifier != LATEST else ""]
        parts += ["streamed" if self.streamed else "", "no log tail" if not self.log_tail else ""]
        parts += ["client context" if self.client_context else ""]
        parts += [f"tenant {self.tenant_id}" if self.tenant_id else ""]
        parts += [f"run {self.durable_name}" if self.durable_name else ""]
        return " · ".join(part for part in parts if part)

    def request(self, function_name: str, payload: bytes, invocation_type: InvocationType) -> InvocationRequest:
        """The request that sends `payload` so; only a wait for the answer can be streamed."""
        return InvocationRequest(
            function_name,
            payload,
            invocation_type,
            self.qualifier,
            self.client_context,
            self.tenant_id,
            self.durable_name,
            self.log_tail,
            streamed=self.streamed and invocation_type is InvocationType.REQUEST_RESPONSE,
        )


class InvokeChoices:
    """Owns the options of every function of one target. The qualifier is kept for the next start, the rest is not:
    what a tenant or a context is called may be nobody's business."""

    def __init__(self, memory: Memory, target_key: str) -> None:
        self._memory = memory
        self._target_key = target_key
        self._chosen: dict[str, Options] = {}

    def of(self, function_name: str) -> Options:
        """How `function_name` is invoked now."""
        if function_name not in self._chosen:
            qualifier = self._memory.load().qualifiers.get(self._key(function_name)) or LATEST
            self._chosen[function_name] = Options(qualifier)
        return self._chosen[function_name]

    def choose(self, function_name: str, options: Options) -> None:
        """Invoke `function_name` so from now on."""
        if options.qualifier != self.of(function_name).qualifier:
            remembered = self._memory.load()
            others = {name: value for name, value in remembered.qualifiers.items() if name != self._key(function_name)}
            mine = {} if options.qualifier == LATEST else {self._key(function_name): options.qualifier}
            self._memory.save(replace(remembered, qualifiers={**others, **mine}))
        self._chosen[function_name] = options

    def _key(self, function_name: str) -> str:
        return f"{self._target_key}/{function_name}"
