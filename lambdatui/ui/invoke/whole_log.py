"""What is shown of an invocation's log: its end at once, all of it when it has arrived, and what is missing. Pure."""

from __future__ import annotations

from dataclasses import replace

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.invocation import Completed
from lambdatui.core.invocation_log import InvocationLog
from lambdatui.core.limits import LOG_RESULT_BYTES
from lambdatui.ui.invoke.state import LogPart


def log_at_once(completed: Completed, *, complete: bool) -> LogPart:
    """What the answer brought; unless it is `complete`, the rest is being looked for."""
    if complete:
        return LogPart(completed.log_tail)
    return LogPart(_whole_lines(completed.log_tail), _coming(completed))


def log_in_the_end(completed: Completed, found: InvocationLog | WorkbenchError) -> tuple[Completed, LogPart]:
    """What was found, and the invocation with it; what the answer brought where that is more."""
    if isinstance(found, WorkbenchError):
        note = f"The rest of the log can't be read: {found.title}. {found.hint}".rstrip(". ") + "."
        return completed, LogPart(_whole_lines(completed.log_tail), note)
    is_more = found.whole or len(found.text) > len(completed.log_tail)
    text = found.text if is_more else completed.log_tail
    told = replace(completed, log_tail=text, report=completed.report or found.report)
    return told, LogPart(text if found.whole else _whole_lines(text), found.missing)


def _coming(completed: Completed) -> str:
    if not completed.log_tail:
        return "the log is on its way"
    return f"{'the last 4 KB' if _is_cut(completed.log_tail) else 'the end'} of the log; the rest is on its way"


def _whole_lines(log_tail: str) -> str:
    """The end of a log without the line that it begins in the middle of."""
    return log_tail.partition("\n")[2] if _is_cut(log_tail) else log_tail


def _is_cut(log_tail: str) -> bool:
    return len(log_tail.encode("utf-8", "replace")) > LOG_RESULT_BYTES - 8
