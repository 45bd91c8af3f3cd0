"""A whole conversation, frame by frame; docs/protocol.md shows it, and a test plays it."""

from __future__ import annotations

from handoff.protocol import messages as m
from handoff.protocol.examples import AT, CONVERSATION, EPOCH, HANDOFF, KARI

_FIRST = "0f8fad5b-d9cb-469f-a165-70867728950e"
_SECOND = "1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b"
_THIRD = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
_CLAIM = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
_FINISH = "9b2d4c1e-3f5a-4b6c-8d7e-0f1a2b3c4d5e"
_TICKET = "eyJrIjoiY3VzdG9tZXIi.Zx3a.9f2c"
_TOKEN = "eyJrIjoiY3VzdG9tZXIi.Zx3b.77ab"  # noqa: S105 - shown in the document
_NEXT_TOKEN = "eyJrIjoiY3VzdG9tZXIi.Zx3d.08e1"  # noqa: S105
_DESK_TICKET = "eyJrIjoiYWdlbnQi.Zx3c.11fe"
_DESK_TOKEN = "eyJrIjoiYWdlbnQi.Zx3d.52c0"  # noqa: S105


def _welcome(last: int, token: str, mode: str, owner: str) -> m.Welcome:
    return m.Welcome(m.VERSION, CONVERSATION, EPOCH, last, token, 15, mode, owner, "nb")


def _notice(seq: int, code: str, text: str, params: dict[str, object], cmid: str) -> m.Line:
    return m.Line(seq, AT, "system", "notice", text, cmid=cmid, code=code, params=params)


_GREETING = m.Line(1, AT, "bot", "text", "Hei! Hva kan jeg hjelpe deg med?")
_ASKED = m.Line(2, AT, "customer", "text", "ka e pakken min?", cmid=_FIRST)
_ANSWER = m.Line(3, AT, "bot", "text", "Hva er sporingsnummeret?")
_QUEUED = _notice(
    4,
    "queued",
    "Du står i kø for å snakke med et menneske.",
    {"place": 1, "wait": None, "staffed": False, "choices": ["stay", "bot", "contact", "leave"]},
    _SECOND,
)
_JOINED = _notice(
    5, "agent_joined", "Kari Nordli er her nå.", {"name": "Kari Nordli"}, _CLAIM
)  # fmt: skip
_SAID = m.Line(6, AT, "agent", "text", "Hei, jeg ser på saken.", "Kari Nordli", cmid=_THIRD)
_CLOSED = _notice(7, "closed", "Samtalen er avsluttet.", {"by": "agent"}, _FINISH)
_OWNED = m.StaffLine(
    9,
    AT,
    "system",
    "state",
    {"mode": "agent", "owner": "agent", "agent": KARI, "control": 3},
)
_STAFF_JOINED = m.StaffLine(
    10,
    AT,
    "system",
    "notice",
    {"code": "agent_joined", "params": {"name": "Kari Nordli"}, "text": _JOINED.text},
    cmid=_CLAIM,
    customer_seq=5,
)
_WAITS = m.Waiting(
    HANDOFF, CONVERSATION, "heimbud", "nb", "asked_human", False, AT, control=2, urgency=0.1
)  # fmt: skip
_COLLEAGUE = m.Colleague(KARI, "Kari Nordli", "online", 0, 5, ("heimbud",))
_QUEUE = m.QueueView(17, AT, 1, (_WAITS,), (_COLLEAGUE,), 0, (), "online")

Step = tuple[str, str, m.Frame | None]
"""Whose connection (`C` or `A`), `>` or `<`, and the frame; None where the connection is lost."""

STEPS: tuple[Step, ...] = (
    ("C", ">", m.Hello(m.VERSION, ticket=_TICKET)),
    ("C", "<", _welcome(1, _TOKEN, "bot", "bot")),
    ("C", ">", m.Resume(EPOCH, 0)),
    ("C", "<", m.Batch(1, 1, False, (_GREETING,))),
    ("C", ">", m.Send(_FIRST, "ka e pakken min?")),
    ("C", "<", m.Ack(_FIRST, 2)),
    ("C", "<", m.Event(_ASKED)),
    ("C", "<", m.Event(_ANSWER)),
    ("C", ">", m.Seen(3)),
    ("C", ">", m.AskPerson(_SECOND)),
    ("C", "", None),
    ("C", ">", m.Hello(m.VERSION, resume_token=_TOKEN)),
    ("C", "<", _welcome(4, _NEXT_TOKEN, "waiting", "nobody")),
    ("C", ">", m.Resume(EPOCH, 3)),
    ("C", "<", m.Batch(4, 4, False, (_QUEUED,))),
    ("C", ">", m.AskPerson(_SECOND)),
    ("C", "<", m.Ack(_SECOND, 4)),
    ("A", ">", m.Hello(m.VERSION, ticket=_DESK_TICKET)),
    (
        "A",
        "<",
        m.AgentWelcome(m.VERSION, KARI, "Kari Nordli", "agent", "offline", 5, 10, _DESK_TOKEN, ()),
    ),
    ("A", ">", m.SetStatus("online")),
    ("A", "<", _QUEUE),
    ("A", ">", m.Claim(_CLAIM, "heimbud", CONVERSATION, HANDOFF, 2)),
    ("A", "<", m.Result(_CLAIM, True, client="heimbud", conversation=CONVERSATION)),
    ("C", "<", m.Event(_JOINED)),
    ("A", ">", m.Open("heimbud", CONVERSATION, after=8)),
    ("A", "<", m.AgentBatch(CONVERSATION, EPOCH, 9, 10, False, (_OWNED, _STAFF_JOINED))),
    ("A", ">", m.Say("heimbud", CONVERSATION, 3, _THIRD, "Hei, jeg ser på saken.")),
    ("A", "<", m.AgentAck(CONVERSATION, _THIRD, 11)),
    ("C", "<", m.Event(_SAID)),
    ("C", ">", m.Seen(6)),
    ("A", "<", m.AgentEphemeral(CONVERSATION, seen=6)),
    ("A", ">", m.Finish(_FINISH, "heimbud", CONVERSATION, 3, "other", True)),
    ("A", "<", m.Result(_FINISH, True, client="heimbud", conversation=CONVERSATION)),
    ("C", "<", m.Event(_CLOSED)),
)
