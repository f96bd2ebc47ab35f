"""What serves core's Protocols: one package a target."""
