"""The layers of functions: what their ARNs say, and the promise of a shelf that knows the newest version of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

LAYERS_MOST = 5
"""A function has so many layers at most."""
UNZIPPED_MOST_MB = 250
"""The code of a function and its layers together, unzipped."""


@dataclass(frozen=True, slots=True)
class LayerName:
    """A layer's version by its ARN. `name` is the ARN without the version; `version` is None when it has none."""

    arn: str
    name: str
    version: int | None

    @classmethod
    def of(cls, arn: str) -> LayerName:
        """What `arn` says; any other text is a name without a version."""
        parts = arn.split(":")
        if len(parts) == 8 and parts[0] == "arn" and parts[5] == "layer" and parts[7].isdecimal():
            return cls(arn, arn.rpartition(":")[0], int(parts[7]))
        return cls(arn, arn, None)

    @property
    def short(self) -> str:
        """ "NAME:VERSION"; whose it is stands in the ARN alone."""
        return self.arn if self.version is None else f"{self.name.rpartition(':')[2]}:{self.version}"


class LayerShelf(Protocol):
    """Knows the versions of layers."""

    async def newest(self, layer: LayerName) -> LayerName:
        """The newest version of the layer; the same one when it is that already.

        Source: Lambda ListLayerVersions, newest first.
        Raises:
            WorkbenchError: the versions can't be listed: nobody else's layer tells, without permission.
        """
        ...
