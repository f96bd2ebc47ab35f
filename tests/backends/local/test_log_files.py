"""Log files: what one process writes, others read, each event once, whatever happens to the files."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.backends.local.log_files import LogFiles
from lambdatui.backends.local.log_reader import GroupReader
from lambdatui.backends.local.log_segments import group_folder, segment_path, segments
from lambdatui.core.logs import LogEvent

BIG = 50_000_000


def event(number: int, message: str = "", *, at_ms: int | None = None, function: str = "f") -> LogEvent:
    stamp = 1_700_000_000_000 + number if at_ms is None else at_ms
    return LogEvent(f"id-{number}", stamp, stamp, "stream", message or f"line {number}", function)


def drain(reader: GroupReader) -> list[LogEvent]:
    """Everything up to the end."""
    found: list[LogEvent] = []
    while True:
        events, at_end = reader.read()
        found += events
        if at_end:
            return found


_TEXT = st.text(st.characters(), max_size=40)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.builds(
                LogEvent,
                _TEXT.filter(bool),
                st.integers(0, 2**50),
                st.integers(0, 2**50),
                _TEXT,
                _TEXT,
                st.just(""),
            )
        )
    )
)
def test_what_is_written_is_read(batches: list[list[LogEvent]]) -> None:
    """Any text, newlines, `\\r` and lone surrogates included, in the order of writing."""
    with tempfile.TemporaryDirectory() as folder:
        files, reader = LogFiles(Path(folder), BIG), GroupReader(Path(folder), "")
        for batch in batches:
            files.extend("", batch)
        assert drain(reader) == [event for batch in batches for event in batch]
        files.close()
        reader.close()


def test_an_event_without_an_id_gets_one(tmp_path: Path) -> None:
    """Who follows tells events apart by it."""
    files, reader = LogFiles(tmp_path, BIG), GroupReader(tmp_path, "f")
    files.extend("f", [LogEvent("", 1, 1, "s", "a"), LogEvent("", 1, 1, "s", "a")])
    first, second = drain(reader)
    assert first.event_id
    assert first.event_id != second.event_id
    files.close()
    reader.close()


def test_the_files_stay_below_the_cap_and_a_reader_sees_each_event_once(tmp_path: Path) -> None:
    """Old segments go; whoever keeps up loses nothing, whoever comes late sees the newest."""
    files, reader = LogFiles(tmp_path, 80_000), GroupReader(tmp_path, "f")
    seen: list[str] = []
    for number in range(0, 3000, 10):
        files.extend("f", [event(n, "x" * 50) for n in range(number, number + 10)])
        seen += [e.event_id for e in drain(reader)]
    assert seen == [f"id-{n}" for n in range(3000)]
    folder = group_folder(tmp_path, "f")
    assert sum(path.stat().st_size for path in folder.glob("*.jsonl")) <= 80_000
    late = [e.event_id for e in GroupReader(tmp_path, "f").newest(100)]
    assert late == [f"id-{n}" for n in range(2900, 3000)]
    files.close()
    reader.close()


def test_a_torn_last_line_is_skipped_and_healed(tmp_path: Path) -> None:
    """A crash in mid-write costs that event alone."""
    files, reader = LogFiles(tmp_path, BIG), GroupReader(tmp_path, "f")
    files.extend("f", [event(1)])
    with segment_path(group_folder(tmp_path, "f"), 1).open("ab") as torn:
        torn.write(b'[1700000000002,1700000000002,"id-2","stream","half')
    assert [e.event_id for e in drain(reader)] == ["id-1"]
    assert [e.event_id for e in GroupReader(tmp_path, "f").newest(5)] == ["id-1"]
    LogFiles(tmp_path, BIG).extend("f", [event(3)])
    assert [e.event_id for e in drain(reader)] == ["id-3"]
    assert [e.event_id for e in GroupReader(tmp_path, "f").newest(5)] == ["id-1", "id-3"]
    files.close()
    reader.close()


def test_a_reader_survives_that_somebody_empties_or_removes_the_log(tmp_path: Path) -> None:
    """`: > file` and `rm -r` are no end; what is written then is read."""
    files, reader = LogFiles(tmp_path, BIG), GroupReader(tmp_path, "f")
    files.extend("f", [event(1), event(2)])
    assert len(drain(reader)) == 2
    segment = segment_path(group_folder(tmp_path, "f"), 1)
    segment.write_bytes(b"")
    files.extend("f", [event(3)])
    assert [e.event_id for e in drain(reader)] == ["id-3"]
    for path in group_folder(tmp_path, "f").iterdir():
        path.unlink()
    group_folder(tmp_path, "f").rmdir()
    assert drain(reader) == []
    assert not reader.exists
    files.extend("f", [event(4)])
    assert [e.event_id for e in drain(reader)] == ["id-4"]
    files.close()
    reader.close()


def test_a_line_longer_than_any_block_is_one_event(tmp_path: Path) -> None:
    """Read forwards and backwards."""
    files, reader = LogFiles(tmp_path, BIG), GroupReader(tmp_path, "f")
    files.extend("f", [event(1), event(2, "y" * 1_500_000), event(3)])
    assert [len(e.message) for e in drain(reader)] == [6, 1_500_000, 6]
    assert [e.event_id for e in GroupReader(tmp_path, "f").newest(2)] == ["id-2", "id-3"]
    files.close()
    reader.close()


def test_names_that_differ_only_in_case_have_logs_of_their_own(tmp_path: Path) -> None:
    """Also where file systems can't tell them apart; and no name leads out of the folder."""
    folders = {group_folder(tmp_path, name).name.lower() for name in ("orders", "Orders", "ORDERS", "../orders", "")}
    assert len(folders) == 5
    assert all(group_folder(tmp_path, name).parent == tmp_path for name in ("../x", "/etc", ".."))


