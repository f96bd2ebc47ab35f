"""Logs Insights: a query over the logs of functions, and its results as a table."""
