"""Choosing and switching the target."""
