"""Gets the events that another function gave up on.

Teaches the record that Lambda sends to a failure destination: the event itself, why it was given up
(`RetriesExhausted`, `EventAgeExceeded`), how often it was tried, and what the last attempt answered.
Without a destination a failed asynchronous event is simply gone.

On its default event it answers:
    {"function": "always-fails", "condition": "RetriesExhausted", "attempts": 3}
"""

import json


def handler(event, context):
    asked = event["requestContext"]
    function = asked["functionArn"].split(":")[6]
    answer = event.get("responsePayload") or {}
    print(f"{function} gave up after {asked['approximateInvokeCount']} attempts: {asked['condition']}")
    print(f"  its event: {json.dumps(event['requestPayload'])}")
    print(f"  its last words: {answer.get('errorType')}: {answer.get('errorMessage')}")
    return {
        "function": function,
        "condition": asked["condition"],
        "attempts": asked["approximateInvokeCount"],
    }
