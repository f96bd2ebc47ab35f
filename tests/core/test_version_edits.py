"""What is typed for aliases, versions and provisioned concurrency."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.errors import InvalidInput
from lambdatui.core.version_edits import (
    CreateAlias,
    DeleteAlias,
    Publish,
    SetProvisioned,
    UpdateAlias,
    difference_of,
    parse_alias,
    parse_description,
    parse_provisioned,
    parse_target,
)
from lambdatui.core.versions import Alias

KNOWN = ("$LATEST", "3", "2", "1")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3", ("3", ())),
        (" 3  2:10% ", ("3", (("2", 0.1),))),
        ("3, 2=0.5", ("3", (("2", 0.005),))),
        ("latest", ("$LATEST", ())),
    ],
)
def test_where_an_alias_leads_is_typed_in_a_word_or_two(typed: str, meant: object) -> None:
    """A version, and another one with its share; spaces and commas don't matter."""
    assert parse_target(typed, KNOWN) == meant


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "A version, such as 3"),
        ("4", "There is no version 4"),
        ("v3", "A version is a number"),
        ("3 2", "VERSION:PERCENT"),
        ("3 2:0%", "More than 0 %"),
        ("3 2:100%", "less than 100 %"),
        ("3 3:10%", "Version 3 gets what is left"),
        ("3 2:10% 1:10%", "one version beside its own"),
        ("$LATEST 2:10%", "can't share an alias"),
        ("3 $LATEST:10%", "can't share an alias"),
    ],
)
def test_what_lambda_would_refuse_is_said_while_it_is_typed(typed: str, says: str) -> None:
    """Nothing is sent to learn that a version is not there."""
    with pytest.raises(InvalidInput, match=says):
        parse_target(typed, KNOWN)


def test_versions_that_could_not_be_read_are_not_said_to_be_missing() -> None:
    """Who may not list versions can still move an alias."""
    assert parse_target("17", ()) == ("17", ())


@given(
    version=st.integers(1, 999).map(str),
    other=st.integers(1000, 1999).map(str),
    percent=st.decimals("0.01", "99.99", places=2),
)
@settings(max_examples=50, derandomize=True)
def test_what_is_shown_of_an_alias_is_what_may_be_typed(version: str, other: str, percent: object) -> None:
    """The line begins with the present target: unchanged, it means no change."""
    weights = parse_target(f"{version} {other}:{percent}%", ())[1]
    alias = Alias("live", version, weights)
    assert parse_target(alias.target, ()) == (version, weights)


def test_a_new_alias_has_a_name_of_its_own() -> None:
    """A number would name a version; a name that is taken is changed on its row."""
    assert parse_alias("live 3 2:10%", KNOWN, ()) == Alias("live", "3", (("2", 0.1),))
    for typed in ("7 3", "a.b 3", "beta 3", "live"):
        with pytest.raises(InvalidInput):
            parse_alias(typed, KNOWN, ("beta",))


def test_provisioned_concurrency_is_a_number_or_none() -> None:
    """0 ends it: AWS has no such value."""
    assert [parse_provisioned(typed) for typed in ("5", "1,000", "none", "0", "")] == [5, 1000, None, None, None]
    with pytest.raises(InvalidInput, match="A number of executions"):
        parse_provisioned("five")


def test_every_change_says_what_it_changes() -> None:
    """Old and new stand beside each other before anything is sent."""
    live = Alias("live", "2", (("3", 0.1),), "what customers call")
    shown = [
        difference_of(edit)
        for edit in (
            Publish("thumbnails", "sha", "revision", "3"),
            CreateAlias(live),
            UpdateAlias(live, Alias("live", "3", (), "what customers call")),
            UpdateAlias(live, Alias("live", "2", (("3", 0.1),), "")),
            DeleteAlias(live),
            SetProvisioned("live", None, 5),
        )
    ]
    assert [(one.about, one.old, one.new) for one in shown] == [
        ("Publish", "newest is 3", "$LATEST as a new version “thumbnails”"),
        ("Alias live", "none", "2 3:10%"),
        ("Alias live", "2 3:10%", "3"),
        ("Alias live: description", "what customers call", "none"),
        ("Alias live", "2 3:10%", "deleted"),
        ("Provisioned concurrency of live", "none", "5"),
    ]


def test_a_description_is_one_line_of_256_characters() -> None:
    """As Lambda takes it."""
    assert parse_description("  two\nlines ") == "two lines"
    with pytest.raises(InvalidInput, match="256 characters at most"):
        parse_description("x" * 257)
