"""Looks for what is wrong with the text in the editor: at once where it is small, apart where it is large."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lambdatui.blocking import call_blocking
from lambdatui.core.events import JsonProblem, problem_of
from lambdatui.ui.events.document import JsonDocument
from lambdatui.ui.events.editor import JsonEditor
from lambdatui.ui.later import Later

ON_LOOP_BYTES = 64 * 1024
"""Up to this size JSON is parsed and drafts are written on the event loop: under a millisecond."""
TELL_PROBLEM_AFTER_S = 0.25


class TextCheck:
    """Owns the verdict on the text, and tells the editor; `told` hears of each. Changes no text."""

    def __init__(self, editor: JsonEditor, told: Callable[[], None]) -> None:
        self._editor = editor
        self._told = told
        self._checked: tuple[JsonDocument | None, int, JsonProblem | None] = (None, -1, None)
        self._later = Later(editor)

    @property
    def problem(self) -> JsonProblem | None:
        """What is wrong with the text as it stands now, None when nothing is."""
        document = self._editor.document
        if self._checked[0] is not document or self._checked[1] != document.version:
            self.note(document, document.version, problem_of(document.text))
        return self._checked[2]

    def look(self, *, at_once: bool) -> None:
        """The text has changed; `at_once` is for a text that nobody is typing."""
        self._later.stop()
        document = self._editor.document
        if document.size_bytes > ON_LOOP_BYTES:
            self._later.call(0 if at_once else TELL_PROBLEM_AFTER_S, self._look_apart)
            return
        problem = problem_of(document.text)
        note = partial(self.note, document, document.version, problem)
        if problem is None or at_once or self._editor.problem is not None:
            note()
        else:
            # Half a word is not an error yet: it is told when the keys rest.
            self._later.call(TELL_PROBLEM_AFTER_S, note)

    def note(self, document: JsonDocument, version: int, problem: JsonProblem | None) -> None:
        """Tell what is wrong with a version of a text, if it is still the one in the editor."""
        if document is self._editor.document and version == document.version:
            self._checked = (document, version, problem)
            self._editor.problem = problem
            self._told()

    def forget(self) -> None:
        """The text leaves the screen, and what is wrong with it."""
        self._later.stop()
        self._editor.problem = None

    def _look_apart(self) -> None:
        self._editor.run_worker(self._parse(), group="events.validate", exclusive=True)

    async def _parse(self) -> None:
        document, version = self._editor.document, self._editor.document.version
        self.note(document, version, await call_blocking(problem_of, document.text))
