"""The event store on real files."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lambdatui.core.errors import Conflict, InvalidInput, NotFound, Unsupported, WorkbenchError
from lambdatui.core.events import EventEntry, EventSource, EventStore
from lambdatui.storage.events import FileEventStore

NOW = datetime(2026, 11, 23, 14, 2, 11, 5, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path: Path, project: Path) -> FileEventStore:
    samples = tmp_path / "samples"
    for name in ("alb/request", "hello/world", "s3/put"):
        (samples / name).parent.mkdir(parents=True, exist_ok=True)
        (samples / f"{name}.json").write_text('{"sample": true}')
    (samples / "README.md").write_text("about")
    return FileEventStore(
        own=project / "events",
        project=project / "events",
        samples=samples,
        trash=tmp_path / "trash",
        root=project,
        clock=lambda: NOW,
    )


def write(path: Path, text: str = "{}") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


async def entry(store: FileEventStore, name: str, function: str = "hello") -> EventEntry:
    return next(found for found in await store.entries(function) if found.name == name)


def test_it_is_an_event_store(store: FileEventStore) -> None:
    """The store serves core's port."""
    port: EventStore = store
    assert port is store


async def test_a_functions_own_events_come_first_then_the_projects_then_the_samples(
    store: FileEventStore, project: Path
) -> None:
    """Each source in order, "default" first in its own, "hello/world" first of the samples; nothing else is listed."""
    for name in ("hello/b.json", "hello/default.json", "hello/A.json", "other/x.json", "shared.json", "notes.txt"):
        write(project / "events" / name)
    write(project / "events" / "hello" / ".hidden.json")
    found = [(item.source, item.name) for item in await store.entries("hello")]
    own, shared, sample = EventSource.FUNCTION, EventSource.PROJECT, EventSource.SAMPLE
    assert found == [
        (own, "default"), (own, "A"), (own, "b"), (shared, "shared"),
        (sample, "hello/world"), (sample, "alb/request"), (sample, "s3/put"),
    ]  # fmt: skip


async def test_without_any_folder_there_are_the_samples(store: FileEventStore) -> None:
    """A project without events is no error."""
    assert {item.source for item in await store.entries("hello")} == {EventSource.SAMPLE}


async def test_what_was_saved_is_read_again(store: FileEventStore, project: Path) -> None:
    """Save, list, load: the same text, letter by letter, in a plain file."""
    text = '{\r\n\t"größe": "✓"  }\n'
    saved = await store.save("hello", "mine", text, None)
    assert (project / "events" / "hello" / "mine.json").read_bytes() == text.encode()
    assert saved.entry == await entry(store, "mine")
    assert await store.load(saved.entry) == saved
    assert saved.text == text
    assert saved.entry.size_bytes == len(text.encode())


async def test_saving_again_with_the_revision_that_was_read_replaces(store: FileEventStore) -> None:
    """The revision names the content, so each save gives the next one."""
    first = await store.save("hello", "mine", "1", None)
    second = await store.save("hello", "mine", "2", first.revision)
    assert second.revision != first.revision
    assert (await store.load(first.entry)).text == "2"


async def test_a_change_on_disk_is_never_overwritten(store: FileEventStore, project: Path) -> None:
    """The conflict holds both texts, and the file stays as the other wrote it."""
    first = await store.save("hello", "mine", "1", None)
    path = write(project / "events" / "hello" / "mine.json", "theirs")
    with pytest.raises(Conflict, match="changed on disk") as caught:
        await store.save("hello", "mine", "mine", first.revision)
    assert (caught.value.mine, caught.value.theirs) == ("mine", "theirs")
    assert path.read_text() == "theirs"


async def test_a_name_that_is_taken_is_a_conflict_unless_it_says_the_same(store: FileEventStore) -> None:
    """A new name must be new."""
    first = await store.save("hello", "mine", "1", None)
    with pytest.raises(Conflict, match="exists already"):
        await store.save("hello", "mine", "2", None)
    assert (await store.save("hello", "mine", "1", None)).revision == first.revision


async def test_an_event_that_was_deleted_meanwhile_is_a_conflict(store: FileEventStore) -> None:
    """What was deleted elsewhere is not brought back unasked; without a revision it is written anew."""
    first = await store.save("hello", "mine", "1", None)
    Path(first.entry.path).unlink()
    with pytest.raises(Conflict, match="is gone"):
        await store.save("hello", "mine", "2", first.revision)
    assert (await store.save("hello", "mine", "2", None)).text == "2"


@pytest.mark.parametrize("function_name", ["../../up", "a/b", "..", "", "x" * 400, "λ"])
async def test_no_name_leaves_the_events_folder(store: FileEventStore, project: Path, function_name: str) -> None:
    """A function's name becomes one folder, whatever it is; an event's name that can't be a file's is refused."""
    saved = await store.save(function_name, "mine", "1", None)
    assert Path(saved.entry.path).parent.parent == project / "events"
    assert (await store.entries(function_name))[0] == saved.entry
    for name in ("../out", "/etc/x", ".."):
        with pytest.raises(InvalidInput):
            await store.save(function_name, name, "1", None)


