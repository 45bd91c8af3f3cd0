// Frames from the server -> [state, effects]. Pure; effects are carried out by the desk's hand.

import { BEATS_BEFORE_ASKING_AGAIN, ensured, removed, toasted, withStream } from "./state.js";
import { emptied, openFrame, sayFrame, take, without } from "./stream.js";

const LETS_GO = ["transfer", "hand_back", "finish"];
const GONE = { stale_control: 1, not_owner: 1, taken: 1, not_found: 1 };

export function receive(state, frame, now) {
  const handler = handlers[frame.t];
  return handler ? handler(state, frame, now) : [state, []];
}

const handlers = {
  agent_welcome: welcome,
  queue,
  agent_batch: batch,
  agent_event: event,
  agent_ack: ack,
  agent_ephemeral: ephemeral,
  agent_heartbeat: heartbeat,
  agent_reset: reset,
  result,
  problem,
};

function welcome(state, frame) {
  let after = {
    ...state,
    agent: { ...state.agent, id: frame.agent, name: frame.name, role: frame.role },
    link: { ...state.link, up: true, retryAt: 0, stopped: null, welcomed: true },
    status: frame.status,
    statusAsked: null,
    capacity: frame.capacity,
    queue: { ...state.queue, position: -1, fresh: true },
  };
  let effects = [];
  [after, effects] = owned(after, asTheyLay(state, frame.mine));
  for (const conversation of after.chats) {
    const stream = after.streams[conversation];
    effects.push({ do: "send", frame: openFrame(stream) });
    after = withStream(after, conversation, (one) => ({ ...one, asked: BEATS_BEFORE_ASKING_AGAIN }));
    for (const one of stream.pending) effects.push({ do: "send", frame: sayFrame(stream, one) });
  }
  const watched = after.streams[after.watched];
  if (watched?.watched) effects.push({ do: "send", frame: openFrame(watched) });
  for (const request of Object.values(after.requests)) {
    if (!request.failed) effects.push({ do: "send", frame: request.frame });
  }
  effects.push({ do: "tasks" });
  return [after, dedupedOpens(effects)];
}

// Chats keep their number, which is their shortcut, over a reload.
function asTheyLay(state, mine) {
  const { chats } = state.before;
  const place = ({ conversation }) => (chats.indexOf(conversation) + 1 || chats.length + 1);
  return [...mine].sort((a, b) => place(a) - place(b));
}

function queue(state, frame, now) {
  if (frame.position < state.queue.position) return [state, []];
  const known = new Set(state.queue.waiting.map((row) => row.handoff));
  const added = frame.waiting.find((row) => !known.has(row.handoff));
  const tasksChanged = frame.open_tasks !== state.openTasks;
  let after = {
    ...state,
    // A view drawn up before the choice was heard must not undo it on the page.
    status: state.statusAsked ?? frame.status,
    statusAsked: frame.status === state.statusAsked ? null : state.statusAsked,
    colleagues: frame.colleagues,
    openTasks: frame.open_tasks,
    queue: {
      position: frame.position,
      skew: frame.now * 1000 - now,
      total: frame.total,
      waiting: frame.waiting,
      fresh: false,
    },
  };
  let effects = [];
  [after, effects] = owned(after, frame.mine);
  if (added && !state.queue.fresh && frame.status === "online") {
    effects.push({ do: "alert", kind: "queue", client: added.client });
  }
  if (tasksChanged) effects.push({ do: "tasks" });
  return [after, effects];
}

// Bring the desk's chats in step with what the server says this agent owns.
function owned(state, mine) {
  let after = state;
  const effects = [];
  const ids = new Set(mine.map((one) => one.conversation));
  for (const { client, conversation } of mine) {
    const isNew = !after.chats.includes(conversation);
    after = ensured(after, client, conversation);
    if (isNew) {
      after = { ...after, chats: [...after.chats, conversation] };
      after = withStream(after, conversation, (one) => ({
        ...one,
        watched: false,
        asked: BEATS_BEFORE_ASKING_AGAIN,
      }));
      effects.push({ do: "send", frame: openFrame(after.streams[conversation]) });
      effects.push({ do: "info", client, conversation });
    } else if (after.streams[conversation].left) {
      after = withStream(after, conversation, (one) => ({ ...one, left: false }));
      effects.push({ do: "info", client, conversation });
    }
  }
  for (const conversation of after.chats) {
    const stream = after.streams[conversation];
    if (ids.has(conversation) || stream.left || leaving(after, conversation)) continue;
    after = withStream(after, conversation, (one) => ({ ...one, left: true }));
  }
  if (after.selected === null && after.chats.length > 0) {
    const { selected } = after.before;
    after = { ...after, selected: after.chats.includes(selected) ? selected : after.chats[0] };
  }
  return [after, effects];
}

