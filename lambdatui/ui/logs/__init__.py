"""The logs pane: follows a function's log, keeps the reader's place, filters, opens single events."""
