"""Drafts survive."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.events import Draft, DraftStore, EventSource
from lambdatui.storage.drafts import FileDraftStore

DRAFT = Draft('{"a": 1', "put", EventSource.SAMPLE, "/x/put.json", "abc", modified=True)


def test_a_draft_is_kept_for_each_function(tmp_path: Path) -> None:
    """Another store on the same folder, as at the next start, reads what was saved."""
    store: DraftStore = FileDraftStore(tmp_path / "drafts")
    assert store.load("hello") is None
    store.save("hello", DRAFT)
    store.save("Hello", Draft("other"))
    store.save("../../up", Draft("inside"))
    again = FileDraftStore(tmp_path / "drafts")
    assert again.load("hello") == DRAFT
    assert again.load("Hello") == Draft("other")
    assert again.load("../../up") == Draft("inside")
    assert [path.name for path in tmp_path.iterdir()] == ["drafts"]


def test_a_discarded_draft_is_gone(tmp_path: Path) -> None:
    """Discarding twice is fine."""
    store = FileDraftStore(tmp_path)
    store.save("hello", DRAFT)
    store.discard("hello")
    store.discard("hello")
    assert store.load("hello") is None


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(strategies.text(strategies.characters(codec=None)))
def test_any_text_survives(tmp_path: Path, text: str) -> None:
    """Half a JSON document, control characters, a lone surrogate: an editor holds anything."""
    store = FileDraftStore(tmp_path)
    store.save("hello", Draft(text))
    assert store.load("hello") == Draft(text)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(strategies.binary(max_size=60) | strategies.sampled_from([b"{}", b'{"text": 1}', b"[" * 9999, b"null"]))
def test_a_damaged_draft_is_set_aside(tmp_path: Path, content: bytes) -> None:
    """It is no draft, no crash, and not lost."""
    store = FileDraftStore(tmp_path)
    (tmp_path / "hello.json").write_bytes(content)
    assert store.load("hello") is None
    assert (tmp_path / "hello.json.broken").read_bytes() == content
    assert store.load("hello") is None


def test_a_draft_survives_kill_9(tmp_path: Path) -> None:
    """Killed in the midst of saving over and over: the file is one of the drafts, whole."""
    code = (
        "import sys; from pathlib import Path; from lambdatui.core.events import Draft;"
        "from lambdatui.storage.drafts import FileDraftStore\n"
        "store = FileDraftStore(Path(sys.argv[1]))\n"
        "number = 0\n"
        "while True:\n"
        "    store.save('hello', Draft(str(number) * 100_000)); number = (number + 1) % 10\n"
        "    print(number, flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    with child:
        assert child.stdout is not None
        for _ in range(20):
            child.stdout.readline()
        child.kill()
    assert child.returncode == -signal.SIGKILL
    draft = FileDraftStore(tmp_path).load("hello")
    assert draft is not None
    assert draft.text == draft.text[0] * 100_000


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The user hears that the draft is not kept."""
    (tmp_path / "drafts").write_text("in the way")
    with pytest.raises(WorkbenchError):
        FileDraftStore(tmp_path / "drafts").save("hello", DRAFT)
