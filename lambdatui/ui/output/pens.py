"""Pens: a style as the terminal has it, and the shortest way from one to the next."""

from __future__ import annotations

from typing import NamedTuple

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

MOST_PENS = 5_000
"""More than any screen has: a fade makes new colours for ever, and what was known is forgotten then."""

_UNSEEN_ON_BLANKS = frozenset({"1", "2", "3", "5", "6", "8"})
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "9": "29"}


class Pen(NamedTuple):
    """SGR parameters: attributes, colours ("" is the terminal's own), and the hyperlink that is open."""

    attributes: frozenset[str] = frozenset()
    foreground: str = ""
    background: str = ""
    link: str = ""

    @property
    def on_blanks(self) -> Pen:
        """What of it is seen on a space."""
        if self.attributes <= _UNSEEN_ON_BLANKS:
            return Pen(background=self.background, link=self.link)
        return self

    @property
    def sgr(self) -> str:
        """All of it, after a reset."""
        return ";".join(filter(None, (*sorted(self.attributes, key=int), self.foreground, self.background)))


class Pens:
    """Gives each pen a character, so that a row's styles are a string as long as its text. Writes nothing."""

    def __init__(self, color_system: ColorSystem) -> None:
        self._color_system = color_system
        self._pens: list[Pen] = []
        self._characters: dict[Pen, str] = {}
        self._blank: dict[str, str] = {}
        self._of_style: dict[Style | None, str] = {}
        self._changes: dict[str, str] = {}
        self.plain = self._character(Pen())

    @property
    def full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self._of_style) > MOST_PENS or len(self._pens) > MOST_PENS

    def of(self, style: Style | None) -> str:
        """The character of a style, as Textual would write it."""
        character = self._of_style.get(style)
        if character is None:
            character = self._of_style[style] = self._character(self._read(style))
        return character

    def on_blanks(self, pen: str) -> str:
        """The pen that makes the same spaces, whatever colour text would have."""
        return self._blank[pen]

    def erases(self, pen: str) -> bool:
        """Whether erasing with this pen leaves what a space would: only a background."""
        known = self._pens[ord(pen)]
        return not known.attributes and not known.link

    def has_background(self, pen: str) -> bool:
        """Whether the background is not the terminal's own."""
        return bool(self._pens[ord(pen)].background)

    def change(self, old: str, new: str) -> str:
        """What to write so that what follows is in `new`."""
        if old == new:
            return ""
        key = old + new
        known = self._changes.get(key)
        if known is None:
            known = self._changes[key] = _change(self._pens[ord(old)], self._pens[ord(new)])
        return known

    def _read(self, style: Style | None) -> Pen:
        if style is None:
            return Pen()
        # Textual's own rendering is what must be equalled, the terminal's colours and NO_COLOR included.
        codes = _sgr(style, self._color_system)
        attributes: set[str] = set()
        foreground = background = ""
        parts = iter(codes.split(";") if codes else ())
        for part in parts:
            if part in ("38", "48"):
                kind = next(parts)
                colour = ";".join([part, kind, *(next(parts) for _ in range(1 if kind == "5" else 3))])
                foreground, background = (colour, background) if part == "38" else (foreground, colour)
            elif part == "39":
                foreground = ""
            elif part == "49":
                background = ""
            elif 30 <= int(part) <= 37 or 90 <= int(part) <= 97:
                foreground = part
            elif 40 <= int(part) <= 47 or 100 <= int(part) <= 107:
                background = part
            else:
                attributes.add(part)
        link = f"id={style.link_id};{style.link}" if style.link else ""
        return Pen(frozenset(attributes), foreground, background, link)

    def _character(self, pen: Pen) -> str:
        character = self._characters.get(pen)
        if character is None:
            character = self._characters[pen] = chr(len(self._pens))
            self._pens.append(pen)
            self._blank[character] = character if pen.on_blanks == pen else self._character(pen.on_blanks)
        return character


def _sgr(style: Style, color_system: ColorSystem) -> str:
    rendered = Strip.render_style(style, "\n", color_system)
    start = rendered.partition("\n")[0].rpartition("\x1b[")[2]
    return start.removesuffix("m") if start.endswith("m") else ""


def _change(old: Pen, new: Pen) -> str:
    link = "" if old.link == new.link else f"\x1b]8;{new.link or ';'}\x1b\\"
    if old[:3] == new[:3]:
        return link
    anew = f"\x1b[0;{new.sgr}m" if new.sgr else "\x1b[m"
    gone = old.attributes - new.attributes
    if not gone <= _OFF.keys():
        return link + anew
    off = {_OFF[one] for one in gone}
    # 22 ends both bold and dim.
    on = {one for one in new.attributes if one not in old.attributes or _OFF.get(one) in off}
    codes = sorted(off, key=int) + sorted(on, key=int)
    if old.foreground != new.foreground:
        codes.append(new.foreground or "39")
    if old.background != new.background:
        codes.append(new.background or "49")
    step = f"\x1b[{';'.join(codes)}m"
    return link + min(anew, step, key=len)