// Whether this agent asked to let go of the conversation: then its going is no surprise.
function leaving(state, conversation) {
  return Object.values(state.requests).some(
    (request) =>
      request.conversation === conversation &&
      !request.failed &&
      LETS_GO.includes(request.kind),
  );
}

function dedupedOpens(effects) {
  const seen = new Set();
  return effects.filter((effect) => {
    if (effect.do !== "send" || effect.frame.t !== "open") return true;
    if (seen.has(effect.frame.conversation)) return false;
    seen.add(effect.frame.conversation);
    return true;
  });
}

function batch(state, frame) {
  let stream = state.streams[frame.conversation];
  if (!stream) return [state, []];
  if (stream.epoch && stream.epoch !== frame.epoch && stream.last > 0) {
    const fresh = { ...emptied(stream, frame.epoch), asked: BEATS_BEFORE_ASKING_AGAIN };
    return [
      withStream(state, frame.conversation, () => fresh),
      [{ do: "send", frame: openFrame(fresh) }],
    ];
  }
  stream = { ...stream, epoch: frame.epoch };
  const before = stream;
  const taken = take(stream, frame.lines);
  stream = { ...taken.stream, asked: frame.more ? BEATS_BEFORE_ASKING_AGAIN : 0 };
  if (!frame.more) stream.synced = true;
  const effects = settled(before, stream);
  if (taken.gap && !frame.more) {
    stream.asked = BEATS_BEFORE_ASKING_AGAIN;
    effects.push({ do: "send", frame: openFrame(stream) });
  }
  return [withStream(state, frame.conversation, () => stream), effects];
}

function event(state, frame) {
  const before = state.streams[frame.conversation];
  if (!before) return [state, []];
  const taken = take(before, [frame.line]);
  let stream = taken.stream;
  const effects = settled(before, stream);
  if (taken.gap && stream.asked === 0) {
    stream = { ...stream, asked: BEATS_BEFORE_ASKING_AGAIN };
    effects.push({ do: "send", frame: openFrame(stream) });
  }
  const isNew = stream.lines !== before.lines;
  if (isNew && frame.line.kind === "text" && frame.line.author === "customer") {
    stream = { ...stream, typing: 0 };
    if (!stream.left && !stream.watched) {
      effects.push({ do: "alert", kind: "message", client: stream.client, conversation: stream.conversation });
    }
  }
  if (isNew && (frame.line.kind === "state" || frame.line.kind === "card")) {
    effects.push({ do: "info", client: stream.client, conversation: stream.conversation });
  }
  return [withStream(state, frame.conversation, () => stream), effects];
}

// Texts that have come back in the stream need not be kept for sending any longer.
function settled(before, after) {
  if (before.pending === after.pending) return [];
  const left = new Set(after.pending.map((one) => one.cmid));
  return before.pending
    .filter((one) => !left.has(one.cmid))
    .map((one) => ({ do: "forget", cmid: one.cmid }));
}

function ack(state, frame) {
  const stream = state.streams[frame.conversation];
  if (!stream) return [state, [{ do: "forget", cmid: frame.cmid }]];
  const pending =
    frame.seq <= stream.last
      ? without(stream.pending, frame.cmid)
      : stream.pending.map((one) => (one.cmid === frame.cmid ? { ...one, stored: true } : one));
  return [
    withStream(state, frame.conversation, (one) => ({ ...one, pending })),
    [{ do: "forget", cmid: frame.cmid }],
  ];
}

function ephemeral(state, frame, now) {
  return [
    withStream(state, frame.conversation, (stream) => ({
      ...stream,
      typing: frame.typing === undefined ? stream.typing : frame.typing ? now : 0,
      seen: Math.max(stream.seen, frame.seen ?? 0),
      present: frame.present ?? stream.present,
      awaySince: frame.present === undefined ? stream.awaySince : (frame.since ?? null),
    })),
    [],
  ];
}

function heartbeat(state, frame) {
  let after = state;
  const effects = [];
  for (const [conversation, newest] of Object.entries(frame.last_seqs)) {
    const stream = after.streams[conversation];
    if (!stream || newest <= stream.last) continue;
    if (stream.asked > 0) {
      after = withStream(after, conversation, (one) => ({ ...one, asked: one.asked - 1 }));
      continue;
    }
    after = withStream(after, conversation, (one) => ({ ...one, asked: BEATS_BEFORE_ASKING_AGAIN }));
    effects.push({ do: "send", frame: openFrame(stream) });
  }
  return [after, effects];
}

