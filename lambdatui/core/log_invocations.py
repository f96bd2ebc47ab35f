"""The invocations that a log tells of, one row a request id, put together while its events arrive."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import islice
from math import inf
from typing import assert_never

from lambdatui.core.cost import cost_usd
from lambdatui.core.invocation_signs import (
    Ended,
    InitEnded,
    InitStarted,
    Raised,
    RanOut,
    Reported,
    Sign,
    Started,
    reported_id,
    sign_of,
    with_signs,
)
from lambdatui.core.limits import Prices
from lambdatui.core.logs import LogEvent
from lambdatui.core.report import Report, parse_report
from lambdatui.core.text import clean

KEPT_INVOCATIONS = 10_000
LONGEST_S = 900
"""So long may a function run whose timeout nobody knows."""
_LATE_S = 60
"""A report is stored within seconds, now and then a minute later."""
_STREAMS = 4096
_CHANGES = 64
"""So many batches back it is known which rows have changed."""
_INIT_ERRORS = frozenset(
    {
        "Runtime.ImportModuleError",
        "Runtime.HandlerNotFound",
        "Runtime.UserCodeSyntaxError",
        "Runtime.MalformedHandlerName",
        "Runtime.InvalidEntrypoint",
        "Init.Timedout",
    }
)


class InvocationStatus(Enum):
    """How an invocation ended, or that it did not."""

    RUNNING = "running"
    OK = "ok"
    ERROR = "error"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    INIT_FAILED = "init failed"
    NO_REPORT = "no report"
    """No report of it was seen, and it can't run any more: its environment went on to another, or its time is up."""

    @property
    def failed(self) -> bool:
        """Whether the invocation is known to have failed."""
        return self not in (InvocationStatus.RUNNING, InvocationStatus.OK, InvocationStatus.NO_REPORT)


@dataclass(frozen=True, slots=True)
class Invocation:
    """What is known of one invocation, the last attempt of it where it was tried again.

    `started_ms` is the time of START, or worked out from the report when START was not seen. `report` is None while
    there is none; `billed_ms` adds up every attempt that was reported.
    """

    request_id: str
    function_name: str
    stream: str
    started_ms: int
    status: InvocationStatus
    report: Report | None = None
    error_type: str = ""
    error_message: str = ""
    attempts: int = 1
    billed_ms: int = 0

    @property
    def cold(self) -> bool:
        """Whether it waited for INIT, as far as is known."""
        return self.report is not None and self.report.cold

    def cost_usd(self, architecture: str, prices: Prices) -> float | None:
        """An estimate for all its attempts; None before the first report, and where the instance is paid for."""
        if self.report is None:
            return None
        once_usd = cost_usd(replace(self.report, billed_ms=self.billed_ms), architecture, prices)
        return None if once_usd is None else once_usd + (self.attempts - 1) * prices.per_request_usd


@dataclass(slots=True)
class _Course:
    """What was seen of an invocation so far."""

    request_id: str
    function_name: str
    stream: str
    started_ms: int
    start_seen: bool = False
    attempts: int = 1
    earlier_billed_ms: int = 0
    report: Report | str | None = None
    reported_ms: int = 0
    told: bool = False
    ended: Ended | None = None
    raised: Raised | None = None
    ran_out: bool = False
    superseded: bool = False
    overdue: bool = False
    init_failed: bool = False

    @property
    def over_ms(self) -> float:
        """When it was over at the latest: what starts later is another attempt."""
        if self.report is not None:
            return self.reported_ms
        return self.started_ms if self.overdue else inf

    def begin_again(self, stream: str) -> None:
        """Another attempt: what the last one left counts no more, but for what it cost."""
        self.attempts += 1
        self.earlier_billed_ms += _billed_ms(self.report)
        self.stream, self.start_seen = stream, True
        self.report, self.ended, self.raised = None, None, None
        self.told = self.ran_out = self.superseded = self.overdue = self.init_failed = False


