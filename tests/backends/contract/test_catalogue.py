"""What every `FunctionCatalogue` promises."""

from __future__ import annotations

import pytest

from lambdatui.core.errors import NotFound
from lambdatui.core.functions import Reserved, Unreserved
from lambdatui.core.target import Backend
from tests.backends.contract.subjects import NAMES


async def test_the_list_is_complete(backend: Backend) -> None:
    """Every function once, in the order of the service, and the same when asked again."""
    first = [summary.name async for page in backend.catalogue.pages() for summary in page.functions]
    again = [summary.name async for page in backend.catalogue.pages() for summary in page.functions]
    assert first == again
    assert sorted(first) == sorted(NAMES)


async def test_a_row_holds_what_a_glance_needs(backend: Backend) -> None:
    """Memory in MB, timeout in seconds, runtime, handler, log group, ARN."""
    rows = {row.name: row async for page in backend.catalogue.pages() for row in page.functions}
    echo = rows["echo"]
    assert (echo.memory_mb, echo.timeout_s, echo.runtime) == (256, 10, "python3.13")
    assert echo.handler == "functions.echo"
    assert echo.log_group == "/aws/lambda/echo"
    assert echo.arn.endswith(":function:echo")


async def test_the_detail_tells_concurrency_apart(backend: Backend) -> None:
    """Unreserved and reserved at 0 are two different things."""
    assert (await backend.catalogue.detail("echo")).reserved == Unreserved()
    assert (await backend.catalogue.detail("stopped")).reserved == Reserved(0)


async def test_the_detail_of_nothing_is_not_found(backend: Backend) -> None:
    """By type, not by text."""
    with pytest.raises(NotFound):
        await backend.catalogue.detail("nope")
