"""The terminal driver: Textual's own, which takes a screen over that was entered already."""

from __future__ import annotations

import sys

from textual.driver import Driver

_ENTER = "\x1b[?1049h"


def driver_class(*, screen_entered: bool) -> type[Driver] | None:
    """The driver to run with; None for Textual's choice.

    With `screen_entered` the alternate screen shows the first frame: entering it again would clear it, and the
    person would see a flash.
    """
    if not screen_entered or sys.platform == "win32":
        return None
    from textual.drivers.linux_driver import LinuxDriver

    class TakingOver(LinuxDriver):
        """Leaves the first request to enter the alternate screen out."""

        _entered = True

        def write(self, data: str) -> None:
            if self._entered and data == _ENTER:
                self._entered = False
                return
            super().write(data)

    return TakingOver
