"""The canned queries of Logs Insights: each reads the Text format and the JSON format alike."""

from __future__ import annotations

from lambdatui.core.insights import CannedQuery
from lambdatui.core.limits import PRICE_PER_GB_SECOND_USD, PRICE_PER_REQUEST_USD

# Insights finds @type, @duration and their like in REPORT lines of the Text format, sizes in bytes of 1,000 × 1,000;
# the JSON format has them in platform.report records.
# Source: CloudWatch Logs user guide, "Supported logs and discovered fields"; Lambda's Telemetry API schema.
# Functions take fields only, so what is computed gets a name first.
_REPORTS = (
    'filter @type = "REPORT" or type = "platform.report"\n'
    "| fields @memorySize / 1000000 as sizeInText, @maxMemoryUsed / 1000000 as usedInText\n"
    "| fields coalesce(@requestId, record.requestId) as requestId,\n"
    "    coalesce(@duration, record.metrics.durationMs) as durationMs,\n"
    "    coalesce(@billedDuration, record.metrics.billedDurationMs) as billedMs,\n"
    "    coalesce(@initDuration, record.metrics.initDurationMs) as initMs,\n"
    "    coalesce(sizeInText, record.metrics.memorySizeMB) as sizeMB,\n"
    "    coalesce(usedInText, record.metrics.maxMemoryUsedMB) as usedMB\n"
)

CANNED = (
    CannedQuery(
        "errors",
        "the newest lines that tell of an error",
        "fields @timestamp, @message, @log\n"
        '| filter level in ["ERROR", "FATAL", "CRITICAL"]\n'
        "    or @message like /(?i)\\b(error|exception|traceback|fatal)\\b|Task timed out|Runtime\\.ExitError/\n"
        "| sort @timestamp desc\n"
        "| limit 200",
    ),
    CannedQuery(
        "slowest",
        "the invocations that took longest",
        f"{_REPORTS}| display @timestamp, durationMs, initMs, usedMB, sizeMB, requestId, @log\n"
        "| sort durationMs desc\n"
        "| limit 50",
    ),
    CannedQuery(
        "cold starts",
        "how many invocations had to wait for INIT, and how long",
        f"{_REPORTS}| stats count(*) as invocations, count(initMs) as coldStarts,\n"
        "    coldStarts * 100 / invocations as coldPercent,\n"
        "    avg(initMs) as averageInitMs, pct(initMs, 95) as p95InitMs, max(initMs) as longestInitMs by @log\n"
        "| sort coldStarts desc",
    ),
    CannedQuery(
        "memory",
        "memory that is paid for and never used",
        f"{_REPORTS}| stats max(sizeMB) as memoryMB, max(usedMB) as mostUsedMB, avg(usedMB) as averageUsedMB,\n"
        "    memoryMB - mostUsedMB as overProvisionedMB by @log\n"
        "| sort overProvisionedMB desc",
    ),
    CannedQuery(
        "cost",
        "what the invocations cost, by function: x86_64, us-east-1, first tier",
        f"{_REPORTS}| fields billedMs * sizeMB as billedMBms\n"
        "| stats count(*) as invocations, sum(billedMs) / 1000 as billedSeconds,\n"
        "    sum(billedMBms) / 1024000 as gbSeconds,\n"
        f"    gbSeconds * {PRICE_PER_GB_SECOND_USD['x86_64']:.10f}\n"
        f"    + invocations * {PRICE_PER_REQUEST_USD:.10f} as estimatedUSD by @log\n"
        "| sort estimatedUSD desc",
    ),
    CannedQuery(
        "timeouts",
        "the invocations that ran into their timeout",
        "fields @timestamp, coalesce(@requestId, record.requestId) as requestId, @message, @log\n"
        '| filter @message like /Task timed out after/ or (type = "platform.report" and record.status = "timeout")\n'
        "| sort @timestamp desc\n"
        "| limit 200",
    ),
    CannedQuery(
        "durations",
        "how long invocations take, five minutes a row",
        f"{_REPORTS}| stats count(*) as invocations, avg(durationMs) as averageMs, pct(durationMs, 50) as p50Ms,\n"
        "    pct(durationMs, 95) as p95Ms, max(durationMs) as longestMs by bin(5m)",
    ),
    CannedQuery(
        "newest",
        "the newest lines, whatever they say",
        "fields @timestamp, @message, @logStream, @log\n| sort @timestamp desc\n| limit 200",
    ),
)
"""The first one is what the editor begins with."""
