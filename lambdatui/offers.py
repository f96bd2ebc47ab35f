"""What could be opened instead of the target at hand, found in the user's own files.

What reads them is imported when it is asked for: the first frame waits for this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lambdatui.core.remembered import Memory
from lambdatui.core.target import Target, TargetKind
from lambdatui.core.targets import Address, Offer, RegionOffer, recent_first
from lambdatui.services import Services
from lambdatui.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lambdatui.backends.aws.sign_in import Profile

_ENVIRONMENT_KEYS = "keys of the environment"


@dataclass(frozen=True, slots=True)
class FoundTargets:
    """Implements `Targets` from AWS's files, the folder that the program was started in, and what was opened before.

    `open_address` puts the parts of an address together.
    """

    target: Target
    settings: Settings
    environment: Mapping[str, str]
    home: Path
    cwd: Path
    memory: Memory
    open_address: Callable[[Address], Services]

    def offers(self) -> tuple[Offer, ...]:
        """See `Targets.offers`. The target at hand stands last: Enter goes to another one."""
        profiles = self._profiles()
        here = self._here()
        recent = [self._recent(address, profiles, here) for address in self.memory.load().recent_targets]
        known = [offer for offer in recent if offer is not None]
        listed = {offer.address for offer in known}
        known += [offer for offer in self._others(profiles, here) if offer.address not in listed]
        return tuple(sorted(known, key=lambda offer: offer.is_open))

    def regions(self, address: Address) -> tuple[RegionOffer, ...]:
        """See `Targets.regions`."""
        from lambdatui.backends.aws.regions import known_regions  # noqa: PLC0415  # brings botocore

        words = dict(known_regions())
        recent = [one for one in self.memory.load().recent_targets if one.kind is TargetKind.AWS]
        notes = {one.region: "recent" for one in recent if one.profile == address.profile}
        if address.profile:
            profile = self._profiles().get(address.profile)
            own = profile.region if profile else ""
        else:
            own = self.environment.get("AWS_REGION") or self.environment.get("AWS_DEFAULT_REGION") or ""
        if own:
            notes[own] = "recent, the profile's" if own in notes else "the profile's"
        for one in recent:
            notes.setdefault(one.region, "recent elsewhere")
        return tuple(RegionOffer(code, words.get(code, ""), notes.get(code, "")) for code in {**notes, **words})

    def open(self, address: Address) -> Services:
        """See `Targets.open`."""
        return self.open_address(address)

    def remember(self) -> None:
        """See `Targets.remember`."""
        remembered = self.memory.load()
        known = recent_first(self._here(), remembered.recent_targets)
        if known != remembered.recent_targets:
            self.memory.save(replace(remembered, recent_targets=known))

    def _profiles(self) -> Mapping[str, Profile]:
        from lambdatui.backends.aws.sign_in import profiles_of  # noqa: PLC0415  # see this module's docstring

        return {profile.asked: profile for profile in profiles_of(self.environment, self.home)}

    def _here(self) -> Address:
        if self.target.kind is TargetKind.AWS:
            from lambdatui.backends.aws.place import address_of  # noqa: PLC0415  # see this module's docstring

            return address_of(self.target, self.environment, self.home)
        return Address(self.target.kind, self.target.path if self.target.kind is TargetKind.LOCAL else "")

    def _recent(self, address: Address, profiles: Mapping[str, Profile], here: Address) -> Offer | None:
        if address.kind is TargetKind.LOCAL and not Path(address.path).is_dir():
            return None
        if address.kind is not TargetKind.AWS:
            return self._on_this_machine(address, "recent", here)
        # Several, when places were listed together.
        named = address.profile.split(",")
        if any(name not in profiles and not (name == "" and self._has_keys) for name in named):
            return None
        profile = profiles.get(named[0])
        name = address.profile or _ENVIRONMENT_KEYS
        return self._on_aws(address, f"{name} · {address.region}", profile, "recent", here)

    def _others(self, profiles: Mapping[str, Profile], here: Address) -> Iterator[Offer]:
        from lambdatui.backends.local.project.folders import is_project  # noqa: PLC0415  # brings the YAML reader

        if self._has_keys:
            yield self._on_aws(Address(TargetKind.AWS), _ENVIRONMENT_KEYS, None, "environment", here)
        for name, profile in profiles.items():
            if profile.way:
                yield self._on_aws(Address(TargetKind.AWS, profile=name), name, profile, "profile", here)
        if is_project(self.cwd):
            yield self._on_this_machine(Address(TargetKind.LOCAL, str(self.cwd.resolve())), "this folder", here)
        yield self._on_this_machine(Address(TargetKind.DEMO), "examples", here)

    def _on_this_machine(self, address: Address, origin: str, here: Address) -> Offer:
        if address.kind is TargetKind.DEMO:
            return Offer(address, "demo", "the functions that ship with lambdatui", origin, is_open=address == here)
        folder = Path(address.path)
        return Offer(
            address,
            folder.name or address.path,
            address.path,
            origin,
            read_only=self.settings.read_only,
            is_open=address == here,
        )

    def _on_aws(self, address: Address, title: str, profile: Profile | None, origin: str, here: Address) -> Offer:
        marks = [self.settings.marks_of(name) for name in address.profile.split(",")]
        production, read_only = any(one.production for one in marks), all(one.read_only for one in marks)
        region = profile.region if profile and not address.region else ""
        way = profile.way if profile else ""
        note = " · ".join(part for part in (region, way, address.endpoint_url) if part)
        return Offer(address, title, note, origin, production, read_only, address == here)

    @property
    def _has_keys(self) -> bool:
        return bool(self.environment.get("AWS_ACCESS_KEY_ID") and self.environment.get("AWS_SECRET_ACCESS_KEY"))
