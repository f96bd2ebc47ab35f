"""The list of a project's functions, and what is told when its files change."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from lambdatui.backends.local.catalogue import LocalCatalogue
from lambdatui.backends.local.functions import ProjectFunctions
from lambdatui.backends.local.overrides import Overrides
from lambdatui.core.errors import NotFound
from lambdatui.core.functions import CatalogueChange, FunctionPage, Unreserved
from tests.backends.local.building import DEADLINE_S, FAILS, SUCCEEDS, template, write


def catalogue(project: Path, *, polling: bool = False) -> LocalCatalogue:
    return LocalCatalogue(ProjectFunctions(project, Overrides(project.parent / "state")), lambda: None, polling=polling)


async def pages(listed: LocalCatalogue) -> list[FunctionPage]:
    return [page async for page in listed.pages()]


async def change_after(changes: AsyncIterator[CatalogueChange], act: Callable[[], object]) -> CatalogueChange:
    """The first change told; `act` is done again until one is, since a watch takes a moment to stand."""

    async def act_again() -> None:
        while True:
            act()
            await asyncio.sleep(0.2)

    acting = asyncio.create_task(act_again())
    try:
        async with asyncio.timeout(DEADLINE_S):
            return await anext(changes)
    finally:
        acting.cancel()


async def test_every_function_is_on_a_page(tmp_path: Path) -> None:
    """Fifty a page; problems come with the first."""
    files = {f"f{n:03}.py": SUCCEEDS for n in range(120)} | {"lambdatui.toml": "[nope]"}
    listed = await pages(catalogue(write(tmp_path / "project", files)))
    assert [len(page.functions) for page in listed] == [50, 50, 20]
    assert [f.name for page in listed for f in page.functions] == [f"f{n:03}" for n in range(120)]
    assert len(listed[0].problems) == 1


async def test_an_empty_project_is_one_empty_page(tmp_path: Path) -> None:
    """Also a folder that is not there: then with the problem."""
    (tmp_path / "project").mkdir()
    assert await pages(catalogue(tmp_path / "project")) == [FunctionPage(())]
    (page,) = await pages(catalogue(tmp_path / "missing"))
    assert "is not a folder" in page.problems[0].title


async def test_a_function_has_its_detail(tmp_path: Path) -> None:
    """State, reserved concurrency and the folder of its code; Failed with the reason when it can't run."""
    async_handler = "async def handler(event, context): ...\n"
    listed = catalogue(write(tmp_path / "project", {"a.py": SUCCEEDS, "b.py": async_handler}))
    detail = await listed.detail("a")
    assert (detail.state, detail.reserved, detail.code_location) == ("Active", Unreserved(), str(tmp_path / "project"))
    assert detail.summary.arn.endswith(":function:a")
    failed = await listed.detail("b")
    assert (failed.state, "does not await" in failed.state_reason) == ("Failed", True)
    with pytest.raises(NotFound):
        await listed.detail("c")


@pytest.mark.parametrize("polling", [False, True])
async def test_a_changed_source_file_names_the_functions_that_run_it(tmp_path: Path, *, polling: bool) -> None:
    """By the system's notifications, or by looking where there are none."""
    project = write(tmp_path / "project", {"a/app.py": SUCCEEDS, "a/shared.py": "", "b/app.py": SUCCEEDS})
    listed = catalogue(project, polling=polling)
    await pages(listed)
    number = iter(range(1000))
    async with aclosing(listed.changes()) as changes:
        change = await change_after(changes, lambda: (project / "a/shared.py").write_text(f"x = {next(number)}\n"))
    assert change == CatalogueChange("shared.py changed", ("a",))


async def test_a_changed_template_means_the_whole_list(tmp_path: Path) -> None:
    """So does one that comes into being, and an edit of another workbench."""
    project = write(tmp_path / "project", {"app.py": SUCCEEDS})
    listed = catalogue(project)
    text = template("One: {Type: AWS::Serverless::Function, Properties: {Handler: app.handler, Runtime: python3.13}}")
    async with aclosing(listed.changes()) as changes:
        change = await change_after(changes, lambda: (project / "template.yaml").write_text(text))
    assert change == CatalogueChange("template.yaml changed")
    async with aclosing(catalogue(project).changes()) as changes:
        overrides = project.parent / "state" / "overrides.json"
        change = await change_after(changes, lambda: overrides.parent.exists() and overrides.write_text("{}"))
    assert change == CatalogueChange("settings changed")


async def test_a_new_plain_function_means_the_whole_list(tmp_path: Path) -> None:
    """Also in a folder that did not exist when the watch began."""
    project = write(tmp_path / "project", {"a.py": SUCCEEDS})
    listed = catalogue(project)
    await pages(listed)

    def create() -> None:
        write(project, {"new/app.py": FAILS})
        (project / "new" / "app.py").touch()

    async with aclosing(listed.changes()) as changes:
        change = await change_after(changes, create)
    assert change == CatalogueChange("app.py changed")


async def test_what_the_runner_notices_is_passed_on(tmp_path: Path) -> None:
    """From any thread."""
    listed = catalogue(write(tmp_path / "project", {"a.py": SUCCEEDS}))
    news = CatalogueChange("a starts fresh", ("a",))
    async with aclosing(listed.changes()) as changes:
        assert await change_after(changes, lambda: listed.tell(news)) == news


_ENDS = """
import asyncio, sys
from pathlib import Path
from tests.backends.local.test_catalogue import catalogue
async def main():
    changes = catalogue(Path(sys.argv[1])).changes()
    waiting = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0.3)
    if sys.argv[2] == "cancel":
        waiting.cancel()
asyncio.run(main())
"""


@pytest.mark.parametrize("how", ["cancel", "leave"])
def test_a_watch_never_keeps_the_process_from_ending(tmp_path: Path, how: str) -> None:
    """Cancelled or left alone: the process ends, quietly."""
    project = write(tmp_path / "project", {"a.py": SUCCEEDS})
    command = [sys.executable, "-c", _ENDS, str(project), how]
    ended = subprocess.run(command, capture_output=True, timeout=DEADLINE_S, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


async def test_without_notifications_the_files_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that is out of watches costs a second, not the hot reload."""
    notified = watchfiles.watch

    def watch(*paths: Path, force_polling: bool, **options: Any) -> Iterator[Any]:
        if not force_polling:
            raise OSError(28, "No space left on device (inotify watches)")
        return notified(*paths, force_polling=True, **options)

    monkeypatch.setattr(watchfiles, "watch", watch)
    project = write(tmp_path / "project", {"a.py": SUCCEEDS})
    listed = catalogue(project)
    await pages(listed)
    number = iter(range(1000))
    async with aclosing(listed.changes()) as changes:
        change = await change_after(changes, lambda: (project / "a.py").write_text(f"{SUCCEEDS}\nx = {next(number)}\n"))
    assert change == CatalogueChange("a.py changed", ("a",))
