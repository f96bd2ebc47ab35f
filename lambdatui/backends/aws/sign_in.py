"""Whether and how AWS credentials are configured, read from the environment and two files: no network, no boto3."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lambdatui.core.errors import InvalidInput
from lambdatui.core.target import AwsPlace

_WAYS = (
    # The keys of a profile that give credentials.
    ("aws_access_key_id",),
    ("sso_session",),
    ("sso_start_url",),
    ("login_session",),
    ("credential_process",),
    ("role_arn", "source_profile"),
    ("role_arn", "credential_source"),
    ("role_arn", "web_identity_token_file"),
)
_VARIABLES = (
    ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"),
    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI",),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile as AWS's files have it.

    `asked` is the name that argv or AWS_PROFILE says, "" for the default one. `values` are its keys in both files;
    `exists` is whether it stands in one. `from_environment` is whether the environment's access key is what counts.
    """

    asked: str
    config_file: Path
    credentials_file: Path
    values: Mapping[str, str] = field(default_factory=dict)
    exists: bool = False
    others: tuple[str, ...] = ()
    from_environment: bool = False
    configured: bool = False
    usual_endpoints: bool = True

    @classmethod
    def of(cls, place: AwsPlace, environment: Mapping[str, str], home: Path) -> Profile:
        """The profile that `place` and the environment name.

        Raises:
            InvalidInput: AWS's own settings can't be read.
        """
        config_file = _file(environment.get("AWS_CONFIG_FILE"), home, "config")
        credentials_file = _file(environment.get("AWS_SHARED_CREDENTIALS_FILE"), home, "credentials")
        asked = place.profile or environment.get("AWS_PROFILE") or environment.get("AWS_DEFAULT_PROFILE") or ""
        profiles = _profiles(config_file, credentials_file)
        values = profiles.get(asked or "default", {})
        # As botocore has it: a profile that argv names wins over the environment's keys, AWS_PROFILE does not.
        has_keys = bool(environment.get("AWS_ACCESS_KEY_ID") and environment.get("AWS_SECRET_ACCESS_KEY"))
        by_variables = not place.profile and any(all(environment.get(name) for name in way) for way in _VARIABLES)
        return cls(
            asked=asked,
            config_file=config_file,
            credentials_file=credentials_file,
            values=values,
            exists=(asked or "default") in profiles,
            others=tuple(profiles),
            from_environment=has_keys and not place.profile,
            configured=by_variables or any(all(values.get(name) for name in way) for way in _WAYS),
            usual_endpoints=not (
                place.endpoint_url
                or any(name.startswith("AWS_ENDPOINT_URL") for name in environment)
                or "endpoint_url" in values
                or "services" in values
            ),
        )

    @property
    def region(self) -> str:
        """The region in the files, "" for none."""
        return self.values.get("region", "")

    @property
    def way(self) -> str:
        """How it signs in, in a few words; "" when it can't."""
        values = self.values
        if self.is_sso:
            return "SSO"
        if "role_arn" in values:
            return "role with MFA" if "mfa_serial" in values else "role"
        if "login_session" in values:
            return "aws login"
        if "credential_process" in values:
            return "credential process"
        return "access key" if "aws_access_key_id" in values else ""

    @property
    def is_sso(self) -> bool:
        """Whether it signs in through IAM Identity Center."""
        return "sso_session" in self.values or "sso_start_url" in self.values

    @property
    def remedy(self) -> str:
        """What to do when its credentials expired, or a code is asked for: a command where there is one."""
        if command := self.command:
            return f"Run: {command}"
        if self.from_environment:
            return "Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew, and start again"
        return f"Renew the keys of profile {self.asked or 'default'} in {self.credentials_file}"

    @property
    def command(self) -> str:
        """The command that signs in, "" when no command does."""
        option = f" --profile {shlex.quote(self.asked)}" if self.asked else ""
        if self.from_environment:
            return ""
        if self.is_sso:
            return f"aws sso login{option}"
        if "login_session" in self.values:
            return f"aws login{option}"
        if "aws_access_key_id" in self.values and "role_arn" not in self.values:
            return ""
        return f"aws sts get-caller-identity{option}"


def credentials_resolve_locally(environment: Mapping[str, str], home: Path) -> bool:
    """Whether credentials and a region are configured: the files and variables are read, nobody is asked.

    Whether they are still good is only known when they are used.
    """
    try:
        profile = Profile.of(AwsPlace(""), environment, home)
    except InvalidInput:
        return False
    return profile.configured and bool(region_of(environment, profile))


def profiles_of(environment: Mapping[str, str], home: Path) -> tuple[Profile, ...]:
    """Every profile of AWS's files, in their order.

    Raises:
        InvalidInput: they can't be read.
    """
    config_file = _file(environment.get("AWS_CONFIG_FILE"), home, "config")
    credentials_file = _file(environment.get("AWS_SHARED_CREDENTIALS_FILE"), home, "credentials")
    found = _profiles(config_file, credentials_file)
    return tuple(
        Profile(name, config_file, credentials_file, values, exists=True, others=tuple(found))
        for name, values in found.items()
    )


def region_of(environment: Mapping[str, str], profile: Profile) -> str:
    """The region that nobody named on the command line, "" for none."""
    return environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or profile.region


def _file(named: str | None, home: Path, name: str) -> Path:
    if named:
        return home / named.removeprefix("~/") if named.startswith("~/") else Path(named)
    return home / ".aws" / name


def _profiles(config_file: Path, credentials_file: Path) -> dict[str, dict[str, str]]:
    profiles: dict[str, dict[str, str]] = {}
    for path, prefix in ((config_file, "profile "), (credentials_file, "")):
        if not os.path.isfile(path):  # noqa: PTH113  # Path.is_file raises in a folder that may not be entered
            continue
        for section, values in _sections(path):
            name = section.strip()
            if prefix and name != "default":
                if not name.startswith(prefix):
                    continue
                name = name.removeprefix(prefix).strip().strip("\"'")
            profiles.setdefault(name, {}).update(values)
    return profiles


def _sections(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    import configparser  # noqa: PLC0415  # only where there is a file

    parser = configparser.RawConfigParser(strict=False, default_section="\0")
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: can't be read", " ".join(str(error).split())) from None
    return [(section, dict(parser.items(section))) for section in parser.sections()]
