"""Which neighbours may speak for others: proxies whose X-Forwarded-For counts."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence


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

    def caller(self, peer: str, forwarded: Sequence[str]) -> str:
        """Who calls: `peer`, or what the X-Forwarded-For headers say a trusted proxy saw.

        Read from the last entry back, over trusted proxies, to the first address that is none;
        the entries before it are the caller's own claim, and one that is no address ends it.
        """
        caller = peer
        entries = [entry.strip() for header in forwarded for entry in header.split(",")]
        while entries and self.trusts(caller):
            entry = entries.pop()
            if not _is_address(entry):
                break
            caller = entry
        return caller


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
