"""Files of the user's own: events, drafts, history, and where they are."""
