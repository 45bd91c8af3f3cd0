// One's own password: the old one, and the new one twice.

import { Dialog, useAsking } from "./dialogs.js";
import { html, useDesk, useState } from "./html.js";

const SHORTEST = 10;

export function Password({ close }) {
  const { desk, w } = useDesk();
  const [asking, ask] = useAsking();
  const [values, setValues] = useState({ old: "", fresh: "", again: "" });
  const [wrong, setWrong] = useState(null); // {field, key}
  const submit = async () => {
    const { old, fresh, again } = values;
    if (fresh.length < SHORTEST) setWrong({ field: "fresh", key: "password.short" });
    else if (fresh !== again) setWrong({ field: "again", key: "password.differ" });
    else if (await ask(() => desk.changePassword(old, fresh))) close();
  };
  const field = (name, autocomplete) => {
    const failed = wrong?.field === name;
    return html`<div class="field">
      <label for=${`password-${name}`}><span>${w.t(`password.${name}`)}</span></label>
      <input
        id=${`password-${name}`}
        type="password"
        autofocus=${name === "old"}
        autocomplete=${autocomplete}
        required
        value=${values[name]}
        aria-invalid=${failed ? "true" : null}
        aria-describedby=${failed ? `password-${name}-wrong` : null}
        onInput=${(event) => {
          setWrong(null);
          setValues({ ...values, [name]: event.target.value });
        }}
      />
      ${failed &&
      html`<p class="dialog-failed" id=${`password-${name}-wrong`} role="alert">
        ${w.t(wrong.key, { least: SHORTEST })}
      </p>`}
    </div>`;
  };
  return html`<${Dialog}
    title=${w.t("password.title")}
    lead=${w.t("password.lead")}
    close=${close}
    submit=${submit}
    submitLabel=${w.t("password.submit")}
    ready=${Object.values(values).every(Boolean)}
    asking=${asking}
  >
    ${field("old", "current-password")} ${field("fresh", "new-password")}
    ${field("again", "new-password")}
  <//>`;
}
