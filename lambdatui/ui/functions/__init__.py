"""The functions pane: which functions there are, which one is under the cursor."""
