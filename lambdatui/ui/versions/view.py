"""The Versions view: publishes, moves aliases, sets weights and provisioned concurrency, deletes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from textual.binding import Binding

from lambdatui.core.target import Backend, Target
from lambdatui.core.version_edits import (
    CreateAlias,
    DeleteAlias,
    DeleteVersion,
    Publish,
    SetProvisioned,
    UpdateAlias,
    VersionEdit,
    difference_of,
    parse_alias,
    parse_description,
    parse_provisioned,
    parse_target,
    rebased,
    show_provisioned,
)
from lambdatui.core.versions import LATEST, Alias, Version, Versions, VersionStore
from lambdatui.ui.dialogs.confirm import Confirm
from lambdatui.ui.sections.keys import common_keys
from lambdatui.ui.sections.line import Proposed, Same, Verdict
from lambdatui.ui.sections.rows import Line
from lambdatui.ui.sections.view import StoreView
from lambdatui.ui.versions.rows import lines_of


class VersionsView(StoreView[Versions, VersionEdit]):
    """Says what the keys do to versions and aliases; reading, sending and undo are `StoreView`'s."""

    SHORTCUT_SCOPE = "Versions"
    WHAT = "the versions"
    ABSENT = "The local runner keeps no versions: every invocation runs the code that is in the folder now."
    OWN = (
        Binding("enter", "edit", "Edit", id="versions.edit", tooltip="Move the alias, or keep environments ready"),
        Binding("n", "publish", "Publish", id="versions.publish", tooltip="Publish a version of $LATEST"),
        Binding("N", "new_alias", "New alias", id="versions.alias", tooltip="Make an alias for a version"),
        Binding(
            "p",
            "provision",
            "Provisioned",
            id="versions.provisioned",
            tooltip="Keep environments of a version or alias ready",
        ),
        Binding("D", "describe", "Describe", id="versions.describe", show=False, tooltip="Describe the alias"),
        Binding("d,delete", "delete", "Delete", id="versions.delete", tooltip="Delete the version or the alias"),
        Binding("y", "copy", "Copy ARN", id="versions.copy", show=False, tooltip="Copy the ARN of the row"),
        *common_keys("versions", "versions and aliases"),
    )
    BINDINGS = [*OWN]

    def __init__(
        self, backend: Callable[[], Awaitable[Backend]], target: Target, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(backend, target)
        self._clock = clock

    # -- what StoreView asks -----------------------------------------------------------------------------------------

    def store_of(self, backend: Backend) -> VersionStore | None:
        """See `StoreView.store_of`."""
        return backend.versions

    def lines_of(self, read: Versions) -> tuple[Line, ...]:
        """See `StoreView.lines_of`."""
        return lines_of(read, self._clock())

    def told(self, edit: VersionEdit) -> str:
        """See `StoreView.told`."""
        return str(difference_of(edit))

    def under_way(self, read: Versions) -> str:
        """See `StoreView.under_way`."""
        kept = [
            f"{part.qualifier}: {part.allocated:,} of {part.requested:,} allocated"
            for part in read.provisioned
            if not part.settled
        ]
        made = [f"version {version.number} is being made" for version in read.versions if not version.settled]
        return " · ".join([*kept, *made])

    def ended(self, before: Versions, after: Versions) -> None:
        """See `StoreView.ended`."""
        for was in before.provisioned:
            now = after.provisioned_of(was.qualifier)
            if was.settled or now is None or not now.settled:
                continue
            title = f"Provisioned concurrency of {now.qualifier}"
            if now.status == "FAILED":
                self.toast(now.reason or "AWS gives no reason", title=f"{title} failed", severity="error")
            else:
                self.toast(f"{now.available:,} of {now.requested:,} are ready", title=title)
        for made in before.versions:
            version = after.version(made.number)
            if not made.settled and version is not None and version.state == "Failed":
                reason = version.state_reason or "AWS gives no reason"
                self.toast(reason, title=f"Version {version.number} failed", severity="error")

    def rebased(self, edit: VersionEdit, read: Versions) -> VersionEdit:
        """See `StoreView.rebased`."""
        match edit:
            case UpdateAlias(old, _):
                return rebased(edit, read.alias(old.name))
            case DeleteAlias(alias):
                return rebased(edit, read.alias(alias.name))
            case _:
                return edit

    async def allowed(self, edit: VersionEdit) -> bool:
        """What can't be taken back is typed; an alias takes things with it that undo does not bring back."""
        name = self.function.name if self.function else ""
        match edit:
            case DeleteVersion(number):
                return await self.typed(f"{name}:{number}", f"Delete version {number} for good?")
            case DeleteAlias(alias):
                text = f"Its URL, its policy and its provisioned concurrency go with it.\n{self.caution_sentence}"
                title = f"Delete the alias {alias.name}, which leads to {alias.target}?"
                return await self.app.push_screen_wait(Confirm(title, text.strip())) and await super().allowed(edit)
            case _:
                return await super().allowed(edit)

    # -- keys --------------------------------------------------------------------------------------------------------

    @property
    def _alias(self) -> Alias | None:
        kind, _, name = self.list.key.partition(" ")
        return self.shown.alias(name) if self.shown and kind == "alias" else None

    @property
    def _version(self) -> Version | None:
        kind, _, number = self.list.key.partition(" ")
        return self.shown.version(number) if self.shown and kind == "version" else None

    @property
    def _qualifier(self) -> str:
        """The version or alias at the cursor for which environments can be kept ready."""
        alias, version = self._alias, self._version
        if alias is not None:
            return alias.name if alias.version != LATEST else ""
        return version.number if version is not None and version.number != LATEST else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What the row under the cursor has not is dimmed."""
        if super().check_action(action, parameters) is False:
            return False
        match action:
            case "edit":
                return (self.can_change and bool(self.list.key)) or None
            case "publish":
                return (self.can_change and self.shown is not None and self.shown.latest is not None) or None
            case "new_alias":
                return (self.can_change and self.shown is not None and len(self.shown.versions) > 0) or None
            case "provision":
                return (self.can_change and bool(self._qualifier)) or None
            case "describe":
                return (self.can_change and self._alias is not None) or None
            case "delete":
                version = self._version
                deletable = self._alias is not None or (version is not None and version.number != LATEST)
                return (self.can_change and deletable) or None
            case "copy":
                return bool(self.list.key) or None
            case _:
                return super().check_action(action, parameters)

    def action_edit(self) -> None:
        """Change what can be changed of the row."""
        alias, version = self._alias, self._version
        if not self.can_change:
            return
        if alias is not None:
            self.line.open(
                f"Alias {alias.name} leads to", alias.target, "3, or 3 4:10%", lambda text: self._moved_to(alias, text)
            )
        elif version is not None and version.number == LATEST:
            self.action_publish()
        elif version is not None:
            self.action_provision()

    def action_publish(self) -> None:
        """Ask for a description, then publish."""
        if self.shown is not None and self.shown.latest is not None:
            self.line.open("Publish a version, described as", "", "a description, or nothing", self._published)

    def action_new_alias(self) -> None:
        """Ask for a name and a version."""
        if self.shown is None:
            return
        version = self._version or next((v for v in self.shown.versions if v.number != LATEST), None)
        number = version.number if version else LATEST
        self.line.open("New alias", "", f"NAME {number}, or NAME {number} OTHER:10%", self._new_alias)

    def action_provision(self) -> None:
        """Ask how many environments are to be kept ready."""
        qualifier = self._qualifier
        if qualifier and self.shown is not None:
            kept = self.shown.provisioned_of(qualifier)
            text = show_provisioned(kept.requested) if kept else ""
            self.line.open(
                f"Provisioned concurrency of {qualifier}",
                text,
                "a number of executions, or none",
                lambda typed: self._provisioned(qualifier, typed),
            )

    def action_describe(self) -> None:
        """Ask for the alias's description."""
        alias = self._alias
        if alias is not None:
            self.line.open(
                f"{alias.name} is described as", alias.description, "", lambda text: self._described(alias, text)
            )

    def action_delete(self) -> None:
        """Delete the row, once that is confirmed."""
        alias, version = self._alias, self._version
        if alias is not None:
            self.change(DeleteAlias(alias))
        elif version is not None and self.shown is not None:
            used = [alias.name for alias in self.shown.aliases if alias.leads_to(version.number)]
            if used:
                self.toast(
                    f"{', '.join(used)} leads to it: move that first.",
                    title=f"Version {version.number} is in use",
                    severity="warning",
                )
            else:
                self.change(DeleteVersion(version.number))

    def action_copy(self) -> None:
        """Copy the ARN."""
        row = self._alias or self._version
        if row is not None:
            self.post_message(self.Copied(row.arn))

    # -- what is typed -----------------------------------------------------------------------------------------------

    def _moved_to(self, seen: Alias, text: str) -> Verdict[VersionEdit]:
        read = self.shown or Versions("")
        old = read.alias(seen.name) or seen
        version, weights = parse_target(text, [known.number for known in read.versions])
        if (version, weights) == (old.version, old.weights):
            return Same(f"leads to {old.target} · 3 4:10% sends a tenth to version 4 · esc cancels")
        return self._proposed(UpdateAlias(old, replace(old, version=version, weights=weights)))

    def _described(self, seen: Alias, text: str) -> Verdict[VersionEdit]:
        old = (self.shown or Versions("")).alias(seen.name) or seen
        description = parse_description(text)
        if description == old.description:
            return Same("free text, 256 characters")
        return self._proposed(UpdateAlias(old, replace(old, description=description)))

    def _new_alias(self, text: str) -> Verdict[VersionEdit]:
        read = self.shown or Versions("")
        if not text.strip():
            return Same("a name and a version: live 3 · live 3 4:10% sends a tenth to version 4")
        taken = [alias.name for alias in read.aliases]
        return self._proposed(CreateAlias(parse_alias(text, [known.number for known in read.versions], taken)))

    def _published(self, text: str) -> Verdict[VersionEdit]:
        read = self.shown or Versions("")
        latest = read.latest or Version(LATEST)
        newest = next((version for version in read.versions if version.number != LATEST), None)
        same = newest is not None and newest.code_sha256 == latest.code_sha256
        edit = Publish(parse_description(text), latest.code_sha256, latest.revision_id, newest.number if newest else "")
        difference = difference_of(edit)
        note = f"the code is that of version {newest.number}: only settings can differ" if newest and same else ""
        return Proposed(edit, difference.old, difference.new, note)

    def _provisioned(self, qualifier: str, text: str) -> Verdict[VersionEdit]:
        kept = (self.shown or Versions("")).provisioned_of(qualifier)
        old, new = (kept.requested if kept else None), parse_provisioned(text)
        if old == new:
            return Same("kept ready, and paid for while they are; none ends it · esc cancels")
        return self._proposed(
            SetProvisioned(qualifier, old, new), "" if new is None else "paid for until it is removed"
        )

    def _proposed(self, edit: VersionEdit, warning: str = "") -> Proposed[VersionEdit]:
        difference = difference_of(edit)
        return Proposed(edit, difference.old, difference.new, " · ".join(filter(None, (warning, self.caution))))
