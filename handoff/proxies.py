"""Which neighbours may speak for others: proxies whose X-Forwarded-For counts."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable


class Proxies:
    """Trusts the given addresses and networks, such as `10.0.0.0/8`; nobody by default."""

    def __init__(self, networks: Iterable[str] = ()) -> None:
        self._networks = [ipaddress.ip_network(network) for network in networks]

    def trusts(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    def caller(self, peer: str, forwarded: str) -> str:
        """Who calls: `peer`, or the last entry of X-Forwarded-For when a trusted proxy wrote it.

        The entries before the last are the caller's own claim.
        """
        if self.trusts(peer):
            return forwarded.rpartition(",")[2].strip() or peer
        return peer
