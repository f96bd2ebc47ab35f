"""The terminal driver: Textual's own, which takes a screen over that was entered already."""

from __future__ import annotations

import sys

from textual.driver import Driver

_ENTER = "\x1b[?1049h"


def driver_class(*, screen_entered: bool, modes_before: list[object] | None) -> type[Driver] | None:
    """The driver to run with; None for Textual's choice.

    With `screen_entered` the alternate screen shows the first frame: entering it again would clear it, and the
    person would see a flash. `modes_before` are the terminal's modes as the shell had them, in `termios` form: an
    editor that is started from the workbench gets these, not the ones that keep typed-ahead keys unseen.
    """
    if sys.platform == "win32":
        return None
    from textual.drivers.linux_driver import LinuxDriver

    class TakingOver(LinuxDriver):
        """Leaves the first request to enter the alternate screen out; gives back the modes of the shell."""

        _entered = screen_entered

        def start_application_mode(self) -> None:
            super().start_application_mode()  # type: ignore[no-untyped-call]
            if modes_before is not None and self.attrs_before is not None:
                self.attrs_before = list(modes_before)

        def write(self, data: str) -> None:
            if self._entered and data == _ENTER:
                self._entered = False
                return
            super().write(data)

    return TakingOver