@dataclass(slots=True)
class _Stream:
    """One execution environment: what runs in it, and how its INIT went."""

    request_id: str = ""
    started_ms: int = 0
    init_failed: bool = False
    init_error: Raised | None = None
    several: bool = False
    """Whether it runs several invocations at once: another one that starts says nothing of those before."""


@dataclass(slots=True)
class _Streams:
    """The environments that were heard of last, at most `_STREAMS` of them."""

    known: dict[str, _Stream] = field(default_factory=dict)

    def named(self, stream: str) -> _Stream:
        found = self.known.get(stream)
        if found is None:
            if len(self.known) >= _STREAMS:
                del self.known[next(iter(self.known))]
            found = self.known[stream] = _Stream()
        return found


class InvocationIndex:
    """Knows the newest `limit` invocations of one log, counted from 0 for the oldest by the time of their start.

    Events may come late and out of order: their rows are put right. Reads no clock: an invocation without an end
    runs for as long as its environment starts no other, and `give_up` has not said that its time is up.
    """

    def __init__(self, limit: int = KEPT_INVOCATIONS) -> None:
        self.limit = limit
        self._version = 0
        self._dropped = False
        self._courses: dict[str, _Course] = {}
        self._order: list[tuple[int, str]] = []
        self._streams = _Streams()
        self._changes: deque[tuple[str, ...]] = deque(maxlen=_CHANGES)

    def __len__(self) -> int:
        self._catch_up()
        return len(self._order)

    def __iter__(self) -> Iterator[Invocation]:
        """Every row, the oldest first."""
        self._catch_up()
        return (_row(self._courses[request_id]) for _, request_id in self._order)

    @property
    def version(self) -> int:
        """Counts the changes: as long as it is the same, so are all rows."""
        self._catch_up()
        return self._version

    def changed_since(self, version: int) -> tuple[str, ...] | None:
        """The request ids whose rows have changed since that version, or are gone; None when it is too long ago."""
        changes = self.version - version
        if changes > len(self._changes):
            return None
        return tuple(request_id for ids in islice(reversed(self._changes), changes) for request_id in ids)

    def request_ids(self) -> tuple[str, ...]:
        """All of them, the oldest first."""
        self._catch_up()
        return tuple(request_id for _, request_id in self._order)

    @property
    def dropped(self) -> bool:
        """Whether there were more than are kept."""
        self._catch_up()
        return self._dropped

    def read_some(self) -> bool:
        """Read some of what waits to be read; False when nothing does: here nothing ever waits."""
        return False

    def _catch_up(self) -> None:
        while self.read_some():
            pass

    def extend(self, events: Iterable[LogEvent]) -> tuple[str, ...]:
        """Take a batch; the request ids whose rows have changed, each once."""
        self._catch_up()
        return self._take_all(events)

    def _take_all(self, events: Iterable[LogEvent]) -> tuple[str, ...]:
        changed: dict[str, None] = {}
        for event in with_signs(events):
            message = event.message
            request_id = reported_id(message)
            if request_id:
                # Its line is kept and parsed when somebody looks: a report takes longer than all the rest.
                self._reported(event, request_id, message, "\tStatus: " in message)
                changed[request_id] = None
                continue
            sign = sign_of(message)
            if sign is not None:
                changed.update(dict.fromkeys(self._take(event, sign)))
        if len(self._order) > self.limit:
            for _, request_id in self._order[: -self.limit]:
                del self._courses[request_id]
                changed[request_id] = None
            del self._order[: -self.limit]
            self._dropped = True
        if changed:
            self._version += 1
            self._changes.append(tuple(changed))
        return tuple(request_id for request_id in changed if request_id in self._courses)

    def row(self, index: int) -> Invocation:
        """Row number `index`, from 0 for the oldest."""
        self._catch_up()
        return _row(self._courses[self._order[index][1]])

    def find(self, request_id: str) -> Invocation | None:
        """The row of one invocation; None when it is not known."""
        self._catch_up()
        course = self._courses.get(request_id)
        return _row(course) if course is not None else None

    def rank(self, request_id: str) -> int | None:
        """The number of the row of one invocation; None when it is not known."""
        self._catch_up()
        course = self._courses.get(request_id)
        return bisect_left(self._order, (course.started_ms, request_id)) if course is not None else None

    def give_up(self, now_ms: int, longest_s: Callable[[str], int] = lambda _: LONGEST_S) -> None:
        """Of those without an end, none runs that began longer ago than its function may run, which `longest_s` says.

        A report that comes after all puts that right.
        """
        self._catch_up()
        changed = []
        for course in self._courses.values():
            if course.report is not None or course.ended is not None or course.overdue:
                continue
            if now_ms - course.started_ms > 1000 * (longest_s(course.function_name) + _LATE_S):
                course.overdue = True
                changed.append(course.request_id)
        if changed:
            self._version += 1
            self._changes.append(tuple(changed))

    # -- what an event tells

    def _take(self, event: LogEvent, sign: Sign) -> tuple[str, ...]:
        stream = self._streams.named(event.stream)
        match sign:
            case Started(request_id):
                return self._started(event, stream, request_id)
            case Reported(report, told):
                return self._reported(event, report.request_id, report, told)
            case Ended(request_id):
                course = self._course(event, request_id, event.timestamp_ms)
                course.ended = sign
                return (request_id, *self._overlapping(event, stream, course))
            case RanOut(request_id):
                self._course(event, request_id, event.timestamp_ms).ran_out = True
                return (request_id,)
            case Raised(request_id):
                return self._raised(event, stream, sign)
            case InitStarted(several):
                stream.several = stream.several or several
                # The platform starts the environment anew within an invocation whose runtime died.
                running = self._courses.get(stream.request_id)
                if running is None or running.report is not None:
                    stream.request_id = ""
                stream.init_failed, stream.init_error = False, None
                return ()
            case InitEnded(failed):
                stream.init_failed = failed
                running = self._courses.get(stream.request_id)
                if running is not None and running.report is None and failed:
                    running.init_failed = True
                    return (running.request_id,)
                return ()
            case _:
                assert_never(sign)

    def _started(self, event: LogEvent, stream: _Stream, request_id: str) -> tuple[str, ...]:
        changed = [request_id]
        at_ms = event.timestamp_ms
        course = self._courses.get(request_id)
        if course is None:
            course = self._course(event, request_id, at_ms)
            course.start_seen = True
        elif at_ms > course.over_ms:
            self._move(course, at_ms)
            course.begin_again(event.stream)
        elif not course.start_seen:
            self._move(course, at_ms)
            course.start_seen = True
        if at_ms >= stream.started_ms:
            before = self._courses.get(stream.request_id)
            one_at_once = not stream.several
            if before is not None and before is not course and before.stream == event.stream and one_at_once:
                before.superseded = True
                changed.append(before.request_id)
            stream.request_id, stream.started_ms = request_id, at_ms
            course.init_failed = stream.init_failed
            course.raised = course.raised or stream.init_error
        elif not stream.several:
            course.superseded = True  # it came in late: another one runs there already
        return tuple(changed)

    def _overlapping(self, event: LogEvent, stream: _Stream, course: _Course) -> tuple[str, ...]:
        """An invocation that ends when a later one of its environment runs already: several run there at once.

        Those that were taken for given up may run; the start of the environment, which says so, may be long ago.
        """
        if stream.several or not course.superseded or event.timestamp_ms <= stream.started_ms:
            return ()
        if not event.message.startswith("{"):
            return ()  # such environments log in JSON
        stream.several = True
        beside = [one for one in self._courses.values() if one.superseded and one.stream == event.stream]
        for one in beside:
            one.superseded = False
        return tuple(one.request_id for one in beside)

    def _reported(self, event: LogEvent, request_id: str, report: Report | str, told: bool) -> tuple[str, ...]:
        at_ms = event.timestamp_ms
        stream = self._streams.named(event.stream)
        stream.init_failed, stream.init_error = False, None
        course = self._courses.get(request_id)
        if course is None or not course.start_seen:
            figures = _figures(report)
            course = self._course(event, request_id, at_ms - round(figures.duration_ms if figures else 0))
        if course.start_seen and at_ms < course.started_ms:
            course.earlier_billed_ms += _billed_ms(report)  # that of an attempt before
        else:
            course.report, course.told, course.reported_ms = report, told, at_ms
        return (request_id, *self._overlapping(event, stream, course))

    def _raised(self, event: LogEvent, stream: _Stream, sign: Raised) -> tuple[str, ...]:
        if sign.request_id:
            course = self._course(event, sign.request_id, event.timestamp_ms)
        elif stream.several:
            return ()  # nobody knows whose it is
        elif stream.request_id in self._courses:
            course = self._courses[stream.request_id]
            if course.report is not None:
                stream.init_error = sign
                return ()
        else:
            stream.init_error = sign
            return ()
        # "Runtime exited …" tells less than the error that the runtime wrote before it went.
        if course.raised is None or (sign.sure and not (course.raised.sure and course.raised.error_type)):
            course.raised = sign
        return (course.request_id,)

    def _course(self, event: LogEvent, request_id: str, started_ms: int) -> _Course:
        """The invocation of that id; one that is heard of for the first time began at `started_ms` at the latest."""
        course = self._courses.get(request_id)
        if course is None:
            course = _Course(request_id, event.function_name, event.stream, started_ms)
            self._courses[request_id] = course
            place = (started_ms, request_id)
            if not self._order or self._order[-1] < place:
                self._order.append(place)
            else:
                insort(self._order, place)
        elif not course.start_seen and started_ms < course.started_ms:
            self._move(course, started_ms)
        return course

    def _move(self, course: _Course, started_ms: int) -> None:
        del self._order[bisect_left(self._order, (course.started_ms, course.request_id))]
        course.started_ms = started_ms
        insort(self._order, (started_ms, course.request_id))


