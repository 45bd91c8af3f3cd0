"""Fan-out within one process."""

from __future__ import annotations

from collections.abc import Callable

Wake = Callable[[str], None]


class LocalFanout:
    """Calls every subscriber of a channel at once. Use from the event loop's thread only."""

    def __init__(self) -> None:
        self._channels: dict[str, dict[object, Wake]] = {}

    def publish(self, channel: str, note: str = "") -> None:
        for wake in list(self._channels.get(channel, {}).values()):
            wake(note)

    def subscribe(self, channel: str, wake: Wake) -> Callable[[], None]:
        key = object()
        self._channels.setdefault(channel, {})[key] = wake

        def unsubscribe() -> None:
            subscribers = self._channels.get(channel)
            if subscribers is not None:
                subscribers.pop(key, None)
                if not subscribers:
                    del self._channels[channel]

        return unsubscribe

    async def ready(self) -> None:
        """Nothing of it can be away."""

    def channels(self) -> list[str]:
        """Those that somebody listens on now."""
        return list(self._channels)
