"""What the text of a setting may be. Each parser raises ValueError saying what is wanted."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_SECRET = re.compile(r"[\x21-\x7e]{16,500}")
LOG_LEVELS = ("debug", "info", "warning", "error")


def whole(least: int, most: int) -> Callable[[str], int]:
    """A parser of whole numbers from `least` to `most`."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(f"it must be a whole number from {least} to {most}")
        return int(text)

    return parse


port = whole(1, 65535)


def host(text: str) -> str:
    """An IP address or a host's name to listen on."""
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        # Digits and dots alone are an address gone wrong, not a name.
        if re.fullmatch(r"[0-9.]+", text) or not _HOST.fullmatch(text.lower()):
            raise ValueError(
                "it must be an address of this machine such as 127.0.0.1, without a port"
            ) from None
    return text.lower()


def in_url(listening: str) -> str:
    """How to reach a server of this machine that listens on `listening`."""
    if listening in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1" if listening == "0.0.0.0" else "[::1]"  # noqa: S104
    return f"[{listening}]" if ":" in listening else listening


def folder(text: str) -> Path:
    if "\0" in text or not text:
        raise ValueError("it must be a folder")
    return Path(text).expanduser()


def file(text: str) -> Path:
    if "\0" in text or not text:
        raise ValueError("it must be a file")
    return Path(text).expanduser()


def database(text: str) -> str:
    """A SQLAlchemy URL; which driver serves it is the storage's choice."""
    parts = urlsplit(text)
    scheme = parts.scheme.partition("+")[0]
    if scheme not in ("sqlite", "postgresql"):
        raise ValueError("it must begin with sqlite:/// or postgresql://")
    if scheme == "sqlite" and (parts.netloc or len(parts.path) < 2):
        raise ValueError("it must name a file: sqlite:////absolute/path.db")
    if scheme == "postgresql" and (not parts.hostname and "host=" not in parts.query):
        raise ValueError("it must name a server: postgresql://user:password@server/database")
    return text


def redis(text: str) -> str:
    """A Redis URL, or nothing where one process serves alone."""
    if not text:
        return text
    try:
        parts = urlsplit(text)
        wrong = parts.scheme not in ("redis", "rediss") or not parts.hostname or parts.port == 0
    except ValueError:
        wrong = True
    if wrong:
        raise ValueError("it must be a server's address: redis://:password@server:6379/0")
    return text


def _address(text: str, schemes: tuple[str, str]) -> str:
    try:
        parts = urlsplit(text)
        wrong = (
            parts.scheme not in schemes
            or not parts.hostname
            or parts.port == 0
            or parts.username is not None
            or bool(parts.query or parts.fragment)
        )
    except ValueError:
        wrong = True
    if wrong:
        raise ValueError(
            f"it must be an address such as {schemes[1]}://chat.example.no, with nothing after "
            f"the path"
        )
    return text.rstrip("/")


def web_address(text: str) -> str:
    return _address(text, ("http", "https"))


def websocket_address(text: str) -> str:
    return _address(text, ("ws", "wss"))


def servers(text: str) -> tuple[str, ...]:
    """Addresses of equal servers with commas between, or nothing."""
    return tuple(
        _address(part, ("http", "https")) for part in map(str.strip, text.split(",")) if part
    )


def networks(text: str) -> tuple[str, ...]:
    """Addresses or networks with commas between: `10.0.0.0/8, 127.0.0.1`."""
    found = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(str(ipaddress.ip_network(item)))
        except ValueError:
            raise ValueError(
                f"{item!r} is no address or network; write for example 127.0.0.1, 10.0.0.0/8"
            ) from None
    return tuple(found)


def secret(text: str) -> str:
    if not _SECRET.fullmatch(text):
        raise ValueError("it must be 16 to 500 printable ASCII characters without spaces")
    return text


def log_level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ValueError(f"it must be one of {', '.join(LOG_LEVELS)}")
    return text.lower()
