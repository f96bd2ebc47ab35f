"""The domain: frozen dataclasses, Protocols, parsers and arithmetic. No I/O, no clock, no Textual, no boto3."""
