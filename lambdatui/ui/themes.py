"""The three themes: dark, light, and one that keeps the terminal's own colours.

One accent (focus and the key hints), red only for failure and production. Everything else is derived by Textual
from these few, so a pane names a role (`$accent`, `$text-muted`) and never a colour.
"""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="lambdatui-dark",
    dark=True,
    primary="#7aa2f7",
    secondary="#7dcfff",
    accent="#ff9e4f",
    foreground="#d5dae6",
    background="#11141b",
    surface="#11141b",
    panel="#1c2230",
    boost="#232a3b",
    success="#8fce72",
    warning="#e5c07b",
    error="#f7768e",
    variables={
        "border-blurred": "#343c4f",
        "text-muted": "#8c95a8",
        "text-disabled": "#555e72",
        "block-cursor-background": "#2b3550",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#202739",
        "block-cursor-blurred-foreground": "#d5dae6",
        "scrollbar": "#343c4f",
        "scrollbar-background": "#11141b",
        "input-selection-background": "#ff9e4f 30%",
    },
)

LIGHT = Theme(
    name="lambdatui-light",
    dark=False,
    primary="#2757c4",
    secondary="#00738c",
    accent="#b8500a",
    foreground="#1d2330",
    background="#fbfbfc",
    surface="#fbfbfc",
    panel="#eceff4",
    boost="#e2e6ee",
    success="#2f7d1e",
    warning="#8a5a00",
    error="#c21f3a",
    variables={
        "border-blurred": "#c3cad7",
        "text-muted": "#5b6475",
        "text-disabled": "#a0a8b6",
        "block-cursor-background": "#d5e0fb",
        "block-cursor-foreground": "#0b1220",
        "block-cursor-blurred-background": "#e7ebf3",
        "block-cursor-blurred-foreground": "#1d2330",
        "scrollbar": "#c3cad7",
        "scrollbar-background": "#fbfbfc",
        "input-selection-background": "#b8500a 25%",
    },
)


def _terminal() -> Theme:
    # Textual's own ANSI theme is the base: it maps every role to one of the terminal's 16 colours.
    base = BUILTIN_THEMES["ansi-dark"]
    return Theme(
        name="terminal",
        dark=True,
        ansi=True,
        primary=base.primary,
        secondary=base.secondary,
        accent="ansi_yellow",
        foreground=base.foreground,
        background=base.background,
        surface=base.surface,
        panel=base.panel,
        boost=base.boost,
        success="ansi_green",
        warning="ansi_yellow",
        error="ansi_red",
        variables=dict(base.variables)
        | {
            "border-blurred": "ansi_bright_black",
            "text-muted": "ansi_bright_black",
            "text-disabled": "ansi_bright_black",
            # Whatever the terminal's background is, its blue is told from it; the blurred cursor is a bar alone.
            "block-cursor-background": "ansi_blue",
            "block-cursor-foreground": "ansi_bright_white",
            "block-cursor-blurred-background": "ansi_default",
            "block-cursor-blurred-foreground": "ansi_default",
            "scrollbar": "ansi_bright_black",
        },
    )


THEMES: tuple[Theme, ...] = (DARK, LIGHT, _terminal())
