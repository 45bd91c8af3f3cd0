"""Pages as the service sees them: a customer's widget and an agent's desk, over real sockets."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

Frame = dict[str, Any]
WAIT_SECONDS = 10.0


def cmid() -> str:
    return str(uuid.uuid4())


class Page:
    """An open socket that keeps every frame it was sent, in order."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[Frame] = []
        self.code: int | None = None
        self._news = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())
        self.answers_beats = True

    @classmethod
    async def open(cls, url: str, origin: str | None, **more: Any) -> Self:
        headers = more.pop("headers", None)
        return cls(
            await connect(
                url,
                origin=origin,  # type: ignore[arg-type]
                additional_headers=headers,
                compression=None,
                ping_interval=None,
                close_timeout=1,
                proxy=None,
                max_size=None,
                **more,
            )
        )

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                frame = json.loads(text)
                if frame["t"] in ("heartbeat", "agent_heartbeat") and self.answers_beats:
                    await self.socket.send('{"t":"beat"}')
                async with self._news:
                    self.frames.append(frame)
                    self._news.notify_all()
        except ConnectionClosed:
            pass
        finally:
            self.code = self.socket.close_code
            async with self._news:
                self._news.notify_all()

    async def send(self, kind: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"t": kind, **fields}))

    async def until(self, fits: Callable[[Frame], bool], after: int = 0) -> Frame:
        """The first frame that fits, from number `after` on; fails when the socket closes."""
        async with asyncio.timeout(WAIT_SECONDS), self._news:
            while True:
                for frame in self.frames[after:]:
                    if fits(frame):
                        return frame
                assert self.code is None, f"closed with {self.code}: {self.frames[-3:]}"
                await self._news.wait()

    async def got(self, kind: str, after: int = 0, **fields: Any) -> Frame:
        return await self.until(
            lambda f: f["t"] == kind and all(f.get(k) == v for k, v in fields.items()), after
        )

    async def closed(self) -> int | None:
        """The close code, once the socket is closed."""
        done, _ = await asyncio.wait([self._reader], timeout=WAIT_SECONDS)
        assert done, f"not closed: {self.frames[-3:]}"
        return self.code

    async def leave(self) -> None:
        await self.socket.close()
        await self._reader

    def kill(self) -> None:
        """As a lost network does it: no closing handshake."""
        self.socket.transport.abort()


class Customer(Page):
    """A widget after its welcome. `lines` are what it shows, keyed by number."""

    async def hello(self, ticket: str | None = None, resume_token: str | None = None) -> Frame:
        given = {"ticket": ticket, "resume_token": resume_token}
        await self.send("hello", v=1, **{key: value for key, value in given.items() if value})
        return await self.got("welcome")

    async def resume(self, epoch: str, after: int = 0) -> Frame:
        mark = len(self.frames)
        await self.send("resume", epoch=epoch, after=after)
        return await self.got("batch", mark, more=False)

    @property
    def lines(self) -> list[Frame]:
        lines: list[Frame] = []
        for frame in self.frames:
            lines += frame["lines"] if frame["t"] == "batch" else []
            lines += [frame["line"]] if frame["t"] == "event" else []
        return lines

    @property
    def texts(self) -> list[str]:
        return [line.get("text", "") for line in self.lines]

    async def line(self, fits: Callable[[Frame], bool]) -> Frame:
        def found() -> Frame | None:
            return next((line for line in self.lines if fits(line)), None)

        await self.until(lambda frame: found() is not None)
        line = found()
        assert line is not None
        return line

    async def notice(self, code: str) -> Frame:
        return await self.line(lambda line: line.get("code") == code)

    async def says(self, text: str, id_: str | None = None) -> int:
        return await self.asks("send", id_, text=text)

    async def asks(self, kind: str, id_: str | None = None, **fields: Any) -> int:
        """Send a frame with a cmid and wait for its ack."""
        id_ = id_ or cmid()
        await self.send(kind, cmid=id_, **fields)
        ack = await self.until(lambda f: f["t"] in ("ack", "problem") and f.get("cmid") == id_, 0)
        assert ack["t"] == "ack", ack
        return int(ack["seq"])

    async def refused(self, kind: str, **fields: Any) -> str:
        mark = len(self.frames)
        await self.send(kind, **fields)
        return str((await self.got("problem", mark))["code"])


class Desk(Page):
    """An agent's desk after its welcome."""

    async def hello(self, ticket: str) -> Frame:
        await self.send("hello", v=1, ticket=ticket)
        return await self.got("agent_welcome")

    async def command(self, kind: str, request: str | None = None, **fields: Any) -> Frame:
        request = request or cmid()
        mark = len(self.frames)
        await self.send(kind, request=request, **fields)
        return await self.got("result", mark, request=request)

    async def waiting(self, conversation: str) -> Frame:
        """The conversation's row in the newest queue view."""

        def row() -> Frame | None:
            views = [frame for frame in self.frames if frame["t"] == "queue"]
            rows = views[-1]["waiting"] if views else []
            return next((one for one in rows if one["conversation"] == conversation), None)

        await self.until(lambda frame: row() is not None)
        found = row()
        assert found is not None
        return found

    async def takes(self, client: str, conversation: str) -> int:
        """Claim a waiting conversation; gives the control number it has then."""
        row = await self.waiting(conversation)
        result = await self.command(
            "claim",
            client=client,
            conversation=conversation,
            handoff=row["handoff"],
            control=row["control"],
        )
        assert result["ok"], result
        return int(row["control"]) + 1

    async def opens(self, client: str, conversation: str, **more: Any) -> Frame:
        mark = len(self.frames)
        await self.send("open", client=client, conversation=conversation, **more)
        return await self.until(
            lambda f: (
                f["t"] in ("agent_batch", "problem") and f.get("conversation") == conversation
            ),
            mark,
        )

    async def says(self, client: str, conversation: str, control: int, text: str) -> Frame:
        id_, mark = cmid(), len(self.frames)
        await self.send(
            "say",
            client=client,
            conversation=conversation,
            control=control,
            cmid=id_,
            text=text,
        )
        return await self.until(
            lambda f: f["t"] in ("agent_ack", "problem") and f.get("cmid") == id_, mark
        )
