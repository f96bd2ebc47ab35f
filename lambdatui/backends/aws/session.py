"""Calls AWS for one profile, region and endpoint: clients are made and used off the event loop."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock
from typing import Any

import boto3
import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, RefreshWithMFAUnsupportedError
from botocore.loaders import Loader, create_loader
from botocore.parsers import ResponseParserError
from botocore.response import StreamingBody
from botocore.utils import JSONFileCache
from urllib3.exceptions import HTTPError

from lambdatui import __version__
from lambdatui.backends.aws.action_log import AwsActionLog
from lambdatui.backends.aws.errors import LONGEST, Call, translated
from lambdatui.backends.aws.keepalive import probe_early
from lambdatui.backends.aws.log_parser import LogParserFactory
from lambdatui.backends.aws.operations import only_reads
from lambdatui.backends.aws.redaction import without_secrets
from lambdatui.backends.aws.sign_in import Profile
from lambdatui.backends.aws.signed_in import AnotherCodeWasGiven, AwsSignIn
from lambdatui.backends.aws.whole_answers import refuse_cut_answers
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import CredentialsExpired, Unsupported, WorkbenchError
from lambdatui.core.target import AwsPlace

CONNECTIONS = 20
"""At once, a client."""

# What is not botocore's own comes from its parser, on an answer that it does not expect.
_PARSER_FAILURES = (ResponseParserError, AttributeError, KeyError, TypeError, ValueError)
_FAILURES = (BotoCoreError, ClientError, HTTPError, OSError, *_PARSER_FAILURES)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one call waits, and how often it is tried in all. Repeated are throttles, 5xx and lost answers."""

    read_timeout_s: float = 20.0
    attempts: int = 4
    connect_timeout_s: float = 5.0


READS = Patience()


