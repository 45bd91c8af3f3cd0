// The menu under the header: a person, language, pictures, privacy, the end.

import { el } from "../shared/dom.js";
import { linked } from "../shared/text.js";
import { languages, privacy } from "./intro.js";

export class Menu {
  element = el("section", { class: "menu", hidden: true });
  #button;
  #state;
  #does;

  /** `button` opens it. `does` = {person, end, language, state}: what the entries do and need. */
  constructor(button, does) {
    this.#button = button;
    this.#does = does;
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => (this.element.hidden ? this.open() : this.close()));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.close();
    });
  }

  open(view = "list") {
    this.#state = this.#does.state();
    const { words } = this.#state;
    this.element.setAttribute("aria-label", words.menu);
    this.element.replaceChildren(...this[view](words));
    this.element.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.element.querySelector("button").focus();
  }

  close(focus = true) {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
    if (focus) this.#button.focus();
  }

  list(words) {
    const { mode, owner, config, language } = this.#state;
    const reached = mode === "agent" || (mode === "waiting" && owner !== "bot");
    const entry = (word, does) => el("button", { type: "button", class: "entry", click: does }, word);
    return [
      !reached && entry(words.person, () => this.#leave(this.#does.person)),
      entry(words.pictures, () => this.open("pictures")),
      entry(words.about, () => this.open("about")),
      mode !== "closed" && entry(words.end, () => this.open("ending")),
      languages(words, config.languages, language, (chosen) => {
        this.#does.language(chosen);
        this.open();
        this.element.querySelector(`[data-language=${chosen}]`).focus();
      }),
    ].filter(Boolean);
  }

  pictures(words) {
    const mail = this.#state.config.contact?.email;
    const text = mail ? linked(`${words.picturesMail} ${mail}.`) : words.picturesText;
    return [el("h3", {}, words.pictures), el("p", {}, text), this.#back(words)];
  }

  about(words) {
    const told = privacy(words, this.#state.config.privacy).filter(Boolean);
    return [el("h3", {}, words.disclosure), ...told, this.#back(words)];
  }

  ending(words) {
    const yes = el("button", { type: "button", class: "solid", click: () => this.#leave(this.#does.end) }, words.endYes);
    return [
      el("h3", {}, words.endAsk),
      el("p", {}, words.endText),
      el("div", { class: "row" }, this.#back(words), yes),
    ];
  }

  #back(words) {
    return el("button", { type: "button", class: "plain", click: () => this.open() }, words.back);
  }

  #leave(does) {
    this.close(false);
    does();
  }
}