def _figures(report: Report | str | None) -> Report | None:
    return parse_report(clean(report).rstrip("\n")) if isinstance(report, str) else report


def _billed_ms(report: Report | str | None) -> int:
    figures = _figures(report)
    return figures.billed_ms if figures is not None else 0


def _parsed(course: _Course) -> Report | None:
    course.report = report = _figures(course.report)
    return report


def _row(course: _Course) -> Invocation:
    report, raised, ended = _parsed(course), course.raised, course.ended
    status = _status(course)
    error_type = error_message = ""
    if status.failed:
        error_type = (report.error_type if report is not None else "") or (ended.error_type if ended else "")
        if raised is not None:
            error_type = error_type or raised.error_type
            error_message = raised.message
    return Invocation(
        course.request_id,
        course.function_name,
        course.stream,
        course.started_ms,
        status,
        report,
        error_type,
        error_message,
        course.attempts,
        course.earlier_billed_ms + (report.billed_ms if report is not None else 0),
    )


def _status(course: _Course) -> InvocationStatus:
    report, raised, ended = _parsed(course), course.raised, course.ended
    status = report.status if report is not None and course.told else (ended.status if ended is not None else "")
    if course.ran_out or status == "timeout":
        return InvocationStatus.TIMED_OUT
    failed = status not in ("", "success") if status else raised is not None and raised.sure
    if failed:
        return _failure(course)
    if report is not None or ended is not None:
        return InvocationStatus.OK
    return InvocationStatus.NO_REPORT if course.superseded or course.overdue else InvocationStatus.RUNNING


def _failure(course: _Course) -> InvocationStatus:
    report, raised = _parsed(course), course.raised
    codes = {report.error_type if report is not None else "", raised.error_type if raised is not None else ""}
    if "Runtime.OutOfMemory" in codes or _was_killed_for_memory(report, raised):
        return InvocationStatus.OUT_OF_MEMORY
    if course.init_failed or codes & _INIT_ERRORS:
        return InvocationStatus.INIT_FAILED
    return InvocationStatus.ERROR


def _was_killed_for_memory(report: Report | None, raised: Raised | None) -> bool:
    """Older runtimes only say that they were killed; all of the memory was used then."""
    return (
        report is not None
        and raised is not None
        and raised.message.endswith("signal: killed")
        and report.metered
        and report.max_memory_used_mb >= report.memory_size_mb
    )
