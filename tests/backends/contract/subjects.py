"""The backends that the contract suite runs over, and the functions that each of them must offer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from lambdatui.backends.local.contracts import RunnerOptions
from lambdatui.backends.local.open import open_local
from lambdatui.core.target import Backend, Target, TargetKind

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
    return {"event": event, "stage": os.environ.get("STAGE"), "memory": context.memory_limit_in_mb}


def fails(event, context):
    raise LookupError("no such order")


def slow(event, context):
    print("began", flush=True)
    time.sleep(60)


def talks(event, context):
    for number in range(event["lines"]):
        print(f"line {event['from'] + number}")
"""
NAMES = ("echo", "fails", "slow", "brief", "stopped", "talks")


@dataclass(frozen=True, slots=True)
class Subject:
    """A backend under test: its name, and how to open it with the functions above."""

    name: str
    open: Callable[[Path], AbstractAsyncContextManager[Backend]]


@asynccontextmanager
async def _local(folder: Path) -> AsyncIterator[Backend]:
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


SUBJECTS = (Subject("local", _local),)
