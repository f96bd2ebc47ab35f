"""Arguments whose values the shell can complete: from what is on disk, without starting the target."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import click
from click.shell_completion import CompletionItem

from lambdatui.cli.session import Asked
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.events import EventEntry, EventSource


class FunctionName(click.types.StringParamType):
    """The name of a function; completed from the list as it was last seen."""

    name = "function"

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002  # click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """The known names that begin with `incomplete`."""
        with suppress(WorkbenchError, click.UsageError):  # Tab is no place for an error
            asked = ctx.ensure_object(Asked)
            services = asked.composer(asked.target_options(), asked.environment)
            try:
                known = services.functions.load()
            finally:
                services.close()
            functions = known.functions if known else ()
            return [CompletionItem(f.name, help=f.runtime) for f in functions if f.name.startswith(incomplete)]
        return []


class EventName(click.types.StringParamType):
    """The name of an event of the function; with `files` also any file. `sources` limits what is offered."""

    name = "event"

    def __init__(self, *, files: bool = False, sources: Sequence[EventSource] = tuple(EventSource)) -> None:
        self._files = files
        self._sources = tuple(sources)

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002  # click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """The names that begin with `incomplete`, those of the function first."""
        # The shells take a "file" entry as leave to complete paths when no name fits.
        items = [CompletionItem(incomplete, type="file")] if self._files else []
        with suppress(WorkbenchError, click.UsageError):
            items += [
                CompletionItem(entry.name, help=entry.source.value)
                for entry in self._entries(ctx)
                if entry.source in self._sources and entry.name.startswith(incomplete)
            ]
        return items

    def _entries(self, ctx: click.Context) -> tuple[EventEntry, ...]:
        asked = ctx.ensure_object(Asked)
        services = asked.composer(asked.target_options(), asked.environment)
        try:
            # While `-e` waits for its value click leaves the arguments unread.
            function = ctx.params.get("function") or next(iter(ctx.args), "")
            return asyncio.run(services.events.entries(function))
        finally:
            services.close()
