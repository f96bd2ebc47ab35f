"""An HTTP API behind API Gateway (payload format 2.0).

Teaches that an HTTP error is an *answer*: status 400 is what the client did wrong, and the function itself succeeded.
Only a bug may raise; API Gateway then tells the client no more than 500.

On its default event it answers:
    {"statusCode": 201, "headers": {"content-type": "application/json", "location": "/orders/1001"}}
"""

import base64
import json

PRICES = {"mug-blue": 12.5, "tea-green": 4.2}


def handler(event, context):
    route = event["routeKey"]
    print(f"{route} from {event['requestContext']['http']['sourceIp']}")
    if route == "POST /orders":
        return create(event)
    if route == "GET /orders/{id}":
        return read(event["pathParameters"]["id"])
    return answer(404, {"message": f"no route {route}"})


def create(event):
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode()
    try:
        order = json.loads(body)
        sku, quantity = order["sku"], order["quantity"]
    except (ValueError, KeyError, TypeError) as error:
        return answer(400, {"message": f"a JSON object with sku and quantity is expected ({error!r})"})
    if sku not in PRICES:
        return answer(422, {"message": f"there is no {sku}; there are {', '.join(PRICES)}"})
    total = round(PRICES[sku] * quantity, 2)
    print(f"order 1001: {quantity} x {sku} = {total:.2f}")
    return answer(201, {"id": 1001, "sku": sku, "quantity": quantity, "total": total}, location="/orders/1001")


def read(order_id):
    if order_id != "1001":
        return answer(404, {"message": f"no order {order_id}"})
    return answer(200, {"id": 1001, "sku": "mug-blue", "quantity": 2, "total": 25.0})


def answer(status, document, **headers):
    headers = {"content-type": "application/json", **headers}
    return {"statusCode": status, "headers": headers, "body": json.dumps(document)}
