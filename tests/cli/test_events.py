"""`events`: named events as files, from scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Lambdatui


@pytest.fixture
def event(tmp_path: Path) -> Path:
    """A file with an event."""
    path = tmp_path / "new.json"
    path.write_text('{"id": 7}\n')
    return path


def test_an_event_is_saved_listed_shown_and_deleted(lambdatui: Lambdatui, event: Path) -> None:
    """The life of an event; `show` gives back its bytes."""
    saved = lambdatui("events", "save", "greet", "seven", str(event))
    assert saved.code == 0
    assert Path(saved.out.strip()).read_text() == '{"id": 7}\n'
    listed = [
        record for record in lambdatui("events", "list", "greet", "--json").records if record["source"] == "saved"
    ]
    assert [(record["name"], record["size_bytes"]) for record in listed] == [("seven", 10)]
    assert lambdatui("events", "show", "greet", "seven").out == '{"id": 7}\n'
    assert lambdatui("events", "show", "greet", "seven", "--json").record["text"] == '{"id": 7}\n'
    assert lambdatui("events", "delete", "greet", "seven").code == 0
    assert lambdatui("events", "show", "greet", "seven").code == 3


def test_an_existing_event_is_kept_unless_forced(lambdatui: Lambdatui, event: Path) -> None:
    """Saving over another event is exit code 1 and names --force, which overwrites it."""
    lambdatui("events", "save", "greet", "seven", str(event))
    event.write_text("8")
    refused = lambdatui("events", "save", "greet", "seven", str(event))
    assert (refused.code, refused.out) == (1, "")
    assert "--force" in refused.err
    assert lambdatui("events", "show", "greet", "seven").out == '{"id": 7}\n'
    assert lambdatui("events", "save", "greet", "seven", str(event), "--force").code == 0
    assert lambdatui("events", "show", "greet", "seven").out == "8"


@pytest.mark.parametrize(("name", "content"), [("x", "{"), ("../x", "{}"), ("x/y", "{}")])
def test_what_is_no_event_is_not_saved(lambdatui: Lambdatui, event: Path, name: str, content: str) -> None:
    """Text that is not JSON, and names that leave the folder, are exit code 2."""
    event.write_text(content)
    assert lambdatui("events", "save", "greet", name, str(event)).code == 2


def test_a_missing_event_is_told_with_its_neighbours(lambdatui: Lambdatui, event: Path) -> None:
    """The error lists what comes near."""
    lambdatui("events", "save", "greet", "seven", str(event))
    ran = lambdatui("events", "show", "greet", "sevn")
    assert ran.code == 3
    assert "Near it: seven." in ran.err


def test_samples_are_listed_and_can_not_be_deleted(
    lambdatui: Lambdatui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The samples belong to lambdatui: listed without a function, shown, never deleted."""
    sample = tmp_path / "shipped" / "s3" / "put.json"
    sample.parent.mkdir(parents=True)
    sample.write_text(json.dumps({"Records": []}))
    monkeypatch.setattr("lambdatui.wiring.shipped_samples", lambda: tmp_path / "shipped")
    assert lambdatui("events", "samples").out.split()[:2] == ["s3/put", "sample"]
    assert lambdatui("events", "show", "greet", "s3/put").out == '{"Records": []}'
    assert lambdatui("events", "delete", "greet", "s3/put").code == 2
    assert sample.exists()


def test_read_only_saves_and_deletes_nothing(lambdatui: Lambdatui, event: Path) -> None:
    """--read-only means the events too."""
    assert lambdatui("events", "save", "greet", "seven", str(event), "--read-only").code == 2
    assert lambdatui("events", "delete", "greet", "seven", "--read-only").code == 2
