"""The history of a function: what was sent, how it ended, and the same event again."""
