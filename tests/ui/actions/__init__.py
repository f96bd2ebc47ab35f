"""Tests of the log of actions."""
