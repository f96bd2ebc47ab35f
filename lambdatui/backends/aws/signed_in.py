"""Whether somebody is signed in to AWS, and who is asked for the code of an MFA device."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from lambdatui.backends.aws.sign_in import Profile
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import CredentialsExpired
from lambdatui.core.sign_in import AskCode, CodeRequest

_LOOK_EVERY_S = 2.0
_CACHES = ("sso/cache", "cli/cache", "login/cache")
"""Below ~/.aws: where `aws sso login`, the assumed roles and `aws login` keep what they were given."""


class AnotherCodeWasGiven(Exception):
    """While this call waited to ask, another one was given a code: signing in once more needs none of its own."""


class AwsSignIn:
    """Implements `SignIn` for one profile. Called from the threads that call AWS, and from the event loop."""

    def __init__(self, profile: Profile, home: Path, look_every_s: float = _LOOK_EVERY_S) -> None:
        self._profile = profile
        self._home = home
        self._look_every_s = look_every_s
        self._ask: AskCode | None = None
        self._asking = Lock()
        self._given = 0
        self._refused = False
        self._problem = ""
        self._state: CredentialsExpired | None = None
        self._watchers: list[Callable[[], object]] = []

    # -- the code ----------------------------------------------------------------------------------------------------

    def ask_by(self, ask: AskCode) -> None:
        """See `SignIn.ask_by`."""
        self._ask = ask

    def again(self) -> None:
        """See `SignIn.again`."""
        self._refused = False

    def code(self, _prompt: str) -> str:
        """The code that botocore wants; it would ask on the terminal that the workbench draws on.

        Raises:
            CredentialsExpired: nobody gives one.
            AnotherCodeWasGiven: sign in once more.
        """
        given = self._given
        with self._asking:
            if self._given != given:
                raise AnotherCodeWasGiven
            if self._ask is None or self._refused:
                raise self._needs_code()
            values = self._profile.values
            request = CodeRequest(
                self._profile.asked or "default",
                values.get("mfa_serial", "MFA"),
                values.get("role_arn", ""),
                self._problem,
            )
            code = self._ask(request)
            self._problem = ""
            if code is None:
                self._refused = True
                raise self._needs_code()
            self._given += 1
            return code

    def code_failed(self, reason: str) -> bool:
        """Whether it may be the code that AWS refused, so that it is to be asked for again."""
        if not self._given:
            return False
        self._problem = reason
        return True

    def _needs_code(self) -> CredentialsExpired:
        profile = self._profile
        return CredentialsExpired(
            f"Profile {profile.asked or 'default'} needs an MFA code",
            f"The role {profile.values.get('role_arn', '')} asks for {profile.values.get('mfa_serial', 'MFA')}.",
            profile.remedy,
            command=profile.command,
        )

    # -- whether somebody is signed in ---------------------------------------------------------------------------------

    def told(self, state: CredentialsExpired | None) -> None:
        """A call found that nobody is signed in, or went through."""
        if state is None and self._state is None:
            return
        self._state = state
        for watcher in list(self._watchers):
            with suppress(RuntimeError):  # its loop is closed: nobody watches any more
                watcher()

    async def states(self) -> AsyncGenerator[CredentialsExpired | None, None]:
        """See `SignIn.states`."""
        loop, moved = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(moved.set)

        self._watchers.append(wake)
        shown: CredentialsExpired | None = None
        try:
            while True:
                moved.clear()
                state = self._state
                if state is not shown:
                    shown = state
                    yield state
                else:
                    await moved.wait()
        finally:
            self._watchers.remove(wake)

    async def renewed(self) -> None:
        """See `SignIn.renewed`. Looks at a handful of files every two seconds, while nobody is signed in."""
        before = await call_blocking(self._files)
        while await call_blocking(self._files) == before:  # noqa: ASYNC110  # files wake nobody
            await asyncio.sleep(self._look_every_s)

    def _files(self) -> list[tuple[str, int, int]]:
        paths = [self._profile.config_file, self._profile.credentials_file]
        for folder in _CACHES:
            with suppress(OSError):
                paths += (self._home / ".aws" / folder).iterdir()
        found = []
        for path in paths:
            with suppress(OSError):
                about = path.stat()
                found.append((str(path), about.st_mtime_ns, about.st_size))
        return sorted(found)
