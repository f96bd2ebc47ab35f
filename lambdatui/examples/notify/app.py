"""SNS hands over a notification; the function makes a message for people of it.

Teaches two things: `Message` is text, and JSON only if the sender made it so; and a secret comes from the environment
and never goes into the log. (On AWS it would come from Secrets Manager.)

On its default event it answers:
    {"sent": ["Order shipped: order 1001 is shipped with DHL"]}
"""

import json
import os

TOKEN = os.environ.get("WEBHOOK_TOKEN", "")


def handler(event, context):
    sent = [send(record["Sns"]) for record in event["Records"]]
    return {"sent": sent}


def send(notification):
    kind = notification["MessageAttributes"].get("event", {}).get("Value", "unknown")
    try:
        order = json.loads(notification["Message"])
        text = f"order {order['orderId']} is {order['status']} with {order['carrier']}"
    except (ValueError, KeyError, TypeError):
        text = notification["Message"]
    line = f"{notification.get('Subject') or 'News'}: {text}"
    print(f"{kind} from {notification['TopicArn'].rpartition(':')[2]}, token of {len(TOKEN)} characters: {line}")
    return line
