"""The workbench: one screen, a folder a pane. Imports Textual; imports no backend."""
