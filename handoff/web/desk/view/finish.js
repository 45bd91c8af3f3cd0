// Close a chat with what it was about and whether it was resolved.

import { proposedReason } from "./card.js";
import { Dialog } from "./dialogs.js";
import { html, useDesk, useState } from "./html.js";

export function Finish({ stream, close }) {
  const { desk, state, w } = useDesk();
  const proposed = stream ? proposedReason(stream, state) : null;
  const [reason, setReason] = useState(proposed);
  const [resolved, setResolved] = useState(null);
  if (!stream) return null;
  const reasons = [...(state.clients[stream.client]?.reasons ?? [])].sort(
    (a, b) => (b.id === proposed) - (a.id === proposed),
  );
  const ready = reason !== null && resolved !== null;
  const submit = () => desk.command("finish", stream.conversation, { reason, resolved });
  return html`<${Dialog}
    title=${w.t("finish.title")}
    close=${close}
    submit=${submit}
    submitLabel=${w.t("finish.submit")}
    ready=${ready}
    wide
  >
    <fieldset class="resolved">
      <legend>${w.t("finish.resolved")}</legend>
      ${[true, false].map(
        (value) => html`<label class="choice" key=${String(value)}>
          <input
            type="radio"
            name="resolved"
            autofocus=${value}
            checked=${resolved === value}
            onChange=${() => setResolved(value)}
          />
          <span class="choice-words"><strong>${w.t(value ? "finish.yes" : "finish.no")}</strong></span>
        </label>`,
      )}
    </fieldset>
    <fieldset class="reason-list">
      <legend>${w.t("finish.reason")}</legend>
      ${reasons.map(
        (one) => html`<label class="choice slim" key=${one.id}>
          <input
            type="radio"
            name="reason"
            checked=${reason === one.id}
            onChange=${() => setReason(one.id)}
          />
          <span class="choice-words">
            <strong>${w.said(one)}</strong>
            ${one.id === proposed && html`<span class="flag">${w.t("finish.proposed")}</span>`}
          </span>
        </label>`,
      )}
    </fieldset>
    ${!ready && html`<p class="aside">${w.t("finish.choose")}</p>`}
  <//>`;
}
