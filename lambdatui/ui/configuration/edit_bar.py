"""The line in which a setting is typed: its diff and its problem are shown as one types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from lambdatui.core.configuration import Change, Configuration, Definition, Entry, definition_of
from lambdatui.core.errors import InvalidInput
from lambdatui.ui.configuration.folding import folded, unfolded
from lambdatui.ui.field import Field


class SettingInput(Field):
    """The input of a setting, which says what Enter does."""

    BINDINGS = [Binding("enter", "submit", "Apply", id="edit.apply", tooltip="Make the change that is shown")]


class EditBar(Vertical):
    """Owns the text that is typed for one setting. Sends nothing: says what is to change."""

    DEFAULT_CSS = """
    EditBar {
        dock: bottom; height: auto; display: none;
        border-top: solid $accent;
        padding: 0 1;
    }
    EditBar.-open { display: block; }
    EditBar Horizontal { height: 1; }
    EditBar #edit-label { width: auto; color: $foreground; text-style: bold; }
    EditBar Input, EditBar Input:focus { width: 1fr; border: none; height: 1; padding: 0 1;
        background: $boost; background-tint: transparent; }
    EditBar #edit-diff { height: auto; min-height: 1; max-height: 2; width: 1fr; color: $text-muted; }
    """
    BINDINGS = [
        Binding("escape", "cancel", "Cancel", id="edit.cancel", tooltip="Leave the setting as it is"),
        Binding("down,ctrl+down", "choose(1)", "Next choice", id="edit.next", show=False),
        Binding("up,ctrl+up", "choose(-1)", "Previous choice", id="edit.previous", show=False),
    ]

    @dataclass
    class Submitted(Message):
        """The change is to be made; the diff was seen."""

        change: Change

    @dataclass
    class Cancelled(Message):
        """Nothing is to change."""

    def __init__(self, objection: Callable[[Change], str]) -> None:
        """`objection` says what speaks against a change beside its own value, "" when nothing."""
        super().__init__()
        self._objection = objection
        self._entry: Entry | None = None
        self._awaited: Definition | None = None
        self._configuration: Configuration | None = None
        self._progress = ""

    def compose(self) -> ComposeResult:
        """Label and input, the diff below."""
        with Horizontal():
            yield Static("", id="edit-label", markup=False)
            yield SettingInput(id="edit-value")
        yield Static("", id="edit-diff", markup=False)

    @property
    def editing(self) -> str:
        """The key of the setting that is typed, "" when closed."""
        return self._entry.definition.key if self._entry else ""

    @property
    def is_open(self) -> bool:
        """Whether something is being typed."""
        return self.has_class("-open")

    @property
    def awaited(self) -> str:
        """The key of the setting that is typed before it was read, "" when it is read."""
        return self._awaited.key if self._awaited else ""

    def open_unread(self, definition: Definition) -> None:
        """The setting is being read: what is typed meanwhile is not lost, and not sent."""
        self.close()
        self._awaited = definition
        self.query_one("#edit-label", Static).update(f"{definition.label} ")
        field = self.query_one(Input)
        field.placeholder = definition.hint
        field.value = ""
        self.add_class("-open")
        field.focus()
        self._show()

    def open(self, entry: Entry, text: str | None = None) -> None:
        """Edit `entry`, starting with its value or with `text`."""
        typed = self.query_one(Input).value if self.awaited == entry.definition.key else ""
        self._entry, self._awaited = entry, None
        definition = entry.definition
        self.query_one("#edit-label", Static).update(f"{definition.label} ")
        field = self.query_one(Input)
        field.placeholder = definition.hint
        given = definition.edit_text(entry.value) if text is None else text
        field.value = typed or folded(given) or ""
        field.select_on_focus = True
        self.add_class("-open")
        if field.has_focus and not typed:
            field.select_all()
        field.focus()
        self._show()

    def focus_text(self) -> None:
        """Go on typing."""
        self.query_one(Input).focus()

    def tell(self, progress: str) -> None:
        """The change is on its way: say so in place of the difference; "" when it is not any more."""
        if progress != self._progress:
            self._progress = progress
            self._show()

    def rebase(self, entry: Entry) -> None:
        """The setting was read anew: what is typed stays, its diff begins at the value of now."""
        if entry.definition.key == self.editing:
            self._entry = entry
            self._show()

    def open_new(self, configuration: Configuration) -> None:
        """Ask for `NAME=value`: a variable, or with `tag.` before the name a tag where the target has tags."""
        self.close()
        self._configuration = configuration
        tags = "tag" in configuration.families
        self.query_one("#edit-label", Static).update("New variable or tag " if tags else "New variable ")
        field = self.query_one(Input)
        field.placeholder = "NAME=value, or tag.NAME=value" if tags else "NAME=value"
        field.value = ""
        self.add_class("-open")
        field.focus()
        self._show()

    def close(self) -> None:
        """Hide, and forget what was typed."""
        self._entry = self._awaited = None
        self.remove_class("-open")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show()

    def _show(self) -> None:
        self.query_one("#edit-diff", Static).update(self._verdict())

    def _verdict(self) -> Content:
        if self._progress:
            return Content.styled(self._progress, "$accent")
        if self._awaited:
            return Content("reading what stands now …")
        try:
            change, warning = self._change()
            warning = warning or self._objection(change)
        except InvalidInput as error:
            return Content.assemble(("✗ ", "$error"), (error.title, "$error"), f"  {error.detail}")
        entry = self._entry
        if entry and change.new == change.old:
            said = (entry.definition.hint, entry.definition.help, entry.note, entry.hides)
            return Content(" · ".join(dict.fromkeys(filter(None, said))))
        definition = definition_of(change.key)
        # A variable that is added may be there already, and nobody has asked to see its value.
        hidden = entry is None and definition.kind == "environment" and change.old is not None
        old = "••••" if hidden else definition.show(change.old)
        diff = Content.assemble(
            (old.replace("\n", "⏎"), "$error"),
            (" → ", "$text-muted"),
            (definition.show(change.new).replace("\n", "⏎"), "bold $success"),
        )
        note = ("  ⚠ " + warning, "$warning") if warning else ("  enter applies · esc cancels", "$text-muted")
        return Content.assemble(diff, note)

    def _change(self) -> tuple[Change, str]:
        text = self.query_one(Input).value
        if self._entry is None:
            name, equals, value = text.partition("=")
            if not equals:
                raise InvalidInput("NAME=value", "A name, an equals sign, a value.")
            key = name.strip()
            read = self._configuration
            is_tag = read is not None and "tag" in read.families and key.startswith("tag.")
            definition = definition_of(key if is_tag else f"env.{key}")
            return Change(definition.key, read.value(definition.key) if read else None, unfolded(value)), ""
        verbatim = self._entry.secret
        parsed = self._entry.definition.parse(unfolded(text) if verbatim else text)
        return Change(self._entry.definition.key, self._entry.value, parsed.value), parsed.warning

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        if self._awaited:
            return
        try:
            change, _ = self._change()
        except InvalidInput:
            return  # the problem stands below the input
        if change.new == change.old:
            self.action_cancel()
        else:
            self.post_message(self.Submitted(change))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Choices are gone through where there are some."""
        if action == "choose":
            return bool(self._entry and self._entry.definition.choices)
        return super().check_action(action, parameters)

    def action_choose(self, step: int) -> None:
        """The next or previous of a setting's choices."""
        if self._entry and self._entry.definition.choices:
            choices = self._entry.definition.choices
            field = self.query_one(Input)
            at = choices.index(field.value) if field.value in choices else -step
            field.value = choices[(at + step) % len(choices)]
            field.cursor_position = len(field.value)

    def action_cancel(self) -> None:
        """Close without a change."""
        self.close()
        self.post_message(self.Cancelled())

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """What was typed stays while the focus is elsewhere."""
        event.stop()
