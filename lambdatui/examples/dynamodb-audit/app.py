"""A table's stream tells what changed; the function writes it down.

Teaches the typed values of DynamoDB ({"N": "25.5"}) and the three kinds of change: INSERT has only a new image,
REMOVE only an old one, MODIFY both.

On its default event it answers:
    {"INSERT": 1, "MODIFY": 1, "REMOVE": 1}
"""


def handler(event, context):
    counts = {}
    for record in event["Records"]:
        kind, change = record["eventName"], record["dynamodb"]
        counts[kind] = counts.get(kind, 0) + 1
        key = plain({"M": change["Keys"]})
        old, new = (plain({"M": change.get(image, {})}) for image in ("OldImage", "NewImage"))
        changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        print(f"{kind} {key}:", ", ".join(f"{name} {old.get(name)} -> {new.get(name)}" for name in changed))
    return counts


def plain(value):
    """A DynamoDB value as Python has it."""
    ((kind, content),) = value.items()
    if kind == "M":
        return {name: plain(inner) for name, inner in content.items()}
    if kind == "L":
        return [plain(inner) for inner in content]
    if kind == "N":
        return float(content) if "." in content else int(content)
    if kind == "NULL":
        return None
    return sorted(content) if kind in ("SS", "NS", "BS") else content
