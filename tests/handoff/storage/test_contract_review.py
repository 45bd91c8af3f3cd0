"""Every store gives designers the same lines to read, of one client company at a time."""

from __future__ import annotations

from handoff.core.conversation import Conversation
from handoff.core.message import Audience, Author, Kind, Message
from handoff.insight.review import Review, Wanted
from handoff.ports import Store
from tests.handoff.storage.samples import conversation, said, started, stored

READER = "command line"


async def unsure(
    store: Store, *texts: str, client: str = "heimbud", now: float = 1_000.0
) -> Conversation:
    """A conversation in which the bot was sure of nothing."""
    state = await started(store, conversation(client), now)
    for text in texts:
        line = said(text)
        await stored(store, state, line, now)
        nlu = {"intent": "track_parcel", "confidence": 0.31, "ranking": [], "entities": []}
        body: dict[str, object] = {"nlu": nlu, "assessment": None}
        understood = Message(
            Author.BOT, Kind.UNDERSTANDING, body, Audience.STAFF, turn_id=line.turn_id
        )
        await stored(store, state, understood, now)
    return state


async def review(
    store: Store, client: str = "heimbud", *, since: float = 0.0, limit: int = 100
) -> Review:
    found = Review()
    await found.gather(store, client, Wanted(True, True, since, limit), READER)
    return found


async def reads(store: Store, state: Conversation) -> list[tuple[str, str]]:
    rows = await store.read(lambda unit: unit.ledger.reads(state.client, state.id))
    return [(row.agent, row.what) for row in rows]


async def test_the_same_line_of_several_customers_stands_once_with_their_number(
    store: Store,
) -> None:
    for number in range(30):  # more than are read at once
        await unsure(store, "Kor e den henne?", "kor e den henne", now=1_000.0 + number)
    found = await review(store)
    (line,) = found.lines.values()
    assert (line.intent, line.confidence, dict(line.clients)) == (
        "track_parcel", 0.31, {"heimbud": 30},
    )  # fmt: skip
    assert found.conversations == 30


async def test_a_look_at_each_conversation_is_noted_and_at_no_other(store: Store) -> None:
    shown = await unsure(store, "kor e den henne")
    silent = await unsure(store)
    old = await unsure(store, "en gammel linje her", now=10.0)
    other = await unsure(store, "en annens linje her", client="varde")
    found = await review(store, since=100.0)
    assert [line.text for line in found.lines.values()] == ["kor e den henne"]
    assert await reads(store, shown) == [(READER, "lines")]
    for state in (silent, old, other):
        assert await reads(store, state) == []


async def test_the_newest_lines_are_given_up_to_the_limit_of_each_company(store: Store) -> None:
    for number in range(40):
        await unsure(store, f"linje {'x' * number} to", "og en til", now=1_000.0 + number)
    await unsure(store, "en annens linje her", client="varde")
    found = await review(store, limit=3)
    assert [line.text.count("x") for line in found.lines.values()] == [39, 0, 38]
    await found.gather(store, "varde", Wanted(True, False, 0.0, 3), READER)
    assert len(found.lines) == 4


async def test_a_company_without_such_lines_gives_an_empty_file(store: Store) -> None:
    text = (await review(store)).as_nlu("Heimbud.")
    assert text.startswith("# Heimbud.\n# No such line was found.\n")
    assert text.endswith("nlu: []\n")