def test_seeking_finds_everything_since_a_time(tmp_path: Path) -> None:
    """Through segments and blocks, with little before it."""
    files = LogFiles(tmp_path, 4_000_000)
    files.extend("f", [event(n, "x" * 100, at_ms=1_700_000_000_000 + n * 100) for n in range(20_000)])
    reader = GroupReader(tmp_path, "f")
    since_ms = 1_700_000_000_000 + 15_000 * 100
    reader.seek(since_ms)
    found = drain(reader)
    assert [e.event_id for e in found if e.timestamp_ms >= since_ms] == [f"id-{n}" for n in range(15_000, 20_000)]
    assert len(found) < 12_000
    older = GroupReader(tmp_path, "f").before(since_ms, 10)
    assert [e.event_id for e in older] == [f"id-{n}" for n in range(14_990, 15_000)]
    files.close()
    reader.close()


_WRITER = """
import sys
from pathlib import Path
from lambdatui.backends.local.log_files import LogFiles
from lambdatui.core.logs import LogEvent
files = LogFiles(Path(sys.argv[1]), 400_000)
for n in range(0, 1500, 3):
    files.extend("f", [LogEvent(f"{sys.argv[2]}-{m}", m, m, "s", "x" * 60) for m in range(n, n + 3)])
"""


def test_two_processes_write_and_a_third_reads_each_event_once(tmp_path: Path) -> None:
    """Lines are never mixed, and no segment's end costs an event."""
    writers = [subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path), name]) for name in ("a", "b")]
    reader = GroupReader(tmp_path, "f")
    seen: list[str] = []
    while any(writer.poll() is None for writer in writers):
        seen += [e.event_id for e in drain(reader)]
    seen += [e.event_id for e in drain(reader)]
    assert [writer.returncode for writer in writers] == [0, 0]
    for name in ("a", "b"):
        assert [id_ for id_ in seen if id_.startswith(name)] == [f"{name}-{n}" for n in range(1500)]
    assert len(segments(group_folder(tmp_path, "f"))) > 1
    reader.close()


def test_a_full_disk_is_told_and_does_not_stop_the_function(tmp_path: Path) -> None:
    """The events are lost; `problem` says why, until writing works again."""
    files = LogFiles(tmp_path / "logs", BIG)
    (tmp_path / "logs").write_text("a file in the way")
    files.extend("f", [event(1)])
    told = files.problem
    assert told is not None
    assert "The log of f can't be written" in told.title
    (tmp_path / "logs").unlink()
    files.extend("f", [event(2)])
    assert files.problem is None
    files.close()
