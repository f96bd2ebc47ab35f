"""What one command works with: the options it was given, its output, and the parts that serve its target."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import click

from lambdatui.cli.codes import ask_on_terminal
from lambdatui.cli.exits import Stopped
from lambdatui.cli.options import OPTIONS, TargetOptions
from lambdatui.cli.output import Output
from lambdatui.core.cost import cost_usd
from lambdatui.core.errors import NotFound, Unsupported
from lambdatui.core.invocation import Completed
from lambdatui.core.log_invocations import Invocation
from lambdatui.core.target import Backend
from lambdatui.services import Services

Composer: TypeAlias = Callable[[TargetOptions, Mapping[str, str]], Services]
"""Makes the services for a command line and an environment; raises what `wiring` raises."""

MAY_TAKE_EFFECT = "it was sent, and may still take effect: look at what stands"


def compose(options: TargetOptions, environment: Mapping[str, str]) -> Services:
    """The services of the real program, see `compose.compose`."""
    from lambdatui.cli import compose as real  # noqa: PLC0415  # `--version` and `--help` need none of it

    return real.compose(options, environment)


@dataclass(slots=True)
class Asked:
    """What click has gathered so far; group and command write into the same one."""

    environment: Mapping[str, str] = field(default_factory=dict)
    composer: Composer = compose
    chosen: dict[str, Any] = field(default_factory=dict)

    def target_options(self) -> TargetOptions:
        """The target's options.

        Raises:
            click.UsageError: two targets.
        """
        names = {option.field for option in OPTIONS}
        options = TargetOptions(**{name: value for name, value in self.chosen.items() if name in names})
        if options.conflict:
            raise click.UsageError(f"{options.conflict} name two targets: give one of them.")
        return options

    def output(self) -> Output:
        """Where this command writes."""
        return Output(bool(self.chosen.get("json")), self.chosen.get("color"), bool(self.environment.get("NO_COLOR")))


@dataclass(frozen=True, slots=True)
class Workplace:
    """The open backend, and the parts beside it."""

    services: Services
    backend: Backend

    def cost_usd(self, function: str, completed: Completed | None) -> float | None:
        """What the invocation would cost on AWS; None without a report. The architecture is the last known one."""
        if completed is None or completed.report is None:
            return None
        known = self.services.functions.load()
        summaries = known.functions if known else ()
        architecture = next((known.architecture for known in summaries if known.name == function), "x86_64")
        return cost_usd(completed.report, architecture, self.services.settings.prices)

    def cost_of(self) -> Callable[[Invocation], float | None]:
        """What invocations of the log would cost on AWS; the architectures are the last known ones."""
        known = self.services.functions.load()
        architectures = {summary.name: summary.architecture for summary in known.functions} if known else {}
        prices = self.services.settings.prices
        return lambda row: row.cost_usd(architectures.get(row.function_name, "x86_64"), prices)


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one command. Owns the lifetime of what it opens."""

    asked: Asked
    output: Output

    @classmethod
    def of(cls, asked: Asked) -> Session:
        """The session that the command line asks for."""
        return cls(asked, asked.output())

    @contextmanager
    def services(self) -> Iterator[Services]:
        """The parts that need no backend."""
        services = self.asked.composer(self.asked.target_options(), self.asked.environment)
        try:
            if services.target.note:
                self.output.say(services.target.note, "dim")
            yield services
        finally:
            services.close()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Workplace]:
        """All parts. A function that is not found is told with the names that come near."""
        with self.services() as services:
            backend = await services.open_backend()
            if backend.sign_in is not None:
                backend.sign_in.ask_by(ask_on_terminal)
            try:
                yield Workplace(services, backend)
            finally:
                await backend.close()

    @contextmanager
    def sending(self, told: str, sent: Callable[[], bool] = lambda: True) -> Iterator[None]:
        """Says `told` when Ctrl-C ends the waiting within: what was `sent` by then is not taken back by it."""
        try:
            yield
        except asyncio.CancelledError:
            if sent():
                self.output.say(told, "warning")
            raise

    @asynccontextmanager
    async def naming(self, backend: Backend, *names: str) -> AsyncIterator[None]:
        """Adds to a `NotFound` raised within which of `names` are no functions, and what comes near them."""
        try:
            yield
        except NotFound as error:
            known = [function.name async for page in backend.catalogue.pages() for function in page.functions]
            missing = [name for name in names if name not in known]
            if not missing:
                raise
            hint = f"{near_names(missing[0], known)} `lambdatui ls` lists them.".strip()
            raise NotFound(error.title, error.detail, hint) from error


def refuse_if_read_only(services: Services, what: str) -> None:
    """Stop what would change something.

    Raises:
        Unsupported: the target is read-only.
    """
    if services.target.read_only:
        origin = services.target.read_only_origin or services.settings.origins.get("read_only", "--read-only")
        raise Unsupported(f"Read-only: {what}", f"{origin} says so.")


def near_names(name: str, known: list[str]) -> str:
    """A sentence with those of `known` that may be meant; "" when none comes near."""
    from difflib import get_close_matches  # noqa: PLC0415  # only when something is missing

    near = get_close_matches(name.lower(), [candidate.lower() for candidate in known], n=3, cutoff=0.5)
    names = [next(candidate for candidate in known if candidate.lower() == word) for word in dict.fromkeys(near)]
    return f"Near it: {', '.join(names)}." if names else ""


def run_to_end(command: Coroutine[Any, Any, int]) -> int:
    """Run a command. Ctrl-C, SIGTERM and SIGHUP cancel it, so that it ends what it started.

    Raises:
        KeyboardInterrupt: after Ctrl-C.
        Stopped: after another signal.
    """

    async def stoppable() -> int:
        loop = asyncio.get_running_loop()
        received: list[int] = []

        def stop(number: int) -> None:
            received.append(number)
            task.cancel()

        task = asyncio.ensure_future(command)

        for number in (signal.SIGTERM, signal.SIGHUP):
            # Under nohup a hang-up is ignored, and stays so.
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, stop, number)
        try:
            return await task
        except asyncio.CancelledError:
            if received:
                raise Stopped(received[0]) from None
            raise

    return asyncio.run(stoppable())
