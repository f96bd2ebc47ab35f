"""Several targets as one: regions and profiles listed together, each function named with its place (`NAME@PLACE`)."""
