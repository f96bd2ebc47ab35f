"""Clicks come from a stream; the function counts them.

Teaches that Kinesis hands over bytes in base64, and that records of one partition key come in order, in one shard,
one batch at a time. A batch that fails blocks its shard until it succeeds or is too old: a bad record is skipped here.

On its default event it answers:
    {"pages": {"/": 1, "/mugs": 1, "/cart": 1}, "sessions": 2, "skipped": 0}
"""

import base64
import json
from collections import Counter


def handler(event, context):
    pages, sessions, skipped = Counter(), set(), 0
    for record in event["Records"]:
        kinesis = record["kinesis"]
        try:
            click = json.loads(base64.b64decode(kinesis["data"]))
            pages[click["page"]] += 1
            sessions.add(click["session"])
        except (ValueError, KeyError, TypeError) as error:
            skipped += 1
            print(f"record {kinesis['sequenceNumber']} skipped: {error!r}")
    for page, count in pages.most_common():
        print(f"{count:4} {page}")
    return {"pages": dict(pages), "sessions": len(sessions), "skipped": skipped}
