"""CloudWatch Logs hands over lines of another function's log; this one looks for errors.

Teaches how the lines are packed: JSON, in gzip, in base64. And one danger: a function that subscribes to its own log
feeds itself for ever, as each line that it prints is an event again.

On its default event it answers:
    {"log_group": "/aws/lambda/api-orders", "events": 3, "errors": 1}
"""

import base64
import gzip
import json


def handler(event, context):
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    if data["messageType"] == "CONTROL_MESSAGE":  # only asks whether we can be reached
        return {"log_group": "", "events": 0, "errors": 0}
    errors = [line for line in data["logEvents"] if "ERROR" in line["message"]]
    for line in errors:
        print(f"{data['logGroup']} at {line['timestamp']}: {line['message'].strip()}")
    return {"log_group": data["logGroup"], "events": len(data["logEvents"]), "errors": len(errors)}
