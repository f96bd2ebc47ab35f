"""The list of functions, from a server that is slow, strange or broken."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest

from lambdatui.core.errors import Denied, Unreachable, WorkbenchError
from lambdatui.core.functions import FunctionPage, FunctionSummary, Reserved
from lambdatui.core.target import Backend
from tests.fixtures.aws_stub import AwsStub, Reply, denied, refusal


def function(name: str, **more: Any) -> dict[str, Any]:
    """A function as ListFunctions gives it."""
    arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{name}"
    return {"FunctionName": name, "FunctionArn": arn, "Runtime": "python3.13", "MemorySize": 256, "Timeout": 7, **more}


async def pages(backend: Backend) -> list[FunctionPage]:
    return [page async for page in backend.catalogue.pages()]


async def one(backend: Backend) -> FunctionSummary:
    [page] = await pages(backend)
    [summary] = page.functions
    return summary


async def test_thousands_are_listed_each_once_in_order(backend: Backend, aws_stub: AwsStub) -> None:
    """5,000 functions, 50 a page, from a server that takes 20 ms for each; no call besides."""
    aws_stub.functions = [function(f"f{number:04}") for number in range(5_000)]
    aws_stub.latency_s = 0.02
    names = [summary.name for page in await pages(backend) for summary in page.functions]
    assert names == [f"f{number:04}" for number in range(5_000)]
    assert [seen.operation for seen in aws_stub.seen] == ["lambda:ListFunctions"] * 100


async def test_a_page_is_shown_before_the_next_has_come(backend: Backend, aws_stub: AwsStub) -> None:
    """The first rows wait for the first page alone, while the second is already asked for."""
    aws_stub.functions = [function(f"f{number}") for number in range(51)]
    first = Reply(body={"Functions": aws_stub.functions[:50], "NextMarker": "50"})
    aws_stub.answer("lambda:ListFunctions", first, Reply(delay_s=60))
    async with aclosing(backend.catalogue.pages()) as listed:  # type: ignore[type-var]  # a generator
        assert len((await anext(listed)).functions) == 50


async def test_what_is_new_or_missing_breaks_nothing(backend: Backend, aws_stub: AwsStub) -> None:
    """Unknown fields and words, images without a runtime, numbers that are none."""
    aws_stub.functions = [
        function(
            "new",
            Runtime="python9.1",
            PackageType="Crate",
            Architectures=["riscv"],
            FutureConfig={"Mode": ["x"]},
            LoggingConfig={"LogFormat": "XML", "LogGroup": "/shared", "Level": 9},
            LastModified="2026-01-31T12:00:00.000+0000",
        ),
        {"FunctionName": "image", "PackageType": "Image", "LastModified": "yesterday", "Architectures": []},
        function("bad\x1b[31m", Description="one\n\x1b]52;c;eA==\x07two"),
    ]
    [page] = await pages(backend)
    new, image, bad = page.functions
    assert (new.runtime, new.package_type, new.architecture) == ("python9.1", "Crate", "riscv")
    assert (new.log_group, new.log_format, str(new.last_modified_at)) == ("/shared", "XML", "2026-01-31 12:00:00+00:00")
    assert (image.runtime, image.memory_mb, image.last_modified_at) == ("", 128, None)
    assert (image.log_group, image.architecture) == ("/aws/lambda/image", "x86_64")
    assert (bad.name, bad.description) == ("bad", "one two")


async def test_an_entry_that_cannot_be_shown_is_counted(backend: Backend, aws_stub: AwsStub) -> None:
    """The list is never silently shorter than the account."""
    aws_stub.functions = [function("good"), {"Runtime": "python3.13"}]
    [page] = await pages(backend)
    assert [summary.name for summary in page.functions] == ["good"]
    assert [problem.title for problem in page.problems] == ["1 of the functions can't be shown"]


async def test_what_came_before_a_failure_stays(backend: Backend, aws_stub: AwsStub) -> None:
    """A page that fails for good, after its repetitions, ends the list with an error."""
    first = Reply(body={"Functions": [function("f")], "NextMarker": "50"})
    aws_stub.answer("lambda:ListFunctions", first, refusal("ServiceException", "sorry", 500))
    listed: list[str] = []
    with pytest.raises(Unreachable, match="ServiceException"):
        async for page in backend.catalogue.pages():
            listed += [summary.name for summary in page.functions]
    assert listed == ["f"]
    assert len(aws_stub.seen) == 3


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"<html>captive portal</html>"),
        Reply(body=b'{"Functions": {"a": 1}}'),
        Reply(body=b'{"Functions": [1]}'),
        Reply(body=b"[]"),
        Reply(502, b"<html>bad gateway</html>"),
        Reply(cut=True),
        Reply(body=b'{"Functions": []}', cut_after_bytes=3),
        Reply(delay_s=60),
    ],
    ids=["html", "no list", "no function", "no object", "proxy", "cut", "cut short", "late"],
)
async def test_an_answer_that_is_none_is_told(
    backend: Backend, impatient: Backend, aws_stub: AwsStub, reply: Reply
) -> None:
    """Malformed, cut off or never given: an error for the user, never a crash and never an empty list."""
    aws_stub.answer("lambda:ListFunctions", reply)
    try:
        listed = await pages(impatient if reply.delay_s else backend)
    except WorkbenchError as error:
        assert isinstance(error, Unreachable)
    else:
        assert any(page.problems for page in listed)


async def test_a_list_without_end_is_ended(backend: Backend, aws_stub: AwsStub) -> None:
    """A server that gives the same page for ever is told about."""
    aws_stub.answer("lambda:ListFunctions", Reply(body={"Functions": [function("f")], "NextMarker": "same"}))
    with pytest.raises(Unreachable, match="does not end"):
        await pages(backend)


async def test_a_missing_permission_is_named(backend: Backend, aws_stub: AwsStub) -> None:
    """For the list and for the detail, each its own."""
    aws_stub.answer("lambda:ListFunctions", denied("lambda:ListFunctions"))
    aws_stub.answer("lambda:GetFunction", refusal("AccessDeniedException", "", 403))
    with pytest.raises(Denied) as caught:
        await pages(backend)
    assert caught.value.permission == "lambda:ListFunctions"
    with pytest.raises(Denied) as caught:
        await backend.catalogue.detail("f")
    assert (caught.value.permission, caught.value.title) == ("lambda:GetFunction", "Not permitted: lambda:GetFunction")


async def test_the_detail_names_the_stack_that_owns_it(backend: Backend, aws_stub: AwsStub) -> None:
    """With state, reserved concurrency and tags; the link that lets anyone read the code is not kept."""
    answer = {
        "Configuration": function("f", State="Inactive", StateReason="idle"),
        "Code": {"RepositoryType": "S3", "Location": "https://bucket/code?X-Amz-Signature=secret"},
        "Concurrency": {"ReservedConcurrentExecutions": 0},
        "Tags": {"aws:cloudformation:stack-name": "shop", "team": "photo"},
    }
    aws_stub.answer("lambda:GetFunction", Reply(body=answer))
    detail = await backend.catalogue.detail("f")
    assert (detail.state, detail.state_reason, detail.reserved) == ("Inactive", "idle", Reserved(0))
    assert (detail.summary.origin, detail.tags["team"], detail.code_location) == ("stack shop", "photo", "")
    assert "secret" not in repr(detail)


_ALIAS = Reply(
    body=b"<ListAccountAliasesResponse><ListAccountAliasesResult><AccountAliases><member>acme</member>"
    b"</AccountAliases></ListAccountAliasesResult></ListAccountAliasesResponse>",
    headers={"Content-Type": "text/xml"},
)


async def test_the_header_learns_the_account(backend: Backend, aws_stub: AwsStub) -> None:
    """Once it is asked for: opening waits for nothing; the alias where there is one and it may be asked for."""
    assert backend.identity is not None
    assert [identity async for identity in backend.identity()] == [("123456789012", "")]
    aws_stub.answer("sts:ListAccountAliases", _ALIAS)
    assert [identity async for identity in backend.identity()] == [("123456789012", ""), ("123456789012", "acme")]
    aws_stub.answer("sts:ListAccountAliases", denied("iam:ListAccountAliases"))
    assert [identity async for identity in backend.identity()] == [("123456789012", "")]
    assert len(aws_stub.requests("sts:GetCallerIdentity")) == 1


async def test_aws_tells_of_no_changes(backend: Backend) -> None:
    """The stream of changes ends at once."""
    assert [change async for change in backend.catalogue.changes()] == []
