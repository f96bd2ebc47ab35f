"""The Result pane: one invocation, from the key to its answer."""
