"""The local runner: discovers functions in a folder and runs them on this machine through Lambda's Runtime API."""
