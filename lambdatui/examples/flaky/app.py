"""Fails twice, then works.

Teaches retries: invoke it asynchronously, and Lambda tries the same event, with the same request id, up to twice more.
It counts in a file in /tmp, which lives as long as this copy of the function: on AWS the next attempt may well run in
another copy, so real functions keep such a thing in a database.

On its default event it fails with:
    Unavailable: the stock system is down (attempt 1 of order 1001)
"""

import tempfile
from pathlib import Path


class Unavailable(Exception):
    """Another system does not answer just now."""


def handler(event, context):
    order = int(event["orderId"])
    counter = Path(tempfile.gettempdir()) / f"flaky-{order}"
    attempt = int(counter.read_text()) + 1 if counter.exists() else 1
    print(f"order {order}: attempt {attempt} of request {context.aws_request_id}")
    if attempt < 3:
        counter.write_text(str(attempt))
        raise Unavailable(f"the stock system is down (attempt {attempt} of order {order})")
    counter.unlink()
    return {"orderId": order, "attempts": attempt}
