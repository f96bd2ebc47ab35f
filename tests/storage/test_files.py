"""Files are written whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from lambdatui.core.errors import InvalidInput, WorkbenchError
from lambdatui.storage.files import set_aside, write_atomically, write_new_file
from lambdatui.storage.names import check_event_name, path_name


def test_an_existing_file_keeps_its_mode(tmp_path: Path) -> None:
    """Replacing the content changes nothing else."""
    path = tmp_path / "a.json"
    path.write_text("old")
    path.chmod(0o640)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    """A folder in the file's place makes the rename fail; nothing else is left behind."""
    path = tmp_path / "a.json"
    path.mkdir()
    (path / "inside").write_text("kept")
    with pytest.raises(WorkbenchError, match="can't be written"):
        write_atomically(path, b"new")
    assert [found.name for found in tmp_path.iterdir()] == ["a.json"]
    with pytest.raises(WorkbenchError, match="can't be written"):
        write_atomically(tmp_path / "missing" / "a.json", b"new")


def test_a_broken_file_is_set_aside(tmp_path: Path) -> None:
    """It is renamed, never removed; one that is gone is no error."""
    (tmp_path / "a").write_text("damaged")
    assert set_aside(tmp_path / "a") == tmp_path / "a.broken"
    assert (tmp_path / "a.broken").read_text() == "damaged"
    assert set_aside(tmp_path / "a") is None


@pytest.mark.parametrize("text", ["hello", "order-created", "a.b", "x_1"])
def test_a_plain_name_stays_itself(text: str) -> None:
    """What is safe is readable as it is."""
    assert path_name(text) == text


def test_other_names_are_made_safe_and_stay_apart() -> None:
    """Paths, dots, cases and letters of any script give different names that are safe everywhere."""
    texts = ["../../etc/passwd", "a/b", "a:b", "Hello", "HELLO", "..", "", "λ", "ж", "x" * 300, "\ud800", ".hidden"]
    names = [path_name(text) for text in texts]
    assert len({name.casefold() for name in names}) == len(texts)
    for name in names:
        assert name.isascii()
        assert "/" not in name
        assert not name.startswith((".", "-"))
        assert 0 < len(name) < 100


@pytest.mark.parametrize("name", ["put", "my order 2", "put.v2", "größe", "日本"])
def test_a_good_event_name_is_taken(name: str) -> None:
    """Words of any script, spaces and dots within; ".json" is ours to add."""
    assert check_event_name(f" {name} ") == name
    assert check_event_name(f"{name}.json") == name


@pytest.mark.parametrize(
    "name",
    ["", "  ", ".json", "../up", "a/b", "a\\b", ".hidden", "end.", "nul", "COM1", "con.txt", "a\x00b", "\x1b[2J",
     "x" * 121, "a:b", "what?", "\ud800"],
)  # fmt: skip
def test_a_name_that_no_file_can_have_is_refused(name: str) -> None:
    """Nothing leaves the folder, hides, or can't be checked out elsewhere."""
    with pytest.raises(InvalidInput):
        check_event_name(name)


def test_a_new_file_never_replaces_one(tmp_path: Path) -> None:
    """What is saved under a name that exists is refused, and the file stays as it was."""
    path = tmp_path / "answer.json"
    assert write_new_file(str(path), b"{}") == str(path)
    with pytest.raises(InvalidInput, match="exists already"):
        write_new_file(str(path), b"[]")
    assert path.read_bytes() == b"{}"
