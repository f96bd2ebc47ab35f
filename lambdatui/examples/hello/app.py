"""The smallest useful function: an event comes in, an answer goes out.

Lambda imports this file once (INIT), then calls `handler` for each event: `event` is the JSON that was sent, `context`
tells about this invocation. What is returned becomes the answer; what is printed becomes the log.

On its default event it answers:
    {"greeting": "Hello, world"}
"""

import os

# Read once, at INIT: the environment can't change while this copy of the function lives.
GREETING = os.environ.get("GREETING", "Hello")


def handler(event, context):
    name = event.get("name") or "stranger"
    print(f"greeting {name}, {context.get_remaining_time_in_millis()} ms left")
    return {"greeting": f"{GREETING}, {name}"}
