"""Looks into the SQS queue that keeps the failed async events of a function."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lambdatui.backends.aws.async_settings import place_of_arn, read_async_settings
from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import mapping, text
from lambdatui.core.errors import Denied, NotFound, Unsupported
from lambdatui.core.failed_events import FailedEvent, KeptEvents, failed_event_of

_MOST = 50
_RECEIVES = 12
_PAGE = 10
"""The most that ReceiveMessage gives."""


class AwsFailedEvents:
    """Implements `FailedEvents`. Receives with no visibility timeout: nobody else waits for a message seen here.

    It counts as a receive all the same, and a queue with a redrive policy of its own moves a message on that was
    received too often: so it is not called reading, and a read-only target refuses it.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    async def peek(self, function_name: str, qualifier: str) -> KeptEvents:
        """See `FailedEvents.peek`."""
        settings = await read_async_settings(self._session, function_name, qualifier)
        arn = settings.queue
        if not arn:
            raise self._nowhere(function_name, settings.failures_go_to, settings.unknown)
        region, account, name = (arn.split(":", 5) + [""] * 6)[3:6]
        if region != self._session.place.region:
            raise Unsupported(f"The queue {name} is in {region}", f"Open {region} to look into it.")
        url = await self._url(name, account, region)
        seen: dict[str, FailedEvent] = {}
        repeats = 0
        # A queue gives some of its messages, never a list: asked until nothing new comes.
        for _ in range(_RECEIVES):
            answer = await self._session.call(
                "sqs",
                "ReceiveMessage",
                self._session.once,
                QueueUrl=url,
                MaxNumberOfMessages=_PAGE,
                VisibilityTimeout=0,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["SentTimestamp"],
            )
            before = len(seen)
            for message in mapping(answer).get("Messages") or ():
                identity = text(mapping(message).get("MessageId"))
                seen.setdefault(identity, _event_of(mapping(message)))
            repeats = repeats + 1 if len(seen) == before else 0
            if repeats >= 2 or len(seen) >= _MOST:
                break
        events = sorted(seen.values(), key=lambda event: event.sent_at or datetime.min.replace(tzinfo=UTC))
        return KeptEvents(place_of_arn(arn), tuple(reversed(events)), more=repeats < 2)

    async def _url(self, name: str, account: str, region: str) -> str:
        try:
            answer = await self._session.call("sqs", "GetQueueUrl", QueueName=name, QueueOwnerAWSAccountId=account)
        except Denied:
            return f"https://sqs.{region}.amazonaws.com/{account}/{name}"  # where it is but for a few partitions
        return text(mapping(answer).get("QueueUrl"))

    @staticmethod
    def _nowhere(function_name: str, place: str, unknown: str) -> NotFound | Unsupported:
        if place:
            return Unsupported(f"Failures of {function_name} go to {place}", "Only an SQS queue can be looked into.")
        if unknown:
            return Unsupported(f"Where failures of {function_name} go is not known", unknown)
        return NotFound(
            f"Failures of {function_name} are kept nowhere",
            "It has neither an on-failure destination nor a dead-letter queue.",
            "Set one in its configuration: c",
        )


def _event_of(message: Mapping[str, Any]) -> FailedEvent:
    """One message of `aws sqs receive-message`."""
    attributes = {
        text(name): text(mapping(value).get("StringValue"))
        for name, value in mapping(message.get("MessageAttributes")).items()
    }
    sent = text(mapping(message.get("Attributes")).get("SentTimestamp"))
    sent_at = datetime.fromtimestamp(int(sent) / 1000, UTC) if sent.isdigit() else None
    body = message.get("Body")
    return failed_event_of(body if isinstance(body, str) else "", attributes, sent_at)
