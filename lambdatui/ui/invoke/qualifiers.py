"""Asks which version or alias a function is to be invoked by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.app import App

from lambdatui.core.versions import LATEST, Versions, VersionStore
from lambdatui.ui.dialogs.choose import Choice, Choose
from lambdatui.ui.dialogs.prompt import Prompt

_QUALIFIER = re.compile(r"\$LATEST(?:\.PUBLISHED)?|[A-Za-z0-9_$-]{1,128}")
TYPED = "another …"


async def choose_qualifier(app: App[object], store: VersionStore, function_name: str, current: str) -> str | None:
    """Ask which version or alias to invoke by; None leaves it as it is.

    Raises:
        WorkbenchError: the versions can't be read at all.
    """
    read = await store.read(function_name)
    names = qualifiers_of(read, current)
    index = await app.push_screen_wait(qualifier_dialog(read, current))
    if index is None:
        return None
    if index < len(names):
        return names[index]
    typed = await app.push_screen_wait(qualifier_prompt(function_name, current))
    return None if typed is None else typed.strip()


def qualifiers_of(read: Versions, current: str) -> list[str]:
    """What can be chosen: `$LATEST`, the aliases, the versions newest first; what is in use is always among them."""
    names = [LATEST, *(alias.name for alias in read.aliases), *(v.number for v in read.versions)]
    return list(dict.fromkeys([*names, current]))


def qualifier_dialog(read: Versions, current: str) -> Choose:
    """Asks for one of `qualifiers_of`; the index behind them means that it is to be typed."""
    names = qualifiers_of(read, current)
    choices = [_choice(read, name, current=name == current) for name in names]
    missing = [unread.part for unread in read.unread if unread.part in ("versions", "aliases")]
    note = f"{' and '.join(missing)} can't be read: type its name" if missing else "type a version or an alias"
    choices.append(Choice(TYPED, note, mark=" "))
    return Choose(
        f"Invoke {read.function_name} by", choices, keys="enter invokes by it from now on · esc closes", empty=""
    )


def qualifier_prompt(function_name: str, current: str) -> Prompt:
    """Asks for the name of a version or alias."""
    return Prompt(f"Version or alias of {function_name}", current, problem_of_qualifier)


def problem_of_qualifier(text: str) -> str:
    """Why `text` names no version or alias, "" when it may."""
    return "" if _QUALIFIER.fullmatch(text.strip()) else "A version's number, an alias, or $LATEST"


def _choice(read: Versions, name: str, *, current: bool) -> Choice:
    mark = "●" if current else " "
    alias = read.alias(name)
    if alias is not None:
        note = " · ".join(part for part in (f"alias → {alias.target}", alias.description) if part)
        return Choice(name, note, _side(current), mark, "$success")
    version = read.version(name)
    led = _aliases_to(read, name)
    parts: Sequence[str] = ()
    if version is not None:
        state = version.state if version.state not in ("", "Active") else ""
        stamp = f"{version.modified_at:%Y-%m-%d %H:%M}" if version.modified_at else ""
        parts = (version.description, stamp, state, led)
    kind = "the code as it is now" if name == LATEST else "version" if version is not None else "as chosen before"
    return Choice(name, " · ".join([kind, *(part for part in parts if part)]), _side(current), mark, "$success")


def _side(current: bool) -> str:
    return "in use" if current else ""


def _aliases_to(read: Versions, version: str) -> str:
    names = [alias.name for alias in read.aliases if alias.leads_to(version)]
    return f"← {', '.join(names)}" if names else ""
