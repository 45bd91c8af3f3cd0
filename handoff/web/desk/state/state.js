// The desk's whole state, and what a page of it starts from.

import { newStream } from "./stream.js";

export const BEATS_BEFORE_ASKING_AGAIN = 2;

export function initial(choices) {
  return {
    choices, // {language, theme, soundQueue, soundMessage, notify}
    phase: "starting", // starting, login or desk
    loginReason: null, // ended or stopped
    agent: null, // {id, name, role, clients, capacity}
    clients: {}, // by id
    link: { up: false, retryAt: 0, stopped: null, welcomed: false },
    status: "offline",
    statusAsked: null, // chosen here and not yet confirmed by a view of the queue
    capacity: 5,
    queue: { position: -1, skew: 0, total: 0, waiting: [], fresh: true },
    colleagues: [],
    openTasks: 0,
    tasks: null,
    chats: [], // conversation ids on this desk, in order of arrival
    streams: {}, // by conversation id
    selected: null,
    before: { selected: null, chats: [] }, // the desk as it lay before the page was loaded anew
    view: "chats", // chats, tasks, overview or people
    overview: null, // {now, more, chats} of a supervisor's client companies, or "failed"
    watched: null, // the conversation a supervisor reads, not on this desk
    people: null, // whom an admin manages, or "failed"
    pane: "list", // list, chat or card, where the window shows fewer than three
    drafts: {}, // by conversation: {text, note}
    reads: {}, // by conversation: the newest line read, from the page before this one
    requests: {}, // by request id: {kind, conversation, handoff, frame, failed}
    dialog: null, // {name, conversation, ...}
    toasts: [],
    toastId: 0,
  };
}

export function withStream(state, conversation, change) {
  const stream = state.streams[conversation];
  if (!stream) return state;
  const changed = change(stream);
  if (changed === stream) return state;
  return { ...state, streams: { ...state.streams, [conversation]: changed } };
}

export function ensured(state, client, conversation) {
  if (state.streams[conversation]) return state;
  return {
    ...state,
    streams: {
      ...state.streams,
      [conversation]: {
        ...newStream(client, conversation),
        read: state.reads[conversation] ?? 0,
      },
    },
  };
}

export function toasted(state, key, params = {}, tone = "calm") {
  const id = state.toastId + 1;
  const toasts = [...state.toasts, { id, key, params, tone }].slice(-3);
  return { ...state, toastId: id, toasts };
}

export function removed(state, conversation) {
  const { [conversation]: _, ...streams } = state.streams;
  const at = state.chats.indexOf(conversation);
  const chats = state.chats.filter((one) => one !== conversation);
  const selected =
    state.selected === conversation ? (chats[Math.min(at, chats.length - 1)] ?? null) : state.selected;
  const pane = selected ? state.pane : "list";
  return { ...state, streams, chats, selected, pane };
}
