"""Finds the functions of a project in its files, without importing or running any of them."""
