"""Questions in front of the workbench; each is awaited and gives an answer, or None when it was dismissed."""
