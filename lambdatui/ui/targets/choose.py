"""Asks which target to open instead, and in which region."""

from __future__ import annotations

from textual.app import App

from lambdatui.blocking import call_blocking
from lambdatui.core.target import TargetKind
from lambdatui.core.targets import Address, Offer, RegionOffer
from lambdatui.services import Targets
from lambdatui.ui.dialogs.choose import Choice, Choose

_EMPTY = "There is nothing else to open: no profile in ~/.aws/config, no project in this folder."


async def choose_address(app: App[int], targets: Targets) -> Address | None:
    """The address that was chosen, complete; None when the question was dismissed.

    Raises:
        WorkbenchError: AWS's own settings can't be read.
    """
    offers = await call_blocking(targets.offers)
    choices = [choice_of(offer) for offer in offers]
    chosen = await app.push_screen_wait(
        Choose("Switch target", choices, keys="enter opens · esc stays here", empty=_EMPTY)
    )
    if chosen is None:
        return None
    offer = offers[chosen]
    if offer.address.complete:
        return offer.address
    regions = await call_blocking(targets.regions, offer.address)
    rows = [Choice(region_text(region), "", region.note) for region in regions]
    place = await app.push_screen_wait(
        Choose(f"Region for {offer.title}", rows, keys="enter opens · esc stays here", empty="No region is known.")
    )
    return None if place is None else offer.address.in_region(regions[place].code)


def choice_of(offer: Offer) -> Choice:
    """The row of an offer: production in red before everything else."""
    notes = [
        "PRODUCTION" if offer.production else "",
        "read-only" if offer.read_only else "",
        offer.note,
    ]
    side = "open now" if offer.is_open else offer.origin
    mark, tone = ("●", "$error") if offer.production else (_MARKS[offer.address.kind], "$text-muted")
    return Choice(offer.title, " · ".join(note for note in notes if note), side, mark, tone)


def region_text(region: RegionOffer) -> str:
    """Code and name, both to be found by what is typed."""
    return f"{region.code:<15} {region.words}".rstrip()


_MARKS = {TargetKind.AWS: "○", TargetKind.LOCAL: "▫", TargetKind.DEMO: "▫"}
