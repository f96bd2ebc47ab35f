"""Asks how a function is to be invoked besides its event: context, tenant, durable execution, streaming, log."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from lambdatui.ui.field import Field
from lambdatui.ui.invoke.choices import Options

CONTEXT_BYTES = 3_583
"""Base64-encoded (Lambda API reference, Invoke, ClientContext)."""
_TENANT = re.compile(r"[a-zA-Z0-9._:/=+\-@ ]{1,256}")
_DURABLE = re.compile(r"[a-zA-Z0-9\-_]{1,64}")


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    label: str
    placeholder: str
    problem: Callable[[str], str]
    aws_only: bool = True


def problem_of_context(text: str) -> str:
    """Why `text` is no client context, "" when it is one or empty."""
    if not text.strip():
        return ""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        return f"Client context: not JSON: {getattr(error, 'msg', 'nested too deeply')}"
    if not isinstance(document, dict):
        return 'Client context: a JSON object, such as {"custom": {}}'
    size = -(-len(text.encode("utf-8", "replace")) // 3) * 4
    return f"Client context: {size:,} bytes encoded, Lambda takes {CONTEXT_BYTES:,}" if size > CONTEXT_BYTES else ""


def problem_of_tenant(text: str) -> str:
    """Why `text` is no tenant id, "" when it is one or empty."""
    return "" if not text or _TENANT.fullmatch(text) else "Tenant id: 1 to 256 letters, digits, blanks and ._:/=+-@"


def problem_of_durable_name(text: str) -> str:
    """Why `text` names no durable execution, "" when it does or is empty."""
    return "" if not text or _DURABLE.fullmatch(text) else "Durable execution: 1 to 64 letters, digits, - and _"


_FIELDS = (
    _Field("client_context", "Client context", '{"custom": {}}', problem_of_context, aws_only=False),
    _Field("tenant_id", "Tenant id", "for functions that isolate tenants", problem_of_tenant),
    _Field("durable_name", "Durable execution", "a name, for durable functions", problem_of_durable_name),
)


_SWITCHES = (
    ("streamed", "stream the answer: i shows it as it comes"),
    ("log_tail", "ask for the end of the log with the answer"),
)


class Switch(Static, can_focus=True):
    """An option that is on or off; owns which."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "switch", "Switch", id="options.switch", tooltip="Switch the option on or off")
    ]
    on: reactive[bool] = reactive(False)

    def __init__(self, label: str, *, on: bool, name: str) -> None:
        super().__init__("", id=name, markup=False)
        self._label = label
        self.set_reactive(Switch.on, on)

    def render(self) -> Content:
        """The box and what it is about."""
        box = ("[x]", "bold $accent") if self.on else ("[ ]", "$text-muted")
        return Content.assemble(box, f" {self._label}")

    def action_switch(self) -> None:
        """The other way."""
        self.on = not self.on

    def on_click(self) -> None:
        """A click switches too."""
        self.action_switch()


class OptionsDialog(ModalScreen[Options | None]):
    """Answers with the options, or None. What the target can't do is dimmed."""

    DEFAULT_CSS = """
    OptionsDialog {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 76; max-width: 96%; height: auto;
            border: round $accent; background: $surface; padding: 0 1;
            border-subtitle-color: $text-muted;
        }
        & Horizontal { height: 1; }
        & .label { width: 20; color: $text-muted; }
        & Input, & Input:focus {
            width: 1fr; border: none; height: 1; padding: 0 1;
            background: $boost; background-tint: transparent;
        }
        & Switch { height: 1; }
        & Switch:focus { background: $block-cursor-background; }
        & .problem { color: $text-error; height: 1; }
        & :disabled { opacity: 50%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "OK", id="options.take", priority=True, tooltip="Invoke so from now on"),
        Binding("escape", "dismiss(None)", "Cancel", id="options.cancel", tooltip="Leave the options as they were"),
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Previous", show=False),
    ]

    def __init__(self, function_name: str, options: Options, *, on_aws: bool) -> None:
        super().__init__()
        self._function_name = function_name
        self._options = options
        self._on_aws = on_aws

    def compose(self) -> ComposeResult:
        """A line for each option, the first problem below."""
        with Vertical() as box:
            box.border_title = Content(f"How to invoke {self._function_name}")
            box.border_subtitle = Content("tab next · space switches · enter ok · esc cancel")
            for field in _FIELDS:
                with Horizontal():
                    yield Static(field.label, classes="label", markup=False)
                    hint = field.placeholder if self._on_aws or not field.aws_only else "on AWS only"
                    yield Field(
                        str(getattr(self._options, field.name)),
                        hint,
                        id=field.name,
                        select_on_focus=False,
                        disabled=field.aws_only and not self._on_aws,
                    )
            yield Static("")
            for name, label in _SWITCHES:
                switch = Switch(label, on=bool(getattr(self._options, name)), name=name)
                switch.disabled = name == "log_tail" and not self._on_aws
                yield switch
            yield Static("", classes="problem", markup=False)

    def action_take(self) -> None:
        """Answer, unless something can't be taken."""
        if not self._problem():
            self.dismiss(
                replace(
                    self._options,
                    client_context=self._text("client_context"),
                    tenant_id=self._text("tenant_id"),
                    durable_name=self._text("durable_name"),
                    streamed=self.query_one("#streamed", Switch).on,
                    log_tail=self.query_one("#log_tail", Switch).on,
                )
            )

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    @on(Input.Changed)
    def _check(self) -> None:
        self.query_one(".problem", Static).update(self._problem())

    def _problem(self) -> str:
        found = (field.problem(self._text(field.name)) for field in _FIELDS)
        return next((problem for problem in found if problem), "")
