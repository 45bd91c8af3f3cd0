"""`python -m benchmarks.bare PORT`: as little as a websocket relay can be. It stores nothing.

What comes in at `/7/customer` goes out at `/7/agent`, and the other way round.
"""

from __future__ import annotations

import asyncio
import resource
import sys

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

_OTHER = {"customer": "agent", "agent": "customer"}


async def main(port: int) -> None:
    """Relay until killed."""
    open_ends: dict[tuple[str, str], ServerConnection] = {}

    async def relay(connection: ServerConnection) -> None:
        assert connection.request is not None
        _, pair, side = connection.request.path.split("/")
        open_ends[pair, side] = connection
        try:
            async for message in connection:
                other = open_ends.get((pair, _OTHER[side]))
                if other is not None:
                    await other.send(message)
        except ConnectionClosed:
            pass
        finally:
            del open_ends[pair, side]

    # As the service asks for: nothing compressed, no pings, the same queues.
    options = {"compression": None, "ping_interval": None, "max_queue": 16}
    async with serve(relay, "127.0.0.1", port, server_header=None, backlog=1024, **options):  # type: ignore[arg-type]
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(main(int(sys.argv[1])))
