"""What an invocation would cost on AWS: an estimate, and named one wherever it is shown."""

from __future__ import annotations

from lambdatui.core.limits import PRICE_PER_GB_SECOND_USD, PRICE_PER_REQUEST_USD
from lambdatui.core.report import Report


def cost_usd(report: Report, architecture: str = "x86_64") -> float:
    """Request and duration of one invocation in US dollars, first tier, us-east-1, without the free tier."""
    per_gb_second = PRICE_PER_GB_SECOND_USD.get(architecture, PRICE_PER_GB_SECOND_USD["x86_64"])
    return PRICE_PER_REQUEST_USD + report.billed_ms / 1000 * report.memory_size_mb / 1024 * per_gb_second


def format_usd(amount: float) -> str:
    """Two significant digits, never in scientific notation: "$0.00000023", "$1.20"."""
    if amount >= 0.01:
        return f"${amount:.2f}"
    digits = 2
    while digits < 12 and round(amount, digits) < amount * 0.95:
        digits += 1
    return f"${amount:.{min(digits + 1, 12)}f}"
