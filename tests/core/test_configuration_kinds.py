"""What may be typed for a setting, and how a value is read back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.configuration import (
    COMMON,
    DEFINITIONS,
    Change,
    Configuration,
    Entry,
    Value,
    definition_of,
    environment_warning,
)
from lambdatui.core.errors import InvalidInput
from lambdatui.core.functions import Reserved, Unknown, Unreserved
from lambdatui.core.layers import LayerName

LAYER = "arn:aws:lambda:eu-west-1:123456789012:layer:"


@pytest.mark.parametrize(
    ("key", "text", "value", "shown"),
    [
        ("memory", "1,024 mb", 1024, "1,024 MB"),
        ("timeout", "30s", 30, "30 s"),
        ("ephemeral", "2048", 2048, "2,048 MB"),
        ("reserved", "none", Unreserved(), "unreserved"),
        ("reserved", "0", Reserved(0), "0"),
        ("retention", "never", None, "forever"),
        ("retention", "30 days", 30, "30 days"),
        ("snap_start", "publishedversions", "PublishedVersions", "PublishedVersions"),
        ("dlq", "none", None, "not set"),
        ("layers", f"{LAYER}a:1, {LAYER}b:22", (f"{LAYER}a:1", f"{LAYER}b:22"), "a:1, b:22"),
        ("layers", "none", (), "none"),
        ("env.PATHS", " a b ", " a b ", " a b "),
        ("tag.team", "", "", ""),
    ],
)
def test_what_is_typed_is_read_with_its_unit(key: str, text: str, value: Value, shown: str) -> None:
    """Units, commas and case are the reader's business, not the user's."""
    definition = definition_of(key)
    assert definition.parse(text).value == value
    assert definition.show(value) == shown


@pytest.mark.parametrize(
    ("key", "text", "warning"),
    [
        ("memory", "20480", "outside 128 to 10,240 MB"),
        ("retention", "31", "outside 1, 3, 5, 7, 14, …, 3,653 days, or forever"),
        ("recursion", "Pause", "none of Terminate, Allow"),
        ("description", "x" * 257, "257 characters"),
        ("layers", f"{LAYER}a:1 {LAYER}a:2", "stands there twice"),
        ("layers", " ".join(f"{LAYER}l{n}:1" for n in range(6)), "6 layers, 5 at most"),
        ("layers", f"{LAYER}a", "not the ARN of a layer's version"),
    ],
)
def test_what_the_server_may_refuse_is_a_warning(key: str, text: str, warning: str) -> None:
    """Limits drift: it is sent all the same, and the server is the judge."""
    assert warning in definition_of(key).parse(text).warning


@pytest.mark.parametrize(
    ("key", "text"), [("memory", "many"), ("memory", "0"), ("timeout", "-1"), ("reserved", "x"), ("log_format", "xml")]
)
def test_what_can_not_be_meant_is_refused_with_what_can(key: str, text: str) -> None:
    """The title says what may be typed."""
    with pytest.raises(InvalidInput) as caught:
        definition_of(key).parse(text)
    assert definition_of(key).hint in caught.value.title


@pytest.mark.parametrize("key", ["memroy", "env.1X", "env.AWS_REGION", "env.", "tag.", "tag.aws:owner", "env", "tag"])
def test_a_key_that_there_is_not_is_refused(key: str) -> None:
    """Also what Lambda and AWS keep for themselves."""
    with pytest.raises(InvalidInput):
        definition_of(key)


def test_the_local_runner_knows_a_part_of_what_aws_knows() -> None:
    """The common settings come first in nobody's way: one table, in one order."""
    assert set(COMMON) < set(DEFINITIONS)
    assert "ephemeral" not in COMMON


VALUES = {
    "integer": st.integers(0, 100_000),
    "concurrency": st.one_of(st.just(Unreserved()), st.builds(Reserved, st.integers(0, 1000))),
    "layers": st.lists(st.integers(1, 99), max_size=5, unique=True).map(
        lambda numbers: tuple(f"{LAYER}l{n}:{n}" for n in numbers)
    ),
}


@settings(max_examples=60, derandomize=True)
@given(st.sampled_from(sorted(DEFINITIONS)), st.data())
def test_what_stands_in_the_edit_field_means_the_value(key: str, data: st.DataObject) -> None:
    """`parse` takes back what `edit_text` gives, so that Enter on an unchanged field changes nothing."""
    definition = DEFINITIONS[key]
    words = st.sampled_from(definition.choices) if definition.choices else st.just("arn:aws:sqs:::q")
    value: Value = data.draw(VALUES.get(definition.kind, words))
    if definition.limits and definition.limits[0] > 0 and value == 0:
        return
    assert definition.parse(definition.edit_text(value)).value == value


@settings(max_examples=40, derandomize=True)
@given(st.text(max_size=80))
def test_any_text_is_a_layer_s_name_for_eyes(text: str) -> None:
    """What AWS may give next year is shown as it is; a version is known only where there is one."""
    name = LayerName.of(text)
    assert name.arn == text
    assert name.version is None or name.short.endswith(f":{name.version}")


def test_all_variables_together_are_weighed() -> None:
    """Lambda takes 4 KB of names and values in all: one more variable is warned of before it is sent."""
    entries = tuple(Entry(definition_of(f"env.{name}"), "x" * 2000, "set") for name in ("A", "B"))
    configuration = Configuration("f", "r", entries)
    assert environment_warning(configuration, [Change("env.C", None, "y" * 93)]) == ""
    assert "4,100 B of variables" in environment_warning(configuration, [Change("env.C", None, "y" * 97)])
    assert (
        environment_warning(configuration, [Change("env.A", "x" * 2000, None), Change("env.C", None, "y" * 97)]) == ""
    )
    assert environment_warning(configuration, [Change("memory", 1, 2)]) == ""


def test_a_secret_is_masked_in_a_difference() -> None:
    """Also what was not there before, and what is unknown."""
    assert Change("env.TOKEN", None, "s3cret").show(masked=True) == "TOKEN not set → ••••"
    assert Change("memory", Unknown("denied"), 256).show(masked=True) == "Memory unknown: denied → 256 MB"
    assert Change("env.TOKEN", "a", "b").inverse == Change("env.TOKEN", "b", "a")
    assert definition_of("env.A").show("\x1b]52;c;x\x07\x1b[31mred") == "red"
