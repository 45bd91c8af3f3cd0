"""Web addresses in configuration: what is wrong with one, and the origin of a site."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?")


def origin_of(address: str) -> str:
    """The Origin header that browsers send: lower case, no path, no default port."""
    parts = urlsplit(address.lower())
    default = {"https": 443, "http": 80}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{port}"


def wrong_address(value: str, *, bare: bool = False) -> str | None:
    """What is wrong with a URL, None when nothing is. `bare` allows no path."""
    try:
        parts = urlsplit(value)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in ("http", "https") or not host:
        return "is not an http or https address"
    if port == 0 or value != value.strip() or any(c.isspace() or ord(c) < 33 for c in value):
        return "is not a URL"
    if ":" not in host and not _HOST.fullmatch(host):
        return "has a host name that cannot be"
    if parts.username is not None or parts.password is not None:
        return "has a user name in it, which is a secret in the wrong place"
    if parts.query or parts.fragment or "?" in value or "#" in value:
        return "has a ? or # in it"
    if bare and parts.path:
        return "has a path, even a / is too much"
    if parts.scheme == "http" and not _is_near(host):
        return "is plain http to a public host"
    return None


def _is_near(host: str) -> bool:
    """Loopback, a private network, or a name without a dot, as containers have."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".internal"))
