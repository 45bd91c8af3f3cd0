// The left pane: who waits, and the chats on this desk.

import { lastSaid, stateOf, topicOf, unread, waitsSince } from "../state/select.js";
import { html, useDesk, useNow } from "./html.js";
import { Baton, Icon } from "./icons.js";

const PROMISE = 60;
const SOON = 0.6;
// The service counts no further.
const COUNTED = 1000;

// How many wait, as a person reads it.
export const counted = (total) => (total >= COUNTED ? `${COUNTED}+` : total);

export function ListPane() {
  return html`<div class="pane list-pane">
    <${Queue} />
    <${Mine} />
  </div>`;
}

export function ClientTag({ id }) {
  const { state } = useDesk();
  return html`<span class="client-tag" data-client=${id}>${state.clients[id]?.name ?? id}</span>`;
}

export function Language({ code }) {
  const { w } = useDesk();
  return html`<abbr class="language" title=${w.name("language", code)}>${code.toUpperCase()}</abbr>`;
}

function Queue() {
  const { desk, state, w } = useDesk();
  const now = useNow();
  const { waiting, total } = state.queue;
  const held = state.chats.filter((id) => !state.streams[id].left).length;
  const full = held >= state.capacity;
  return html`<section class="queue" aria-labelledby="queue-title">
    <div class="pane-head">
      <h2 id="queue-title">${w.t("queue.title")} <span class="count">${counted(total)}</span></h2>
      ${waiting.length > 1 &&
      html`<button
        type="button"
        class="quiet small"
        disabled=${!state.link.up || full || state.status !== "online"}
        onClick=${() => desk.next()}
      >
        ${w.t("queue.next")} <kbd>Alt N</kbd>
      </button>`}
    </div>
    ${state.status !== "online" && !state.queue.fresh && html`<${OffLine} />`}
    ${full && waiting.length > 0 && state.status === "online" && html`<p class="aside">${w.t("queue.full", { count: held })}</p>`}
    ${waiting.length === 0 && state.status === "online" && !state.queue.fresh
      ? html`<div class="empty">
          <${Lanes} />
          <p class="empty-title">${w.t("queue.empty")}</p>
          <p>${w.t("queue.empty.lead")}</p>
        </div>`
      : html`<ul class="rows">
          ${waiting.map(
            (row) => html`<${QueueRow}
              key=${row.handoff}
              row=${row}
              now=${now + state.queue.skew}
              closed=${full || state.status !== "online"}
            />`,
          )}
        </ul>`}
    ${total > waiting.length &&
    html`<p class="aside">${total >= COUNTED ? w.t("queue.many") : w.t("queue.more", { count: total - waiting.length })}</p>`}
  </section>`;
}

function OffLine() {
  const { desk, state, w } = useDesk();
  const key = state.status === "pause" ? "queue.pause" : "queue.off";
  return html`<div class="off-line">
    <p><strong>${w.t(key)}</strong> ${w.t(`${key}.lead`)}</p>
    <button
      type="button"
      class="primary small"
      disabled=${!state.link.up}
      onClick=${() => desk.dispatch({ type: "status", status: "online" })}
    >
      ${w.t("queue.goOnline")}
    </button>
  </div>`;
}

function QueueRow({ row, now, closed }) {
  const { desk, state, w } = useDesk();
  const waited = now / 1000 - row.since;
  const promise = state.clients[row.client]?.promise ?? PROMISE;
  const share = waited / promise;
  const tone = share >= 1 ? "late" : share >= SOON ? "soon" : "calm";
  const reason = w.name("reason", row.reason);
  const taking = Object.values(state.requests).some(
    (request) => request.kind === "claim" && request.conversation === row.conversation,
  );
  const client = state.clients[row.client]?.name ?? row.client;
  const clock = w.clock(waited);
  return html`<li class=${`queue-row ${tone} ${row.front ? "front" : ""}`} data-client=${row.client}>
    <div class="row-top">
      <${ClientTag} id=${row.client} />
      <${Language} code=${row.language} />
      ${row.front &&
      html`<span class="flag front-flag"><${Icon} name="front" />${w.t("queue.front")}</span>`}
      <span
        class=${`wait ${tone}`}
        title=${w.t("queue.waited", { wait: clock, promise: w.span(promise) })}
      >
        ${clock}${tone === "late" && html`<span class="unseen-label"> ${w.t("queue.late")}</span>`}
      </span>
    </div>
    <div class="row-body">
      <div>
        <p class="row-reason">${reason}</p>
        <p class="row-topic">
          ${row.topic ? w.name("intent", row.topic) : "–"} <${Preferred} agent=${row.preferred} />
        </p>
      </div>
      <button
        type="button"
        class="take"
        disabled=${closed || taking || !state.link.up}
        aria-label=${w.t("queue.takeLong", { client, reason, wait: clock })}
        onClick=${() => desk.claim(row)}
      >
        ${w.t(taking ? "queue.taking" : "queue.take")}
      </button>
    </div>
    <${Baton} share=${share} tone=${tone} />
  </li>`;
}

