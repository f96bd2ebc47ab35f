"""Tests of choosing and switching the target."""
