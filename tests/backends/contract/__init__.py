"""The promises of the ports, proved on every backend."""
