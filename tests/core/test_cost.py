"""What an invocation would cost."""

from __future__ import annotations

import pytest

from lambdatui.core.cost import cost_usd, format_usd
from lambdatui.core.limits import Prices
from lambdatui.core.report import Report


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0.0, "$0.00"),
        (0.000000248, "$0.00000025"),
        (0.0013, "$0.0013"),
        (0.0999, "$0.100"),
        (0.5, "$0.50"),
        (12.0, "$12.00"),
    ],
)
def test_an_amount_has_two_digits_and_no_exponent(amount: float, shown: str) -> None:
    """A price reads at a glance, however small."""
    assert format_usd(amount) == shown


def test_a_gb_second_costs_what_the_price_page_says() -> None:
    """One second at 1,024 MB is one GB-second and one request; arm64 is cheaper; own prices count."""
    report = Report("5a1c", 1000.0, 1000, 1024, 100)
    assert cost_usd(report) == pytest.approx(0.0000166667 + 0.0000002)
    assert cost_usd(report, "arm64") == pytest.approx(0.0000133334 + 0.0000002)
    assert cost_usd(report, "x86_64", Prices(0.0, {"x86_64": 1.0})) == pytest.approx(1.0)
