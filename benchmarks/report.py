"""Medians and ratios, printed the same way by every benchmark."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence


def percentile(samples: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the samples lie."""
    ordered = sorted(samples)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def print_samples(title: str, samples: Mapping[str, Sequence[float]], *, unit: str = "ms", peer: str = "") -> None:
    """A row a contestant: median, the range, and the ratio of its median to the peer's."""
    print(f"\n{title}")
    width = max(len(name) for name in samples)
    base = statistics.median(samples[peer]) if samples.get(peer) else None
    for name, values in samples.items():
        if not values:
            print(f"  {name:<{width}}  not measured")
            continue
        median = statistics.median(values)
        ratio = f"  {median / base:6.3f}x of {peer}" if base and name != peer else ""
        spread = f"({min(values):,.1f} .. {max(values):,.1f}, p95 {percentile(values, 0.95):,.1f}, n={len(values)})"
        print(f"  {name:<{width}}  {median:10,.2f} {unit}  {spread}{ratio}")


def print_goal(text: str, *, reached: bool) -> None:
    """A goal and whether this run reached it."""
    print(f"  {'reached' if reached else 'MISSED '}  {text}")
