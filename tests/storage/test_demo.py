"""The demo's folder: fresh, and never at the cost of an edit."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lambdatui.core.errors import WorkbenchError
from lambdatui.storage.demo import DemoFolder

NOW = datetime(2026, 11, 23, 14, 2, 11, tzinfo=UTC)


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    for name, text in {
        "template.yaml": "Resources: {}",
        "hello/app.py": "def handler(event, context): ...",
        "shell/bootstrap": "#!/bin/sh",
        "events/hello/default.json": "{}",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "hello" / "__pycache__").mkdir()
    (folder / "hello" / "__pycache__" / "app.pyc").write_bytes(b"x")
    return folder


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return tmp_path / "data" / "demo"


def refresh(demo: Path, shipped: Path) -> str:
    return DemoFolder(demo, demo.parent.parent / "state").refresh(shipped, NOW)


def tree(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_the_first_start_copies_what_is_shipped(demo: Path, shipped: Path) -> None:
    """Private, without caches, the bootstrap executable, and nothing to tell."""
    assert refresh(demo, shipped) == ""
    assert sorted(tree(demo)) == ["events/hello/default.json", "hello/app.py", "shell/bootstrap", "template.yaml"]
    assert stat.S_IMODE(demo.stat().st_mode) == 0o700
    assert stat.S_IMODE((demo / "template.yaml").stat().st_mode) == 0o600
    assert os.access(demo / "shell" / "bootstrap", os.X_OK)
    assert [path.name for path in demo.parent.iterdir()] == ["demo"]


def test_an_untouched_copy_becomes_the_newer_version(demo: Path, shipped: Path) -> None:
    """An upgrade brings its files, and takes away those that are no longer shipped."""
    refresh(demo, shipped)
    (shipped / "template.yaml").write_text("newer")
    (shipped / "new.py").write_text("new")
    (shipped / "hello" / "app.py").unlink()
    assert refresh(demo, shipped) == ""
    assert tree(demo) == {
        "template.yaml": "newer",
        "new.py": "new",
        "shell/bootstrap": "#!/bin/sh",
        "events/hello/default.json": "{}",
    }


def test_an_edited_copy_is_set_aside_with_its_saved_events_kept(demo: Path, shipped: Path) -> None:
    """The old folder gets a dated name, the note says where, and saved or edited events are in the fresh copy too."""
    refresh(demo, shipped)
    (demo / "hello" / "app.py").write_text("mine")
    (demo / "events" / "hello" / "saved.json").write_text('{"mine": 1}')
    (demo / "events" / "hello" / "default.json").write_text('{"edited": 1}')
    aside = demo.with_name("demo-2026-11-23-140211")
    assert refresh(demo, shipped) == f"your edited examples are in {aside}"
    assert (aside / "hello" / "app.py").read_text() == "mine"
    assert (demo / "hello" / "app.py").read_text() == "def handler(event, context): ..."
    assert (demo / "events" / "hello" / "saved.json").read_text() == '{"mine": 1}'
    assert (demo / "events" / "hello" / "default.json").read_text() == '{"edited": 1}'
    assert refresh(demo, shipped) == ""


def test_a_deleted_file_counts_as_an_edit_and_comes_back(demo: Path, shipped: Path) -> None:
    """A missing handler would be a broken demo."""
    refresh(demo, shipped)
    (demo / "hello" / "app.py").unlink()
    assert "edited" in refresh(demo, shipped)
    assert (demo / "hello" / "app.py").is_file()


def test_events_alone_are_no_reason_to_set_anything_aside(demo: Path, shipped: Path) -> None:
    """Saving an event is what the demo is for; a shipped event that was deleted comes back."""
    refresh(demo, shipped)
    (demo / "events" / "hello" / "saved.json").write_text("1")
    (demo / "events" / "hello" / "default.json").write_text("2")
    assert refresh(demo, shipped) == ""
    assert (demo / "events" / "hello" / "default.json").read_text() == "2"
    (demo / "events" / "hello" / "default.json").unlink()
    assert refresh(demo, shipped) == ""
    assert (demo / "events" / "hello" / "default.json").read_text() == "{}"
    assert (demo / "events" / "hello" / "saved.json").read_text() == "1"


def test_without_its_note_only_what_differs_counts_as_edited(demo: Path, shipped: Path) -> None:
    """A lost or damaged note costs nothing while the folder is as shipped."""
    refresh(demo, shipped)
    note = demo.parent.parent / "state" / "demo.json"
    note.write_text("[]")
    assert refresh(demo, shipped) == ""
    note.unlink()
    (demo / "hello" / "app.py").write_text("mine")
    assert "edited" in refresh(demo, shipped)


def test_a_folder_that_another_has_open_is_left_as_it_is(demo: Path, shipped: Path) -> None:
    """While a lease is held nothing changes; when its process has ended, however, the folder is free again."""
    refresh(demo, shipped)
    code = (
        "import sys; from pathlib import Path; from lambdatui.storage.demo import DemoFolder;"
        "lease = DemoFolder(Path(sys.argv[1]), Path(sys.argv[2])).lease(); print('open', flush=True); sys.stdin.read()"
    )
    arguments = [sys.executable, "-c", code, str(demo), str(demo.parent.parent / "state")]
    child = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"open\n"
        (demo / "hello" / "app.py").write_text("mine")
        assert refresh(demo, shipped) == ""
        assert (demo / "hello" / "app.py").read_text() == "mine"
        child.kill()
    assert "edited" in refresh(demo, shipped)


def test_a_released_lease_frees_the_folder(demo: Path, shipped: Path) -> None:
    """Two leases at once are fine; after both are released the folder is refreshed again."""
    refresh(demo, shipped)
    folder = DemoFolder(demo, demo.parent.parent / "state")
    leases = [folder.lease(), folder.lease()]
    (demo / "template.yaml").write_text("mine")
    assert refresh(demo, shipped) == ""
    for lease in leases:
        lease.release()
    assert "edited" in refresh(demo, shipped)


def test_a_folder_that_cannot_be_written_is_told(demo: Path, shipped: Path, tmp_path: Path) -> None:
    """A file in the way is our own error."""
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(WorkbenchError):
        refresh(demo, shipped)
    shutil.rmtree(shipped)
