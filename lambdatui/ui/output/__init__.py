"""What goes to the terminal: as few bytes as the change needs, and of log traffic one frame at a time."""
