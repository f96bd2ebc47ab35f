"""The regions that botocore knows of, from the data that it ships: nobody is asked."""

from __future__ import annotations

from botocore.loaders import create_loader

from lambdatui.core.text import clean


def known_regions() -> tuple[tuple[str, str], ...]:
    """Code and name of every region, "eu-west-1" and "Europe (Ireland)": those of the public partition first.

    A new region may be missing: what is typed on the command line is taken all the same.
    """
    found: dict[str, str] = {}
    for partition in create_loader().load_data("endpoints").get("partitions", ()):
        # The isolated partitions of some governments have no way in from elsewhere.
        if "iso" not in partition.get("partition", ""):
            for code, about in partition.get("regions", {}).items():
                found.setdefault(clean(code), clean(str(about.get("description", ""))))
    return tuple(found.items())
