"""Whether a port is free, and who has it if not."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from handoff.errors import StartError


@dataclass(frozen=True, slots=True)
class Listener:
    """An address one of our parts is going to listen on, and the setting that says so."""

    host: str
    port: int
    setting: str
    title: str


def check_ports(listeners: Iterable[Listener]) -> None:
    """Raises StartError naming the first address that cannot be had, and the cure."""
    for listener in listeners:
        try:
            _bind(listener.host, listener.port)
        except OSError as error:
            raise _refusal(listener, error) from None


def _bind(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        # As our servers do: a port whose last connections still linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)


def _refusal(listener: Listener, error: OSError) -> StartError:
    what = f"{listener.setting} ({listener.title})"
    if error.errno == errno.EADDRINUSE:
        owner = _owner(listener.port)
        return StartError(
            f"Port {listener.port}, {what}, is in use{f' by {owner}' if owner else ''}.",
            cure=f"Stop that program, or set {listener.setting} in .env to a free port, "
            f"for example {_free_port(listener)}.",
        )
    if error.errno == errno.EACCES:
        return StartError(
            f"Port {listener.port}, {what}, may only be opened by root.",
            cure=f"Set {listener.setting} in .env to a port above 1023.",
        )
    host_setting = listener.setting.replace("DEMO_", "DEMO_HOST ").split()[0]
    if not host_setting.endswith("_HOST"):
        host_setting = listener.setting.removesuffix("_PORT") + "_HOST"
    return StartError(
        f"{listener.title} cannot listen on {listener.host}: {error.strerror or error}.",
        cure=f"Set {host_setting} in .env to an address of this machine, for example 127.0.0.1.",
    )


def _owner(port: int) -> str:
    """The program that listens on `port`, if this user may know it."""
    import psutil  # costs 30 ms, and is needed only for the error

    with contextlib.suppress(psutil.Error):
        for connection in psutil.net_connections(kind="tcp"):
            if (
                connection.status == psutil.CONN_LISTEN
                and connection.laddr
                and connection.laddr.port == port
                and connection.pid
            ):
                with contextlib.suppress(psutil.Error):
                    return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    return ""


def _free_port(listener: Listener) -> int:
    """A free port near the one wanted, leaving room for the other parts' defaults."""
    for port in range(min(listener.port + 100, 65000), 65535):
        with contextlib.suppress(OSError):
            _bind(listener.host, port)
            return port
    return listener.port + 1
