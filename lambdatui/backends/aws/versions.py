"""Reads and changes the versions and aliases of functions on AWS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any, assert_never

from lambdatui.backends.aws.busy import POLL_S, when_free
from lambdatui.backends.aws.errors import aws_code
from lambdatui.backends.aws.listing import all_pages, part
from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import mapping, text
from lambdatui.backends.aws.versions_shapes import alias_of, provisioned_of, url_of, version_of
from lambdatui.core.errors import Conflict, InvalidInput, NotFound
from lambdatui.core.reading import Made
from lambdatui.core.version_edits import (
    CreateAlias,
    DeleteAlias,
    DeleteVersion,
    Publish,
    SetProvisioned,
    UpdateAlias,
    VersionEdit,
    difference_of,
    show_provisioned,
)
from lambdatui.core.versions import LATEST, Alias, FunctionUrl, Provisioned, Version, Versions

_NO_PROVISIONED = "ProvisionedConcurrencyConfigNotFoundException"


class AwsVersions:
    """Implements `VersionStore`. Keeps nothing of what it read: each change is guarded by what its caller saw."""

    def __init__(self, session: Session, poll_s: float = POLL_S) -> None:
        self._session = session
        self._poll_s = poll_s

    async def read(self, function_name: str) -> Versions:
        """See `VersionStore.read`."""
        versions, aliases, provisioned, urls = await asyncio.gather(
            part("versions", self._versions(function_name)),
            part("aliases", self._aliases(function_name)),
            part("provisioned concurrency", self._provisioned(function_name)),
            part("function URLs", function_urls(self._session, function_name)),
        )
        return Versions(
            function_name,
            versions[0],
            aliases[0],
            provisioned[0],
            urls[0],
            (*versions[1], *aliases[1], *provisioned[1], *urls[1]),
        )

    async def apply(self, function_name: str, edit: VersionEdit) -> Made[VersionEdit]:
        """See `VersionStore.apply`."""
        match edit:
            case Publish():
                return await self._publish(function_name, edit)
            case DeleteVersion(number):
                await self._delete_version(function_name, number)
                return Made(str(difference_of(edit)), None)
            case CreateAlias(alias):
                return Made(str(difference_of(edit)), DeleteAlias(await self._create_alias(function_name, alias)))
            case UpdateAlias(old, _):
                made = await self._update_alias(function_name, edit)
                return Made(str(difference_of(edit)), UpdateAlias(made, replace(old, revision_id=made.revision_id)))
            case DeleteAlias(alias):
                await self._delete_alias(function_name, alias)
                return Made(str(difference_of(edit)), CreateAlias(alias))
            case SetProvisioned(qualifier, old, new):
                await self._set_provisioned(function_name, edit)
                return Made(str(difference_of(edit)), SetProvisioned(qualifier, new, old))
            case _:
                assert_never(edit)

    async def watch(self, read: Versions) -> AsyncGenerator[Versions, None]:
        """See `VersionStore.watch`: asks only about what is not settled."""
        name = read.function_name
        while not read.settled:
            await asyncio.sleep(self._poll_s)
            versions = await asyncio.gather(*(self._again(name, version) for version in read.versions))
            provisioned = await asyncio.gather(*(self._provisioned_again(name, part) for part in read.provisioned))
            read = replace(
                read, versions=tuple(versions), provisioned=tuple(found for found in provisioned if found is not None)
            )
            yield read

    # -- reading -----------------------------------------------------------------------------------------------------

    async def _versions(self, name: str) -> tuple[Version, ...]:
        entries = await all_pages(self._session, "ListVersionsByFunction", "Versions", FunctionName=name)
        found = [version for entry in entries if (version := version_of(mapping(entry))) is not None]
        return tuple(sorted(found, key=_newest_first))

    async def _aliases(self, name: str) -> tuple[Alias, ...]:
        return await aliases_of(self._session, name)

    async def _provisioned(self, name: str) -> tuple[Provisioned, ...]:
        try:
            entries = await all_pages(
                self._session, "ListProvisionedConcurrencyConfigs", "ProvisionedConcurrencyConfigs", FunctionName=name
            )
        except NotFound as error:
            # A function that is gone is told by its versions. MiniStack knows the one of a qualifier, and no list.
            return await self._provisioned_one_by_one(name) if aws_code(error) == _NO_PROVISIONED else ()
        found = (provisioned_of(mapping(entry)) for entry in entries)
        return tuple(one for one in found if one is not None)

    async def _provisioned_one_by_one(self, name: str) -> tuple[Provisioned, ...]:
        aliases, versions = await asyncio.gather(self._aliases(name), self._versions(name))
        qualifiers = [*(alias.name for alias in aliases), *(version.number for version in versions)]
        asked = [self._provisioned_now(name, qualifier) for qualifier in qualifiers if qualifier != LATEST]
        return tuple([found for found in await asyncio.gather(*asked) if found is not None])

    async def _again(self, name: str, version: Version) -> Version:
        if version.settled:
            return version
        answer = await self._call("GetFunctionConfiguration", FunctionName=name, Qualifier=version.number)
        return version_of(answer) or version

    async def _provisioned_again(self, name: str, provisioned: Provisioned) -> Provisioned | None:
        return provisioned if provisioned.settled else await self._provisioned_now(name, provisioned.qualifier)

    async def _provisioned_now(self, name: str, qualifier: str) -> Provisioned | None:
        try:
            answer = await self._call("GetProvisionedConcurrencyConfig", FunctionName=name, Qualifier=qualifier)
        except NotFound as error:
            if aws_code(error) == _NO_PROVISIONED:
                return None
            raise
        return provisioned_of(answer, qualifier)

    # -- changing ----------------------------------------------------------------------------------------------------

    async def _publish(self, name: str, edit: Publish) -> Made[VersionEdit]:
        seen = {"CodeSha256": edit.code_sha256, "RevisionId": edit.revision_id}
        guard = {key: value for key, value in seen.items() if value}
        try:
            answer = await when_free(
                self._session,
                name,
                lambda: self._change("PublishVersion", FunctionName=name, Description=edit.description, **guard),
                self._poll_s,
            )
        except (Conflict, InvalidInput) as error:
            now = version_of(await self._call("GetFunctionConfiguration", FunctionName=name))
            if now is None or (now.code_sha256, now.revision_id) == (edit.code_sha256, edit.revision_id):
                raise
            mine, theirs = _identity(edit.code_sha256, edit.revision_id), _identity(now.code_sha256, now.revision_id)
            raise Conflict(
                f"{name} changed since it was read",
                "Nothing was published.",
                "Look at what it is now, then publish again.",
                mine=mine,
                theirs=theirs,
            ) from error
        number = text(answer.get("Version"))
        if number == edit.newest:
            return Made(f"Nothing changed since version {number}: there is no new one", None)
        return Made(f"Published version {number}", DeleteVersion(number))

    async def _delete_version(self, name: str, number: str) -> None:
        # Without a qualifier the same call deletes the function with everything that it has.
        if not (number.isascii() and number.isdigit()):
            raise InvalidInput("Only a published version can be deleted here", f"“{number}” is none.")
        try:
            await self._change("DeleteFunction", FunctionName=name, Qualifier=number)
        except Conflict as error:
            hint = "Is an alias leading to it? Move that first."
            raise Conflict(error.title, error.detail, hint) from error

    async def _create_alias(self, name: str, alias: Alias) -> Alias:
        answer = await self._change(
            "CreateAlias",
            FunctionName=name,
            Name=alias.name,
            FunctionVersion=alias.version,
            Description=alias.description,
            **({"RoutingConfig": _routing(alias)} if alias.weights else {}),
        )
        return alias_of(answer)

    async def _update_alias(self, name: str, edit: UpdateAlias) -> Alias:
        old, new = edit.old, edit.new
        wanted: dict[str, Any] = {}
        if (new.version, new.weights) != (old.version, old.weights):
            wanted |= {"FunctionVersion": new.version, "RoutingConfig": _routing(new)}
        if new.description != old.description:
            wanted["Description"] = new.description
        if not old.revision_id:
            await self._check_alias(name, old, new.target)
        guard = {"RevisionId": old.revision_id} if old.revision_id else {}
        try:
            answer = await self._change("UpdateAlias", FunctionName=name, Name=old.name, **guard, **wanted)
        except Conflict as error:
            await self._check_alias(name, old, new.target, error)
            raise
        return alias_of(answer)

    async def _delete_alias(self, name: str, alias: Alias) -> None:
        await self._check_alias(name, alias, "deleted")
        await self._change("DeleteAlias", FunctionName=name, Name=alias.name)

    async def _check_alias(self, name: str, seen: Alias, mine: str, because: Conflict | None = None) -> None:
        """Refuse when the alias is not what was seen."""
        now = alias_of(await self._call("GetAlias", FunctionName=name, Name=seen.name))
        if replace(now, arn="") != replace(seen, arn=""):
            raise Conflict(f"Alias {seen.name} changed since it was read", mine=mine, theirs=_told(now)) from because

    async def _set_provisioned(self, name: str, edit: SetProvisioned) -> None:
        await when_free(self._session, name, lambda: self._set_provisioned_once(name, edit), self._poll_s)

    async def _set_provisioned_once(self, name: str, edit: SetProvisioned) -> None:
        # It has no revision: what stands is read, and compared, before each attempt.
        now = await self._provisioned_now(name, edit.qualifier)
        requested = now.requested if now else None
        if requested == edit.new:
            return
        if requested != edit.old:
            raise Conflict(
                f"Provisioned concurrency of {edit.qualifier} changed since it was read",
                mine=show_provisioned(edit.new),
                theirs=show_provisioned(requested),
            )
        place = {"FunctionName": name, "Qualifier": edit.qualifier}
        if edit.new is None:
            await self._change("DeleteProvisionedConcurrencyConfig", **place)
        else:
            await self._change("PutProvisionedConcurrencyConfig", **place, ProvisionedConcurrentExecutions=edit.new)

    async def _call(self, operation: str, **parameters: Any) -> Any:
        return mapping(await self._session.call("lambda", operation, **parameters))

    async def _change(self, operation: str, **parameters: Any) -> Any:
        # Sent once: a second one after a lost answer would meet its own work and call it a conflict.
        return mapping(await self._session.call("lambda", operation, self._session.once, **parameters))


async def aliases_of(session: Session, name: str) -> tuple[Alias, ...]:
    """Every alias of a function, by name."""
    entries = await all_pages(session, "ListAliases", "Aliases", FunctionName=name)
    found = (alias_of(mapping(entry)) for entry in entries)
    return tuple(sorted((alias for alias in found if alias.name), key=lambda alias: alias.name))


async def function_urls(session: Session, name: str) -> tuple[FunctionUrl, ...]:
    """Every URL of a function, those of its aliases too."""
    entries = await all_pages(session, "ListFunctionUrlConfigs", "FunctionUrlConfigs", FunctionName=name)
    found = (url_of(mapping(entry)) for entry in entries)
    return tuple(url for url in found if url is not None)


def _newest_first(version: Version) -> tuple[bool, int]:
    return version.number != LATEST, -int(version.number) if version.number.isdigit() else 0


def _routing(alias: Alias) -> dict[str, Any]:
    return {"AdditionalVersionWeights": dict(alias.weights)}


def _told(alias: Alias) -> str:
    return f"{alias.target} “{alias.description}”" if alias.description else alias.target


def _identity(code_sha256: str, revision_id: str) -> str:
    return f"code {code_sha256[:12] or 'unknown'}, revision {revision_id[:8] or 'unknown'}"
