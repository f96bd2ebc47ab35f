"""Opens the workbench: the last known screen at once, then the live one over it."""

from __future__ import annotations

import gc
import os
import sys

from lambdatui.cli import first_frame

TYPE_CHECKING = False  # importing typing to ask for it costs 4 ms
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambdatui.cli.options import TargetOptions
    from lambdatui.services import Services
    from lambdatui.ui.app import LambdatuiApp


def open_workbench(words: Sequence[str], options: TargetOptions) -> int:
    """Run the workbench on the terminal; the process's exit code."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("lambdatui needs a terminal. `lambdatui --help` lists the commands for scripts.", file=sys.stderr)
        return 2
    if os.environ.get("TERM") == "dumb":
        print(
            "lambdatui can't draw on this terminal: TERM is “dumb”. `lambdatui --help` lists the commands that print.",
            file=sys.stderr,
        )
        return 2
    # 130 collections run while a Textual app starts, 40 ms in all: none before the first paint.
    gc.disable()
    size = os.get_terminal_size(sys.stdout.fileno())
    frame_path = first_frame.frame_file(words, os.getcwd(), (size.columns, size.lines), os.environ)
    _end_politely()
    before = first_frame.hush(sys.stdin.fileno())
    shown = False
    try:
        shown = first_frame.show(frame_path, sys.stdout.fileno())
        return _run(options, frame_path, shown=shown, modes_before=before)
    except BaseException as error:
        # One that comes while the picture is shown finds `shown` unset still.
        if shown or isinstance(error, KeyboardInterrupt | SystemExit):
            _leave_screen()
        if isinstance(error, KeyboardInterrupt):
            return 130
        if isinstance(error, Exception):
            return _tell_of_crash(error)
        raise
    finally:
        first_frame.restore(sys.stdin.fileno(), before)


def _run(options: TargetOptions, frame_path: str, *, shown: bool, modes_before: list[object] | None) -> int:
    from lambdatui.cli.compose import compose
    from lambdatui.core.errors import WorkbenchError

    try:
        services = compose(options, os.environ)
        if services.settings.keymap:
            from lambdatui.ui.keymap import binding_ids

            services.settings.check_keymap(binding_ids())
    except WorkbenchError as error:
        if shown:
            _leave_screen()
        print(f"lambdatui: {error}", file=sys.stderr)
        return 2
    try:
        return _live(services, frame_path=frame_path, shown=shown, modes_before=modes_before)
    finally:
        services.close()


def _tell_of_crash(error: BaseException) -> int:
    from lambdatui.cli.crash import tell_of_crash

    return tell_of_crash(error, os.environ)


def _end_politely() -> None:
    # Until the app takes the signals over: a process that just dies leaves its picture, and the echo off.
    # The module `signal` wraps this one in enums, which would cost the first frame 4 ms.
    import _signal as signal  # type: ignore[import-not-found]

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def _leave_screen() -> None:
    # At once: what is said on stderr would else be part of the screen that is left.
    sys.stdout.write(first_frame.LEAVE_SCREEN)
    sys.stdout.flush()


def _live(services: Services, *, frame_path: str, shown: bool, modes_before: list[object] | None) -> int:
    from lambdatui.ui.app import LambdatuiApp
    from lambdatui.ui.frame import frame_of
    from lambdatui.ui.terminal import driver_class

    def keep(app: LambdatuiApp) -> None:
        if frame := frame_of(app):
            first_frame.keep(frame_path, frame)

    driver = driver_class(screen_entered=shown, modes_before=modes_before)
    app = LambdatuiApp(services, on_listed=keep, driver_class=driver)
    try:
        code = app.run(mouse=services.settings.mouse)
    finally:
        app.services.close()  # those of the target that was looked at last
    if app.crash is not None:
        return _tell_of_crash(app.crash)
    if app.unfinished:
        from lambdatui.core.text import clean

        print("\n".join(f"Sent, and its end is not known: {clean(change)}" for change in app.unfinished))
    if app.kept_events:
        one = app.kept_events == 1
        events = "1 async event is" if one else f"{app.kept_events} async events are"
        print(f"{events} kept in the queue and {'goes' if one else 'go'} on at the next start.")
    return code if code is not None else app.return_code or 0
