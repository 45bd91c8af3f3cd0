// What a supervisor sees: every ongoing chat of their client companies, and one of them to read.

import { stateOf } from "../state/select.js";
import { html, useDesk, useEffect, useNow } from "./html.js";
import { Icon } from "./icons.js";
import { ClientTag, Language } from "./list.js";
import { QUEUE } from "./transfer.js";

const EVERY_MS = 5_000;
const MODES = ["agent", "waiting", "bot"];

export function OverviewPane() {
  const { desk, state, w } = useDesk();
  const now = useNow() + state.queue.skew;
  const { overview } = state;
  useEffect(() => {
    desk.fetchOverview();
    const timer = setInterval(() => desk.fetchOverview(), EVERY_MS);
    return () => clearInterval(timer);
  }, [state.queue.position]);
  const chats = overview?.chats ?? [];
  return html`<div class="pane list-pane overview">
    ${overview === null && html`<p class="aside" role="status">${w.t("overview.loading")}</p>`}
    ${overview === "failed" &&
    html`<p class="dialog-failed" role="alert">${w.t("overview.failed")}</p>`}
    ${overview?.chats &&
    MODES.map(
      (mode) => html`<${Group}
        key=${mode}
        mode=${mode}
        chats=${chats.filter((chat) => chat.mode === mode)}
        now=${now}
      />`,
    )}
    ${overview?.more && html`<p class="aside">${w.t("overview.more", { count: chats.length })}</p>`}
  </div>`;
}

function Group({ mode, chats, now }) {
  const { w } = useDesk();
  return html`<section aria-labelledby=${`overview-${mode}`}>
    <div class="pane-head">
      <h2 id=${`overview-${mode}`}>
        ${w.t(`overview.${mode}`)} <span class="count">${chats.length}</span>
      </h2>
    </div>
    ${chats.length === 0
      ? html`<p class="aside">${w.t("overview.nobody")}</p>`
      : html`<ul class="rows">
          ${chats.map((chat) => html`<${Row} key=${chat.conversation} chat=${chat} now=${now} />`)}
        </ul>`}
  </section>`;
}

function Row({ chat, now }) {
  const { desk, state, w } = useDesk();
  const { client, conversation } = chat;
  const own = state.chats.includes(conversation);
  const open = () =>
    desk.dispatch(own ? { type: "select", conversation } : { type: "watch", client, conversation });
  const who =
    chat.agent === state.agent.id
      ? w.t("line.you")
      : (chat.name ?? (chat.reason ? w.name("reason", chat.reason) : w.t("line.bot")));
  const spent = w.clock(now / 1000 - chat.since);
  return html`<li>
    <button
      type="button"
      class="mine-row"
      data-client=${client}
      aria-current=${state.watched === conversation ? "true" : null}
      onClick=${open}
    >
      <span class="row-top">
        <span class="mine-topic">
          ${chat.topic ? w.name("intent", chat.topic) : w.t("pane.chat")}
        </span>
        ${chat.front &&
        html`<span class="flag front-flag"><${Icon} name="front" />${w.t("queue.front")}</span>`}
        <span class="wait" title=${w.t(`overview.${chat.mode}.since`, { wait: spent })}>${spent}</span>
      </span>
      <span class="row-under">
        <${ClientTag} id=${client} />
        <${Language} code=${chat.language} />
        <span class="last-line"><bdi>${who}</bdi></span>
      </span>
    </button>
  </li>`;
}

// Below a chat that is read only: whose it is, and what a supervisor can do about it.
export function WatchFoot({ stream }) {
  const { desk, state, w } = useDesk();
  const at = stateOf(stream);
  const { conversation } = stream;
  const name = at?.agent ? (desk.nameOf(at.agent) ?? w.t("line.colleague")) : null;
  const movable = at?.mode === "agent" || at?.mode === "waiting";
  const open = (to) =>
    desk.dispatch({ type: "dialog", dialog: { name: "assign", conversation, to } });
  return html`<div class="gone">
    <p>
      ${at && w.t(`overview.has.${at.mode}`, { name })}
      <span class="watch-lead">${w.t("overview.lead")}</span>
    </p>
    ${movable &&
    html`<div class="watch-acts" role="group" aria-label=${w.t("card.actions")}>
      <button
        type="button"
        class="quiet"
        disabled=${!state.link.up}
        onClick=${() => open(at.mode === "waiting" ? null : QUEUE)}
      >
        <${Icon} name="transfer" />${w.t("assign.move")}
      </button>
      <button
        type="button"
        class="primary"
        disabled=${!state.link.up}
        onClick=${() => open(state.agent.id)}
      >
        <${Icon} name="person" />${w.t("assign.take")}
      </button>
    </div>`}
  </div>`;
}