class Session:
    """Owns the clients of one target, and translates what goes wrong.

    Never asks on the terminal. When credentials expire it forgets its clients: the call after that reads the
    profile's files anew, so that a command run in another terminal is enough to go on.
    """

    def __init__(
        self,
        place: AwsPlace,
        environment: Mapping[str, str],
        *,
        home: Path,
        read_only: bool = False,
        patience: Patience = Patience(),  # frozen
        actions: Callable[[Profile], AwsActionLog] | None = None,
    ) -> None:
        self.place = place
        self.profile = Profile.of(place, environment, home)
        self.patience = patience
        self.once = replace(patience, attempts=1)
        """For what must not be repeated, or whose throttling the caller wants to see."""
        self._environment = environment
        self._home = home
        self._read_only = read_only
        self.sign_in = AwsSignIn(self.profile, home)
        self.actions = actions(self.profile) if actions else None
        self._lock = RLock()  # what fails while a client is made forgets the clients
        self._boto: boto3.Session | None = None
        self._clients: dict[tuple[str, Patience], Any] = {}
        self._signed_in = 0

    async def call(self, service: str, operation: str, patience: Patience | None = None, /, **parameters: Any) -> Any:
        """One operation, by AWS's names: `await session.call("lambda", "ListFunctions", MaxItems=50)`.

        Returns AWS's answer as boto3 gives it; a streamed body is read whole, as bytes. What may change something is
        sent once, whatever `patience` says.
        Raises:
            WorkbenchError: it failed, see `errors.translated`.
        """
        return await call_blocking(self.call_now, service, operation, patience or self.patience, parameters)

    async def client(self, service: str, patience: Patience | None = None) -> Any:
        """boto3's client, for what `call` can't do; what it raises goes through `translated`.

        Raises:
            WorkbenchError: the profile, its credentials or the region are not usable.
        """
        return await call_blocking(self.client_now, service, patience or self.patience)

    def call_now(self, service: str, operation: str, patience: Patience, parameters: Mapping[str, Any]) -> Any:
        """See `call`; blocks."""
        if not only_reads(service, operation):
            patience = replace(patience, attempts=1)  # whoever calls: what changes something is never repeated
        while True:
            signed_in = self._signed_in
            try:
                answer = self._call_once(service, operation, patience, parameters)
            except _SignInAgain:
                self.forget(signed_in)
                continue
            except CredentialsExpired as error:
                self._told(error, signed_in)
                raise
            self._told(None, signed_in)
            return answer

    def _call_once(self, service: str, operation: str, patience: Patience, parameters: Mapping[str, Any]) -> Any:
        method = getattr(self.client_now(service, patience), xform_name(operation))
        try:
            answer = method(**parameters)
            return {key: value.read() if isinstance(value, StreamingBody) else value for key, value in answer.items()}
        except WorkbenchError:
            raise
        except (AnotherCodeWasGiven, RefreshWithMFAUnsupportedError) as error:
            raise _SignInAgain from error
        except (
            BotoCoreError,
            ClientError,
            HTTPError,
            ResponseParserError,
            OSError,
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
        ) as error:
            told = self._translated(error, service, operation)
            # In the cause too: whoever prints a traceback prints its words.
            error.args = tuple(without_secrets(arg, parameters) if isinstance(arg, str) else arg for arg in error.args)
            told.title = without_secrets(told.title, parameters)[:LONGEST]
            told.detail = without_secrets(told.detail, parameters)[:LONGEST]
            if _assuming_a_role(error) and self.sign_in.code_failed(told.detail or told.title):
                raise _SignInAgain from error
            raise told from error

    def client_now(self, service: str, patience: Patience) -> Any:
        """See `client`; blocks."""
        try:
            with self._lock:
                client = self._clients.get((service, patience))
                if client is None:
                    client = self._clients[service, patience] = self._make_client(service, patience)
                return client
        except (BotoCoreError, OSError, ValueError) as error:
            raise self._translated(error, service, "") from error

    def translated(self, error: Exception, service: str, operation: str) -> WorkbenchError:
        """`error` of a client of one's own in core's words; credentials that expired are forgotten."""
        told = self._translated(error, service, operation)
        if isinstance(told, CredentialsExpired):
            self._told(told, self._signed_in)
        return told

    def _translated(self, error: Exception, service: str, operation: str) -> WorkbenchError:
        call = Call(service, operation, self.place, self.profile, changes=not only_reads(service, operation))
        return translated(error, call)

    def forget(self, signed_in: int | None = None) -> None:
        """Sign in anew with the next call; connections that nobody uses are closed.

        With `signed_in` only if that sign-in still counts: of five calls that fail together the first one forgets.
        """
        with self._lock:
            if signed_in not in (None, self._signed_in):
                return
            self._signed_in += 1
            clients = list(self._clients.values())
            self._boto = None
            self._clients.clear()
        for client in clients:
            client.close()

    def _told(self, error: CredentialsExpired | None, signed_in: int) -> None:
        # A late answer to what was asked with an older sign-in says nothing about this one.
        if error is not None:
            self.forget(signed_in)
            self.sign_in.told(error)
        elif signed_in == self._signed_in:
            self.sign_in.told(None)

    def _make_client(self, service: str, patience: Patience) -> Any:
        if self._boto is None:
            self._boto = self._sign_in()
        config = Config(
            connect_timeout=patience.connect_timeout_s,
            read_timeout=patience.read_timeout_s,
            retries={"mode": "standard", "total_max_attempts": patience.attempts},
            max_pool_connections=CONNECTIONS,
            tcp_keepalive=True,  # an answer may take 15 minutes, and middleboxes forget silent connections before
            user_agent_extra=f"lambdatui/{__version__}",
            # A private endpoint has no host stream-….
            inject_host_prefix=None if self.profile.usual_endpoints else False,
        )
        # The type of `service` is a literal of 400 names in the stubs.
        make: Any = self._boto.client
        client = make(service, endpoint_url=self.place.endpoint_url or None, config=config)
        probe_early(client)
        refuse_cut_answers(client, patience.attempts)
        return client

    def _sign_in(self) -> boto3.Session:
        profile = self.profile
        session = botocore.session.Session(profile=profile.asked or None)
        session.register_component("data_loader", _shared_loader())
        session.register_component("response_parser_factory", LogParserFactory())
        session.set_config_variable("config_file", str(profile.config_file))
        session.set_config_variable("credentials_file", str(profile.credentials_file))
        session.set_config_variable("region", self.place.region)
        if profile.from_environment:
            key, secret = self._environment["AWS_ACCESS_KEY_ID"], self._environment["AWS_SECRET_ACCESS_KEY"]
            session.set_credentials(key, secret, self._environment.get("AWS_SESSION_TOKEN"))
        else:
            role = session.get_component("credential_provider").get_provider("assume-role")
            # The AWS CLI's own cache: who gave the MFA code there is not asked again here.
            role.cache = JSONFileCache(str(self._home / ".aws" / "cli" / "cache"))
            # No public way to replace it, and its default reads the terminal that the workbench draws on.
            role._prompter = self.sign_in.code  # noqa: SLF001
        if self.actions is not None:
            self.actions.listen(session)
        if self._read_only:
            refuse = functools.partial(_refuse_changes, self.actions)
            session.register("before-call", refuse)
        return boto3.Session(botocore_session=session)


class _SignInAgain(Exception):
    """The call is made once more, with credentials of its own."""


def _assuming_a_role(error: Exception) -> bool:
    """Whether it was AssumeRole that failed, which botocore calls by itself."""
    return isinstance(error, ClientError) and error.operation_name == "AssumeRole"


def _refuse_changes(
    actions: AwsActionLog | None, *, model: Any, params: Mapping[str, Any], context: Mapping[str, Any], **_: Any
) -> None:
    """Stop what is not on the list of reading operations. Called by botocore before each request, whoever makes it.

    Raises:
        Unsupported: it could change something.
    """
    service, operation = model.service_model.service_name, model.name
    is_dry_run = params["headers"].get("X-Amz-Invocation-Type") == "DryRun"
    if not (only_reads(service, operation) or is_dry_run):
        if actions is not None:
            actions.not_sent(context, "not sent: read-only")
        raise Unsupported(f"Read-only: {service}:{operation} is not sent", "The target was opened read-only.")


@functools.cache
def _shared_loader() -> Loader:
    # Parsing the models takes longer than all else in making a client: each is parsed once.
    return create_loader()
