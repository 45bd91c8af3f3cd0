"""What every frame, field, kind, notice and error code means; docs/protocol.md is made of it.

A frame's own meaning is its docstring where it has one, else its row here.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from handoff.protocol import messages as m

FRAMES: Mapping[type[Struct], str] = {
    m.SetLanguage: "The customer chose a language; the bot keeps to it from now on. Notices that are stored keep theirs, and other pages are not told.",
    m.Typing: "The customer began (`true`) or stopped (`false`) writing. Unnumbered, may be lost.",
    m.Event: "One new line, in order.",
    m.Heartbeat: "The newest number of the stream, read from the database. Answer with `beat`.",
    m.SetStatus: "The agent's own status. Only who is `online` is given chats.",
    m.Say: "A line to the customer, from the agent who owns the conversation.",
    m.Note: "An internal note: colleagues see it, the customer never.",
    m.HandBack: "Give the conversation back to the bot, with facts for it.",
    m.Verdict: "The agent's judgement of the handover, kept to teach the bot.",
    m.AgentTyping: "The agent began or stopped writing. Shown only when the chat is theirs.",
    m.AgentWelcome: "The desk's connection stands.",
    m.AgentBatch: "Lines `first` to `last` of a followed conversation's staff stream.",
    m.AgentEvent: "One new line of a followed conversation.",
    m.AgentAck: "A `say` or `note` is durably stored.",
    m.AgentReset: "That conversation's history was rewritten, or it is gone: throw it away and open it anew.",
    m.Colleague: "Somebody who shares a client company with this agent.",
}  # fmt: skip

# Fields that mean the same wherever they stand.
EVERYWHERE: Mapping[str, str] = {
    "v": "version of this protocol",
    "cmid": "the sender's own id of this message, made before sending; the same id again is the same message",
    "request": "the sender's own id of this command; the same id again gets the same answer and does nothing twice",
    "client": "the client company",
    "conversation": "the conversation",
    "control": "the fencing number the sender last saw; a stale one is refused",
    "epoch": "the history that numbers count in; another epoch means that history was rewritten",
    "language": "nb (Bokmål), nn (Nynorsk) or en (English)",
    "heartbeat": "seconds between two heartbeats",
    "resume_token": "opens the next connection without a ticket",
    "mode": "bot, waiting, agent or closed",
    "owner": "who may speak to the customer: bot, agent or nobody",
    "more": "whether another batch follows at once",
    "lines": "the lines, in order",
    "line": "the line",
    "first": "number of the first line; one above the last you had",
    "last": "number of the last line; equal to your cursor when there is nothing new",
    "name": "a person's name as others see it",
    "status": "online, pause or offline",
    "capacity": "chats this person may have at once",
    "at": "when it was stored, in seconds since the epoch",
    "mine": "the conversations this agent owns now",
    "position": "rises with every change of the queue",
    "on": "whether they are writing",
    "code": "for machines; see the table of error codes",
    "reason": "why",
}  # fmt: skip

FIELDS: Mapping[type[Struct], Mapping[str, str]] = {
    m.Hello: {
        "ticket": "a single-use ticket, from an HTTP call; give this or `resume_token`",
        "resume_token": "the token of the last welcome; give this or `ticket`",
    },
    m.Resume: {"after": "the last number you have; 0 for everything"},
    m.Button: {
        "seq": "number of the line that carried the buttons",
        "index": "which of them, from 0",
    },
    m.Send: {
        "text": "what the customer wrote",
        "button": "which button they pressed; the server knows what it stands for",
    },
    m.Rate: {"stars": "from 1, not content, to 5, very content"},
    m.Choose: {
        "choice": "`stay` in the queue, go on with the `bot` meanwhile (the place is kept), be shown "
        "the form for `contact` details, or `leave` the queue"
    },
    m.LeaveContact: {
        "name": "the customer's name",
        "reach": "telephone or e-mail",
        "text": "what it is about; identity, account and card numbers are masked",
    },
    m.SetLanguage: {"language": "one of the client company's languages"},
    m.Seen: {"seq": "the newest line rendered; the server keeps the highest"},
    m.Line: {
        "seq": "the line's number in the customer's stream, from 1 without gaps",
        "author": "customer, bot, agent or system",
        "kind": "`text` or `notice`",
        "text": "the words, already in the right language",
        "name": "the agent's name, where an agent wrote it",
        "buttons": "titles of the quick replies; press one with `send`",
        "cmid": "the id its sender gave it: merge your optimistic bubble by it. A notice may bear the id of the command it answers, also an agent's `request`",
        "code": "of a notice: which one, see the table of notices",
        "params": "of a notice: its facts",
    },
    m.Welcome: {"last_seq": "the newest number there is"},
    m.Ack: {"seq": "the line's number; 0 for a command that left no line"},
    m.Heartbeat: {"last_seq": "the newest number in the database: above yours means a gap"},
    m.Ephemeral: {
        "typing": "`agent` while one writes, empty when they stop",
        "place": "place in the queue, from 1",
        "wait": "an honest estimate in seconds; absent when nothing honest is known",
        "staffed": "whether anybody is on for this client company",
        "seen": "the agent has read the lines up to this number; each agent counts alone, so keep the highest",
    },
    m.Problem: {
        "text": "for people: what is wrong, and often the cure",
        "cmid": "the message that was refused, if it had one",
        "request": "the command that was refused, if it had one",
        "conversation": "the conversation it was about, if any",
    },
    m.Claim: {"handoff": "id of the waiting row, from `queue`"},
    m.Open: {
        "epoch": "the epoch of what you hold; left out when you hold nothing",
        "after": "the last staff number you have",
    },
    m.Say: {"text": "what the agent writes"},
    m.Note: {"text": "what colleagues shall know"},
    m.Transfer: {
        "to": "a colleague's id, also of one who is offline: the customer waits for them, as told above. Left out: back to the queue, at the customer's old place",
        "note": "a note to whoever comes next",
    },
    m.Assign: {"to": "the agent who gets it, also the supervisor's own id; left out: back to the queue, at the customer's old place"},
    m.HandBack: {"slots": "facts for the bot, of the names that `facts` of `GET /api/desk/clients` lists: a text sets one, null empties it, left out keeps it. The customer is told what the bot was told"},
    m.Finish: {
        "reason": "id of one of the client company's contact reasons",
        "resolved": "whether the customer got what they came for",
    },
    m.Verdict: {"verdict": "was the handover needed, needless, or too late?"},
    m.AgentSeen: {"seq": "the `customer_seq` of the newest line rendered"},
    m.Waiting: {
        "handoff": "id of the request; name it in `claim`",
        "reason": "asked_human, frustration, uncertainty, policy, repeated_failure, no_progress, client_system or bot_failed",
        "front": "whether it goes before all others",
        "since": "when the customer began to wait, in seconds since the epoch",
        "control": "the conversation's number now; name it in `claim`",
        "urgency": "how much of the promised waiting time is used up, times the client's weight; 1 is a promise just broken",
        "topic": "the errand, an intent's name",
        "preferred": "the agent it is kept for during the first minute after a transfer or a lost lease",
    },
    m.Colleague: {"id": "the agent's id, for `transfer`", "active": "chats they have now",
                  "clients": "the client companies you share"},
    m.AgentWelcome: {"agent": "your id", "role": "agent, supervisor or admin"},
    m.QueueView: {
        "now": "the server's time, in seconds since the epoch",
        "total": "how many wait, counted no further than 1,000; there may be fewer rows than that",
        "waiting": "the line in order, for the agent's own client companies",
        "colleagues": "who shares a client company with you, whatever their status, and yourself",
        "open_tasks": "contact forms that nobody has answered",
    },
    m.StaffLine: {
        "seq": "the line's number in the staff's stream, from 1 without gaps",
        "author": "customer, bot, agent or system",
        "kind": "see the table of kinds",
        "body": "the content; its keys follow from the kind",
        "author_id": "the agent's id, where an agent wrote it",
        "cmid": "the id its sender gave it",
        "turn_id": "the bot's turn it belongs to",
        "customer_seq": "its number in the customer's stream; absent when only staff see it",
    },
    m.AgentAck: {"seq": "the line's number in the staff's stream"},
    m.Result: {"ok": "whether it was done", "text": "for people: why it was not",
               "client": "the client company, where it was done",
               "conversation": "the conversation; absent where a `next` was refused",
               "code": "empty, or why it was not: see the table of error codes"},
    m.AgentEphemeral: {
        "typing": "whether the customer writes",
        "seen": "the customer has read up to this `customer_seq`",
        "present": "whether the customer has a page open; told when `open`ed and at every change",
        "since": "with `present` false: when the last page went, in seconds since the epoch; absent when that is not known",
    },
    m.AgentHeartbeat: {"last_seqs": "the newest staff number of each followed conversation"},
}  # fmt: skip

KINDS: Mapping[str, str] = {
    "text": "said by customer, bot or agent. Body `text`, and `buttons` (a list, perhaps empty, of title and payload) of the bot's; `payload` when the customer pressed one.",
    "notice": "an honest line of the system, which the customer sees too. Body `code`, `params`, `text`.",
    "note": "between agents. Body `text`.",
    "card": "why it was handed over: the handoff signal of [the bot contract](bot-contract.md), whole.",
    "understanding": "what the bot made of one turn. Body `nlu`, `slots`, `assessment`, `lookups`.",
    "state": "a change of owner. Body `mode`, `owner`, `agent` (an id, or null), `control`: the newest one's control goes into commands.",
    "visit": "the page the customer writes from. Body `page`.",
    "verdict": "an agent's judgement of the handover. Body `verdict`.",
    "rating": "how content the customer was. Body `stars`, 1 to 5.",
}  # fmt: skip

NOTICES: Mapping[str, str] = {
    "queued": "Passed on to a person. `place`, `wait` (seconds, or null where it is not known), `staffed`, `choices` (send one with `choose`).",
    "staying": "The customer chose to stay in the queue.",
    "bot_meanwhile": "The bot answers while the customer keeps the place.",
    "left_queue": "The customer left the queue; the bot answers again.",
    "contact_form": "Show the contact form: `form` is `contact`, and `leave_contact` sends it.",
    "contact_kept": "The contact form is kept as a task for the desk.",
    "desk_closed": "Outside opening hours. Show the contact form: `form` is `contact`.",
    "agent_joined": "A person is here: `name`.",
    "agent_lost": "The person's connection was lost; the customer is back at the old place.",
    "transferred": "On the way to a colleague.",
    "handed_back": "The bot answers again; `facts` is what it was told, by slot; what was emptied is left out.",
    "closed": "The conversation ended; `by` is agent or customer. A new line opens it again.",
    "bot_failed": "The bot could not answer, and a person is asked for.",
    "masked": "Numbers were hidden before anything was stored: `kinds`, of identity_number, account_number and card_number.",
}  # fmt: skip

ERRORS: Mapping[str, str] = {
    "bad_frame": "Not a frame of this protocol. The connection closes with 1008: mend the program.",
    "unauthenticated": "Ticket or token is not good. The connection closes with 4001: get a new ticket.",
    "bad_input": "A field's content cannot be used; the text says which. Do not send it again as it is.",
    "bad_method": "Over HTTP: that address does not take this method.",
    "refused": "Understood, and not allowed now. Show the text.",
    "stale_control": "The conversation changed hands since you saw it. Keep an agent's text as a draft.",
    "taken": "Another agent was first, or the customer waits no more.",
    "at_capacity": "The agent has as many chats as they may, or is not online: you, or whom you named in `assign`.",
    "not_owner": "The conversation is not yours any more. Keep the text as a draft.",
    "id_reuse": "This `cmid` or `request` came before with other content. Make a new id.",
    "not_allowed": "Your role, origin or client company does not permit it.",
    "wrong_password": "Over HTTP: the old password is not right, and no new one was set.",
    "no_desk": "Over HTTP: a designer works in files, and the desk is not for the role.",
    "disabled": "Over HTTP: the right password, of a login that is switched off.",
    "not_found": "There is no such thing, or it is not yours to see: both look the same.",
    "overloaded": "Too much at once. Over HTTP 429 with Retry-After; on a socket the close code 1013.",
    "store_failed": "The database refused. Nothing was stored: send the same `cmid` again.",
    "bot_failed": "The bot cannot be reached.",
    "bot_unknown": "The bot's outcome is not known; the server finds out by itself.",
    "unavailable": "The client company's system did not answer sensibly.",
}  # fmt: skip
# Told on the command line and in the log, never to a page. `too_big` is a close reason only.
NEVER_SENT = frozenset(
    {"error", "bad_setting", "bad_client_config", "bad_content", "cannot_start", "too_big"}
)
