"""The log of what was sent to the target."""
