"""Raises an error that has a cause.

Teaches what a caller sees of an exception: `errorType`, `errorMessage`, `stackTrace`, and that the invocation still
counts as HTTP 200. The cause (`raise ... from`) is not among it: log it, or it is lost. Invoked asynchronously, Lambda
tries twice more and then hands the event to dead-letter.

On its default event it fails with:
    PaymentError: order 1002 can't be charged
"""


class PaymentError(Exception):
    """The order can't be paid."""


class CardDeclined(Exception):
    """The bank said no."""


def handler(event, context):
    print(f"charging order {event['orderId']}")
    return charge(event)


def charge(order):
    try:
        ask_the_bank(order["card"])
    except CardDeclined as declined:
        print(f"the bank declined: {declined}")
        raise PaymentError(f"order {order['orderId']} can't be charged") from declined


def ask_the_bank(card):
    print(f"asking the bank about the card that ends in {card[-4:]}")
    raise CardDeclined("insufficient funds")
