"""A nightly report that takes four seconds.

Teaches to watch the clock: at the timeout Lambda ends the function wherever it is, without an exception, so long work
asks how much time is left. Send the event "timeout" to see the end that comes without warning.

On its default event it answers:
    {"report": "2025-11-24", "rows": 4000, "complete": true}
"""

import time

STEP_S = 0.5


def handler(event, context):
    seconds = event.get("detail", {}).get("seconds", 4)
    careful = event.get("detail", {}).get("careful", True)
    steps, rows = int(seconds / STEP_S), 0
    for step in range(1, steps + 1):
        left_ms = context.get_remaining_time_in_millis()
        if careful and left_ms < 2 * STEP_S * 1000:
            print(f"only {left_ms} ms left: stopping with {rows} rows, the rest is for the next run")
            return {"report": event["time"][:10], "rows": rows, "complete": False}
        time.sleep(STEP_S)  # the database thinks
        rows += 500
        print(f"step {step} of {steps}: {rows} rows, {left_ms} ms left")
    return {"report": event["time"][:10], "rows": rows, "complete": True}
