"""The sample events are what AWS sends: each is parsed by the Powertools models, each encoded field recomputed."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import struct
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import pytest
from aws_lambda_powertools.utilities.parser import models
from pydantic import BaseModel

from lambdatui.core.events import problem_of
from lambdatui.storage.paths import shipped_samples

MODELS: dict[str, type[BaseModel] | None] = {
    "hello/world": None,
    "apigateway/rest-proxy": models.APIGatewayProxyEventModel,
    "apigateway/http-api": models.APIGatewayProxyEventV2Model,
    "alb/request": models.AlbModel,
    "sqs/receive-message": models.SqsModel,
    "sns/notification": models.SnsModel,
    "s3/put": models.S3Model,
    "eventbridge/scheduled": models.EventBridgeModel,
    "eventbridge/custom": models.EventBridgeModel,
    "dynamodb/stream": models.DynamoDBStreamModel,
    "kinesis/records": models.KinesisDataStreamModel,
    "cloudwatch-logs/subscription": models.CloudWatchLogsModel,
}


def sample(name: str) -> Any:
    return json.loads((shipped_samples() / f"{name}.json").read_text(encoding="utf-8"))


def records(name: str) -> list[Any]:
    found = sample(name)["Records"]
    assert isinstance(found, list)
    return found


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def test_every_sample_has_its_model() -> None:
    """Nothing is shipped that is not proved here."""
    folder = shipped_samples()
    found = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.json")}
    assert found == MODELS.keys()


@pytest.mark.parametrize("name", MODELS)
def test_a_sample_has_the_shape_that_powertools_expects(name: str) -> None:
    """Parsed whole by the model of its service; plain, indented JSON that ends in a newline."""
    path = shipped_samples() / f"{name}.json"
    text = path.read_text(encoding="utf-8")
    assert problem_of(text) is None
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
    model = MODELS[name]
    if model is not None:
        model.model_validate_json(text)


@pytest.mark.parametrize("name", MODELS)
def test_arns_and_regions_agree(name: str) -> None:
    """One region, the documented account, and ARNs with their six parts."""
    for text in strings(sample(name)):
        if text.startswith("arn:aws:"):
            parts = text.split(":", 5)
            assert len(parts) == 6
            assert parts[3] in ("us-east-1", "")
            assert parts[4] in ("123456789012", "")


def test_sqs_bodies_and_attributes_have_their_md5() -> None:
    """MD5 of the body, and of the attributes in SQS's own encoding (sorted; length, name, type, kind, value)."""
    with_attributes = 0
    for record in records("sqs/receive-message"):
        assert record["md5OfBody"] == hashlib.md5(record["body"].encode(), usedforsecurity=False).hexdigest()
        json.loads(record["body"])
        assert ("md5OfMessageAttributes" in record) == bool(record["messageAttributes"])
        if record["messageAttributes"]:
            with_attributes += 1
            assert record["md5OfMessageAttributes"] == attributes_md5(record["messageAttributes"])
    assert with_attributes == 1


def attributes_md5(attributes: Mapping[str, Mapping[str, str]]) -> str:
    """Source: the SQS developer guide, "Calculating the MD5 message digest for message attributes"."""
    encoded = b""
    for name in sorted(attributes):
        kind, value = attributes[name]["dataType"], attributes[name]["stringValue"]
        for index, part in enumerate((name, kind, value)):
            encoded += (b"\x01" if index == 2 else b"") + struct.pack(">I", len(part.encode())) + part.encode()
    return hashlib.md5(encoded, usedforsecurity=False).hexdigest()


def test_kinesis_data_is_base64_of_json() -> None:
    """The partition key is in the record, the sequence number in its event's id, numbers growing."""
    numbers = []
    for record in records("kinesis/records"):
        kinesis = record["kinesis"]
        document = json.loads(base64.b64decode(kinesis["data"], validate=True))
        assert document["session"] == kinesis["partitionKey"]
        assert record["eventID"].partition(":")[2] == kinesis["sequenceNumber"]
        assert re.fullmatch(r"[0-9]{56}", kinesis["sequenceNumber"])
        numbers.append(int(kinesis["sequenceNumber"]))
    assert numbers == sorted(set(numbers))


