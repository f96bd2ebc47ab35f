"""What AWS may answer, and what is sent back of it: for any answer, and for any environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.backends.aws.configuration_calls import CALLS, call_of, goal_of
from lambdatui.backends.aws.configuration_check import to_make
from lambdatui.backends.aws.configuration_entries import configuration_of
from lambdatui.backends.aws.configuration_parts import Part, Parts
from lambdatui.core.configuration import DEFINITIONS, Change
from lambdatui.core.errors import Throttled

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = {
    Part.FUNCTION: (
        *(
            "MemorySize",
            "Timeout",
            "EphemeralStorage",
            "Description",
            "Handler",
            "Layers",
            "SnapStart",
            "TracingConfig",
        ),
        *("DeadLetterConfig", "LoggingConfig", "Environment", "LastUpdateStatus", "State", "RevisionId", "CodeSize"),
    ),
    Part.CONCURRENCY: ("ReservedConcurrentExecutions",),
    Part.EVENT_INVOKE: ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"),
    Part.RECURSION: ("RecursiveLoop",),
    Part.RUNTIME: ("UpdateRuntimeOn", "RuntimeVersionArn"),
    Part.TAGS: ("Tags",),
    Part.LOG_GROUP: ("retentionInDays", "logGroupName"),
}
NESTED = st.dictionaries(
    st.sampled_from(["Size", "Mode", "ApplyOn", "Variables", "Error", "LogFormat", "LogGroup", "OnFailure"]), JSON
)


@st.composite
def answers(draw: st.DrawFn) -> Mapping[Part, Any]:
    """An answer each, with the fields that it has and with anything in them; or an error."""
    parts: dict[Part, Any] = {}
    for part, fields in FIELDS.items():
        if draw(st.integers(0, 5)) == 0:
            parts[part] = Throttled("Throttled")
        else:
            parts[part] = draw(st.dictionaries(st.sampled_from(fields), JSON | NESTED))
    return parts


@settings(max_examples=40, derandomize=True, deadline=None)
@given(answers())
def test_any_answer_is_a_configuration(given_answers: Mapping[Part, Any]) -> None:
    """Unknown fields, wrong types and new words never break anything: every setting is there, and can be shown."""
    read = configuration_of(Parts("f", given_answers, "arn", "/group"))
    keys = [entry.definition.key for entry in read.entries]
    assert keys[: len(DEFINITIONS)] == list(DEFINITIONS)
    for entry in read.entries:
        assert isinstance(entry.definition.show(entry.value), str)
        assert entry.origin


NAMES = st.sampled_from("ABCDE")
VALUES = st.text(max_size=3)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(st.dictionaries(NAMES, VALUES), st.dictionaries(NAMES, VALUES | st.none()))
def test_what_is_sent_is_what_stands_with_the_changes(
    stands: Mapping[str, str], wanted: Mapping[str, str | None]
) -> None:
    """Whatever is not named is sent as it was read: Lambda replaces the environment whole."""
    parts = Parts("f", {Part.FUNCTION: {"Environment": {"Variables": stands}, "RevisionId": "r"}})
    changes = [Change(f"env.{name}", stands.get(name), value) for name, value in wanted.items()]
    left = to_make(parts, changes)
    expected = {name: value for name, value in {**stands, **wanted}.items() if value is not None}
    if not left:
        assert expected == stands
        return
    [call] = {call_of(change) for change in left}
    sent = call.parameters(parts, {change.key: goal_of(change, parts) for change in left})
    assert sent == {"FunctionName": "f", "RevisionId": "r", "Environment": {"Variables": expected}}


def test_every_setting_has_one_call() -> None:
    """And the guarded one is first."""
    assert CALLS[0].operation == "UpdateFunctionConfiguration"
    for key in (*DEFINITIONS, "env.A", "tag.a"):
        assert call_of(Change(key, None, "x")) in CALLS
        assert call_of(Change(key, "x", None)) in CALLS
