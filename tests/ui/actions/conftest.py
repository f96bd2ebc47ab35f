"""The workbench on an account of the stub's."""

from tests.ui.targets.conftest import aws_stub, open_desk

__all__ = ["aws_stub", "open_desk"]
