"""The health check of an Application Load Balancer.

Teaches the one field that a load balancer wants and API Gateway does not: `statusDescription`. The function's own
checks are quick, as the balancer asks every few seconds, and each question is an invocation that is paid for.

On its default event it answers:
    {"statusCode": 200, "statusDescription": "200 OK", "isBase64Encoded": false}
"""

import json
import shutil


def handler(event, context):
    deep = (event.get("queryStringParameters") or {}).get("deep") == "true"
    checks = {"function": context.function_name}
    if deep:
        checks["free_mb"] = shutil.disk_usage("/tmp").free // 1024**2
    print(f"{event['httpMethod']} {event['path']} {'deep' if deep else 'shallow'}: healthy")
    return {
        "statusCode": 200,
        "statusDescription": "200 OK",
        "isBase64Encoded": False,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"status": "healthy", **checks}),
    }
