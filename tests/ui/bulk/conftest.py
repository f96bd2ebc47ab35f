"""The stub of AWS for the tests of bulk changes."""

from __future__ import annotations

from tests.fixtures.aws_stub import aws_stub

__all__ = ["aws_stub"]
