"""Orders come from a queue, several in one event.

Teaches the partial batch response: the function answers with the ids of the messages that failed, and SQS shows only
those again. Without it (or when the handler raises) every message of the batch comes back, the good ones too.
It needs `ReportBatchItemFailures` on the event source mapping.

On its default event it answers:
    {"batchItemFailures": []}
"""

import json

STOCK = {"mug-blue": 40, "tea-green": 3}


def handler(event, context):
    failures = []
    for record in event["Records"]:
        try:
            take(json.loads(record["body"]))
        except Exception as error:  # one bad message must not bring the others back
            print(f"message {record['messageId']} failed: {error!r}")
            failures.append({"itemIdentifier": record["messageId"]})
    print(f"{len(event['Records']) - len(failures)} of {len(event['Records'])} orders taken")
    return {"batchItemFailures": failures}


def take(order):
    sku, quantity = order["sku"], int(order["quantity"])
    left = STOCK[sku] - quantity
    if left < 0:
        raise ValueError(f"{quantity} x {sku} ordered, {STOCK[sku]} in stock")
    print(f"order {order['orderId']}: {quantity} x {sku}, {left} left")
