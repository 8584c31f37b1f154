"""Whether a host is this machine as it sees itself."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str) -> bool:
    """For a name or an address, without a port."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
