// What each agent chooses for themselves: language, appearance, how to be called.

import { mayNotify } from "../alerts.js";
import { Dialog } from "./dialogs.js";
import { html, useDesk, useState } from "./html.js";

const LANGUAGES = ["nb", "en"];
const THEMES = ["system", "light", "dark"];

export function Settings({ close }) {
  const { desk, state, w } = useDesk();
  const [denied, setDenied] = useState(false);
  const { choices } = state;
  const choose = (changed) => desk.dispatch({ type: "choose", choices: changed });
  const notify = async (wanted) => {
    const may = wanted && (await mayNotify());
    setDenied(wanted && !may);
    choose({ notify: may });
  };
  return html`<${Dialog} title=${w.t("settings.title")} close=${close}>
    <${Segments}
      legend=${w.t("language")}
      name="language"
      values=${LANGUAGES}
      label=${(one) => w.t(`language.${one}`)}
      chosen=${choices.language}
      onChoose=${(language) => choose({ language })}
    />
    <${Segments}
      legend=${w.t("settings.theme")}
      name="theme"
      values=${THEMES}
      label=${(one) => w.t(`settings.theme.${one}`)}
      chosen=${choices.theme}
      onChoose=${(theme) => choose({ theme })}
    />
    <fieldset class="switches">
      <legend>${w.t("settings.alerts")}</legend>
      ${["queue", "message"].map((kind) => {
        const name = kind === "queue" ? "soundQueue" : "soundMessage";
        return html`<div class="switch-row" key=${kind}>
          <${Switch}
            label=${w.t(`settings.${name}`)}
            on=${choices[name]}
            onChange=${(on) => choose({ [name]: on })}
          />
          <button
            type="button"
            class="quiet small"
            aria-label=${`${w.t("settings.try")}: ${w.t(`settings.${name}`)}`}
            onClick=${() => desk.alerts.sound(kind)}
          >
            ${w.t("settings.try")}
          </button>
        </div>`;
      })}
      <${Switch} label=${w.t("settings.notify")} on=${choices.notify} onChange=${notify} />
      ${denied && html`<p class="dialog-failed" role="alert">${w.t("settings.notify.denied")}</p>`}
    </fieldset>
    <button
      type="button"
      class="quiet"
      onClick=${() => desk.dispatch({ type: "dialog", dialog: { name: "password" } })}
    >
      ${w.t("password.change")}
    </button>
  <//>`;
}

export function Segments({ legend, name, values, label, chosen, onChoose }) {
  return html`<fieldset class="segment-field">
    <legend>${legend}</legend>
    <div class="segments">
      ${values.map(
        (one) => html`<label key=${one}>
          <input type="radio" name=${name} checked=${chosen === one} onChange=${() => onChoose(one)} />
          <span>${label(one)}</span>
        </label>`,
      )}
    </div>
  </fieldset>`;
}

export function Switch({ label, on, onChange }) {
  return html`<label class="switch">
    <input
      type="checkbox"
      role="switch"
      checked=${on}
      onChange=${(event) => onChange(event.target.checked)}
    />
    <i class="switch-track" /><span>${label}</span>
  </label>`;
}
