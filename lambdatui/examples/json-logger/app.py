"""Logs in JSON.

Teaches the JSON log format (`LogFormat: JSON` in the template): each record of `logging` becomes an object with its
level, its request id and whatever is given as `extra`, START and REPORT become `platform.start` and `platform.report`,
and Lambda itself leaves out what is below `ApplicationLogLevel`.

On its default event it answers:
    {"steps": 3, "charged": 25.0}
"""

import logging

logger = logging.getLogger("checkout")
logger.setLevel(logging.DEBUG)


def handler(event, context):
    order = event["order"]
    logger.debug("order received", extra={"order": order})
    total = sum(item["price"] * item["quantity"] for item in order["items"])
    logger.info("total worked out", extra={"order_id": order["id"], "total": total})
    if total > event.get("limit", 100):
        logger.warning("over the limit", extra={"order_id": order["id"], "limit": event.get("limit", 100)})
        return {"steps": 2, "charged": 0.0}
    try:
        charge(order)
    except ConnectionError:
        logger.exception("the bank did not answer, charging later", extra={"order_id": order["id"]})
    return {"steps": 3, "charged": float(total)}


def charge(order):
    if order.get("card") == "unreachable":
        raise ConnectionError("bank.example.com: connection refused")
