// Give a chat back to the bot, with the facts it shall go on with.

import { factsOf } from "../state/select.js";
import { Dialog } from "./dialogs.js";
import { html, useDesk, useState } from "./html.js";

const MOST = 200;

export function HandBack({ stream, close }) {
  const { desk, state, w } = useDesk();
  const known = stream && state.clients[stream.client]?.facts;
  const forms = new Map((known ?? []).map((one) => [one.name, one]));
  const [facts, setFacts] = useState(() => (stream ? editable(stream, forms) : []));
  const [added, setAdded] = useState(null);
  if (!stream) return null;
  const change = (name, part) =>
    setFacts(facts.map((one) => (one.name === name ? { ...one, wrong: false, ...part } : one)));
  const add = (name) => {
    setFacts([...facts, { name, value: "", keep: true, guessed: false, added: true }]);
    setAdded(name);
  };
  const submit = () => {
    const checked = facts.map((one) => ({ ...one, wrong: isWrong(one, forms.get(one.name)) }));
    setFacts(checked);
    if (checked.some(({ wrong }) => wrong)) return;
    const slots = {};
    for (const { name, value, keep, added: isNew } of facts) {
      const said = keep ? value.trim() : "";
      if (said || !isNew) slots[name] = said || null;
    }
    desk.command("hand_back", stream.conversation, { slots });
  };
  const left = [...forms.keys()].filter((name) => !facts.some((one) => one.name === name));
  return html`<${Dialog}
    title=${w.t("handBack.title")}
    lead=${w.t(facts.length > 0 ? "handBack.lead" : "handBack.none")}
    close=${close}
    submit=${submit}
    submitLabel=${w.t("handBack.submit")}
  >
    <ul class="slots">
      ${facts.map(
        (fact, at) => html`<${Row}
          key=${fact.name}
          fact=${fact}
          form=${forms.get(fact.name)}
          first=${at === 0}
          focused=${fact.name === added}
          change=${(part) => change(fact.name, part)}
        />`,
      )}
    </ul>
    ${left.length > 0 &&
    html`<select
      class="add-fact"
      aria-label=${w.t("handBack.add")}
      value=""
      onChange=${(event) => event.target.value && add(event.target.value)}
    >
      <option value="">${w.t("handBack.add")}</option>
      ${left.map((name) => html`<option key=${name} value=${name}>${w.name("slot", name)}</option>`)}
    </select>`}
  <//>`;
}

function Row({ fact, form, first, focused, change }) {
  const { w } = useDesk();
  const { name, value, keep, guessed, wrong } = fact;
  const label = w.name("slot", name);
  const field = {
    value,
    disabled: !keep,
    "aria-label": w.t("handBack.value", { name: label }),
    ref: focused ? focus : null,
    onInput: (event) => change({ value: event.target.value, guessed: false }),
  };
  return html`<li class=${`${keep ? "" : "off"} ${guessed ? "guessed" : ""}`}>
    <label class="keep">
      <input
        type="checkbox"
        autofocus=${first}
        checked=${keep}
        aria-label=${w.t("handBack.keep", { name: label })}
        onChange=${() => change({ keep: !keep })}
      />
      <span>${label}</span>
    </label>
    ${form.options.length > 0
      ? html`<select ...${field}>
          ${!form.options.includes(value) && html`<option value=${value} />`}
          ${form.options.map((one) => html`<option key=${one} value=${one}>${w.fact(name, one)}</option>`)}
        </select>`
      : html`<input
          type="text"
          maxlength=${MOST}
          placeholder=${form.example}
          aria-invalid=${wrong ? "true" : null}
          aria-describedby=${wrong ? `wrong-${name}` : null}
          ...${field}
        />`}
    ${wrong &&
    html`<p class="wrong" id=${`wrong-${name}`} role="alert">
      ${w.t("handBack.wrong", { example: form.example })}
    </p>`}
  </li>`;
}

// Once, when the row has just been added: later the agent may be elsewhere.
function focus(element) {
  if (element && !element.dataset.met) element.focus();
  if (element) element.dataset.met = "yes";
}

// The server has the last word; this spares a question that cannot be answered.
function isWrong({ value, keep }, form) {
  const compact = value.toUpperCase().replace(/[\s.]/g, "").replace(/[\u2010-\u2015\u2212]/g, "-");
  return Boolean(keep && compact && form.pattern && !new RegExp(`^(?:${form.pattern})$`).test(compact));
}

// The facts an agent may change, as one line of text; what else the bot holds it keeps as it is.
function editable(stream, forms) {
  const { confirmed, agent, guessed, slots } = factsOf(stream);
  const all = [
    ...Object.entries({ ...confirmed, ...agent, ...slots }).map((one) => [...one, false]),
    ...Object.entries(guessed).map((one) => [...one, true]),
  ];
  return all
    .filter(([name, value]) => forms.has(name) && ["string", "number"].includes(typeof value))
    .filter(([, value]) => String(value).length <= MOST)
    .map(([name, value, isGuess]) => ({
      name,
      value: String(value),
      keep: true,
      guessed: isGuess,
    }));
}
