// Give a chat back to the bot, with the facts it shall go on with.

import { factsOf } from "../state/select.js";
import { Dialog } from "./dialogs.js";
import { html, useDesk, useState } from "./html.js";

const MOST = 200;

export function HandBack({ stream, close }) {
  const { desk, w } = useDesk();
  const [facts, setFacts] = useState(() => (stream ? editable(stream) : []));
  if (!stream) return null;
  const change = (name, part) =>
    setFacts(facts.map((one) => (one.name === name ? { ...one, ...part } : one)));
  const submit = () => {
    const slots = {};
    for (const { name, value, keep } of facts) slots[name] = keep && value.trim() ? value.trim() : null;
    desk.command("hand_back", stream.conversation, { slots });
  };
  return html`<${Dialog}
    title=${w.t("handBack.title")}
    lead=${w.t(facts.length > 0 ? "handBack.lead" : "handBack.none")}
    close=${close}
    submit=${submit}
    submitLabel=${w.t("handBack.submit")}
  >
    <ul class="slots">
      ${facts.map(({ name, value, keep, guessed }, at) => {
        const label = w.name("slot", name);
        return html`<li key=${name} class=${`${keep ? "" : "off"} ${guessed ? "guessed" : ""}`}>
          <label class="keep">
            <input
              type="checkbox"
              autofocus=${at === 0}
              checked=${keep}
              aria-label=${w.t("handBack.keep", { name: label })}
              onChange=${() => change(name, { keep: !keep })}
            />
            <span>${label}</span>
          </label>
          <input
            type="text"
            value=${value}
            maxlength=${MOST}
            disabled=${!keep}
            aria-label=${w.t("handBack.value", { name: label })}
            onInput=${(event) => change(name, { value: event.target.value })}
          />
        </li>`;
      })}
    </ul>
  <//>`;
}

// What can be written as one line of text; the rest the bot keeps as it is.
function editable(stream) {
  const { confirmed, guessed, slots } = factsOf(stream);
  const all = [
    ...Object.entries(confirmed).map((one) => [...one, false]),
    ...Object.entries(slots).map((one) => [...one, false]),
    ...Object.entries(guessed).map((one) => [...one, true]),
  ];
  return all
    .filter(([name, value]) => name.length <= MOST && ["string", "number"].includes(typeof value))
    .map(([name, value, isGuess]) => ({
      name,
      value: String(value).slice(0, MOST),
      keep: true,
      guessed: isGuess,
    }));
}
