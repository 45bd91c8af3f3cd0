"""``python -m actions``: the action server, on loopback unless ACTIONS_HOST says otherwise."""

from __future__ import annotations

import logging
import os
import sys

KEEP_ALIVE_SECONDS = 75


def main() -> None:
    """Serve every action of this package on ACTIONS_PORT until SIGINT or SIGTERM."""
    raw = os.environ.get("ACTIONS_PORT", "8006")
    if not raw.isdigit() or not 0 < int(raw) < 65536:
        sys.exit(f"ACTIONS_PORT is {raw!r}: set it to a port number from 1 to 65535 in .env")
    if not os.environ.get("INTERNAL_TOKEN"):
        sys.exit("INTERNAL_TOKEN is not set: start with `stafett up`, or set it in .env")
    # Rasa's own starter binds every address; this one binds the loopback alone.
    from rasa_sdk.endpoint import create_app

    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING").upper())
    app = create_app("actions")
    # Longer than Rasa keeps an idle connection (15 s): a turn must not meet one being closed.
    app.config.KEEP_ALIVE_TIMEOUT = KEEP_ALIVE_SECONDS
    host = os.environ.get("ACTIONS_HOST", "127.0.0.1")
    app.run(host=host, port=int(raw), workers=1, access_log=False, debug=False)


if __name__ == "__main__":
    main()