function reset(state, frame) {
  const stream = state.streams[frame.conversation];
  if (!stream) return [state, []];
  const fresh = { ...emptied(stream, frame.epoch), asked: BEATS_BEFORE_ASKING_AGAIN };
  return [
    withStream(state, frame.conversation, () => fresh),
    [{ do: "send", frame: openFrame(fresh) }],
  ];
}

// Nothing was stored and the service closes: what is unanswered is sent again, in its order.
function passes(frame) {
  return frame.code === "store_failed";
}

function result(state, frame) {
  const request = state.requests[frame.request];
  if (!request) return [state, []];
  if (passes(frame)) return [state, []];
  if (!frame.ok) return failed(state, frame.request, request, frame);
  const { [frame.request]: _, ...requests } = state.requests;
  let after = { ...state, requests };
  if (state.dialog?.request === frame.request) after = { ...after, dialog: null };
  switch (request.kind) {
    case "assign":
      if (request.frame.to !== after.agent.id) {
        return [toasted(after, "done.assign", {}, "good"), [{ do: "overview" }]];
      }
    // falls through: a chat taken over is claimed
    case "claim":
    case "next": {
      const client = frame.client ?? request.frame.client;
      const conversation = frame.conversation ?? request.conversation;
      if (!client || !conversation) return [after, []];
      const mine = [...after.chats.filter((id) => !after.streams[id].left)].map((id) => ({
        client: after.streams[id].client,
        conversation: id,
      }));
      if (!mine.some((one) => one.conversation === conversation)) mine.push({ client, conversation });
      const [taken, effects] = owned(after, mine);
      const takenFrom = request.kind === "assign" ? request.frame.control : 0;
      const next = withStream(taken, conversation, (one) => ({ ...one, takenFrom }));
      return [
        { ...next, selected: conversation, watched: null, view: "chats", pane: "chat" },
        [...effects, { do: "focus", target: "composer" }],
      ];
    }
    case "transfer":
    case "hand_back":
    case "finish": {
      const { [request.conversation]: _draft, ...drafts } = after.drafts;
      after = toasted(after, `done.${request.kind}`, {}, "good");
      return [
        { ...removed(after, request.conversation), drafts },
        [{ do: "send", frame: { t: "shut", conversation: request.conversation } }],
      ];
    }
    default:
      return [after, []];
  }
}

function failed(state, id, request, frame) {
  const inDialog = state.dialog?.request === id;
  if (inDialog) {
    // The room that is lacking may be a colleague's.
    const code = request.kind === "assign" && frame.code === "at_capacity" ? "no_room" : frame.code;
    const marked = { ...request, failed: { code, text: frame.text } };
    return [{ ...state, requests: { ...state.requests, [id]: marked } }, []];
  }
  const { [id]: _, ...requests } = state.requests;
  const after = { ...state, requests };
  if (request.kind === "claim" && GONE[frame.code]) {
    return [
      after,
      [{ do: "whoTook", client: request.frame.client, conversation: request.conversation }],
    ];
  }
  // Asked for whoever is next, "not found" means that nobody is.
  const code = request.kind === "next" && frame.code === "not_found" ? "empty" : frame.code;
  return [toasted(after, "refused", { code, text: frame.text }, "warn"), []];
}

function problem(state, frame) {
  if (passes(frame)) return [state, []];
  if (frame.request && state.requests[frame.request]) {
    return failed(state, frame.request, state.requests[frame.request], frame);
  }
  if (!frame.cmid) {
    if (frame.conversation && frame.code === "not_found") {
      return [withStream(state, frame.conversation, (one) => ({ ...one, missing: true })), []];
    }
    const after = { ...state, statusAsked: null };
    return [toasted(after, "refused", { code: frame.code, text: frame.text }, "warn"), []];
  }
  const stream = Object.values(state.streams).find((one) =>
    one.pending.some((text) => text.cmid === frame.cmid),
  );
  if (!stream) return [state, [{ do: "forget", cmid: frame.cmid }]];
  const one = stream.pending.find((text) => text.cmid === frame.cmid);
  return [takenBack(state, stream, one, frame), [{ do: "forget", cmid: frame.cmid }]];
}

// A refused text becomes the draft again, above whatever was begun meanwhile.
function takenBack(state, stream, one, frame) {
  const draft = state.drafts[stream.conversation];
  const text = draft?.text ? `${one.text}\n\n${draft.text}` : one.text;
  const after = withStream(state, stream.conversation, (old) => ({
    ...old,
    pending: without(old.pending, one.cmid),
    refused: { code: frame.code, text: frame.text },
  }));
  return {
    ...after,
    drafts: { ...after.drafts, [stream.conversation]: { text, note: one.kind === "note" } },
  };
}
