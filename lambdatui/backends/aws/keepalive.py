"""Keeps a silent connection alive while a function runs for up to 15 minutes."""

from __future__ import annotations

import socket
from typing import Any

IDLE_S = 60
_INTERVAL_S = 30
_PROBES = 10
_OPTIONS = {
    # Linux's own first probe comes after two hours; a NAT gateway forgets a silent connection after 350 s (VPC user
    # guide, "NAT gateway basics"), and the answer is lost though the function ran.
    "TCP_KEEPIDLE": IDLE_S,
    "TCP_KEEPALIVE": IDLE_S,  # macOS's name for it
    "TCP_KEEPINTVL": _INTERVAL_S,
    "TCP_KEEPCNT": _PROBES,
}


def probe_early(client: Any) -> None:
    """Have the connections of a boto3 client, made with `tcp_keepalive`, probed from the first minute of silence on.

    botocore has no setting for it: its list of socket options is added to before the first connection is made.
    """
    session = getattr(getattr(client, "_endpoint", None), "http_session", None)
    options = getattr(session, "_socket_options", None)
    if not isinstance(options, list):
        return
    for name, value in _OPTIONS.items():
        number = getattr(socket, name, None)
        if number is not None:
            options.append((socket.IPPROTO_TCP, number, value))
