"""A listening socket, or one sentence that says why there is none."""

from __future__ import annotations

import socket
import sys
from typing import NoReturn


def listen(host: str, port: int, setting: str) -> socket.socket:
    """A bound TCP socket. Exits with a sentence naming `setting` when the port is not free."""
    # asyncio turns Nagle's algorithm off only where the protocol is named: 40 ms an answer.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)
    except (OSError, OverflowError) as error:
        made.close()
        stop(
            f"Cannot listen on {host}:{port} ({getattr(error, 'strerror', None) or error}). "
            f"Stop what uses the port, or set {setting} to another one."
        )
    return made


def stop(sentence: str) -> NoReturn:
    """End the program with a sentence on stderr and exit code 1."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)
