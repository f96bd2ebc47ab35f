"""Names the place on AWS that is meant, from argv, the environment and AWS's own files: no network, no boto3."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from lambdatui.backends.aws.sign_in import Profile, region_of
from lambdatui.core.errors import InvalidInput
from lambdatui.core.target import AwsPlace, Marks, Target, TargetKind
from lambdatui.core.targets import Address

CODE_FOLDER = "/var/task"
"""Where the code of a function is when it runs on AWS."""


def place_of(asked: AwsPlace, environment: Mapping[str, str], home: Path, marks_of: Callable[[str], Marks]) -> Target:
    """The target that `asked` means; what it leaves open is filled in as AWS's own tools do.

    `marks_of` tells how a profile is to be opened. It is asked for AWS_PROFILE also where the environment's keys are
    what counts: tools that set both mean the same account.
    Raises:
        InvalidInput: there is no such profile, or no region is named anywhere.
    """
    profile = Profile.of(asked, environment, home)
    if profile.asked and not profile.exists:
        others = ", ".join(profile.others) or "none"
        origin = "--profile" if asked.profile else "AWS_PROFILE"
        raise InvalidInput(f"{origin} {profile.asked}: there is no such profile", f"There are: {others}.")
    region = asked.region or region_of(environment, profile)
    if not region:
        raise InvalidInput("No AWS region is named", "", "--region NAME, AWS_REGION, or the profile's region")
    place = replace(asked, region=region)
    marks = marks_of(profile.asked or ("" if profile.from_environment else "default"))
    return Target(
        TargetKind.AWS,
        _key(place, profile, environment),
        label_of(place, profile),
        CODE_FOLDER,
        marks.read_only,
        aws=place,
        production=marks.production,
        read_only_origin=marks.read_only_origin,
    )


def places_of(asked: AwsPlace, environment: Mapping[str, str], home: Path, marks_of: Callable[[str], Marks]) -> Target:
    """The target that `asked` means, where regions and profiles may be several, with commas between them.

    Every region of every profile is a part then, with as short a label as tells it from the others. It is production
    when one part is, and read-only when all are: each part keeps to its own mark besides.
    Raises:
        InvalidInput: see `place_of`.
    """
    profiles, regions = _several(asked.profile), _several(asked.region)
    if len(profiles) == len(regions) == 1:
        return place_of(asked, environment, home, marks_of)
    parts: dict[str, Target] = {}
    for profile in profiles:
        for region in regions:
            part = place_of(replace(asked, profile=profile, region=region), environment, home, marks_of)
            here = part.aws.region if part.aws else region
            words = (profile if len(profiles) > 1 else "", here if len(regions) > 1 or len(profiles) == 1 else "")
            parts["/".join(word for word in words if word)] = part
    targets = list(parts.values())
    together = zlib.crc32("\0".join(target.key for target in targets).encode())
    named = f"profiles {', '.join(profiles)}" if len(profiles) > 1 else f"profile {profiles[0]}" if profiles[0] else ""
    label = " · ".join(part for part in (", ".join(filter(None, regions)), named, asked.endpoint_url) if part)
    return Target(
        TargetKind.AWS,
        f"aws-together-{together:08x}",
        label,
        CODE_FOLDER,
        all(target.read_only for target in targets),
        aws=replace(asked, profile=",".join(profiles), region=",".join(regions)),
        production=any(target.production for target in targets),
        read_only_origin=targets[0].read_only_origin,
        parts=tuple(parts.items()),
    )


def _several(text: str) -> list[str]:
    return list(dict.fromkeys(word for part in text.split(",") if (word := part.strip()))) or [""]


def address_of(target: Target, environment: Mapping[str, str], home: Path) -> Address:
    """How `target` is found again, also where AWS_PROFILE says something else by then.

    Raises:
        InvalidInput: AWS's own settings can't be read.
    """
    place = target.aws or AwsPlace("")
    if target.parts:
        return Address(TargetKind.AWS, "", place.profile, place.region, place.endpoint_url)
    profile = Profile.of(place, environment, home)
    name = "" if profile.from_environment or not profile.exists else profile.asked or "default"
    return Address(TargetKind.AWS, "", name, place.region, place.endpoint_url)


def label_of(place: AwsPlace, profile: Profile) -> str:
    """What is known before anybody is asked: "eu-west-1 · profile prod"."""
    named = f"profile {profile.asked}" if profile.asked and not profile.from_environment else ""
    return " · ".join(part for part in (place.region, named, place.endpoint_url) if part)


def _key(place: AwsPlace, profile: Profile, environment: Mapping[str, str]) -> str:
    """A name for the account and region that is the same at every start, and safe in a path."""
    who = profile.asked or "default"
    if profile.from_environment:
        key_id = environment["AWS_ACCESS_KEY_ID"]
        who = environment.get("AWS_ACCOUNT_ID") or account_of(key_id) or f"key-{zlib.crc32(key_id.encode()):08x}"
    checksum = zlib.crc32("\0".join((who, place.region, place.endpoint_url)).encode("utf-8", "surrogateescape"))
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in f"{who}-{place.region}")
    return f"aws-{plain[:60]}-{checksum:08x}"


def account_of(access_key_id: str) -> str:
    """The account that an access key belongs to, "" when the key does not tell.

    Keys since 2019 hold it in bits 1 to 40 after their prefix, in base 32. Session keys change every hour, their
    account does not: what is kept about it must be found again. It names a folder, and nothing depends on it else.
    """
    if len(access_key_id) != 20 or access_key_id[:4] not in ("AKIA", "ASIA"):
        return ""
    try:
        bits = int.from_bytes(base64.b32decode(access_key_id[4:])[:6], "big")
    except binascii.Error:
        return ""
    return f"{(bits & 0x7FFFFFFFFF80) >> 7:012d}"
