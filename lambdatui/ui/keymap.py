"""Every binding that a keymap may change."""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import Binding
from textual.dom import DOMNode

from lambdatui.ui import app
from lambdatui.ui.bulk import screen as bulk
from lambdatui.ui.configuration import view
from lambdatui.ui.detail import concurrency, screen
from lambdatui.ui.dialogs import choose, confirm, prompt, reader
from lambdatui.ui.events import conflict, picker
from lambdatui.ui.invoke import options_dialog
from lambdatui.ui.logs import detail
from lambdatui.ui.triggers import view as triggers
from lambdatui.ui.versions import view as versions

_LOADED = (
    app,
    bulk,
    choose,
    concurrency,
    confirm,
    conflict,
    detail,
    options_dialog,
    picker,
    prompt,
    reader,
    screen,
    triggers,
    versions,
    view,
)
"""Importing these brings every class with bindings into being."""


def binding_ids() -> frozenset[str]:
    """The ids of all bindings of the workbench and its dialogs, such as "invoke.sync"."""
    own = (kind for kind in _subclasses(DOMNode) if kind.__module__.startswith("lambdatui.ui."))
    return frozenset(
        binding.id
        for kind in own
        for binding in kind.__dict__.get("BINDINGS", ())
        if isinstance(binding, Binding) and binding.id
    )


def _subclasses(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
