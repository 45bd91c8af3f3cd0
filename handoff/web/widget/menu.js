// The menu under the header: a person, pictures, privacy, the end, and the language.

import { el } from "../shared/dom.js";
import { linked } from "../shared/text.js";
import { languages } from "./intro.js";

export class Menu {
  element = el("section", { class: "menu", hidden: true });
  #button;
  #does;

  /** `button` opens it. `does` = {person, about, end, language, state}: the entries' work. */
  constructor(button, does) {
    this.#button = button;
    this.#does = does;
    this.#toggle(false);
    button.addEventListener("click", () => (this.element.hidden ? this.#open() : this.close()));
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
    if (focused) this.#button.focus();
  }

  #toggle(open) {
    this.element.hidden = !open;
    this.#button.ariaExpanded = String(open);
  }

  #open(...view) {
    const state = this.#does.state();
    this.element.setAttribute("aria-label", state.words.menu);
    this.element.replaceChildren(...(view.length ? view : this.#list(state)));
    this.#toggle(true);
    this.element.querySelector("button").focus();
  }

  #list({ words, config, language, mode, owner }) {
    const { person, about, end } = this.#does;
    const entry = (word, act) => el("button", { type: "button", class: "entry", click: act }, words[word]);
    const leave = (act) => () => {
      this.close();
      act();
    };
    const back = () => el("button", { type: "button", class: "plain", click: () => this.#open() }, words.back);
    const mail = linked(`${words.picturesText} ${config.contact.email}.`);
    const yes = el("button", { type: "button", class: "solid", click: leave(end) }, words.end);
    return [
      mode === "agent" || (mode === "waiting" && owner !== "bot") ? "" : entry("person", leave(person)),
      entry("pictures", () => this.#open(el("h3", {}, words.pictures), el("p", {}, mail), back())),
      entry("about", leave(about)),
      mode === "closed" ? "" : entry("end", () =>
        this.#open(el("h3", {}, `${words.end}?`), el("p", {}, words.endText), el("div", { class: "row" }, back(), yes))),
      languages(words, config.languages, language, (chosen) => {
        this.#does.language(chosen);
        this.#open();
        this.element.querySelector("[aria-pressed=true]").focus();
      }),
    ];
  }
}
