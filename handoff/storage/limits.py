"""Numbers that SQL and the memory twin share."""

from __future__ import annotations

HANDLING_SAMPLE = 50
"""How many of the last contacts with a person the mean handling time is taken from."""

HANDLING_LEAST = 3
"""Below this many, nothing honest can be said about the handling time."""

AGAIN_SECONDS = 7 * 24 * 3600.0
"""A visitor who comes back within this time came `again`."""

NONCE_MARGIN_SECONDS = 3600.0
"""How long a used ticket is remembered after it expired: clocks of two machines differ."""

UNDER_WAY_SECONDS = 60.0
"""A turn that was leased may still reach the bot: it is told to forget only after this."""
