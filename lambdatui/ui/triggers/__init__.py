"""The Triggers tab: event source mappings, who may invoke the function, and its URLs."""
