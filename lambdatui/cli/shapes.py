"""The JSON that `--json` prints: one function a shape, stable keys, units in their names, times in ISO 8601 UTC.

Keys may be added; none is renamed or removed, and none changes its meaning.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import NoReturn

from lambdatui.core.configuration import Change, Configuration, Entry, Value, definition_of
from lambdatui.core.events import EventEntry
from lambdatui.core.functions import Concurrency, FunctionDetail, FunctionSummary, Reserved, Unknown, Unreserved
from lambdatui.core.invocation import (
    Accepted,
    AsyncState,
    Attempting,
    Completed,
    Delivered,
    Discarded,
    InvocationType,
    OutOfSight,
    Permitted,
    Queued,
    Waiting,
    outcome_of,
)
from lambdatui.core.report import Report

Record = dict[str, object]


def function_record(function: FunctionSummary) -> Record:
    """`ls --json`, a line a function. `code_size_bytes` and `last_modified_at` are null where not known."""
    return {
        "name": function.name,
        "runtime": function.runtime,
        "handler": function.handler,
        "memory_mb": function.memory_mb,
        "timeout_s": function.timeout_s,
        "description": function.description,
        "architecture": function.architecture,
        "package_type": function.package_type,
        "code_size_bytes": function.code_size_bytes,
        "last_modified_at": _moment(function.last_modified_at),
        "log_group": function.log_group,
        "log_format": function.log_format,
        "arn": function.arn,
        "origin": function.origin,
        "problem": function.problem,
    }


def detail_record(detail: FunctionDetail, configuration: Configuration, *, show_values: bool) -> Record:
    """`show --json`: the keys of `ls`, and `state`, `state_reason`, `code_location`, `reserved_concurrency`
    ("unreserved", a number, or {"unknown": why}), `tags`, `revision_id`, `cautions` (sentences to read before a change)
    and `settings`, see `setting_record`."""
    return {
        **function_record(detail.summary),
        "state": detail.state,
        "state_reason": detail.state_reason,
        "code_location": detail.code_location,
        "reserved_concurrency": _concurrency(detail.reserved),
        "tags": dict(detail.tags),
        "revision_id": configuration.revision_id,
        "cautions": list(configuration.cautions),
        "settings": [setting_record(entry, show_values=show_values) for entry in configuration.entries],
    }


def setting_record(entry: Entry, *, show_values: bool) -> Record:
    """One setting: `key`, `label`, `value` (null: not set, or masked), `masked`, `unit`, `origin`, `locked`."""
    masked = entry.secret and not show_values and entry.value is not None
    return {
        "key": entry.definition.key,
        "label": entry.definition.label,
        "value": None if masked else _value(entry.value),
        "masked": masked,
        "unit": entry.definition.unit,
        "origin": entry.origin,
        "locked": entry.locked,
    }


def change_record(change: Change, *, show_values: bool) -> Record:
    """`set --json`, in `changes`: `key`, `old` and `new` (null: not set, or masked), `masked`."""
    masked = definition_of(change.key).kind == "environment" and not show_values
    return {
        "key": change.key,
        "old": None if masked else _value(change.old),
        "new": None if masked else _value(change.new),
        "masked": masked,
    }


def set_record(
    function: str, changes: Sequence[Change], configuration: Configuration, *, applied: bool, show_values: bool
) -> Record:
    """`set --json`: `function`, `applied`, `changes`, and `revision_id` and `settings` as they stand now."""
    return {
        "function": function,
        "applied": applied,
        "changes": [change_record(change, show_values=show_values) for change in changes],
        "revision_id": configuration.revision_id,
        "settings": [setting_record(entry, show_values=show_values) for entry in configuration.entries],
    }


def partly_record(
    function: str, changes: Sequence[Change], applied_keys: Sequence[str], *, show_values: bool
) -> Record:
    """`set --json` when only some changes took effect: `function`, `applied` (false), `applied_keys`, `changes`."""
    return {
        "function": function,
        "applied": False,
        "applied_keys": list(applied_keys),
        "changes": [change_record(change, show_values=show_values) for change in changes],
    }


def completed_record(
    function: str,
    completed: Completed,
    cost: float | None,
    invocation_type: InvocationType = InvocationType.REQUEST_RESPONSE,
) -> Record:
    """`invoke --json`. `outcome` is the headline's word; `payload` is the answer parsed, or null with `payload_text`
    holding what is not JSON; `report` and `cost_usd` (an estimate) are null where no report came."""
    try:
        payload, text = json.loads(completed.payload, parse_constant=_refuse, parse_float=_finite), None
    except (ValueError, RecursionError):
        payload, text = None, completed.payload.decode("utf-8", "replace")
    return {
        "function": function,
        "invocation_type": invocation_type.value,
        "request_id": completed.request_id,
        "status_code": completed.status_code,
        "outcome": outcome_of(completed).value,
        "function_error": completed.function_error,
        "executed_version": completed.executed_version,
        "payload": payload,
        "payload_text": text,
        "report": None if completed.report is None else _report(completed.report),
        "cost_usd": cost,
        "started_at": _moment(completed.started_at),
        "elapsed_ms": completed.elapsed_ms,
        "log_tail": completed.log_tail,
    }


def permitted_record(function: str, permitted: Permitted) -> Record:
    """`invoke --dry-run --json`."""
    return {
        "function": function,
        "invocation_type": InvocationType.DRY_RUN.value,
        "request_id": permitted.request_id,
        "permitted": True,
    }


def accepted_record(function: str, accepted: Accepted) -> Record:
    """`invoke --async --json`, the first line. With `--wait` a line of `progress_record` follows for each step."""
    return {
        "function": function,
        "invocation_type": InvocationType.EVENT.value,
        "request_id": accepted.request_id,
        "state": "accepted",
        "accepted_at": _moment(accepted.accepted_at),
    }


def progress_record(function: str, state: AsyncState, cost: float | None) -> Record:
    """One step of an async event: `state` is queued, attempting, waiting, delivered, discarded or out_of_sight.

    attempting has `attempt` and `of` (null: not known); waiting also `error` and `retry_in_s`; delivered has `attempt`,
    `destination`, `note` and `answer` (as `invoke --json`); discarded has `attempts`, `condition`, `error`,
    `destination`, `note` and `answer`, null where no attempt came to an end; out_of_sight has `reason`, `hint`, `fate`.
    """
    record: Record = {
        "function": function,
        "invocation_type": InvocationType.EVENT.value,
        "request_id": state.request_id,
    }
    match state:
        case Queued():
            return record | {"state": "queued"}
        case Attempting(attempt=attempt, of=most):
            return record | {"state": "attempting", "attempt": attempt, "of": most}
        case Waiting(attempt=attempt, of=most, error=error, retry_in_s=pause_s):
            return record | {"state": "waiting", "attempt": attempt, "of": most, "error": error, "retry_in_s": pause_s}
        case Delivered(attempt=attempt, completed=completed, destination=destination, note=note):
            return record | {
                "state": "delivered",
                "attempt": attempt,
                "destination": destination,
                "note": note,
                "answer": completed_record(function, completed, cost, InvocationType.EVENT),
            }
        case Discarded(_, attempts, condition, error, last, destination, note):
            return record | {
                "state": "discarded",
                "attempts": attempts,
                "condition": condition,
                "error": error,
                "destination": destination,
                "note": note,
                "answer": last and completed_record(function, last, cost, InvocationType.EVENT),
            }
        case OutOfSight(reason=reason, hint=hint, fate=fate):
            return record | {"state": "out_of_sight", "reason": reason, "hint": hint, "fate": fate}


def event_record(entry: EventEntry) -> Record:
    """`events FN list --json`, a line an event. `source` is saved, project or sample."""
    return {
        "name": entry.name,
        "source": entry.source.value,
        "path": entry.path,
        "size_bytes": entry.size_bytes,
    }


def _refuse(word: str) -> NoReturn:
    # Python's parser takes NaN and Infinity, and would print them: no other parser reads that.
    raise ValueError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _refuse(digits)


def _report(report: Report) -> Record:
    return {
        "duration_ms": report.duration_ms,
        "billed_ms": report.billed_ms if report.metered else None,
        "memory_size_mb": report.memory_size_mb if report.metered else None,
        "max_memory_used_mb": report.max_memory_used_mb if report.metered else None,
        "init_ms": report.init_ms,
        "status": report.status,
        "error_type": report.error_type,
    }


def _concurrency(concurrency: Concurrency) -> object:
    match concurrency:
        case Unreserved():
            return "unreserved"
        case Reserved(executions):
            return executions
        case Unknown(reason):
            return {"unknown": reason}


def _value(value: Value) -> object:
    return _concurrency(value) if isinstance(value, Unreserved | Reserved | Unknown) else value


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
