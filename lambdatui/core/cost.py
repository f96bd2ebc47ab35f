"""What an invocation would cost on AWS: an estimate, and named one wherever it is shown."""

from __future__ import annotations

import math

from lambdatui.core.limits import Prices
from lambdatui.core.report import Report

_DEFAULT_PRICES = Prices()


def cost_usd(report: Report, architecture: str = "x86_64", prices: Prices = _DEFAULT_PRICES) -> float | None:
    """Request and duration of one invocation in US dollars, first tier, us-east-1, without the free tier.

    `prices` are the user's own where the settings name them. None where it is paid by the instance it runs on.
    """
    if not report.metered:
        return None
    per_gb_second = prices.per_gb_second_usd.get(architecture, prices.per_gb_second_usd["x86_64"])
    return prices.per_request_usd + report.billed_ms / 1000 * report.memory_size_mb / 1024 * per_gb_second


def format_usd(amount: float) -> str:
    """Two significant digits, never in scientific notation: "$0.00000023", "$0.0013", "$1.20"."""
    if amount >= 0.1:
        return f"${amount:.2f}"
    digits = 2 if amount <= 0 else 1 - math.floor(math.log10(amount))
    return f"${amount:.{digits}f}"
