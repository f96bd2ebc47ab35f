"""Speed, ours and the peers', measured in one run.

`python -m benchmarks` runs all; `python -m benchmarks.start` one.
"""
