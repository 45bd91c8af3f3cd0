// The transcript: what was said, what the bot understood, and the thin lines between.

import { html, memo } from "./html.js";
import { Icon } from "./icons.js";
import { Understanding } from "./nlu.js";
import { PageAddress, Said } from "./texts.js";

// Drawn with what it needs as properties, so that a keystroke in the composer draws nothing here.
export const Transcript = memo(({ items, pending, seen, up, me, colleagues, w }) => {
  const at = { w, me, colleagues };
  // How far the newest own line came is told only until the customer answers.
  const last = items.findLast((item) => item.type === "said");
  const own = last && pending.length === 0 && last.line.author_id === me ? last : null;
  return html`
    ${items.map(
      (item) => html`<${Item} key=${item.key} item=${item} ...${at} />
        ${item === own && html`<${Receipt} line=${item.line} seen=${seen} w=${w} />`}`,
    )}
    ${pending.map((one) => html`<${Pending} key=${one.cmid} one=${one} up=${up} w=${w} />`)}
  `;
});

function Receipt({ line, seen, w }) {
  const isSeen = (line.customer_seq ?? Infinity) <= seen;
  return html`<p class="receipt">${w.t(isSeen ? "line.seen" : "line.stored")}</p>`;
}

const DRAWN = {
  day: ({ item, w }) => html`<p class="day"><span>${w.day(item.at)}</span></p>`,
  said: SaidItem,
  note: NoteItem,
  hands: Hands,
  notice: ({ item, w }) => html`<${Thin} at=${item.line.at} w=${w}>${noticeWords(item.line.body, w)}<//>`,
  understanding: ({ item, w }) => html`<div class="turn customer">
    <${Understanding} body=${item.line.body} w=${w} />
  </div>`,
  card: ({ item, w }) => html`<${Thin} at=${item.line.at} w=${w}>
    ${w.t("line.card", { reason: w.name("reason", item.line.body.reason) })}
  <//>`,
  visit: ({ item, w }) => html`<${Thin} at=${item.line.at} w=${w}>
    ${w.t("line.visit").split("{page}")[0]}<${PageAddress} page=${String(item.line.body.page ?? "")} />
  <//>`,
  rating: ({ item, w }) => html`<${Thin} at=${item.line.at} w=${w}>
    ${w.t("line.rating", { stars: item.line.body.stars })}
  <//>`,
  verdict: ({ item, w, me, colleagues }) => html`<${Thin} at=${item.line.at} w=${w}>
    ${w.t("line.verdict", {
      name: nameOf(item.line, { w, me, colleagues }),
      verdict: w.t(`verdict.${item.line.body.verdict}`).toLowerCase(),
    })}
  <//>`,
};

function Item(props) {
  const Draw = DRAWN[props.item.type];
  return html`<${Draw} ...${props} />`;
}

function nameOf({ author, author_id: id, name }, { w, me, colleagues }) {
  if (author === "agent") {
    if (id === me) return w.t("line.you");
    return name || colleagues.find((one) => one.id === id)?.name || w.t("line.colleague");
  }
  return w.t(`line.${author}`);
}

function SaidItem({ item, w, me, colleagues }) {
  const { line, follows, understanding } = item;
  const own = line.author_id === me && line.author === "agent";
  const buttons = line.body.buttons ?? [];
  return html`<div class=${`turn ${line.author} ${own ? "own" : ""} ${follows ? "follows" : ""}`}>
    ${!follows &&
    html`<p class="who">
      ${line.author === "bot" && html`<${Icon} name="bot" />`}
      <bdi>${nameOf(line, { w, me, colleagues })}</bdi> <time>${w.time(line.at)}</time>
    </p>`}
    <div class="bubble" title=${w.time(line.at)}>
      ${follows && html`<span class="unseen-label">${nameOf(line, { w, me, colleagues })}: </span>`}
      <p class="words"><${Said} text=${line.body.text ?? ""} /></p>
      ${line.body.payload && html`<p class="pressed">${w.t("line.button")}</p>`}
    </div>
    ${buttons.length > 0 &&
    html`<ul class="given-buttons" aria-label=${w.t("line.choices")}>
      ${buttons.map((button, at) => html`<li key=${at}>${button.title}</li>`)}
    </ul>`}
    ${understanding && html`<${Understanding} body=${understanding.body} w=${w} />`}
  </div>`;
}

function NoteItem({ item, w, me, colleagues }) {
  const { line } = item;
  return html`<div class="turn note">
    <p class="who">
      <${Icon} name="note" />${w.t("line.note")} ·${" "}
      <bdi>${nameOf(line, { w, me, colleagues })}</bdi> <time>${w.time(line.at)}</time>
    </p>
    <div class="bubble"><p class="words"><${Said} text=${line.body.text ?? ""} /></p></div>
  </div>`;
}

function Pending({ one, up, w }) {
  const state = one.stored ? "line.stored" : up ? "line.sending" : "line.waiting";
  return html`<div class=${`turn pending ${one.kind === "note" ? "note" : "agent own"}`}>
    <p class="who">${w.t(one.kind === "note" ? "line.note" : "line.you")} · ${w.t(state)}</p>
    <div class="bubble"><p class="words"><${Said} text=${one.text} /></p></div>
  </div>`;
}

function Thin({ at, w, children }) {
  return html`<p class="thin"><span>${children}</span> <time>${w.time(at)}</time></p>`;
}

// The baton changes hands: the one moment in a transcript worth a line of its own.
function Hands({ item, w, me, colleagues }) {
  const { line, from } = item;
  const { mode, agent } = line.body;
  const known = colleagues.find((one) => one.id === agent)?.name;
  const text = {
    waiting: () => w.t(from === "agent" ? "hands.back" : "hands.waiting"),
    agent: () =>
      agent === me
        ? w.t("hands.you")
        : w.t("hands.agent", { name: known ?? w.t("line.colleague") }),
    bot: () => w.t("hands.bot"),
    closed: () => w.t("hands.closed"),
  }[mode];
  return html`<div class=${`hands to-${mode}`}>
    <span class="hands-text"><i class="hands-baton" />${text ? text() : mode}</span>
    <time>${w.time(line.at)}</time>
  </div>`;
}

function noticeWords({ code, params = {} }, w) {
  switch (code) {
    case "queued": {
      if (params.staffed === false) return w.t("notice.queued.unstaffed");
      const wait =
        typeof params.wait === "number"
          ? w.t("notice.queued.wait", { wait: w.span(params.wait) })
          : w.t("notice.queued.unknown");
      return w.t("notice.queued", { place: params.place, wait });
    }
    case "handed_back": {
      const facts = Object.entries(params.facts ?? {}).filter(([, value]) => value !== null);
      if (facts.length === 0) return w.t("notice.handed_back.none");
      const shown = facts.map(([name, value]) => `${w.name("slot", name)} ${w.value(value)}`);
      return w.t("notice.handed_back", { facts: shown.join(", ") });
    }
    case "closed":
      return w.t(params.by === "idle" ? "notice.closed.idle" : "notice.closed");
    default: {
      const key = `notice.${code}`;
      return w.has(key) ? w.t(key, params) : w.t("notice.other", { code });
    }
  }
}
