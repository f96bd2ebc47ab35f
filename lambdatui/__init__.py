"""lambdatui: a terminal workbench for AWS Lambda.

    cli -> wiring -> { ui, backends, storage } -> core -> standard library

core      the domain: frozen dataclasses, Protocols, parsers. Pure
backends  implement core's Protocols: `local` runs functions on this machine; they never import each other, nor ui
storage   events, drafts, history and settings files
ui        the workbench. The only place that imports Textual
wiring    the one composition root: settings in, a ready workbench or a headless backend out
cli       argv in, exit code out
"""

__version__ = "0.1.0"
