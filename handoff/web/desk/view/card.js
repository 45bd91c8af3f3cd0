// The right pane: everything that is known when the baton is passed.

import {
  cardOf,
  factsOf,
  lookupsOf,
  pageOf,
  stateOf,
  topicOf,
  verdictOf,
  waited,
} from "../state/select.js";
import { Actions } from "./actions.js";
import { html, useDesk, useNow, useState } from "./html.js";
import { Icon } from "./icons.js";
import { Language } from "./list.js";
import { Lookup } from "./lookup.js";
import { PageAddress, quotesApart } from "./texts.js";

const VERDICTS = ["needed", "needless", "too_late"];

export function Card({ stream }) {
  const { desk, w } = useDesk();
  if (!stream) return html`<section class="pane card-pane nothing" aria-label=${w.t("card.title")} />`;
  const card = cardOf(stream);
  return html`<section class="pane card-pane" aria-label=${w.t("card.title")}>
    <div class="card-scroll" tabindex="0" role="group" aria-label=${w.t("card.about")}>
      ${card ? html`<${Why} card=${card} />` : !stream.synced && html`<p class="aside">${w.t("card.none")}</p>`}
      ${!stream.watched && html`<${Verdict} stream=${stream} />`}
      <${Facts} stream=${stream} />
      <${Lookups} stream=${stream} />
      ${card?.tried?.length > 0 && html`<${Tried} tried=${card.tried} />`}
      <${Customer} stream=${stream} />
      <${Earlier} stream=${stream} />
    </div>
    ${desk.owns(stream) && html`<${Actions} stream=${stream} place="in-card" />`}
  </section>`;
}

function Why({ card }) {
  const { w } = useDesk();
  const reasons = card.reasons ?? [];
  return html`<section class="why" aria-labelledby="card-why">
    <h2 id="card-why">${w.t("card.why")}</h2>
    ${card.priority === "front" &&
    html`<p class="flag front-flag"><${Icon} name="front" />${w.t("queue.front")}</p>`}
    ${reasons.length === 0 && html`<p class="reason-text">${w.name("reason", card.reason)}</p>`}
    <ol class="reasons">
      ${reasons.map((reason, at) => {
        const { text, below } = quotesApart(w.said(reason), reason.quotes ?? []);
        return html`<li key=${at}>
          <p class="reason-text">${text || w.name("reason", reason.code)}</p>
          ${below.map((quote) => html`<blockquote><bdi>${quote}</bdi></blockquote>`)}
        </li>`;
      })}
    </ol>
  </section>`;
}

function Tried({ tried }) {
  const { w } = useDesk();
  return html`<section aria-labelledby="card-tried">
    <h3 id="card-tried">${w.t("card.tried")}</h3>
    <ul class="tried">
      ${tried.map((one, at) => html`<li key=${at}>${w.said(one)}</li>`)}
    </ul>
  </section>`;
}

function Facts({ stream }) {
  const { w } = useDesk();
  const { confirmed, agent, guessed, slots } = factsOf(stream);
  const groups = [
    ["confirmed", confirmed, "check"],
    ["agent", agent, "check"],
    ["guessed", guessed, "guess"],
    ["slots", slots, null],
  ].filter(([, facts]) => Object.keys(facts).length > 0);
  return html`<section aria-labelledby="card-facts">
    <h3 id="card-facts">${w.t("card.facts")}</h3>
    ${groups.length === 0 && html`<p class="aside">${w.t("card.noFacts")}</p>`}
    ${groups.map(
      ([kind, facts, icon]) => html`<div class=${`facts ${kind}`} key=${kind}>
        <p class="facts-head">${icon && html`<${Icon} name=${icon} />`}${w.t(`card.${kind}`)}</p>
        <dl>
          ${Object.entries(facts).map(
            ([name, value]) => html`<div key=${name}>
              <dt>${w.name("slot", name)}</dt>
              <dd><${Fact} name=${name} value=${value} /></dd>
            </div>`,
          )}
        </dl>
      </div>`,
    )}
  </section>`;
}

