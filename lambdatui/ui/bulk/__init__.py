"""One setting of several functions, changed together."""
