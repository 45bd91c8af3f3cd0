// One person: hired, changed, switched off, or given a new password that is told once.

import * as api from "../net/api.js";
import { Dialog, useAsking } from "./dialogs.js";
import { html, useDesk, useState } from "./html.js";
import { Switch } from "./settings.js";

const ROLES = ["agent", "supervisor", "admin", "designer"];
const MOST_CHATS = 50;

export function Person({ dialog, close }) {
  const { desk, state, w } = useDesk();
  const { person } = dialog;
  const clients = Object.values(state.clients);
  const [asking, ask] = useAsking();
  const [told, setTold] = useState(null); // {name, password}
  const [login, setLogin] = useState("");
  const [wish, setWish] = useState(() => ({
    name: person?.name ?? "",
    role: person?.role ?? "agent",
    clients: person?.clients ?? clients.map((one) => one.id),
    capacity: person?.capacity ?? state.capacity,
    disabled: person?.disabled ?? false,
  }));
  const set = (changed) => setWish({ ...wish, ...changed });
  const name = wish.name.trim();
  const able = wish.capacity >= 1 && wish.capacity <= MOST_CHATS;
  const submit = async () => {
    const { disabled, ...fresh } = wish;
    const done = await ask(() =>
      desk.guarded(() =>
        person
          ? api.changePerson(person.id, { ...fresh, disabled })
          : api.hire({ ...fresh, login: login.trim() }),
      ),
    );
    if (!done) return;
    desk.fetchPeople();
    if (done.password) setTold({ name, password: done.password });
    else close();
  };
  const reset = async () => {
    const done = await ask(() => desk.guarded(() => api.resetPassword(person.id)));
    if (done) setTold({ name: person.name, password: done.password });
  };
  if (told) return html`<${Told} told=${told} close=${close} />`;
  return html`<${Dialog}
    title=${person ? w.t("person.title", { name: person.name }) : w.t("people.add")}
    lead=${w.t(person ? "person.lead" : "person.new.lead")}
    close=${close}
    submit=${submit}
    submitLabel=${w.t(person ? "person.save" : "people.add")}
    ready=${Boolean(name && able && (person || login.trim()))}
    asking=${asking}
  >
    ${!person &&
    html`<${Field} label=${w.t("person.login")} value=${login} onInput=${setLogin} first />`}
    <${Field}
      label=${w.t("person.name")}
      value=${wish.name}
      onInput=${(value) => set({ name: value })}
      first=${Boolean(person)}
    />
    <fieldset class="choices">
      <legend>${w.t("person.role")}</legend>
      ${ROLES.map(
        (role) => html`<label class="choice slim" key=${role}>
          <input
            type="radio"
            name="role"
            checked=${wish.role === role}
            onChange=${() => set({ role })}
          />
          <span class="choice-words">
            <strong>${w.t(`role.${role}`)}</strong><span>${w.t(`role.${role}.lead`)}</span>
          </span>
        </label>`,
      )}
    </fieldset>
    <fieldset class="person-clients">
      <legend>${w.t("person.clients")}</legend>
      ${clients.map(
        (one) => html`<label class="keep" key=${one.id}>
          <input
            type="checkbox"
            checked=${wish.clients.includes(one.id)}
            onChange=${(event) =>
              set({
                clients: event.target.checked
                  ? [...wish.clients, one.id]
                  : wish.clients.filter((id) => id !== one.id),
              })}
          />
          <span>${one.name}</span>
        </label>`,
      )}
    </fieldset>
    <${Field}
      label=${w.t("person.capacity")}
      value=${wish.capacity}
      onInput=${(value) => set({ capacity: Math.trunc(Number(value)) })}
      type="number"
    />
    ${person &&
    html`<${Switch}
        label=${w.t("person.enabled")}
        on=${!wish.disabled}
        onChange=${(on) => set({ disabled: !on })}
      />
      <button type="button" class="quiet" disabled=${asking.busy} onClick=${reset}>
        ${w.t("person.reset")}
      </button>`}
  <//>`;
}

function Field({ label, value, onInput, type = "text", first = false }) {
  return html`<label class="field">
    <span>${label}</span>
    <input
      type=${type}
      min=${type === "number" ? 1 : null}
      max=${type === "number" ? MOST_CHATS : null}
      maxlength="200"
      autocomplete="off"
      autofocus=${first}
      required
      value=${value}
      onInput=${(event) => onInput(event.target.value)}
    />
  </label>`;
}

// The only time the password can be read.
function Told({ told, close }) {
  const { w } = useDesk();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(told.password);
    setCopied(true);
  };
  return html`<${Dialog}
    title=${w.t("person.told.title")}
    lead=${w.t("person.told.lead", { name: told.name })}
    close=${close}
  >
    <p class="told-password" role="status"><code>${told.password}</code></p>
    <div class="dialog-foot">
      <button type="button" class="quiet" onClick=${copy}>
        ${copied ? w.t("card.copied") : w.t("person.copy")}
      </button>
      <button type="button" class="primary" onClick=${close}>${w.t("person.told.done")}</button>
    </div>
  <//>`;
}
