"""Runs the functions: execution environments as child processes, served through Lambda's Runtime API on loopback."""

from lambdatui.backends.local.runtime.interpreters import resolve_interpreter
from lambdatui.backends.local.runtime.pool import Pool
from lambdatui.backends.local.runtime.thread import RunnerThread

__all__ = ["Pool", "RunnerThread", "resolve_interpreter"]
