"""The stub of AWS for the tests of the settings."""

from __future__ import annotations

from tests.fixtures.aws_stub import aws_stub

__all__ = ["aws_stub"]
