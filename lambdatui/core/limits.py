"""Lambda's limits, runtimes and prices: the figures that drift, each with its date and source.

Checked 2026-11-23 against the botocore 1.44.5 service model, the Lambda quotas page and the Lambda pricing page
(us-east-1). The server is the judge: what is outside these limits is warned of, never walled off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MEMORY_MB = (128, 10_240)
TIMEOUT_S = (1, 900)
EPHEMERAL_MB = (512, 10_240)
RETRIES = (0, 2)
EVENT_AGE_S = (60, 21_600)
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)  # CloudWatch Logs PutRetentionPolicy
ENVIRONMENT_BYTES = 4096
SYNC_PAYLOAD_BYTES = 6_291_556
ASYNC_PAYLOAD_BYTES = 1024 * 1024
LOG_RESULT_BYTES = 4096

PRICE_PER_REQUEST_USD = 0.20 / 1_000_000
PRICE_PER_GB_SECOND_USD = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
"""First tier; other regions and tiers differ: an estimate, and shown as one."""
INSIGHTS_USD_PER_GB = 0.005
"""CloudWatch Logs Insights, for each GB that a query scans."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What AWS charges, in US dollars: the figures above, or the user's own."""

    per_request_usd: float = PRICE_PER_REQUEST_USD
    per_gb_second_usd: Mapping[str, float] = field(default_factory=lambda: dict(PRICE_PER_GB_SECOND_USD))
    insights_per_gb_usd: float = INSIGHTS_USD_PER_GB


DEPRECATED_RUNTIMES = {
    "nodejs": "2016-10-31",
    "nodejs4.3": "2020-03-05",
    "nodejs6.10": "2019-08-12",
    "nodejs8.10": "2020-03-06",
    "nodejs10.x": "2021-07-30",
    "nodejs12.x": "2023-03-31",
    "nodejs14.x": "2023-12-04",
    "nodejs16.x": "2024-06-12",
    "nodejs18.x": "2025-09-01",
    "python2.7": "2021-07-15",
    "python3.6": "2022-07-18",
    "python3.7": "2023-12-04",
    "python3.8": "2024-10-14",
    "python3.9": "2025-12-15",
    "ruby2.5": "2021-07-30",
    "ruby2.7": "2023-12-07",
    "java8": "2024-01-08",
    "go1.x": "2024-01-08",
    "provided": "2024-01-08",
    "dotnetcore3.1": "2023-04-03",
    "dotnet6": "2024-12-20",
    "ruby3.2": "2026-03-31",
    "nodejs20.x": "2026-04-30",
    "provided.al2": "2026-07-31",
    "python3.10": "2026-10-31",
    "dotnet8": "2026-11-10",
    "ruby3.3": "2027-03-31",
    "nodejs22.x": "2027-04-30",
    "python3.11": "2027-06-30",
}
"""When a runtime gets no more patches, from Lambda's page of runtimes; days to come are what AWS announced."""

RESERVED_ENVIRONMENT_KEYS = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    }
)
