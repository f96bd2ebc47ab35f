"""What makes a function run, as lines. Pure."""

from __future__ import annotations

from lambdatui.core.trigger_edits import MAPPING_SETTINGS, MappingSetting
from lambdatui.core.triggers import EventSourceMapping, Statement, Triggers
from lambdatui.core.versions import LATEST, FunctionUrl
from lambdatui.ui.sections.rows import Cell, Column, Heading, Line, Remark, Row, lack

_MAPPINGS = (
    Column("Event source mappings"),
    Column("state", flexible=True),
    Column("batch", 2, right=True),
    Column("window", 3, right=True),
    Column("filters", 3, right=True),
    Column("at once", 4, right=True),
    Column("alias", 5),
    Column("last result", 6, flexible=True),
)
_POLICY = (
    Column("Who may invoke it", flexible=True),
    Column("may", 2, flexible=True),
    Column("from", 1, flexible=True),
    Column("alias", 3),
    Column("statement", 5, flexible=True),
)
_URLS = (Column("Function URLs", flexible=True), Column("who"), Column("mode", 5), Column("alias", 2))


_SHORT = {"lambda:InvokeFunction": "invoke", "lambda:InvokeFunctionUrl": "call its URL"}


def mapping_key(uuid: str) -> str:
    """The key of a mapping's row."""
    return f"mapping {uuid}"


def setting_key(key: str) -> str:
    """The key of the row of one setting of the mapping that is looked at."""
    return f"setting {key}"


def lines_of(read: Triggers, looked_at: EventSourceMapping | None) -> tuple[Line, ...]:
    """The mappings, the settings of the one that is looked at, the policy, the URLs."""
    lines: list[Line] = [Heading(_MAPPINGS, _counted(len(read.mappings), read.is_unread("event source mappings")))]
    lines += [Row(mapping_key(mapping.uuid), _mapping(mapping), _more(mapping)) for mapping in read.mappings]
    if not read.mappings and not read.is_unread("event source mappings"):
        lines.append(Remark("None: no queue, stream or table is read for this function."))
    lines += _lacks(read, "event source mappings")
    hidden = "Theirs are not shown"
    lines += [lack(missing, hidden) for missing in read.unread if missing.part == "aliases"]
    if looked_at is not None:
        lines += _settings(looked_at)
    lines.append(Heading(_POLICY, _counted(len(read.statements), read.is_unread("policy"))))
    lines += [Row(f"statement {index}", _statement(one), _all(one)) for index, one in enumerate(read.statements)]
    if not read.statements and not read.is_unread("policy"):
        lines.append(Remark("No policy: only who has lambda:InvokeFunction in this account."))
    lines += _lacks(read, "policy")
    lines.append(Heading(_URLS, _counted(len(read.urls), read.is_unread("function URLs"))))
    lines += [Row(f"url {url.qualifier}", _url(url), url.url) for url in read.urls]
    if not read.urls and not read.is_unread("function URLs"):
        lines.append(Remark("None."))
    lines += _lacks(read, "function URLs")
    return tuple(lines)


def _settings(mapping: EventSourceMapping) -> list[Line]:
    columns = (Column(f"Settings of {mapping.name}"), Column(flexible=True), Column(rank=1, flexible=True))
    lines: list[Line] = [Heading(columns)]
    for setting in MAPPING_SETTINGS.values():
        if setting.applies(mapping):
            shown, tone = _value(mapping, setting)
            cells = (Cell(setting.label), Cell(shown, tone), Cell(_explained(setting), "muted"))
            lines.append(
                Row(setting_key(setting.key), cells, shown if setting.key == "filters" and shown != "none" else "")
            )
    facts = mapping.facts
    if mapping.last_result:
        facts = (("Last result", mapping.last_result), *facts)
    lines += [Row(f"fact {label}", (Cell(label, "muted"), Cell(value, "muted"), Cell(""))) for label, value in facts]
    return lines


