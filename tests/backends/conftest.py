"""The servers that stand in for AWS; each is started when a test first asks for it."""

from tests.fixtures.aws_stub import aws_stub

__all__ = ["aws_stub"]