// A value that can be copied by a press.
function Fact({ name, value }) {
  const { w } = useDesk();
  const [copied, setCopied] = useState(false);
  const shown = w.fact(name, shownValue(value));
  const copy = async () => {
    await navigator.clipboard?.writeText(String(shownValue(value)));
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return html`<button
    type="button"
    class="fact"
    title=${w.t("card.copy", { value: shown })}
    onClick=${copy}
  >
    <bdi>${shown}</bdi>${copied && html`<span class="copied" role="status">${w.t("card.copied")}</span>`}
  </button>`;
}

function shownValue(value) {
  if (Array.isArray(value)) return value.join(", ");
  if (value && typeof value === "object") return Object.values(value).join(", ");
  return value;
}

function Lookups({ stream }) {
  const { w } = useDesk();
  const looks = lookupsOf(stream);
  if (looks.length === 0) return null;
  return html`<section aria-labelledby="card-lookups">
    <h3 id="card-lookups">${w.t("card.lookups")}</h3>
    ${looks.map(
      (look) => html`<${Lookup}
        key=${`${look.operation}${JSON.stringify(look.arguments)}`}
        stream=${stream}
        look=${look}
      />`,
    )}
  </section>`;
}

function Customer({ stream }) {
  const { state, w } = useDesk();
  const page = pageOf(stream) ?? stream.info?.page;
  const topic = topicOf(stream);
  const language = stream.info?.language;
  const proposed = state.clients[stream.client]?.reasons?.find((one) => one.id === proposedReason(stream, state));
  const rows = [
    ["card.waited", html`<${Waited} stream=${stream} />`],
    language && ["card.language", html`${capital(w.name("language", language))} <${Language} code=${language} />`],
    page && ["card.page", html`<${PageAddress} page=${page} />`],
    stream.info?.started && ["card.since", `${w.date(stream.info.started)} ${w.time(stream.info.started)}`],
    (proposed || topic) && ["card.reason", proposed ? w.said(proposed) : w.name("intent", topic)],
  ].filter(Boolean);
  return html`<section aria-labelledby="card-customer">
    <h3 id="card-customer">${w.t("card.customer")}</h3>
    <dl class="about">
      ${rows.map(
        ([key, shown]) => html`<div key=${key}><dt>${w.t(key)}</dt><dd>${shown}</dd></div>`,
      )}
    </dl>
  </section>`;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// What the server proposes, else the reason whose intents hold the topic.
export function proposedReason(stream, state) {
  const reasons = state.clients[stream.client]?.reasons ?? [];
  const given = stream.info?.proposed_reason;
  if (given && reasons.some((one) => one.id === given)) return given;
  const topic = topicOf(stream);
  return reasons.find((one) => topic && one.intents?.includes(topic))?.id ?? null;
}

function Waited({ stream }) {
  const { state, w } = useDesk();
  const now = useNow();
  const spent = waited(stream);
  const since = stream.info?.handoff?.since;
  if (spent !== null) return w.clock(spent);
  if (since && stateOf(stream)?.mode === "waiting") return w.clock((now + state.queue.skew) / 1000 - since);
  return "–";
}

function Earlier({ stream }) {
  const { desk, w } = useDesk();
  const earlier = stream.info?.earlier;
  if (!earlier) return null;
  const open = (one) =>
    desk.dispatch({
      type: "dialog",
      dialog: { name: "earlier", conversation: one.conversation, client: stream.client, about: one },
    });
  return html`<section aria-labelledby="card-earlier">
    <h3 id="card-earlier">${w.t("card.earlier")}</h3>
    ${earlier.length === 0
      ? html`<p class="aside">${w.t("card.earlier.none")}</p>`
      : html`<ul class="earlier">
          ${earlier.map(
            (one) => html`<li key=${one.conversation}>
              <button type="button" onClick=${() => open(one)}>
                <span>${one.topic ? w.name("intent", one.topic) : w.t("earlier.title")}</span>
                <span class="meta">${w.date(one.last_at)} · ${w.t(`earlier.mode.${one.mode}`)}</span>
                <${Icon} name="chevron" />
              </button>
            </li>`,
          )}
        </ul>`}
  </section>`;
}

function Verdict({ stream }) {
  const { desk, state, w } = useDesk();
  if (!cardOf(stream)) return null;
  const given = verdictOf(stream);
  const asked = Object.values(state.requests).find(
    (one) => one.kind === "verdict" && one.conversation === stream.conversation,
  );
  const shown = asked?.frame.verdict ?? given;
  return html`<section class="verdict" aria-labelledby="card-verdict">
    <h3 id="card-verdict">${w.t("verdict.title")}</h3>
    <div class="segments" role="group" aria-labelledby="card-verdict">
      ${VERDICTS.map(
        (verdict) => html`<button
          type="button"
          key=${verdict}
          aria-pressed=${String(shown === verdict)}
          disabled=${!state.link.up}
          onClick=${() => desk.command("verdict", stream.conversation, { verdict })}
        >
          ${w.t(`verdict.${verdict}`)}
        </button>`,
      )}
    </div>
  </section>`;
}
