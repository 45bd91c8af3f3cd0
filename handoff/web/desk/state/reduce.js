// What the agent does and what HTTP answers -> [state, effects]. Frames go through frames.js.

import { receive } from "./frames.js";
import { ensured, initial, removed, toasted, withStream } from "./state.js";
import { openFrame, sayFrame } from "./stream.js";

export function reduce(state, action) {
  const handler = handlers[action.type];
  if (!handler) throw new Error(`No such action: ${action.type}`);
  return handler(state, action);
}

const only = (state) => [state, []];

const handlers = {
  frame: (state, { frame, now }) => receive(state, frame, now),

  // --- the session
  needsLogin: (state, { reason }) =>
    only({ ...initial(state.choices), phase: "login", loginReason: reason ?? null }),
  entered: (state, { agent, clients, drafts, reads, outbox, before }) => {
    let after = {
      ...initial(state.choices),
      phase: "desk",
      agent,
      clients: Object.fromEntries(clients.map((one) => [one.id, one])),
      capacity: agent.capacity ?? state.capacity,
      drafts,
      reads,
      before,
    };
    for (const kept of outbox) {
      after = ensured(after, kept.client, kept.conversation);
      if (!after.chats.includes(kept.conversation)) {
        after = { ...after, chats: [...after.chats, kept.conversation] };
      }
      after = withStream(after, kept.conversation, (one) => ({
        ...one,
        pending: [...one.pending, kept],
      }));
    }
    return [after, [{ do: "connect" }]];
  },
  down: (state, { retryAt }) =>
    only({
      ...state,
      link: { ...state.link, up: false, retryAt },
      streams: mapped(state.streams, (one) => ({ ...one, typing: 0, present: null })),
    }),
  stopped: (state, { code }) =>
    only({ ...state, link: { ...state.link, up: false, retryAt: 0, stopped: code } }),

  // --- writing
  draft: (state, { conversation, text, note }) => {
    const before = state.drafts[conversation] ?? { text: "", note: false };
    const draft = { text: text ?? before.text, note: note ?? before.note };
    return only({ ...state, drafts: { ...state.drafts, [conversation]: draft } });
  },
  wrote: (state, { conversation, one }) => {
    const after = withStream(state, conversation, (stream) => ({
      ...stream,
      pending: [...stream.pending, one],
      refused: null,
    }));
    if (after === state) return only(state);
    const frame = sayFrame(after.streams[conversation], one);
    return [after, after.link.up ? [{ do: "send", frame }] : []];
  },
  calm: (state, { conversation }) =>
    only(withStream(state, conversation, (one) => ({ ...one, refused: null }))),
  read: (state, { conversation, seq }) => {
    const stream = state.streams[conversation];
    if (!stream || stream.read >= seq) return only(state);
    const { client } = stream;
    return [
      withStream(state, conversation, (one) => ({ ...one, read: seq })),
      stream.left || stream.watched || !state.link.up
        ? []
        : [{ do: "send", frame: { t: "agent_seen", client, conversation, seq } }],
    ];
  },

  // --- asking the server
  ask: (state, { request, kind, frame, conversation }) => {
    const asked = { kind, frame, conversation: conversation ?? frame.conversation ?? null };
    const dialog = state.dialog?.conversation === conversation && state.dialog?.name === kind
      ? { ...state.dialog, request }
      : state.dialog;
    return [
      { ...state, dialog, requests: { ...state.requests, [request]: asked } },
      state.link.up ? [{ do: "send", frame }] : [],
    ];
  },
  status: (state, { status }) => [
    { ...state, status, statusAsked: status },
    [{ do: "send", frame: { t: "status", status } }],
  ],
  took: (state, { name }) => only(toasted(state, name ? "takenBy" : "taken", { name })),

  // --- what HTTP answered
  info: (state, { conversation, info }) =>
    only(withStream(state, conversation, (one) => ({ ...one, info }))),
  tasks: (state, { tasks }) =>
    only({ ...state, tasks, openTasks: Array.isArray(tasks) ? tasks.length : state.openTasks }),
  overview: (state, { overview }) => only({ ...state, overview }),
  people: (state, { people }) => only({ ...state, people }),
  told: (state, { key, params }) => only(toasted(state, key, params, "good")),
  looked: (state, { conversation, look }) =>
    only(withStream(state, conversation, (one) => ({ ...one, looked: [...one.looked, look] }))),
  trouble: (state, { key, params }) => only(toasted(state, key, params, "warn")),

  // --- what is looked at
  choose: (state, { choices }) => only({ ...state, choices: { ...state.choices, ...choices } }),
  select: (state, { conversation }) => {
    if (!state.streams[conversation]) return only(state);
    const [after, effects] = unwatched(state, conversation);
    return [
      { ...after, selected: conversation, watched: null, view: "chats", pane: "chat" },
      [...effects, { do: "focus", target: "composer" }],
    ];
  },
  dismiss: (state, { conversation }) => {
    const { [conversation]: _, ...drafts } = state.drafts;
    return [
      { ...removed(state, conversation), drafts },
      [{ do: "send", frame: { t: "shut", conversation } }],
    ];
  },
  view: (state, { view }) => {
    const [after, effects] = unwatched(state, null);
    if (view === "tasks") effects.push({ do: "tasks" });
    return [{ ...after, view, pane: view === "overview" ? "list" : state.pane }, effects];
  },
  pane: (state, { pane }) => only({ ...state, pane }),
  watch: (state, { client, conversation }) => {
    const [after, effects] = unwatched(state, conversation);
    const watching = { ...ensured(after, client, conversation), watched: conversation, pane: "chat" };
    const next = withStream(watching, conversation, (one) => ({ ...one, watched: true }));
    effects.push({ do: "send", frame: openFrame(next.streams[conversation]) });
    effects.push({ do: "info", client, conversation });
    return [next, effects];
  },
  dialog: (state, { dialog }) => {
    const requests = Object.fromEntries(
      Object.entries(state.requests).filter(([, request]) => !request.failed),
    );
    return only({ ...state, dialog, requests });
  },
  untoast: (state, { id }) =>
    only({ ...state, toasts: state.toasts.filter((one) => one.id !== id) }),
};

// Let go of the conversation that is read without being this desk's, unless it is `next`.
function unwatched(state, next) {
  const { watched } = state;
  if (watched === null || watched === next) return [state, []];
  const after = { ...state, watched: null };
  if (!state.streams[watched]?.watched) return [after, []];
  const { [watched]: _, ...streams } = state.streams;
  return [{ ...after, streams }, [{ do: "send", frame: { t: "shut", conversation: watched } }]];
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
