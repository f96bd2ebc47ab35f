"""Runs every benchmark, one after the other."""

from __future__ import annotations

import importlib
import pkgutil

import benchmarks

_NOT_BENCHMARKS = {"__main__", "lambda_stub", "log_search", "log_stub", "peers", "recording", "report", "screenshot"}


def main() -> None:
    """Run them in the order of their names."""
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name not in _NOT_BENCHMARKS:
            print(f"\n=== {module.name}")
            importlib.import_module(f"benchmarks.{module.name}").main()


if __name__ == "__main__":
    main()
