// The top of the panel: who one talks to, and the baton that moves from the bot to a person.

import { el, icon } from "../shared/dom.js";

const DOTS = "M5 12h.01 M12 12h.01 M19 12h.01";
const CROSS = "m6 6 12 12 M18 6 6 18";

/** The letter that stands for somebody. */
export const initial = (name) => [...name.trim()][0]?.toUpperCase() ?? "?";

/** A round face with that letter, for the eye only. */
export const face = (name) => el("span", { class: "face", "aria-hidden": "true" }, initial(name));

export class Header {
  element = el("header", {});
  more = el("button", { type: "button", class: "tool", hidden: true }, icon(DOTS));
  #close;
  #face = el("span", { class: "face", "aria-hidden": "true" });
  #title = el("h2", { id: "title" });
  #sub = el("p", { class: "sub" });
  #track = el("div", { class: "track", "aria-hidden": "true" }, el("i"));

  constructor(close) {
    this.#close = el("button", { type: "button", class: "tool", click: close }, icon(CROSS));
    const names = el("div", { class: "names" }, this.#title, this.#sub);
    this.element.append(this.#face, names, this.more, this.#close, this.#track);
  }

  show(words, { mode, agent }, client) {
    const person = mode === "agent";
    const name = (person && agent) || client;
    this.#close.setAttribute("aria-label", words.close);
    this.more.setAttribute("aria-label", words.menu);
    this.#title.textContent = name || words.loading;
    this.#face.textContent = name ? initial(name) : "";
    this.#face.classList.toggle("person", person);
    const says = { bot: words.chatbot, waiting: words.waiting, agent: words.human, closed: words.ended };
    this.#sub.textContent = client ? says[mode] : "";
    this.#track.dataset.mode = mode;
  }
}
