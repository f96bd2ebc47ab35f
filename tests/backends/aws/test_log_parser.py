"""Pages of log events are parsed faster than botocore does it, and to the same end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import HeadersDict
from botocore.parsers import ResponseParserError, ResponseParserFactory

from lambdatui.backends.aws.log_parser import LogParserFactory, StoredEvent
from lambdatui.backends.aws.logs_calls import LogGroup, page_of
from lambdatui.core.errors import Unreachable

EVENT = {
    "eventId": "1",
    "timestamp": 1_790_000_000_000,
    "ingestionTime": 1_790_000_000_300,
    "logStreamName": "2026/09/01/[$LATEST]0",
    "message": "grüße \x1b[31m\n",
}
GROUP = LogGroup("/aws/lambda/talks", ("talks",))
NOW_MS = 1_790_000_010_000


def parsed(factory: Any, body: bytes, status: int = 200) -> Any:
    shape: Any = botocore.session.Session().get_service_model("logs").operation_model("FilterLogEvents").output_shape
    headers = HeadersDict({"x-amzn-RequestId": "abc", "Date": "Mon, 23 Nov 2026 14:02:11 GMT"})
    return factory.create_parser("json").parse({"status_code": status, "headers": headers, "body": body}, shape)


@pytest.mark.parametrize("answer", [{"events": [EVENT] * 3, "nextToken": "more"}, {"events": []}])
def test_a_page_is_what_botocore_makes_of_it(answer: Mapping[str, Any]) -> None:
    """The same events, token and metadata."""
    body = json.dumps(answer).encode()
    ours, usual = parsed(LogParserFactory(), body), parsed(ResponseParserFactory(), body)
    assert ours["ResponseMetadata"] == usual["ResponseMetadata"]
    assert page_of(ours, GROUP, NOW_MS) == page_of(usual, GROUP, NOW_MS)
    assert all(isinstance(event, StoredEvent) for event in ours["events"])


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"events": [EVENT, {**EVENT, "timestamp": "soon"}, {"message": "no time"}, EVENT]}).encode(),
        b'{"events": [{"message": "\\ud800"}]}',
        b"[]",
    ],
)
def test_what_is_not_as_it_should_be_is_left_to_botocore(body: bytes) -> None:
    """And what is no event is passed over: the rest of the page is shown."""
    try:
        usual = parsed(ResponseParserFactory(), body)
    except (ResponseParserError, AttributeError, TypeError) as error:
        with pytest.raises(type(error)):
            parsed(LogParserFactory(), body)
        return
    page = page_of(parsed(LogParserFactory(), body), GROUP, NOW_MS)
    assert page == page_of(usual, GROUP, NOW_MS)
    assert all(event.timestamp_ms == EVENT["timestamp"] for event in page.events)


@pytest.mark.parametrize(
    "body", [b"{}", b'{"events": null, "nextToken": "5"}', b"<html>captive portal</html>", b'{"even']
)
def test_what_is_no_page_is_not_taken_for_the_last_one(body: bytes) -> None:
    """botocore makes of each of them an answer without events and without more to come."""
    with pytest.raises(Unreachable):
        page_of(parsed(LogParserFactory(), body), GROUP, NOW_MS)


def test_an_error_is_botocores_own() -> None:
    """Its code and message reach the one place that translates them."""
    body = json.dumps({"__type": "ThrottlingException", "message": "slow down"}).encode()
    error = parsed(LogParserFactory(), body, 400)
    assert error == parsed(ResponseParserFactory(), body, 400)
    assert error["Error"]["Code"] == "ThrottlingException"