function Preferred({ agent }) {
  const { desk, state, w } = useDesk();
  if (!agent) return null;
  if (agent === state.agent.id) {
    return html`<span class="flag"><${Icon} name="person" />${w.t("queue.preferred")}</span>`;
  }
  const name = desk.nameOf(agent) ?? w.t("line.colleague");
  return html`<span class="flag muted">${w.t("queue.preferredOther", { name })}</span>`;
}

function Mine() {
  const { state, w } = useDesk();
  const now = useNow();
  const held = state.chats.filter((id) => !state.streams[id].left).length;
  return html`<section class="mine" aria-labelledby="mine-title">
    <div class="pane-head">
      <h2 id="mine-title">${w.t("mine.title")}</h2>
      <span class="meta">${w.t("mine.count", { count: held, capacity: state.capacity })}</span>
    </div>
    ${state.chats.length === 0
      ? html`<p class="aside">${w.t("mine.empty")}</p>`
      : html`<ul class="rows">
          ${state.chats.map(
            (id, at) => html`<${MineRow}
              key=${id}
              stream=${state.streams[id]}
              number=${at + 1}
              now=${now + state.queue.skew}
            />`,
          )}
        </ul>`}
  </section>`;
}

function MineRow({ stream, number, now }) {
  const { desk, state, w } = useDesk();
  const { conversation } = stream;
  const since = stream.left ? null : waitsSince(stream);
  const waits = since === null ? 0 : now / 1000 - since;
  const tone = waits > 180 ? "late" : waits > 60 ? "soon" : "calm";
  const news = unread(stream);
  const topic = topicOf(stream);
  const open = state.selected === conversation && state.view === "chats";
  return html`<li>
    <button
      type="button"
      class=${`mine-row ${news ? "has-news" : ""} ${stream.left ? "is-left" : ""}`}
      data-client=${stream.client}
      aria-current=${open ? "true" : null}
      onClick=${() => desk.dispatch({ type: "select", conversation })}
    >
      <span class="row-top">
        <kbd>${number <= 9 ? number : ""}</kbd>
        <span class="mine-topic">${topic ? w.name("intent", topic) : ""}</span>
        ${news > 0 &&
        html`<span class="count loud">
          <span aria-hidden="true">${news}</span>
          <span class="unseen-label">
            ${news === 1 ? w.t("mine.unread.one") : w.t("mine.unread", { count: news })}
          </span>
        </span>`}
        ${since !== null &&
        html`<span class=${`wait ${tone}`} title=${w.t("mine.waits", { wait: w.clock(waits) })}>
          ${w.clock(waits)}
        </span>`}
      </span>
      <span class="row-under">
        <${ClientTag} id=${stream.client} />
        <span class="last-line"><${LastLine} stream=${stream} /></span>
      </span>
    </button>
  </li>`;
}

function LastLine({ stream }) {
  const { state, w } = useDesk();
  if (stream.left) return html`<em>${w.t(leftKey("mine.left", stream, w))}</em>`;
  const draft = state.drafts[stream.conversation];
  if (draft?.text && state.selected !== stream.conversation) {
    return html`<em class="draft-mark">${w.t("mine.draft")}</em>${draft.text.slice(0, 90)}`;
  }
  if (stream.typing) return html`<em>${w.t("chat.typing")} …</em>`;
  const pending = stream.pending.filter((one) => one.kind === "say").at(-1);
  const last = lastSaid(stream);
  if (pending) return `${w.t("mine.you")}${pending.text.slice(0, 90)}`;
  if (!last) return "…";
  const who =
    last.author === "bot" ? w.t("mine.bot") : last.author === "agent" ? w.t("mine.you") : "";
  return `${who}${(last.body.text ?? "").slice(0, 90)}`;
}

// The key that says where a conversation went that left this desk.
export function leftKey(stem, stream, w) {
  const at = stateOf(stream);
  const key = `${stem}.${at?.mode}`;
  return w.has(key) ? key : stem;
}

export function Lanes() {
  return html`<svg class="lanes" viewBox="0 0 200 70" aria-hidden="true" focusable="false">
    <path d="M-10 66C50 66 70 20 210 14" />
    <path d="M-10 78C58 78 78 34 210 28" />
    <path d="M-10 54C42 54 62 6 210 0" />
    <path class="lane-baton" d="M92 38l22-10.500" />
  </svg>`;
}
