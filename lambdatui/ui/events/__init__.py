"""The event: a JSON editor for each function's payload, and the events that can be opened in it."""
