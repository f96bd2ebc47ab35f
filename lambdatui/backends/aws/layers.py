"""Asks AWS for the newest version of a layer."""

from __future__ import annotations

from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import mapping, text
from lambdatui.core.layers import LayerName


class AwsLayers:
    """Implements `LayerShelf`. Remembers nothing: a new version may come at any time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def newest(self, layer: LayerName) -> LayerName:
        """See `LayerShelf.newest`: `aws lambda list-layer-versions --layer-name ARN --max-items 1`."""
        answer = mapping(await self._session.call("lambda", "ListLayerVersions", LayerName=layer.name, MaxItems=1))
        versions = answer.get("LayerVersions")
        first = mapping(versions[0]) if isinstance(versions, list) and versions else {}
        arn = text(first.get("LayerVersionArn"))
        return LayerName.of(arn) if arn else layer
