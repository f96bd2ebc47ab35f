"""Frames of Python, Node and Java: which are the function's own."""

from __future__ import annotations

import pytest

from lambdatui.core.stack_trace import frames

OWN = [
    '  File "/var/task/app.py", line 12, in handler\n    charge(event)\n',
    "at Runtime.handler (/var/task/index.js:3:9)",
    "com.example.orders.OrderFunction.handleRequest(OrderFunction.java:42)",
]
FOREIGN = [
    '  File "/var/lang/lib/python3.13/site-packages/requests/api.py", line 59, in get\n    return request()\n',
    '  File "<frozen importlib._bootstrap>", line 1387, in _gcd_import\n',
    "at Module._load (node:internal/modules/cjs/loader:1023:12)",
    "at call (/var/task/node_modules/axios/lib/axios.js:7:1)",
    "java.base/java.lang.reflect.Method.invoke(Unknown Source)",
]


@pytest.mark.parametrize("entry", OWN)
def test_the_functions_own_frames_are_marked(entry: str) -> None:
    """A frame in the function's code is its own, whatever the runtime's format."""
    assert [frame.own for frame in frames((entry,))] == [True]


@pytest.mark.parametrize("entry", FOREIGN)
def test_frames_of_libraries_and_of_the_runtime_are_not(entry: str) -> None:
    """A frame in a library or in the runtime stays in the background."""
    assert [frame.own for frame in frames((entry,))] == [False]


def test_a_frame_keeps_its_source_line() -> None:
    """Python's frames hold two lines: the place and the code."""
    (frame,) = frames((OWN[0],))
    assert frame.lines == ('  File "/var/task/app.py", line 12, in handler', "    charge(event)")
