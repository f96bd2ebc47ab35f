"""Every state of the Result pane has its picture."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from lambdatui.core.errors import MayHaveRun, Throttled
from lambdatui.core.invocation import (
    Attempting,
    Completed,
    Delivered,
    Discarded,
    InvocationRequest,
    OutOfSight,
    Permitted,
    Queued,
    Waiting,
)
from lambdatui.core.report import Report
from lambdatui.ui.invoke.describe import describe_body, headline, subtitle
from lambdatui.ui.invoke.state import Abandoned, Allowed, Failed, Finished, Following, Idle, InvocationState, Running

AT = datetime(2026, 11, 23, 14, 2, 11, tzinfo=UTC)
REQUEST = InvocationRequest("resize-image", b"{}")
STREAMED = InvocationRequest("resize-image", b"{}", streamed=True)
ALIASED = InvocationRequest("resize-image", b"{}", qualifier="live")
REPORT = Report("5a1c", 12.44, 164, 512, 61, 151.2)


def _completed(error_type: str = "", report: Report | None = REPORT) -> Completed:
    payload = json.dumps({"errorType": error_type, "errorMessage": "why"} if error_type else {"ok": True}).encode()
    return Completed("5a1c", 200, payload, "Unhandled" if error_type else "", "$LATEST", "", report, AT, 20.0)


def _following(*steps: object) -> Following:
    return Following("5a1c", tuple((AT, step) for step in steps), True, "x86_64")  # type: ignore[misc]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (Idle(), "Result"),
        (Running(REQUEST, 10.0), "running 2.5 s"),
        (Finished(REQUEST, _completed(), "x86_64"), "200 ok"),
        (Finished(REQUEST, _completed("PaymentDeclined"), "x86_64"), "function error"),
        (Finished(REQUEST, _completed("Sandbox.Timedout"), "x86_64"), "timed out"),
        (Finished(REQUEST, _completed("Runtime.OutOfMemory"), "x86_64"), "out of memory"),
        (Finished(REQUEST, _completed("Runtime.ExitError"), "x86_64"), "exited"),
        (Finished(REQUEST, _completed("Runtime.ImportModuleError"), "x86_64"), "init failed"),
        (Allowed(REQUEST, Permitted("5a1c")), "dry run: allowed"),
        (Failed(REQUEST, Throttled("Rate Exceeded.")), "not invoked"),
        (Failed(REQUEST, MayHaveRun("The answer was lost")), "may have run"),
        (Running(STREAMED, 10.0, received=b"x" * 2048), "streaming 2.5 s 2,048 B so far"),
        (Finished(ALIASED, _completed(), "x86_64"), "200 ok live → $LATEST · 12.4 ms"),
        (Abandoned(REQUEST, 3.0), "stopped after 3.0 s"),
        (_following(), "async: accepted"),
        (_following(Queued("5a1c")), "async: queued"),
        (_following(Attempting("5a1c", 2, 3)), "attempt 2 of 3 runs"),
        (_following(Waiting("5a1c", 1, 3, "X: y", 1.0)), "attempt 1 of 3 failed, retry in 1 s"),
        (_following(Delivered("5a1c", 2, _completed())), "async ok, attempt 2"),
        (_following(Discarded("5a1c", 3, "RetriesExhausted", "X: y")), "async failed after 3 attempts"),
        (_following(OutOfSight("5a1c", "Not permitted: logs:FilterLogEvents")), "accepted, out of sight"),
    ],
)
def test_the_headline_says_how_it_went(state: InvocationState, expected: str) -> None:
    """One glance at the frame tells the outcome."""
    assert expected in headline(state, 12.5).plain
    assert describe_body(state).lines


def test_the_headline_has_the_figures() -> None:
    """Duration, billed, memory used of size, and INIT of a cold start."""
    text = headline(Finished(REQUEST, _completed(), "x86_64"), 0).plain
    assert "12.4 ms · billed 164 · 61 of 512 MB · cold +151 ms" in text
    warm = Report("5a1c", 1, 1, 512, 61)
    assert headline(Finished(REQUEST, _completed(report=warm), "x86_64"), 0).plain.endswith("warm")


def test_the_subtitle_has_cost_version_and_request_id() -> None:
    """What is needed to find the invocation again."""
    text = subtitle(Finished(REQUEST, _completed(), "x86_64"))
    assert text.startswith("≈$0.0000016 on AWS")
    assert text.endswith("$LATEST · 5a1c")


def test_a_refusal_says_what_to_do() -> None:
    """Title, detail and hint of an error are all on the screen."""
    error = Throttled("Rate Exceeded.", "3 of 3 run", "raise the reserved concurrency with R")
    text = "\n".join(line.text for line in describe_body(Failed(REQUEST, error)).lines)
    assert [part in text for part in ("Rate Exceeded.", "3 of 3 run", "with R")] == [True] * 3


def test_an_async_event_shows_every_attempt_and_where_the_failure_went() -> None:
    """The timeline is whole, and ends with the record's destination."""
    state = _following(
        Queued("5a1c"),
        Attempting("5a1c", 1, 3),
        Waiting("5a1c", 1, 3, "PaymentDeclined: no", 1.0),
        Discarded("5a1c", 3, "RetriesExhausted", "PaymentDeclined: no", _completed("PaymentDeclined"), "function:dead"),
    )
    text = "\n".join(line.text for line in describe_body(state).lines)
    assert "attempt 1 failed: PaymentDeclined: no" in text
    assert "record sent to function:dead" in text
    assert "PaymentDeclined: why" in text


def test_what_stopping_means_is_said_honestly() -> None:
    """Locally the environment was ended; on AWS the function goes on, and is billed."""
    ended, goes_on = (describe_body(Abandoned(REQUEST, 3.0, ended)).lines[1].text for ended in (True, False))
    assert "was ended" in ended
    assert "keeps running to its end on AWS" in goes_on
