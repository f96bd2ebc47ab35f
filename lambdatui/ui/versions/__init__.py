"""The Versions tab: published versions and the aliases that lead to them."""
