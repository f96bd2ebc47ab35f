"""Tells which files in some folders change, as they do."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path
from threading import Event, Thread

_DEBOUNCE_MS = 300
_STEP_MS = 50
_POLL_MS = 1_000
_JOIN_S = 0.3

Changed = frozenset[Path]
_running: dict[Thread, Event] = {}


class FolderWatch:
    """Owns the thread that watches: it calls `tell` with the files that were written, created or removed.

    Only files directly in one of `folders` count; `folders` is asked again when a folder comes or goes. The first call
    is an empty one, once the watch stands. Where the system's notifications are not to be had, and with `polling`,
    the files are looked at once a second.
    """

    def __init__(
        self, folders: Callable[[], Iterable[Path]], tell: Callable[[Changed], None], *, polling: bool = False
    ) -> None:
        self._folders = folders
        self._tell = tell
        self._polling = polling
        self._stop = Event()
        # `awatch` of watchfiles waits in a thread that holds the process open for up to five seconds.
        self._thread = Thread(target=self._run, name="lambdatui-watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        _running[self._thread] = self._stop
        self._thread.start()

    def stop(self) -> None:
        """End; the thread is gone within 50 ms, and nobody waits for it."""
        self._stop.set()

    def _run(self) -> None:
        try:
            _watch_until(self._stop, self._folders, self._tell, polling=self._polling)
        finally:
            _running.pop(self._thread, None)


def _watch_until(
    stop: Event, folders: Callable[[], Iterable[Path]], tell: Callable[[Changed], None], *, polling: bool
) -> None:
    import watchfiles  # noqa: PLC0415  # 40 ms, after the first paint

    while not stop.is_set():
        watched = [folder for folder in folders() if folder.is_dir()]
        if not watched:
            stop.wait(_POLL_MS / 1000)
            continue
        try:
            changes = watchfiles.watch(
                *watched,
                watch_filter=None,
                debounce=_DEBOUNCE_MS,
                step=_STEP_MS,
                stop_event=stop,
                rust_timeout=_STEP_MS,
                yield_on_timeout=True,
                raise_interrupt=False,
                force_polling=polling,
                poll_delay_ms=_POLL_MS,
                recursive=False,
                ignore_permission_denied=True,
            )
            _tell_until_folders_change(changes, frozenset(watched), tell)
        except FileNotFoundError:
            stop.wait(_STEP_MS / 1000)  # a folder went away this moment
        except (OSError, RuntimeError):
            if polling:
                stop.wait(_POLL_MS / 1000)
            polling = True  # no notifications here, or no watches left


def _tell_until_folders_change(
    changes: Iterable[AbstractSet[tuple[object, str]]], watched: Changed, tell: Callable[[Changed], None]
) -> None:
    standing = False
    for batch in changes:
        paths = frozenset(Path(path) for _, path in batch)
        if not standing or paths:
            standing = True
            tell(paths)
        if any(path in watched or path.is_dir() for path in paths):
            return


@atexit.register
def _end_all() -> None:
    # A thread that comes back from native code while the interpreter goes down ends the process with a message.
    for stop in tuple(_running.values()):
        stop.set()
    for thread in tuple(_running):
        thread.join(_JOIN_S)
