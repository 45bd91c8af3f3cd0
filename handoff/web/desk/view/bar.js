// The bar on top: mark, view, the agent's own status, settings.

import { html, useDesk } from "./html.js";
import { Icon, Mark } from "./icons.js";

const SUPERVISES = new Set(["supervisor", "admin"]);
const STATUSES = ["online", "pause", "offline"];

export function Bar() {
  const { desk, state, w } = useDesk();
  const view = (name, label, count) => html`<button
    type="button"
    class="bar-tab"
    aria-current=${state.view === name ? "page" : null}
    onClick=${() => desk.dispatch({ type: "view", view: name })}
  >
    ${label}${count > 0 && html`<span class="count">${count}</span>`}
  </button>`;
  return html`<header class="bar">
    <h1 class="brand"><${Mark} /><span>${w.t("product")}</span></h1>
    <nav class="bar-tabs" aria-label=${w.t("nav.label")}>
      ${view("chats", w.t("nav.chats"), 0)} ${view("tasks", w.t("nav.tasks"), state.openTasks)}
      ${SUPERVISES.has(state.agent?.role) && view("overview", w.t("nav.overview"), 0)}
      ${state.agent?.role === "admin" && view("people", w.t("nav.people"), 0)}
    </nav>
    <${Status} />
    <div class="bar-end">
      <span class=${`link-dot ${state.link.up ? "up" : "down"}`} title=${linkWords(state, w)}>
        <span class="unseen-label">${linkWords(state, w)}</span>
      </span>
      <span class="me">${state.agent?.name}</span>
      <${BarButton}
        icon="keyboard"
        label=${w.t("nav.shortcuts")}
        wide
        onClick=${() => desk.dispatch({ type: "dialog", dialog: { name: "shortcuts" } })}
      />
      <${BarButton}
        icon="settings"
        label=${w.t("nav.settings")}
        onClick=${() => desk.dispatch({ type: "dialog", dialog: { name: "settings" } })}
      />
      <${BarButton} icon="logout" label=${w.t("nav.logout")} onClick=${() => desk.logout()} />
    </div>
  </header>`;
}

function linkWords(state, w) {
  return w.t(state.link.up ? "link.up" : "link.connecting");
}

function BarButton({ icon, label, onClick, wide }) {
  return html`<button
    type="button"
    class=${`bar-button ${wide ? "wide-only" : ""}`}
    title=${label}
    aria-label=${label}
    onClick=${onClick}
  >
    <${Icon} name=${icon} />
  </button>`;
}

function Status() {
  const { desk, state, w } = useDesk();
  return html`<fieldset class="status" data-status=${state.status}>
    <legend class="unseen-label">${w.t("status.label")}</legend>
    ${STATUSES.map(
      (status) => html`<label key=${status} title=${w.t(`status.${status}.long`)}>
        <input
          type="radio"
          name="status"
          value=${status}
          checked=${state.status === status}
          disabled=${!state.link.up}
          onChange=${() => desk.dispatch({ type: "status", status })}
        />
        <span><i class="dot" />${w.t(`status.${status}`)}</span>
      </label>`,
    )}
  </fieldset>`;
}
