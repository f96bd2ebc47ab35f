"""Nothing that a test starts finds the user's AWS account; what stands in for it is a fixture of all tests."""

from __future__ import annotations

import os

from tests.fixtures.aws_servers import ministack, ministack_server, moto, moto_server
from tests.fixtures.aws_stub import aws_stub

__all__ = ["aws_stub", "ministack", "ministack_server", "moto", "moto_server"]

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