def test_cloudwatch_logs_data_is_base64_of_gzip_of_json() -> None:
    """With epoch times in milliseconds and the ids of log events: 56 digits."""
    data = sample("cloudwatch-logs/subscription")["awslogs"]["data"]
    document = json.loads(gzip.decompress(base64.b64decode(data, validate=True)))
    assert document["messageType"] == "DATA_MESSAGE"
    for event in document["logEvents"]:
        assert re.fullmatch(r"[0-9]{56}", event["id"])
        assert datetime.fromtimestamp(event["timestamp"] / 1000, UTC).year == 2025


def test_dynamodb_stream_has_every_kind_of_change() -> None:
    """INSERT has a new image, MODIFY both, REMOVE the old; keys are in the images; times are epoch seconds."""
    shapes = {}
    for record in records("dynamodb/stream"):
        change = record["dynamodb"]
        images = {part for part in ("NewImage", "OldImage") if part in change}
        shapes[record["eventName"]] = images
        for image in images:
            assert change["Keys"].items() <= change[image].items()
        assert datetime.fromtimestamp(change["ApproximateCreationDateTime"], UTC).year == 2025
        assert change["SequenceNumber"].isdigit()
    assert shapes == {"INSERT": {"NewImage"}, "MODIFY": {"NewImage", "OldImage"}, "REMOVE": {"OldImage"}}


def test_an_s3_key_is_url_encoded() -> None:
    """A space in the key is a plus, as S3 sends it: the mistake that every first handler makes."""
    (record,) = records("s3/put")
    stored = record["s3"]["object"]
    assert unquote_plus(stored["key"]) == "uploads/summer photo.jpg"
    assert re.fullmatch(r"[0-9a-f]{32}", stored["eTag"])
    assert record["s3"]["bucket"]["arn"] == f"arn:aws:s3:::{record['s3']['bucket']['name']}"


def test_an_sns_notification_is_whole() -> None:
    """The signature is 256 bytes of base64, the addresses are Amazon's, the subscription is the topic's."""
    (record,) = records("sns/notification")
    notification = record["Sns"]
    assert len(base64.b64decode(notification["Signature"], validate=True)) == 256
    assert notification["SigningCertUrl"].startswith("https://sns.us-east-1.amazonaws.com/")
    assert record["EventSubscriptionArn"].startswith(notification["TopicArn"] + ":")
    assert record["EventSubscriptionArn"] in notification["UnsubscribeUrl"]


@pytest.mark.parametrize("name", ["apigateway/rest-proxy", "apigateway/http-api"])
def test_the_times_of_a_request_are_one_moment(name: str) -> None:
    """The epoch time, the readable time and the trace id's own time agree."""
    event = sample(name)
    context = event["requestContext"]
    epoch_ms = context.get("requestTimeEpoch") or context["timeEpoch"]
    readable = context.get("requestTime") or context["time"]
    moment = datetime.strptime(readable, "%d/%b/%Y:%H:%M:%S %z")
    assert int(moment.timestamp()) == epoch_ms // 1000
    headers = {key.lower(): value for key, value in event["headers"].items()}
    assert int(headers["x-amzn-trace-id"].split("-")[1], 16) == epoch_ms // 1000


def test_api_gateway_v1_has_each_value_once_and_all_of_them() -> None:
    """The single-value maps hold the last of the multi-value ones."""
    event = sample("apigateway/rest-proxy")
    for single, multiple in (("headers", "multiValueHeaders"), ("queryStringParameters",) * 2):
        values = event[multiple if multiple != single else "multiValueQueryStringParameters"]
        assert event[single] == {key: found[-1] for key, found in values.items()}


def test_api_gateway_v2_joins_values_by_commas() -> None:
    """The raw query says the same as the map, and the content length is the body's."""
    event = sample("apigateway/http-api")
    joined: dict[str, str] = {}
    for key, value in parse_qsl(event["rawQueryString"]):
        joined[key] = f"{joined[key]},{value}" if key in joined else value
    assert event["queryStringParameters"] == joined
    assert event["headers"]["content-length"] == str(len(event["body"].encode()))
    assert f"{event['requestContext']['http']['method']} {event['rawPath']}" == event["routeKey"]


def test_nothing_says_base64_that_is_not() -> None:
    """Bodies of requests are plain here, and say so."""
    for name in ("apigateway/rest-proxy", "apigateway/http-api", "alb/request"):
        assert sample(name)["isBase64Encoded"] is False


def test_the_readme_explains_them() -> None:
    """One paragraph beside the files."""
    assert "exactly what AWS hands" in Path(shipped_samples() / "README.md").read_text(encoding="utf-8")
