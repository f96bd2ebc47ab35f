"""Everything that is known of one function, to be read."""
