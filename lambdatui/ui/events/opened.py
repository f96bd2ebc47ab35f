"""One function's event in memory: the editor's buffer, and the event that it began as."""

from __future__ import annotations

from dataclasses import dataclass

from lambdatui.core.events import Draft, SavedEvent
from lambdatui.ui.events.document import JsonDocument
from lambdatui.ui.events.editor import Buffer
from lambdatui.ui.events.status import Origin


@dataclass(slots=True)
class Opened:
    """Knows whether its text is still that of its file, and whether its draft is the newest. Writes nothing.

    `kept_version` is the version of the text that is on disk as its draft, -1 when none is.
    """

    function_name: str
    buffer: Buffer
    origin: Origin
    modified: bool = False
    kept_version: int = -1

    @classmethod
    def fresh(cls, function_name: str) -> Opened:
        """A new event."""
        return cls(function_name, Buffer.of("{}"), Origin(text="{}"))

    @classmethod
    def from_saved(cls, function_name: str, saved: SavedEvent) -> Opened:
        """A saved event as it was read."""
        return cls(function_name, Buffer.of(saved.text), origin_of(saved))

    @property
    def document(self) -> JsonDocument:
        """The text, while it is edited too."""
        return self.buffer.document

    def judge(self) -> None:
        """See whether the text is still that of its file."""
        document, origin = self.document, self.origin
        if origin.text is None:
            self.modified = self.modified or document.version != self.kept_version
        else:
            # Equal sizes are rare: the text is joined only then.
            same_size = document.size_bytes == len(origin.text.encode("utf-8", "surrogatepass"))
            self.modified = not (same_size and document.text == origin.text)

    @property
    def draft(self) -> Draft | None:
        """What is to be kept of the text, None when nothing changed since it was kept."""
        if self.kept_version == self.document.version:
            return None
        origin = self.origin
        return Draft(self.document.text, origin.name, origin.source, origin.path, origin.revision, self.modified)


def origin_of(saved: SavedEvent) -> Origin:
    """The event that a text began as."""
    return Origin(saved.entry.name, saved.entry.source, saved.entry.path, saved.revision, saved.text)
