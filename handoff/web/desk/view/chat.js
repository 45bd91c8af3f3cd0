// The middle pane: the open chat with its head, transcript and composer.

import { itemsOf, stateOf, topicOf, unread } from "../state/select.js";
import { Actions } from "./actions.js";
import { Composer } from "./composer.js";
import { html, useDesk, useEffect, useLayoutEffect, useRef, useState } from "./html.js";
import { Icon } from "./icons.js";
import { Transcript } from "./lines.js";
import { ClientTag, Lanes, Language, leftKey } from "./list.js";
import { WatchFoot } from "./overview.js";

const NEAR_BOTTOM = 80;
const TYPING_FADES_MS = 6_000;

export function Chat({ stream }) {
  const { state, w } = useDesk();
  if (!stream && state.view === "overview") {
    return html`<section class="pane chat-pane nothing" aria-label=${w.t("pane.chat")}>
      <div class="empty">
        <${Lanes} />
        <p class="empty-title">${w.t("overview.none")}</p>
        <p>${w.t("overview.none.lead")}</p>
      </div>
    </section>`;
  }
  if (!stream) {
    return html`<section class="pane chat-pane nothing" aria-label=${w.t("pane.chat")}>
      <div class="empty">
        <${Lanes} />
        <p class="empty-title">${w.t("chat.none")}</p>
        <p>${before(w.t("chat.none.lead"))}<kbd>Alt N</kbd>${after(w.t("chat.none.lead"))}</p>
      </div>
    </section>`;
  }
  const client = state.clients[stream.client]?.name ?? stream.client;
  return html`<section
    class="pane chat-pane"
    data-client=${stream.client}
    aria-label=${w.t("chat.label", { client })}
  >
    <${Head} stream=${stream} />
    <${Log} stream=${stream} />
    ${stream.watched ? html`<${WatchFoot} stream=${stream} />` : html`<${Foot} stream=${stream} />`}
  </section>`;
}

const before = (text) => text.split("{key}")[0];
const after = (text) => text.split("{key}")[1] ?? "";

function Head({ stream }) {
  const { desk, w } = useDesk();
  const topic = topicOf(stream);
  return html`<div class="chat-head">
    <div class="chat-who">
      <${ClientTag} id=${stream.client} />
      <h2>${topic ? w.name("intent", topic) : w.t("pane.chat")}</h2>
      ${stream.info && html`<${Language} code=${stream.info.language} />`}
      ${stream.present !== null && html`<${Presence} stream=${stream} />`}
    </div>
    ${desk.owns(stream) && html`<${Actions} stream=${stream} place="in-head" />`}
  </div>`;
}

function Presence({ stream: { present, awaySince } }) {
  const { w } = useDesk();
  const words = present
    ? w.t("chat.present")
    : awaySince
      ? w.t("chat.awaySince", { time: w.moment(awaySince) })
      : w.t("chat.away");
  return html`<span class=${`presence ${present ? "here" : "away"}`}>
    <i class="dot" />${words}
  </span>`;
}

function Log({ stream }) {
  const { desk, state, w } = useDesk();
  const log = useRef(null);
  const [atBottom, setAtBottom] = useState(true);
  const waiting = stream.pending.length;

  useLayoutEffect(() => {
    if (atBottom) log.current.scrollTop = log.current.scrollHeight;
  }, [stream.lines, waiting, stream.typing, state.pane]);
  useEffect(() => {
    const resized = new ResizeObserver(() => {
      if (log.current && nearBottom(log.current)) log.current.scrollTop = log.current.scrollHeight;
    });
    resized.observe(log.current);
    return () => resized.disconnect();
  }, []);
  useEffect(() => {
    const read = () => {
      const seen = document.visibilityState === "visible" && log.current?.offsetParent;
      if (seen && atBottom) {
        desk.dispatch({ type: "read", conversation: stream.conversation, seq: stream.last });
      }
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [stream.last, stream.conversation, atBottom, state.pane, state.link.up]);

  const toBottom = () => {
    log.current.scrollTop = log.current.scrollHeight;
    setAtBottom(true);
  };
  return html`<div class="log-frame">
    <div
      class="log"
      ref=${log}
      role="log"
      tabindex="0"
      aria-label=${w.t("chat.log")}
      onScroll=${() => setAtBottom(nearBottom(log.current))}
    >
      ${stream.missing && html`<p class="aside">${w.t("chat.missing")}</p>`}
      ${!stream.synced && !stream.missing && stream.lines.length === 0 &&
      html`<p class="aside">${w.t("chat.loading")}</p>`}
      <${Transcript}
        items=${itemsOf(stream.lines)}
        pending=${stream.pending}
        seen=${stream.seen}
        up=${state.link.up}
        me=${state.agent.id}
        colleagues=${state.colleagues}
        w=${w}
      />
      <${CustomerTyping} since=${stream.typing} />
    </div>
    ${!atBottom &&
    html`<button type="button" class="to-bottom" onClick=${toBottom}>
      <${Icon} name="down" />${w.t(unread(stream) > 0 ? "chat.newBelow" : "chat.toNewest")}
    </button>`}
  </div>`;
}

function nearBottom(element) {
  return element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_BOTTOM;
}

// A typing sign may lose its end on the way, so it fades by itself.
function CustomerTyping({ since }) {
  const { w } = useDesk();
  const [faded, setFaded] = useState(0);
  useEffect(() => {
    if (!since) return undefined;
    const timer = setTimeout(() => setFaded(since), TYPING_FADES_MS);
    return () => clearTimeout(timer);
  }, [since]);
  if (!since || faded === since) return null;
  return html`<p class="typing" aria-live="off">
    <span class="typing-dots" aria-hidden="true"><i /><i /><i /></span>${w.t("chat.typing")}
  </p>`;
}

function Foot({ stream }) {
  const { desk, w } = useDesk();
  // Just taken, the stream may still end in the queue: its last line is on the way.
  const at = stateOf(stream);
  const coming =
    !at || (!stream.left && (at.mode === "waiting" || at.control === stream.takenFrom));
  if (stream.left || (!coming && !desk.owns(stream))) {
    return html`<div class="gone">
      <p>${w.t(leftKey("chat.left", stream, w))}</p>
      <${Composer} stream=${stream} closed />
      <button
        type="button"
        class="quiet"
        onClick=${() => desk.dispatch({ type: "dismiss", conversation: stream.conversation })}
      >
        ${w.t("chat.dismiss")}
      </button>
    </div>`;
  }
  return html`<${Composer} stream=${stream} />`;
}
