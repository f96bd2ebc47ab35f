"""Puts open backends together into one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from lambdatui.backends.together.catalogue import TogetherCatalogue
from lambdatui.backends.together.invoker import TogetherFailedEvents, TogetherInvocationLogs, TogetherInvoker
from lambdatui.backends.together.logs import together_logs
from lambdatui.backends.together.places import Places
from lambdatui.backends.together.stores import (
    TogetherConfiguration,
    TogetherInsights,
    TogetherInspector,
    TogetherLayers,
    TogetherTriggers,
    TogetherVersions,
)
from lambdatui.backends.together.watching import TogetherActions, TogetherSignIn, identities
from lambdatui.core.target import Backend, Target


def open_together(target: Target, backends: Mapping[str, Backend]) -> Backend:
    """The ports of all `backends`, by the label of their place, as one target. It owns them: closing it closes them."""
    places = Places(backends)
    opened = list(backends.values())
    sign_ins = [one.sign_in for one in opened if one.sign_in is not None]
    actions = [one.actions for one in opened if one.actions is not None]

    async def close() -> None:
        await asyncio.gather(*(one.close() for one in opened))

    return Backend(
        target=target,
        catalogue=TogetherCatalogue(places),
        invoker=TogetherInvoker(places),
        logs=together_logs(places),
        configuration=TogetherConfiguration(places),
        close=close,
        identity=lambda: identities(opened),
        invocation_logs=TogetherInvocationLogs(places),
        failed_events=TogetherFailedEvents(places),
        versions=TogetherVersions(places),
        triggers=TogetherTriggers(places),
        layers=TogetherLayers(places),
        inspector=TogetherInspector(places),
        sign_in=TogetherSignIn(sign_ins) if sign_ins else None,
        actions=TogetherActions(actions) if actions else None,
        insights=TogetherInsights(places),
    )
