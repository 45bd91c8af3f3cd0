// The page: login, or the desk with its bar, panes, dialogs and messages.

import { Bar } from "./bar.js";
import { Card } from "./card.js";
import { Chat } from "./chat.js";
import { clientSheet } from "./colours.js";
import { Dialogs } from "./dialogs.js";
import { DeskProvider, html, useDesk, useEffect, useLayoutEffect, useState } from "./html.js";
import { onKey } from "./keys.js";
import { counted, ListPane } from "./list.js";
import { OverviewPane } from "./overview.js";
import { People } from "./people.js";
import { Login } from "./login.js";
import { Tasks } from "./tasks.js";
import { Toasts } from "./toasts.js";
import { Icon } from "./icons.js";
import { unread } from "../state/select.js";

export function App({ desk }) {
  const [, redraw] = useState(0);
  useLayoutEffect(() => desk.subscribe(() => redraw((count) => count + 1)), [desk]);
  const { state, words: w } = desk;
  const { language, theme } = state.choices;

  useLayoutEffect(() => {
    document.documentElement.lang = w.language;
    document.documentElement.dataset.theme = theme;
  }, [language, theme]);
  useEffect(() => {
    document.adoptedStyleSheets = [clientSheet(Object.values(state.clients))];
  }, [state.clients]);
  useEffect(() => {
    const listen = (event) => onKey(event, desk);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [desk]);

  const count = Object.values(state.streams).reduce((sum, one) => sum + unread(one), 0);
  useEffect(() => {
    const title = w.t("desk.title");
    document.title = count > 0 ? `(${count}) ${title}` : title;
  }, [count, language]);

  if (state.phase === "starting") return null;
  return html`<${DeskProvider} value=${{ desk, state, w }}>
    ${state.phase === "login" ? html`<${Login} />` : html`<${Room} />`}
  <//>`;
}

function Room() {
  const { state } = useDesk();
  const overview = state.view === "overview";
  const shown = overview ? state.watched : state.selected;
  const stream = (shown && state.streams[shown]) ?? null;
  return html`<div class="room" data-pane=${state.pane} data-view=${state.view}>
    <${Bar} />
    <${LinkLine} />
    ${state.view === "tasks" && html`<${Tasks} />`}
    ${state.view === "people" && html`<${People} />`}
    ${(overview || state.view === "chats") &&
    html`<main class="panes">
        ${overview ? html`<${OverviewPane} />` : html`<${ListPane} />`}
        <${Chat} key=${shown} stream=${stream} />
        <${Card} stream=${stream} />
      </main>
      <${PaneTabs} />`}
    <${Dialogs} />
    <${Toasts} />
  </div>`;
}

// Which pane is seen where the window shows fewer than three.
function PaneTabs() {
  const { desk, state, w } = useDesk();
  const icons = { list: "queue", chat: "chat", card: "card" };
  const overview = state.view === "overview";
  const total = Object.values(state.streams).reduce((sum, one) => sum + unread(one), 0);
  return html`<nav class="pane-tabs" aria-label=${w.t("pane.label")}>
    ${["list", "chat", "card"].map(
      (pane) => html`<button
        type="button"
        key=${pane}
        class=${`pane-tab for-${pane}`}
        aria-current=${state.pane === pane ? "true" : null}
        onClick=${() => desk.dispatch({ type: "pane", pane })}
      >
        <${Icon} name=${icons[pane]} />
        <span>${w.t(pane === "list" && overview ? "nav.overview" : `pane.${pane}`)}</span>
        ${pane === "list" &&
        !overview &&
        state.queue.waiting.length > 0 &&
        html`<span class="count">${counted(state.queue.total)}</span>`}
        ${pane === "chat" && !overview && total > 0 && html`<span class="count loud">${total}</span>`}
      </button>`,
    )}
  </nav>`;
}

function LinkLine() {
  const { desk, state, w } = useDesk();
  const { link } = state;
  if (link.up || (!link.stopped && !link.retryAt)) return null;
  return html`<div class="link-line" role="status">
    <${Icon} name="again" />
    <span>
      ${link.stopped ? w.t("link.stopped", { code: link.stopped }) : w.t("link.down")}${" "}
      ${!link.stopped && html`<${Retry} at=${link.retryAt} />`}
    </span>
    <button type="button" class="quiet" onClick=${() => desk.reconnect()}>
      ${w.t(link.stopped ? "link.again" : "link.now")}
    </button>
  </div>`;
}

function Retry({ at }) {
  const { w } = useDesk();
  const [now, tick] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, Math.ceil((at - now) / 1000));
  return html`<span aria-hidden="true">${w.t("link.retry", { wait: w.span(left) })}</span>`;
}
