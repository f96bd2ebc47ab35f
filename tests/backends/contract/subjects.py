"""The backends that the contract suite runs over, the functions that each must offer, and what each can't show."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lambdatui.backends.local.contracts import RunnerOptions
from lambdatui.backends.local.open import open_local
from lambdatui.core.target import Backend, Target, TargetKind
from tests.fixtures.aws_account import Account

TEMPLATE = """
Globals:
  Function: {Runtime: python3.13, CodeUri: ., Timeout: 10}
Resources:
  echo:
    Type: AWS::Serverless::Function
    Properties: {Handler: functions.echo, MemorySize: 256, Environment: {Variables: {STAGE: dev, TABLE: orders}}}
  fails: {Type: AWS::Serverless::Function, Properties: {Handler: functions.fails}}
  slow: {Type: AWS::Serverless::Function, Properties: {Handler: functions.slow}}
  brief: {Type: AWS::Serverless::Function, Properties: {Handler: functions.slow, Timeout: 1}}
  stopped: {Type: AWS::Serverless::Function, Properties: {Handler: functions.echo, ReservedConcurrentExecutions: 0}}
  talks: {Type: AWS::Serverless::Function, Properties: {Handler: functions.talks}}
"""
FUNCTIONS = """
import os
import time


def echo(event, context):
    return {"event": event, "stage": os.environ.get("STAGE"), "memory": str(context.memory_limit_in_mb)}


def fails(event, context):
    raise LookupError("no such order")


def slow(event, context):
    print("began", flush=True)
    time.sleep(60)


def talks(event, context):
    for number in range(event["lines"]):
        print(f"line {event['from'] + number}")
    for _ in range(event.get("again", 0)):
        print("the same again")
"""
ON_AWS: Mapping[str, Mapping[str, Any]] = {
    "echo": {"MemorySize": 256, "Environment": {"Variables": {"STAGE": "dev", "TABLE": "orders"}}},
    "fails": {},
    "slow": {},
    "brief": {"Handler": "functions.slow", "Timeout": 1},
    "stopped": {"Handler": "functions.echo"},
    "talks": {},
}
NAMES = tuple(ON_AWS)


@dataclass(frozen=True, slots=True)
class Subject:
    """A backend under test: its name, and how to open it with the functions above.

    `beyond` are tests of the contract that say nothing about the backend here, each with the reason; by their name,
    after that of the module where several have it.
    """

    name: str
    open: Callable[[pytest.FixtureRequest, Path], AbstractAsyncContextManager[Backend]]
    beyond: Mapping[str, str] = field(default_factory=dict)


@asynccontextmanager
async def _local(_request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Backend]:
    project = folder / "project"
    project.mkdir(exist_ok=True)
    (project / "template.yaml").write_text(TEMPLATE)
    (project / "functions.py").write_text(FUNCTIONS)
    target = Target(TargetKind.LOCAL, "contract", "./project", str(project))
    backend = open_local(target, folder / "state", RunnerOptions(retry_delays_s=(0.02, 0.02)))
    try:
        yield backend
    finally:
        await backend.close()


def _on(server: str) -> Callable[[pytest.FixtureRequest, Path], AbstractAsyncContextManager[Backend]]:
    @asynccontextmanager
    async def opened(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Backend]:
        account: Account = request.getfixturevalue(server)
        for name, settings in ON_AWS.items():
            account.create(name, FUNCTIONS, **{"Handler": f"functions.{name}", **settings})
        account.client("lambda").put_function_concurrency(FunctionName="stopped", ReservedConcurrentExecutions=0)
        account.wait_for(*NAMES)
        backend = account.open(folder)
        yield backend
        await backend.close()

    return opened


_NOT_FOUND = "MiniStack logs another request id than its answer has: an event is not found in the log"
_ACCEPTS_ANY = "the server accepts any value"
_ECHOES = "moto runs nothing without Docker: it gives back the event"
_NO_LOGS = "moto runs nothing without Docker: nothing writes logs"
_MINISTACK_CANT = {
    "test_a_function_answers": "MiniStack's LogResult has no START and no REPORT",
    "test_the_first_is_cold_and_the_next_is_warm": "MiniStack's LogResult has no REPORT",
    "test_a_function_that_raised_is_an_answer": "MiniStack gives neither the error's type nor its stack trace",
    "test_an_accepted_event_is_delivered": _NOT_FOUND,
    "test_an_event_that_fails_is_tried_three_times": _NOT_FOUND,
    "test_abandoning_one_invocation_leaves_the_next_alone": "MiniStack shows no log line before the function ends",
    "test_what_the_server_refuses_is_invalid": _ACCEPTS_ANY,
    "test_a_log_names_its_invocation": "MiniStack logs another request id than its answer has",
}
_MOTO_CANT = {
    "test_the_detail_tells_concurrency_apart": "moto's GetFunction leaves out a reserved concurrency of 0",
    "test_a_change_took_effect_when_apply_returns": _ECHOES,
    "test_reserving_nothing_stops_the_function": _ECHOES,
    "test_what_the_server_refuses_is_invalid": _ACCEPTS_ANY,
    "test_a_function_answers": _ECHOES,
    "test_a_streamed_answer_has_every_chunk_in_the_end": "moto has no streamed invocation",
    "test_the_first_is_cold_and_the_next_is_warm": _ECHOES,
    "test_an_empty_payload_is_an_empty_object": _ECHOES,
    "test_a_function_that_raised_is_an_answer": _ECHOES,
    "test_a_function_that_takes_too_long_timed_out": _ECHOES,
    "test_a_stopped_function_throttles": _ECHOES,
    "test_an_accepted_event_is_delivered": _NO_LOGS,
    "test_an_event_that_fails_is_tried_three_times": _NO_LOGS,
    "test_abandoning_one_invocation_leaves_the_next_alone": _NO_LOGS,
    "test_invocations_at_once_get_their_own_answers": _ECHOES,
    "test_invoker.test_no_function_of_that_name_is_not_found": _ECHOES,
    "test_a_version_that_is_not_there_is_refused": _ECHOES,
    "test_every_event_comes_once_and_in_order": _NO_LOGS,
    "test_lines_of_one_moment_keep_their_order": _NO_LOGS,
    "test_equal_lines_of_one_moment_are_all_there": _NO_LOGS,
    "test_a_log_names_its_invocation": _NO_LOGS,
    "test_without_follow_a_tail_ends": _NO_LOGS,
    "test_only_the_newest_are_asked_for": _NO_LOGS,
    "test_since_and_until_are_bounds": _NO_LOGS,
    "test_older_events_are_reached_page_by_page": _NO_LOGS,
    "test_a_function_that_never_ran_is_waited_for": _NO_LOGS,
    "test_several_functions_are_one_tail": _NO_LOGS,
}

SUBJECTS = (
    Subject("local", _local),
    Subject("ministack", _on("ministack"), _MINISTACK_CANT),
    Subject("moto", _on("moto"), _MOTO_CANT),
)
