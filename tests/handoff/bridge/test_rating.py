"""The customer's word on the help, when it is over."""

from __future__ import annotations

import pytest

from handoff.core.message import Audience, Author, Kind
from handoff.errors import IdReuse, Refused
from handoff.tokens import new_id
from tests.service.bridge import Workshop


async def test_a_conversation_is_rated_when_it_has_ended_and_not_before(shop: Workshop) -> None:
    agent = await shop.hire("Kari")
    one = await shop.handed_over(agent)
    with pytest.raises(Refused, match="goes on"):
        await shop.bridge.rate("heimbud", one.id, new_id(), 5)
    control = (await shop.state(one)).control
    await shop.bridge.finish(agent, "heimbud", one.id, control, "other", True, new_id())
    await shop.bridge.rate("heimbud", one.id, new_id(), 2)
    staff = await shop.lines(one, Audience.STAFF)
    rated = [line.message for line in staff if line.message.kind is Kind.RATING]
    assert [(each.author, each.body["stars"]) for each in rated] == [(Author.CUSTOMER, 2)]
    assert Kind.RATING not in {line.message.kind for line in await shop.lines(one)}


async def test_the_same_rating_sent_again_is_kept_once(shop: Workshop) -> None:
    one = await shop.arrive()
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei")
    await shop.quiet()
    await shop.bridge.end("heimbud", one.id, new_id())
    cmid = new_id()
    for _ in range(2):
        assert await shop.bridge.rate("heimbud", one.id, cmid, 4) == 0
    with pytest.raises(IdReuse):
        await shop.bridge.rate("heimbud", one.id, cmid, 1)
    await shop.bridge.rate("heimbud", one.id, new_id(), 3)
    staff = await shop.lines(one, Audience.STAFF)
    rated = [line.message.body["stars"] for line in staff if line.message.kind is Kind.RATING]
    assert rated == [4, 3]
