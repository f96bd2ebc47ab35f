"""The last list and the small choices: read if they can be, never in the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from lambdatui.core.functions import FunctionSummary
from lambdatui.core.remembered import (
    MOST_FILTERS,
    FunctionListCache,
    KnownFunctions,
    Memory,
    Remembered,
    filters_with,
)
from lambdatui.core.target import TargetKind
from lambdatui.core.targets import Address
from lambdatui.storage.function_list import FileFunctionListCache
from lambdatui.storage.state import FileMemory

NOW = datetime(2026, 11, 23, 14, 2, 11, tzinfo=UTC)
FUNCTIONS = (
    FunctionSummary("hello", "python3.13", "app.handler", 512, 30, "greets", "arm64", "Zip", 0, NOW, origin="t.yaml:3"),
    FunctionSummary("bare"),
    FunctionSummary("\ud800", package_type="Image", code_size_bytes=5, problem="no runtime"),
)


def test_the_list_of_last_time_comes_back(tmp_path: Path) -> None:
    """Every field, and when it was seen."""
    cache: FunctionListCache = FileFunctionListCache(tmp_path / "new" / "functions.json", lambda: NOW)
    assert cache.load() is None
    cache.save(FUNCTIONS)
    assert cache.load() == KnownFunctions(FUNCTIONS, NOW)


def test_choices_come_back(tmp_path: Path) -> None:
    """Every field; only the newest 200 selections are kept."""
    memory: Memory = FileMemory(tmp_path / "new" / "remembered.json")
    assert memory.load() == Remembered()
    chosen = Remembered("terminal", "memory", True, {"functions": 31}, ("logs",), {"demo": "hello"})
    memory.save(chosen)
    assert memory.load() == chosen
    memory.save(Remembered(selected={str(number): "x" for number in range(300)}))
    assert list(memory.load().selected) == [str(number) for number in range(100, 300)]


def test_recent_targets_come_back(tmp_path: Path) -> None:
    """In their order; what is no target is left out."""
    memory: Memory = FileMemory(tmp_path / "remembered.json")
    recent = (
        Address(TargetKind.AWS, "", "prod", "eu-west-1", "http://127.0.0.1:4566"),
        Address(TargetKind.LOCAL, "/home/me/shop"),
        Address(TargetKind.DEMO),
    )
    memory.save(Remembered(recent_targets=recent))
    assert memory.load().recent_targets == recent
    (tmp_path / "remembered.json").write_text('{"recent_targets": [1, {"kind": []}, {"kind": "demo", "path": 3}]}')
    assert memory.load().recent_targets == (Address(TargetKind.DEMO),)


def test_filters_of_log_lines_come_back(tmp_path: Path) -> None:
    """The newest first, each once, fifty at most, none that is huge; what is no text is left out."""
    memory: Memory = FileMemory(tmp_path / "remembered.json")
    filters: tuple[str, ...] = ()
    for used in (*map(str, range(60)), "level=error", "59", "  ", "x" * 9_999):
        filters = filters_with(used, filters)
    assert filters[:4] == ("59", "level=error", "58", "57")
    assert len(filters) == MOST_FILTERS
    memory.save(Remembered(log_filters=filters))
    assert memory.load().log_filters == filters
    (tmp_path / "remembered.json").write_text('{"log_filters": [1, "kept", {}, "\\u001b[2J"]}')
    assert memory.load().log_filters == ("kept",)
    (tmp_path / "remembered.json").write_text('{"log_filters": "kept"}')
    assert memory.load().log_filters == ()


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """Nobody is told that a comfort is missing."""
    (tmp_path / "file").write_text("in the way")
    FileMemory(tmp_path / "file" / "a.json").save(Remembered("terminal"))
    FileFunctionListCache(tmp_path / "file" / "b.json", lambda: NOW).save(FUNCTIONS)
    assert (tmp_path / "file").read_text() == "in the way"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"null", b"[]", b"\xff", b"[" * 9999, b'{"version": 2}',
        b'{"version": 1, "seen_at": "2026-01-01", "functions": [{"name": 1}]}',
        b'{"version": 1, "seen_at": "never", "functions": []}',
        b'{"version": 1, "seen_at": "2026-01-01", "functions": [{"name": "a", "memory_mb": true}]}',
        b'{"version": 1, "seen_at": "2026-01-01", "functions": [{"memory_mb": 5}]}',
        b'{"version": 1, "seen_at": "2026-01-01", "functions": [[]]}',
    ],
)  # fmt: skip
def test_a_damaged_list_is_no_list(tmp_path: Path, content: bytes) -> None:
    """The first frame does without."""
    (tmp_path / "f").write_bytes(content)
    assert FileFunctionListCache(tmp_path / "f", lambda: NOW).load() is None


def test_a_list_of_a_newer_version_is_read_as_far_as_it_is_known(tmp_path: Path) -> None:
    """A field that does not exist here is passed over."""
    text = '{"version": 1, "seen_at": "2026-11-23T14:02:11+00:00", "functions": [{"name": "a", "tier": "x"}]}'
    (tmp_path / "f").write_text(text)
    assert FileFunctionListCache(tmp_path / "f", lambda: NOW).load() == KnownFunctions((FunctionSummary("a"),), NOW)


json_values = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(max_size=5),
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(strategies.text(max_size=5), inner),
    max_leaves=5,
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    strategies.dictionaries(
        strategies.sampled_from(["theme", "sort_column", "sort_descending", "pane_sizes", "hidden_panes", "selected"]),
        json_values,
    )
)
def test_damaged_choices_are_as_if_never_made(tmp_path: Path, document: dict[str, object]) -> None:
    """Whatever stands in the file, what comes back has the right kinds."""
    import json  # noqa: PLC0415

    (tmp_path / "f").write_text(json.dumps(document))
    found = FileMemory(tmp_path / "f").load()
    assert isinstance(found.theme, str)
    assert isinstance(found.sort_descending, bool)
    assert all(isinstance(size, int) for size in found.pane_sizes.values())
    assert all(isinstance(pane, str) for pane in found.hidden_panes)
    assert all(isinstance(name, str) for name in found.selected.values())