def _value(mapping: EventSourceMapping, setting: MappingSetting) -> tuple[str, str]:
    if setting.key == "enabled":
        return _state(mapping).text, _state(mapping).tone
    if setting.key == "filters" and mapping.filters_unread:
        return f"can't be read: {mapping.filters_unread}", "warning"
    value = mapping.value(setting.key)
    return setting.show(value), "value" if value not in (None, ()) else "muted"


def _explained(setting: MappingSetting) -> str:
    if setting.key == "enabled":
        return "space turns it on and off"
    return " · ".join(dict.fromkeys(filter(None, (setting.hint, setting.help))))


def _mapping(mapping: EventSourceMapping) -> tuple[Cell, ...]:
    filters = "?" if mapping.filters_unread else str(len(mapping.filters)) if mapping.filters else ""
    at_once = mapping.maximum_concurrency if mapping.maximum_concurrency is not None else mapping.parallelization
    return (
        Cell(mapping.name, "value"),
        _state(mapping),
        Cell(_number(mapping.batch_size)),
        Cell("" if mapping.window_s is None else f"{mapping.window_s:,} s"),
        Cell(filters),
        Cell(_number(at_once)),
        Cell(_qualifier(mapping.qualifier), "muted"),
        Cell(mapping.last_result, "warning" if _failed(mapping) else "muted"),
    )


def _state(mapping: EventSourceMapping) -> Cell:
    match mapping.state:
        case "Enabled":
            return Cell("Enabled", "good")
        case "Disabled":
            return Cell("Disabled", "warning")
        case other if not mapping.settled:
            return Cell(f"{other} …", "warning")
        case other:
            return Cell(other or "?")


def _more(mapping: EventSourceMapping) -> str:
    reason = mapping.state_reason if mapping.state_reason.replace("_", " ").lower() != "user initiated" else ""
    return " · ".join(filter(None, (reason, mapping.last_result if _failed(mapping) else "")))


def _failed(mapping: EventSourceMapping) -> bool:
    return mapping.last_result.upper() not in ("", "OK", "NO RECORDS PROCESSED")


def _all(statement: Statement) -> str:
    """A statement in a sentence."""
    may = "may" if statement.effect == "Allow" else f"{statement.effect}:"
    where = f" when {' and '.join(statement.conditions)}" if statement.conditions else ""
    return f"{_who(statement)} {may} {', '.join(statement.actions)}{where}"


def _who(statement: Statement) -> str:
    return "anybody" if statement.principal == "*" else statement.principal


def _statement(statement: Statement) -> tuple[Cell, ...]:
    actions = ", ".join(_SHORT.get(action, action.removeprefix("lambda:")) for action in statement.actions)
    denied = statement.effect not in ("Allow", "")
    tone = "warning" if statement.public else "bad" if denied else "value"
    source = statement.source.removeprefix("arn:aws:") or " and ".join(statement.conditions)
    return (
        Cell(_who(statement), tone),
        Cell(f"{statement.effect}: {actions}" if denied else actions, "muted"),
        Cell(source),
        Cell(_qualifier(statement.qualifier), "muted"),
        Cell(statement.sid, "muted"),
    )


def _url(url: FunctionUrl) -> tuple[Cell, ...]:
    open_to_all = url.auth_type == "NONE"
    return (
        Cell(url.url, "value"),
        Cell("open to all" if open_to_all else url.auth_type, "warning" if open_to_all else "label"),
        Cell(url.invoke_mode.lower().replace("_", " "), "muted"),
        Cell(_qualifier(url.qualifier), "muted"),
    )


def _qualifier(qualifier: str) -> str:
    return "" if qualifier == LATEST else qualifier


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _lacks(read: Triggers, part: str) -> list[Line]:
    return [lack(missing) for missing in read.unread if missing.part.startswith(part)]


def _counted(count: int, unread: bool) -> str:
    return "not known" if unread else f"{count:,}" if count else ""
