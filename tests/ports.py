"""Loopback ports for what the tests start."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import socket
from collections.abc import Iterator

LOWEST, HIGHEST, BLOCK = 20_000, 32_500, 500


@functools.cache
def _block(process: int) -> tuple[Iterator[int], socket.socket]:
    """A block of ports that is this process's as long as it lives: its first one stays bound.

    Below where the system takes the ports of outgoing connections from, so that none of those,
    nor another run of tests, takes a port between its choice and its use.
    """
    for base in range(LOWEST, HIGHEST, BLOCK):
        held = socket.socket()
        try:
            held.bind(("127.0.0.1", base))
        except OSError:
            held.close()
            continue
        return itertools.cycle(range(base + 1, base + BLOCK)), held
    raise AssertionError(f"every block of ports from {LOWEST} to {HIGHEST} is in use")


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different; not given again for a while."""
    ports, _ = _block(os.getpid())
    return list(itertools.islice(filter(_is_free, ports), count))


def free_port() -> int:
    return free_ports(1)[0]


def _is_free(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False
