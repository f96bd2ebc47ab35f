"""Nothing that a test starts finds the user's AWS account; what stands in for it is a fixture of all tests.

Property tests draw the same examples each time, on any machine: `--hypothesis-profile=default` looks for others.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from tests.fixtures.aws_servers import ministack, ministack_server, moto, moto_server
from tests.fixtures.aws_stub import aws_stub

__all__ = ["aws_stub", "ministack", "ministack_server", "moto", "moto_server"]

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull

settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("same")
