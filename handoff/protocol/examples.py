"""One instance of every frame, as it might be sent; docs/protocol.md shows them as JSON."""

from __future__ import annotations

from handoff.protocol import messages as m

CONVERSATION = "5b1f0c3a9d7e42689a0b1c2d3e4f5a6b"
EPOCH = "c0ffee00c0ffee00c0ffee00c0ffee00"
HANDOFF = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
KARI = "7d9c1e2f3a4b5c6d7e8f901a2b3c4d5e"
_CMID = "0f8fad5b-d9cb-469f-a165-70867728950e"
_REQUEST = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
AT = 1_795_000_000.25

_LINE = m.Line(
    seq=4,
    at=AT,
    author="bot",
    kind="text",
    text="Pakken HB12345678 er på vei. Den er på Hønefoss nå.",
    buttons=("Endre leveringen", "Snakk med et menneske"),
)
_NOTICE = m.Line(
    seq=6,
    at=AT,
    author="system",
    kind="notice",
    text="Kari Nordli er her nå og har lest samtalen.",
    code="agent_joined",
    params={"name": "Kari Nordli"},
)
_STAFF_LINE = m.StaffLine(
    seq=9,
    at=AT,
    author="customer",
    kind="text",
    body={"text": "ka e pakken min?"},
    cmid=_CMID,
    turn_id="11112222333344445555666677778888",
    customer_seq=5,
)
_STATE = m.StaffLine(
    seq=12,
    at=AT,
    author="system",
    kind="state",
    body={"mode": "agent", "owner": "agent", "agent": KARI, "control": 3},
)
_WAITING = m.Waiting(
    handoff=HANDOFF,
    conversation=CONVERSATION,
    client="heimbud",
    language="nb",
    reason="frustration",
    front=False,
    since=AT,
    control=2,
    urgency=0.4,
    topic="newspaper_missing",
)
_COLLEAGUE = m.Colleague(KARI, "Kari Nordli", "online", 2, 5, ("heimbud", "varde"))
_MINE = m.Mine("heimbud", CONVERSATION)

CUSTOMER: tuple[m.Frame, ...] = (
    m.Hello(v=m.VERSION, ticket="eyJrIjoiY3VzdG9tZXIi.Zx3a.9f2c"),
    m.Resume(epoch=EPOCH, after=0),
    m.Send(cmid=_CMID, text="ka e pakken min?"),
    m.AskPerson(cmid=_CMID),
    m.Choose(cmid=_CMID, choice="stay"),
    m.LeaveContact(cmid=_CMID, name="Ada Vik", reach="ada@example.no", text="Ring etter fire."),
    m.SetLanguage(cmid=_CMID, language="nn"),
    m.End(cmid=_CMID),
    m.Rate(cmid=_CMID, stars=4),
    m.Seen(seq=5),
    m.Typing(on=True),
    m.Beat(),
)
TO_CUSTOMER: tuple[m.Frame, ...] = (
    m.Welcome(
        v=m.VERSION,
        conversation=CONVERSATION,
        epoch=EPOCH,
        last_seq=5,
        resume_token="eyJrIjoiY3VzdG9tZXIi.Zx3b.77ab",  # noqa: S106 - shown in the document
        heartbeat=15,
        mode="bot",
        owner="bot",
        language="nb",
    ),
    m.Batch(first=4, last=4, more=False, lines=(_LINE,)),
    m.Event(_NOTICE),
    m.Ack(_CMID, 5),
    m.Heartbeat(6),
    m.Ephemeral(place=2, wait=90.0, staffed=True),
    m.Reset(EPOCH),
    m.Problem("id_reuse", "This id was used for another text.", cmid=_CMID),
)
AGENT: tuple[m.Frame, ...] = (
    m.Hello(v=m.VERSION, ticket="eyJrIjoiYWdlbnQi.Zx3c.11fe"),
    m.SetStatus("online"),
    m.Claim(_REQUEST, "heimbud", CONVERSATION, HANDOFF, 2),
    m.Next(_REQUEST),
    m.Open("heimbud", CONVERSATION),
    m.Shut(CONVERSATION),
    m.Say("heimbud", CONVERSATION, 3, _CMID, "Hei, jeg ser på saken."),
    m.Note("heimbud", CONVERSATION, _CMID, "Budet har ny rute fra mandag."),
    m.Transfer(_REQUEST, "heimbud", CONVERSATION, 3, to=KARI, note="Gjelder faktura."),
    m.Assign(_REQUEST, "heimbud", CONVERSATION, 3, to=KARI),
    m.HandBack(_REQUEST, "heimbud", CONVERSATION, 3, {"subscription_number": "123456"}),
    m.Finish(_REQUEST, "heimbud", CONVERSATION, 3, "newspaper-missing", True),
    m.Verdict(_REQUEST, "heimbud", CONVERSATION, "needed"),
    m.AgentTyping("heimbud", CONVERSATION, True),
    m.AgentSeen("heimbud", CONVERSATION, 5),
    m.Beat(),
)
TO_AGENT: tuple[m.Frame, ...] = (
    m.AgentWelcome(
        v=m.VERSION,
        agent=KARI,
        name="Kari Nordli",
        role="agent",
        status="online",
        capacity=5,
        heartbeat=10,
        resume_token="eyJrIjoiYWdlbnQi.Zx3d.52c0",  # noqa: S106 - shown in the document
        mine=(_MINE,),
    ),
    m.QueueView(
        position=17,
        now=AT,
        total=1,
        waiting=(_WAITING,),
        colleagues=(_COLLEAGUE,),
        open_tasks=0,
        mine=(_MINE,),
        status="online",
    ),
    m.AgentBatch(CONVERSATION, EPOCH, 9, 9, False, (_STAFF_LINE,)),
    m.AgentEvent(CONVERSATION, _STATE),
    m.AgentAck(CONVERSATION, _CMID, 13),
    m.Result(_REQUEST, ok=True, client="heimbud", conversation=CONVERSATION),
    m.AgentEphemeral(CONVERSATION, typing=True),
    m.AgentHeartbeat({CONVERSATION: 13}, 17),
    m.AgentReset(CONVERSATION, EPOCH),
    m.Problem("not_found", "Open the conversation first.", conversation=CONVERSATION),
)
