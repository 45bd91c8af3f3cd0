"""Fan-out within one process."""

from __future__ import annotations

from collections.abc import Callable

Wake = Callable[[str], None]


class LocalFanout:
    """Calls every subscriber of a channel at once. Use from the event loop's thread only."""

    def __init__(self) -> None:
        self._channels: dict[str, tuple[_Subscription, ...]] = {}

    def publish(self, channel: str, note: str = "") -> None:
        for one in self._channels.get(channel, ()):
            one.wake(note)

    def subscribe(self, channel: str, wake: Wake) -> Callable[[], None]:
        made = _Subscription(self._channels, channel, wake)
        self._channels[channel] = (*self._channels.get(channel, ()), made)
        return made.end

    async def ready(self) -> None:
        """Nothing of it can be away."""

    def channels(self) -> list[str]:
        """Those that somebody listens on now."""
        return list(self._channels)


class _Subscription:
    """One of tens of thousands, so it is small."""

    __slots__ = ("_channel", "_channels", "wake")

    def __init__(
        self, channels: dict[str, tuple[_Subscription, ...]], channel: str, wake: Wake
    ) -> None:
        self._channels = channels
        self._channel = channel
        self.wake = wake

    def end(self) -> None:
        """Be called no more; once is enough."""
        rest = tuple(one for one in self._channels.get(self._channel, ()) if one is not self)
        if rest:
            self._channels[self._channel] = rest
        else:
            self._channels.pop(self._channel, None)
