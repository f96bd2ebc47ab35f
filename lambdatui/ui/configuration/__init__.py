"""The Configuration view: every setting of a function, edited in place."""
