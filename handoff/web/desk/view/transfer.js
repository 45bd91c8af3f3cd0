// Pass a chat on: to the queue, or to one colleague.

import { Dialog } from "./dialogs.js";
import { html, useDesk, useState } from "./html.js";
import { Icon } from "./icons.js";

export const QUEUE = "";
const ORDER = { online: 0, pause: 1, offline: 2 };

export function Transfer({ stream, close }) {
  const { desk, w } = useDesk();
  const [to, setTo] = useState(QUEUE);
  const [note, setNote] = useState("");
  if (!stream) return null;
  const submit = () => {
    const fields = to === QUEUE ? {} : { to };
    if (note.trim()) fields.note = note.trim();
    desk.command("transfer", stream.conversation, fields);
  };
  return html`<${Dialog}
    title=${w.t("transfer.title")}
    close=${close}
    submit=${submit}
    submitLabel=${w.t("transfer.submit")}
  >
    <${Receivers} client=${stream.client} to=${to} onChoose=${setTo} />
    <label class="field">
      <span>${w.t("transfer.note")}</span>
      <textarea
        rows="3"
        maxlength="2000"
        placeholder=${w.t("transfer.noteHint")}
        value=${note}
        onInput=${(event) => setNote(event.target.value)}
      />
    </label>
  <//>`;
}

// The queue and the colleagues who answer for the client company, one of them chosen. `first` is
// an option above them; `except` has the conversation already; `queued` says it is in the queue.
export function Receivers({ client, to, onChoose, first = null, except = null, queued = false }) {
  const { state, w } = useDesk();
  const others = state.colleagues
    .filter((one) => one.id !== state.agent.id && one.id !== except && one.clients.includes(client))
    .sort((a, b) => ORDER[a.status] - ORDER[b.status] || a.name.localeCompare(b.name));
  const option = (id, name, lead, { off = false, mark }) => html`<label
    key=${id}
    class=${`choice ${off ? "off" : ""}`}
  >
    <input
      type="radio"
      name="to"
      autofocus=${id === to}
      checked=${to === id}
      disabled=${off}
      onChange=${() => onChoose(id)}
    />
    <span class="choice-mark">${mark}</span>
    <span class="choice-words"><strong><bdi>${name}</bdi></strong><span>${lead}</span></span>
  </label>`;
  return html`<fieldset class="choices">
    <legend>${w.t("transfer.to")}</legend>
    ${first &&
    option(first.id, first.name, first.lead, {
      off: first.off,
      mark: html`<${Icon} name="person" />`,
    })}
    ${!queued &&
    option(QUEUE, w.t("transfer.queue"), w.t("transfer.queue.lead"), {
      mark: html`<${Icon} name="queue" />`,
    })}
    ${others.map((one) =>
      option(one.id, one.name, colleagueWords(one, w), {
        off: one.status !== "online" || one.active >= one.capacity,
        mark: html`<i class=${`dot ${one.status}`} />`,
      }),
    )}
    ${others.every((one) => one.status !== "online") &&
    html`<p class="aside">
      ${w.t("transfer.none", { client: state.clients[client]?.name ?? client })}
    </p>`}
  </fieldset>`;
}

function colleagueWords(one, w) {
  const load = w.t("transfer.active", { active: one.active, capacity: one.capacity });
  return one.status === "online" ? load : w.t(`status.${one.status}`);
}
