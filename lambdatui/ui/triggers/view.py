"""The Triggers view: turns event source mappings on and off, and changes how they read their source."""

from __future__ import annotations

from textual import on, work
from textual.binding import Binding

from lambdatui.core.target import Backend
from lambdatui.core.trigger_edits import MAPPING_SETTINGS, MappingSetting, SetMapping, warning_of
from lambdatui.core.triggers import EventSourceMapping, Triggers, TriggerStore
from lambdatui.ui.dialogs.confirm import Confirm
from lambdatui.ui.sections.keys import common_keys
from lambdatui.ui.sections.line import Proposed, Same, Verdict
from lambdatui.ui.sections.list import SectionList
from lambdatui.ui.sections.rows import Line
from lambdatui.ui.sections.view import StoreView
from lambdatui.ui.triggers.filters import FiltersDialog
from lambdatui.ui.triggers.rows import lines_of, setting_key


class TriggersView(StoreView[Triggers, SetMapping]):
    """Says what the keys do to a mapping; reading, sending and undo are `StoreView`'s."""

    SHORTCUT_SCOPE = "Triggers"
    WHAT = "the triggers"
    ABSENT = "The local runner has no triggers: functions run when you invoke them, or one of them invokes another."
    OWN = (
        Binding("enter", "edit", "Edit", id="triggers.edit", tooltip="Change the setting; on a mapping: go to them"),
        Binding("space", "switch", "On/off", id="triggers.switch", tooltip="Enable or disable the mapping"),
        Binding("y", "copy", "Copy", id="triggers.copy", show=False, tooltip="Copy the ARN, the address or the value"),
        *common_keys("triggers", "the triggers"),
    )
    BINDINGS = [*OWN]
    _uuid = ""

    # -- what StoreView asks -----------------------------------------------------------------------------------------

    def store_of(self, backend: Backend) -> TriggerStore | None:
        """See `StoreView.store_of`."""
        return backend.triggers

    def lines_of(self, read: Triggers) -> tuple[Line, ...]:
        """See `StoreView.lines_of`."""
        return lines_of(read, self._looked_at_in(read))

    def told(self, edit: SetMapping) -> str:
        """See `StoreView.told`."""
        return str(edit.difference)

    def under_way(self, read: Triggers) -> str:
        """See `StoreView.under_way`."""
        return " · ".join(f"{one.name}: {one.state}" for one in read.mappings if not one.settled)

    def ended(self, before: Triggers, after: Triggers) -> None:
        """See `StoreView.ended`."""
        for was in before.mappings:
            now = after.mapping(was.uuid)
            if not was.settled and now is not None and now.settled:
                self.toast(f"{now.name} is {now.state}")

    async def allowed(self, edit: SetMapping) -> bool:
        """Turning a mapping on or off is one key: it is asked, and its difference shown."""
        if edit.key != "enabled" or self.target.production:
            return await super().allowed(edit)
        effect = "It reads its source again." if edit.new else "It stops reading: what comes waits in its source."
        text = "\n".join(filter(None, (str(edit.difference), effect, self.caution_sentence)))
        verb = "Enable" if edit.new else "Disable"
        return await self.app.push_screen_wait(Confirm(f"{verb} {edit.name}?", text))

    # -- keys --------------------------------------------------------------------------------------------------------

    @property
    def _mapping(self) -> EventSourceMapping | None:
        """The mapping that the row under the cursor is, or belongs to."""
        kind = self.list.key.partition(" ")[0]
        return self._looked_at_in(self.shown) if self.shown and kind in ("mapping", "setting", "fact") else None

    @property
    def _setting(self) -> MappingSetting | None:
        kind, _, key = self.list.key.partition(" ")
        return MAPPING_SETTINGS.get(key) if kind == "setting" else None

    def _looked_at_in(self, read: Triggers) -> EventSourceMapping | None:
        return read.mapping(self._uuid) or (read.mappings[0] if read.mappings else None)

    @on(SectionList.Moved)
    def _another_mapping(self, event: SectionList.Moved) -> None:
        kind, _, uuid = event.key.partition(" ")
        if kind == "mapping" and uuid != self._uuid and self.shown:
            self._uuid = uuid
            self.list.lines = self.lines_of(self.shown)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What the row under the cursor has not is dimmed."""
        if super().check_action(action, parameters) is False:
            return False
        match action:
            case "edit":
                on_mapping = self.list.key.startswith("mapping ")
                return on_mapping or (self.can_change and self._setting is not None) or None
            case "switch":
                mapping = self._mapping
                return (self.can_change and mapping is not None and mapping.enabled is not None) or None
            case "copy":
                return bool(self.list.key) or None
            case _:
                return super().check_action(action, parameters)

    def action_edit(self) -> None:
        """Change the setting under the cursor; a mapping has several, below."""
        mapping, setting = self._mapping, self._setting
        if mapping is None:
            return
        if setting is None:
            self.list.go_to(setting_key("batch_size"))
        elif not self.can_change:
            return
        elif setting.key == "enabled":
            self.action_switch()
        elif setting.key == "filters":
            self._edit_filters(mapping)
        else:
            shown = "none" if mapping.value(setting.key) is None and setting.removable else mapping.value(setting.key)
            self.line.open(
                f"{mapping.name}: {setting.label}",
                "" if shown is None else str(shown),
                setting.hint,
                lambda text: self._judged(mapping, setting, text),
            )

    def action_switch(self) -> None:
        """Enable what is disabled, disable what is enabled."""
        mapping = self._mapping
        if mapping is not None and mapping.enabled is not None and self.can_change:
            self.change(SetMapping(mapping.uuid, mapping.name, "enabled", mapping.enabled, not mapping.enabled))

    def action_copy(self) -> None:
        """Copy what the row is about."""
        text = self._copied()
        if text:
            self.post_message(self.Copied(text))

    # -- what is typed -----------------------------------------------------------------------------------------------

    @work(group="dialog", exclusive=True)
    async def _edit_filters(self, mapping: EventSourceMapping) -> None:
        if mapping.filters_unread:
            self.toast(mapping.filters_unread, title="The filters can't be read, so not changed", severity="warning")
            return
        title, function = f"Filters of {mapping.name}", self.function
        patterns = await self.app.push_screen_wait(FiltersDialog(title, mapping.filters, self.caution))
        if patterns is not None and function is not None and self.looks_at(function.name):
            self.change(SetMapping(mapping.uuid, mapping.name, "filters", mapping.filters, patterns))

    def _judged(self, seen: EventSourceMapping, setting: MappingSetting, text: str) -> Verdict[SetMapping]:
        mapping = (self.shown.mapping(seen.uuid) if self.shown else None) or seen
        old, new = mapping.value(setting.key), setting.parse(text)
        if old == new:
            return Same(" · ".join(dict.fromkeys(filter(None, (setting.hint, setting.help)))))
        edit = SetMapping(mapping.uuid, mapping.name, setting.key, old, new)
        lasting = "" if edit.inverse else "AWS knows no way back to “not set”"
        warning = " · ".join(filter(None, (warning_of(mapping, edit), lasting, self.caution)))
        return Proposed(edit, setting.show(old), setting.show(new), warning)

    def _copied(self) -> str:
        read, mapping = self.shown, self._mapping
        kind, _, key = self.list.key.partition(" ")
        if read is None:
            return ""
        match kind:
            case "mapping":
                return (mapping.source_arn or mapping.uuid) if mapping else ""
            case "setting":
                return MAPPING_SETTINGS[key].show(mapping.value(key)) if mapping else ""
            case "fact":
                return dict(mapping.facts).get(key, mapping.last_result) if mapping else ""
            case "statement":
                return read.statements[int(key)].source or read.statements[int(key)].principal
            case "url":
                return next((url.url for url in read.urls if url.qualifier == key), "")
            case _:
                return ""
