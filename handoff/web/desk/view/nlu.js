// One line on what the bot made of a turn; opened, it tells the rest.

import { html } from "./html.js";
import { Baton, Icon } from "./icons.js";

const UNSURE = 0.6;

export function Understanding({ body, w }) {
  const nlu = body.nlu ?? {};
  const confidence = nlu.confidence ?? 0;
  const unsure = confidence < UNSURE;
  const entities = nlu.entities ?? [];
  const others = (nlu.ranking ?? []).filter((one) => one.name !== nlu.intent).slice(0, 4);
  const lookups = body.lookups ?? [];
  return html`<details class=${`nlu ${unsure ? "unsure" : ""}`}>
    <summary>
      <${Icon} name="chevron" />
      <span class="unseen-label">${w.t("nlu.label")}: </span>
      <span class="nlu-intent">${w.name("intent", nlu.intent) || "?"}</span>
      <span class="nlu-share">${w.percent(confidence)}</span>
      ${unsure && html`<span class="nlu-unsure">${w.t("nlu.unsure")}</span>`}
      ${entities.slice(0, 2).map((one) => html`<span class="nlu-entity">${w.value(one.value)}</span>`)}
    </summary>
    <div class="nlu-more">
      <p class="nlu-head">${w.t("nlu.found")}</p>
      ${entities.length === 0
        ? html`<p>${w.t("nlu.nothing")}</p>`
        : html`<dl>
            ${entities.map(
              (one) => html`<div>
                <dt>${w.name("slot", one.entity)}</dt>
                <dd>${w.value(one.value)}</dd>
              </div>`,
            )}
          </dl>`}
      ${others.length > 0 &&
      html`<p class="nlu-head">${w.t("nlu.alternatives")}</p>
        <ul class="nlu-others">
          ${others.map(
            (one) => html`<li>
              <span>${w.name("intent", one.name)}</span>
              <${Baton} share=${one.confidence} tone="calm" />
              <span>${w.percent(one.confidence)}</span>
            </li>`,
          )}
        </ul>`}
      ${lookups.length > 0 &&
      html`<p class="nlu-head">${w.t("nlu.lookups")}</p>
        <ul class="nlu-looks">
          ${lookups.map(
            (one) => html`<li>
              ${w.name("operation", one.operation)}${" "}
              ${Object.values(one.arguments ?? {}).map((value) => w.value(value)).join(", ")}${" – "}
              ${one.ok ? "✓" : w.t(`error.${one.error}`)}
            </li>`,
          )}
        </ul>`}
    </div>
  </details>`;
}
