// The menu under the header: a person, pictures, privacy, the end, and the language.

import { button, el, icon } from "../shared/dom.js";
import { linked } from "../shared/text.js";
import { languages } from "./intro.js";

const DOTS = "M5 12h.01M12 12h.01M19 12h.01";

export class Menu {
  element = el("section", { class: "menu" });
  button = button("tool dots", () => (this.element.hidden ? this.#open() : this.close()), icon(DOTS));
  #does;

  /** `does` = {person, about, end, language, state}: what the entries do, and need to know. */
  constructor(does) {
    this.#does = does;
    this.#toggle(false);
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.close();
    });
  }

  /** Put it away; the focus goes back to its button if it was in here. */
  close() {
    const focused = this.element.querySelector(":focus");
    this.#toggle(false);
    if (focused) this.button.focus();
  }

  /** How to send a picture; answers its words, for those who listen. */
  pictures() {
    const { words, config } = this.#does.state();
    const mail = `${words.picturesText} ${config.contact.email}.`;
    this.#open(el("h3", {}, words.pictures), el("p", {}, linked(mail)), this.#back());
    return mail;
  }

  #back() {
    return button("plain", () => this.#open(), this.#does.state().words.back);
  }

  #toggle(open) {
    this.element.hidden = !open;
    this.button.ariaExpanded = String(open);
  }

  #open(...view) {
    const state = this.#does.state();
    this.element.ariaLabel = state.words.menu;
    this.element.replaceChildren(...(view.length ? view : this.#list(state)));
    this.#toggle(true);
    this.element.querySelector("button").focus();
  }

  #list({ words, config, language, mode, owner }) {
    const { person, about, end } = this.#does;
    const entry = (word, act) => button("entry", act, words[word]);
    const leave = (act) => () => {
      this.close();
      act();
    };
    const yes = button("solid", leave(end), words.end);
    return [
      mode === "agent" || (mode === "waiting" && owner !== "bot") ? "" : entry("person", leave(person)),
      entry("pictures", () => this.pictures()),
      entry("about", leave(about)),
      mode === "closed" ? "" : entry("end", () =>
        this.#open(el("h3", {}, `${words.end}?`), el("p", {}, words.endText), el("div", { class: "row" }, this.#back(), yes))),
      languages(words, config.languages, language, (chosen) => {
        this.#does.language(chosen);
        this.#open();
        this.element.querySelector("[aria-pressed=true]").focus();
      }),
    ];
  }
}
