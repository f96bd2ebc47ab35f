"""Settings of local functions: read, changed, undone; the project's files are never written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lambdatui.backends.local import overrides
from lambdatui.backends.local.configuration import LocalConfiguration
from lambdatui.backends.local.functions import ProjectFunctions
from lambdatui.backends.local.overrides import Overrides
from lambdatui.core.configuration import Change, Configuration
from lambdatui.core.errors import Conflict, InvalidInput, NotFound, Unsupported, WorkbenchError
from lambdatui.core.functions import Reserved, Unreserved
from tests.backends.local.building import FAILS, SUCCEEDS, template, write

TEXT = template(
    """
One:
  Type: AWS::Serverless::Function
  Properties:
    CodeUri: .
    Handler: app.handler
    Runtime: python3.13
    MemorySize: 256
    Environment: {Variables: {TABLE: orders, STAGE: dev}}
Two: {Type: AWS::Serverless::Function, Properties: {CodeUri: ., Handler: app.handler, Runtime: python3.13}}
"""
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "project", {"template.yaml": TEXT, "app.py": SUCCEEDS})


def store(project: Path, *, read_only: bool = False) -> LocalConfiguration:
    """A store as another workbench on the same project would have it."""
    functions = ProjectFunctions(project, Overrides(project.parent / "state"))
    return LocalConfiguration(functions, 10, read_only=read_only)


def origin(configuration: Configuration, key: str) -> str:
    return next(entry.origin for entry in configuration.entries if entry.definition.key == key)


async def test_every_setting_has_its_value_and_origin(project: Path) -> None:
    """In the order of the definitions, then the environment by name."""
    read = await store(project).read("One")
    assert [entry.definition.key for entry in read.entries][-3:] == ["log_level", "env.STAGE", "env.TABLE"]
    assert (read.value("memory"), origin(read, "memory")) == (256, "template.yaml:8")
    assert (read.value("timeout"), origin(read, "timeout")) == (3, "default")
    assert read.value("reserved") == Unreserved()
    assert read.value("on_failure") is None


async def test_a_change_is_kept_beside_the_project(project: Path) -> None:
    """The template stays as it was, another workbench sees the change, and what it hides is still known."""
    first = store(project)
    read = await first.read("One")
    changes = (Change("memory", 256, 512), Change("reserved", Unreserved(), Reserved(2)), Change("env.NEW", None, "x"))
    after = await first.apply("One", changes, read.revision_id)
    assert (after.value("memory"), after.value("reserved"), after.value("env.NEW")) == (512, Reserved(2), "x")
    assert after.value("env.TABLE") == "orders"
    assert origin(after, "memory") == origin(after, "env.NEW") == "edited here"
    hidden = {entry.definition.key: entry.hides for entry in after.entries if entry.hides}
    assert hidden == {"memory": "template.yaml:8 has 256 MB"}
    assert after.revision_id != read.revision_id
    assert await store(project).read("One") == after
    assert (project / "template.yaml").read_text() == TEXT


async def test_undo_leaves_nothing_behind(project: Path) -> None:
    """The inverse of a change brings the discovered value and its origin back."""
    configuration = store(project)
    read = await configuration.read("One")
    changes = (
        *(Change("memory", 256, 512), Change("env.TABLE", "orders", None), Change("env.NEW", None, "")),
        *(Change("description", None, "mine"), Change("reserved", Unreserved(), Reserved(0))),
    )
    edited = await configuration.apply("One", changes, read.revision_id)
    assert edited.value("env.TABLE") is None
    assert edited.value("env.NEW") == ""
    undone = await configuration.apply("One", tuple(change.inverse for change in changes), edited.revision_id)
    assert undone == read
    assert json.loads((project.parent / "state" / "overrides.json").read_text())["functions"] == {}


async def test_a_change_back_to_the_default_can_itself_be_undone(project: Path) -> None:
    """None stands for "as discovered", on both sides of a change."""
    configuration = store(project)
    await configuration.apply("One", (Change("memory", 256, 512),), "")
    back = Change("memory", 512, None)
    assert (await configuration.apply("One", (back,), "")).value("memory") == 256
    assert (await configuration.apply("One", (back.inverse,), "")).value("memory") == 512


async def test_a_setting_that_somebody_else_changed_is_a_conflict(project: Path) -> None:
    """Both values are told, nothing is written; a change of another setting is not in the way."""
    mine, theirs = store(project), store(project)
    read = await mine.read("One")
    await theirs.apply("One", (Change("memory", 256, 1024),), read.revision_id)
    changes = (Change("timeout", 3, 30), Change("memory", 256, 512))
    with pytest.raises(Conflict) as caught:
        await mine.apply("One", changes, read.revision_id)
    assert (caught.value.mine, caught.value.theirs) == ("512 MB", "1,024 MB")
    assert (await mine.read("One")).value("timeout") == 3
    assert (await mine.apply("One", changes[:1], read.revision_id)).value("timeout") == 30


async def test_a_conflict_keeps_the_values_of_variables_to_itself(project: Path) -> None:
    """An error may end up on a shared screen."""
    configuration = store(project)
    with pytest.raises(Conflict) as caught:
        await configuration.apply("One", (Change("env.TABLE", "old", "secret"),), "")
    assert "secret" not in str(caught.value) + caught.value.mine
    assert "orders" not in str(caught.value) + caught.value.theirs


async def test_applying_what_is_so_changes_nothing(project: Path) -> None:
    """Even when it was something else when the change was made."""
    configuration = store(project)
    read = await configuration.read("One")
    assert await configuration.apply("One", (Change("memory", 128, 256),), read.revision_id) == read
    assert not (project.parent / "state" / "overrides.json").exists()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (Change("memory", 256, 64), "128 to 10,240 MB"),
        (Change("memory", 256, 10_241), "128 to 10,240 MB"),
        (Change("memory", 256, "big"), "128 to 10,240 MB"),
        (Change("timeout", 3, 901), "1 to 900 s"),
        (Change("retries", 2, 3), "0 to 2"),
        (Change("event_age", 21_600, 59), "60 to 21,600 s"),
        (Change("description", None, "x" * 257), "256 characters"),
        (Change("reserved", Unreserved(), Reserved(11)), "10 at most"),
        (Change("on_failure", None, "function:Nope"), "no function is named “Nope”"),
        (Change("on_failure", None, "function:One"), "its own destination"),
        (Change("on_failure", None, "file:nowhere/failed.jsonl"), "does not exist"),
        (Change("on_failure", None, "arn:aws:sqs:x"), "function:NAME or file:PATH"),
        (Change("log_format", "Text", "XML"), "Text or JSON"),
        (Change("env.BIG", None, "x" * 5000), "4,096 bytes"),
        (Change("env.AWS_REGION", None, "x"), "reserved by Lambda"),
        (Change("env.1A", None, "x"), "can't name"),
        (Change("colour", None, "x"), "No setting is named"),
    ],
)
async def test_what_lambda_refuses_is_refused(project: Path, change: Change, word: str) -> None:
    """With what may be typed instead; all changes of the same call are then undone."""
    configuration = store(project)
    with pytest.raises(InvalidInput) as caught:
        await configuration.apply("One", (Change("timeout", 3, 30), change), "")
    assert word in str(caught.value)
    assert (await configuration.read("One")).value("timeout") == 3


async def test_destinations_that_exist_are_taken(project: Path) -> None:
    """Another function, or a file in a folder that exists."""
    configuration = store(project)
    for old, new in ((None, "function:Two"), ("function:Two", "file:failed.jsonl"), ("file:failed.jsonl", "")):
        after = await configuration.apply("One", (Change("on_failure", old, new),), "")
        assert after.value("on_failure") == (new or None)


async def test_the_log_level_waits_for_the_json_format(project: Path) -> None:
    """It is locked with the reason, and can be set together with the format."""
    configuration = store(project)
    read = await configuration.read("One")
    assert "JSON" in next(entry.locked for entry in read.entries if entry.definition.key == "log_level")
    after = await configuration.apply(
        "One", (Change("log_format", "Text", "JSON"), Change("log_level", "INFO", "DEBUG")), ""
    )
    assert not any(entry.locked for entry in after.entries)


async def test_a_read_only_target_is_locked(project: Path) -> None:
    """Every setting says so, and applying is not possible."""
    configuration = store(project, read_only=True)
    read = await configuration.read("One")
    assert all("read-only" in entry.locked for entry in read.entries)
    with pytest.raises(Unsupported):
        await configuration.apply("One", (Change("memory", 256, 512),), read.revision_id)


async def test_an_unknown_function_is_not_found(project: Path) -> None:
    """The detail names those that there are."""
    with pytest.raises(NotFound, match="One, Two"):
        await store(project).read("Three")


async def test_a_changed_template_counts_at_once(project: Path) -> None:
    """An edit stays on top of it; a variable that is gone from it is gone."""
    configuration = store(project)
    await configuration.apply("One", (Change("timeout", 3, 30),), "")
    (project / "template.yaml").write_text(
        TEXT.replace("MemorySize: 256", "MemorySize: 777").replace("STAGE: dev", "A: b")
    )
    read = await configuration.read("One")
    assert (read.value("memory"), read.value("timeout"), read.value("env.STAGE")) == (777, 30, None)


async def test_a_broken_file_of_edits_is_a_problem_of_the_list(project: Path) -> None:
    """The functions are there without their edits, and nothing overwrites the file."""
    path = project.parent / "state" / "overrides.json"
    path.parent.mkdir()
    path.write_text("{broken")
    functions = ProjectFunctions(project, Overrides(path.parent))
    discovery = functions.read()
    assert len(discovery.functions) == 2
    assert "overrides.json: not JSON" in discovery.problems[0].title
    with pytest.raises(InvalidInput):
        await LocalConfiguration(functions, 10).apply("One", (Change("memory", 256, 512),), "")
    assert path.read_text() == "{broken"


async def test_odd_edits_in_the_file_count_as_none(project: Path) -> None:
    """A hand-edited file can't bring a wrong type into a function."""
    path = project.parent / "state" / "overrides.json"
    path.parent.mkdir()
    edits = {"memory": "x", "timeout": 9, "reserved": True, "env.A": 5, "nope": 1, "log_format": None}
    path.write_text(json.dumps({"functions": {"One": edits, "Two": 5}}))
    read = await store(project).read("One")
    assert (read.value("memory"), read.value("timeout"), read.value("env.A")) == (256, 9, None)


async def test_a_workbench_that_holds_the_settings_is_told_of(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was stopped in the middle of a change: an error with what to do, not an endless wait."""
    monkeypatch.setattr(overrides, "_LOCK_WAIT_S", 0.05)
    configuration = store(project)
    with Overrides(project.parent / "state").exclusive(), pytest.raises(WorkbenchError, match="Another workbench"):
        await configuration.apply("One", (Change("memory", 256, 512),), "")
    assert (await configuration.apply("One", (Change("memory", 256, 512),), "")).value("memory") == 512


async def test_plain_functions_come_and_go_with_their_files(tmp_path: Path) -> None:
    """No restart: a name that is asked for is looked for."""
    project = write(tmp_path / "project", {"a.py": SUCCEEDS})
    configuration = store(project)
    await configuration.read("a")
    write(project, {"b.py": FAILS})
    await configuration.read("b")
    (project / "a.py").unlink()
    with pytest.raises(NotFound):
        await configuration.read("a")
