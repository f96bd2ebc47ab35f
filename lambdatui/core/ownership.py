"""Who made a function, as its tags tell: what is changed by hand drifts from what made it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

_OWNERS = {
    "aws:cloudformation:stack-name": "the CloudFormation stack",
    "terraform": "Terraform",
    "pulumi:stack": "the Pulumi stack",
}
_TOOLS = ("terraform", "opentofu", "pulumi", "cdk", "cloudformation")


def owner_of(tags: Mapping[str, str]) -> str:
    """The stack that made the function, such as "the CloudFormation stack photos"; "" when its tags don't tell."""
    for key, owner in _OWNERS.items():
        found = next((value for name, value in tags.items() if name.lower() == key), None)
        if found is not None:
            return f"{owner} {found}".strip() if key != "terraform" else owner
    managed = next((value for name, value in tags.items() if name.lower().replace("-", "") == "managedby"), "")
    return managed if managed.lower() in _TOOLS else ""
