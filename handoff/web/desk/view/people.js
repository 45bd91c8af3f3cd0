// The people an admin manages: who they are, what they may, and whether they are here.

import { html, useDesk, useEffect } from "./html.js";
import { Icon } from "./icons.js";
import { ClientTag } from "./list.js";

export function People() {
  const { desk, state, w } = useDesk();
  const { people } = state;
  useEffect(() => {
    desk.fetchPeople();
  }, []);
  const open = (person) => desk.dispatch({ type: "dialog", dialog: { name: "person", person } });
  return html`<main class="tasks" aria-labelledby="people-title">
    <div class="tasks-inner">
      <div class="people-head">
        <h2 id="people-title">${w.t("people.title")}</h2>
        <button type="button" class="primary small" onClick=${() => open(null)}>
          <${Icon} name="person" />${w.t("people.add")}
        </button>
      </div>
      <p class="dialog-lead">${w.t("people.lead")}</p>
      ${people === null && html`<p class="aside" role="status">${w.t("people.loading")}</p>`}
      ${people === "failed" &&
      html`<p class="dialog-failed" role="alert">${w.t("people.failed")}</p>`}
      ${Array.isArray(people) &&
      html`<ul class="people">
        ${people.map((one) => html`<${Row} key=${one.id} one=${one} open=${open} />`)}
      </ul>`}
    </div>
  </main>`;
}

function Row({ one, open }) {
  const { state, w } = useDesk();
  const desk = one.role !== "designer" && !one.disabled;
  const load = w.t("transfer.active", { active: one.active, capacity: one.capacity });
  return html`<li class=${`person ${one.disabled ? "off" : ""}`}>
    <div class="person-who">
      <strong><bdi>${one.name}</bdi></strong>
      <bdi class="meta">${one.login}</bdi>
    </div>
    <div class="person-what">
      <span class="person-role">${w.t(`role.${one.role}`)}</span>
      ${one.clients.map((id) => html`<${ClientTag} key=${id} id=${id} />`)}
    </div>
    <span class="person-now">
      ${one.disabled && html`<span class="flag muted">${w.t("people.disabled")}</span>`}
      ${desk && html`<i class=${`dot ${one.status}`} />${w.t(`status.${one.status}`)} · ${load}`}
    </span>
    ${one.id === state.agent.id
      ? html`<span class="meta person-act">${w.t("people.you")}</span>`
      : html`<button
          type="button"
          class="quiet small person-act"
          aria-label=${w.t("people.changeLong", { name: one.name })}
          onClick=${() => open(one)}
        >
          ${w.t("people.change")}
        </button>`}
  </li>`;
}