async def test_the_projects_events_can_be_written_and_samples_cannot(store: FileEventStore, project: Path) -> None:
    """The source says whose it is."""
    path = write(project / "events" / "shared.json", "1")
    read = await store.load(await entry(store, "shared"))
    await store.save("hello", "shared", "2", read.revision, EventSource.PROJECT)
    assert path.read_text() == "2"
    with pytest.raises(Unsupported):
        await store.save("hello", "world", "2", None, EventSource.SAMPLE)
    with pytest.raises(Unsupported):
        await store.delete(await entry(store, "hello/world"))


async def test_a_file_keeps_its_mode_and_a_new_one_follows_the_umask(store: FileEventStore, project: Path) -> None:
    """A project's files stay shared as they were."""
    before = os.umask(0o027)
    try:
        saved = await store.save("hello", "mine", "1", None)
    finally:
        os.umask(before)
    path = Path(saved.entry.path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o604)
    await store.save("hello", "mine", "2", saved.revision)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert [found.name for found in path.parent.iterdir()] == ["mine.json"]


async def test_outside_of_a_project_events_are_private(tmp_path: Path) -> None:
    """Events kept in the user's own folders are for the user's eyes only."""
    own = tmp_path / "own"
    store = FileEventStore(
        own=own, project=None, samples=tmp_path, trash=tmp_path / "t", root=own, clock=lambda: NOW, private=True
    )
    saved = Path((await store.save("hello", "mine", "1", None)).entry.path)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (saved, saved.parent, own)] == [0o600, 0o700, 0o700]
    with pytest.raises(Unsupported):
        await store.save("hello", "mine", "1", None, EventSource.PROJECT)


async def test_a_deleted_event_is_in_the_trash(store: FileEventStore, tmp_path: Path) -> None:
    """It can be taken back from there, under a dated name."""
    saved = await store.save("hello", "mine", "precious", None)
    await store.delete(saved.entry)
    (kept,) = (tmp_path / "trash").iterdir()
    assert kept.name == "2026-11-23-140211-000005-hello-mine.json"
    assert kept.read_text() == "precious"
    with pytest.raises(NotFound):
        await store.delete(saved.entry)
    with pytest.raises(NotFound):
        await store.load(saved.entry)


async def test_a_link_within_the_project_stays_a_link(store: FileEventStore, project: Path) -> None:
    """What it leads to is written; deleting removes the link alone."""
    real = write(project / "shared" / "real.json", "1")
    link = project / "events" / "hello" / "link.json"
    link.parent.mkdir(parents=True)
    link.symlink_to(real)
    read = await store.load(await entry(store, "link"))
    await store.save("hello", "link", "2", read.revision)
    assert link.is_symlink()
    assert real.read_text() == "2"
    await store.delete(read.entry)
    assert not link.is_symlink()
    assert real.read_text() == "2"


async def test_nothing_is_written_through_a_link_out_of_the_project(
    store: FileEventStore, project: Path, tmp_path: Path
) -> None:
    """A file, a dangling link or a folder elsewhere can be read where it exists, never written."""
    outside = write(tmp_path / "outside" / "secret.json", "1")
    folder = project / "events" / "hello"
    folder.mkdir(parents=True)
    (folder / "file.json").symlink_to(outside)
    (folder / "dangling.json").symlink_to(tmp_path / "outside" / "new.json")
    (folder / "loop.json").symlink_to(folder / "loop.json")
    (project / "events" / "other").symlink_to(outside.parent)
    read = await store.load(await entry(store, "file"))
    assert read.text == "1"
    for function, name in (("hello", "file"), ("hello", "dangling"), ("other", "secret"), ("other", "fresh")):
        with pytest.raises(InvalidInput, match="a link to"):
            await store.save(function, name, "2", read.revision if name in ("file", "secret") else None)
    with pytest.raises(WorkbenchError):
        await store.save("hello", "loop", "2", None)
    assert outside.read_text() == "1"
    assert [found.name for found in outside.parent.iterdir()] == ["secret.json"]
    assert [found.name for found in await store.entries("hello") if found.source is EventSource.FUNCTION] == ["file"]


async def test_what_is_no_text_or_no_file_is_told(store: FileEventStore, project: Path) -> None:
    """Bytes, a pipe (which would wait for ever) and a file of 33 MB: each a clear refusal."""
    folder = project / "events" / "hello"
    folder.mkdir(parents=True)
    (folder / "bytes.json").write_bytes(b'{"a": "\xff"}')
    with pytest.raises(InvalidInput, match="not UTF-8"):
        await store.load(await entry(store, "bytes"))
    os.mkfifo(folder / "pipe.json")
    assert "pipe" not in [found.name for found in await store.entries("hello")]
    with pytest.raises(InvalidInput, match="not a file"):
        await store.load(EventEntry("pipe", EventSource.FUNCTION, str(folder / "pipe.json"), 0))
    with (folder / "large.json").open("wb") as file:
        file.truncate(33 * 1024 * 1024)
    with pytest.raises(InvalidInput, match="too large"):
        await store.load(await entry(store, "large"))
    with pytest.raises(InvalidInput, match="half of a pair"):
        await store.save("hello", "surrogate", "\ud800", None)


async def test_a_folder_that_cannot_be_written_is_told(store: FileEventStore, project: Path) -> None:
    """A file in the folder's place is our own error."""
    write(project / "events", "in the way")
    with pytest.raises(WorkbenchError, match="can't be created"):
        await store.save("hello", "mine", "1", None)
