// The top of the panel: who one talks to, and the baton that moves from the bot to a person.

import { el, icon } from "../shared/dom.js";

const DOTS = "M5 12h.01M12 12h.01M19 12h.01";
const CROSS = "m6 6 12 12M18 6 6 18";

/** A face with somebody's first letter, for the eye only. */
export const face = (name) =>
  el("span", { class: "face", "aria-hidden": "true" }, [...(name ?? "")][0]?.toUpperCase() ?? "?");

export class Header {
  element = el("header", {});
  more = el("button", { type: "button", class: "tool dots", hidden: true }, icon(DOTS));
  #close;

  constructor(close) {
    this.#close = el("button", { type: "button", class: "tool", click: close }, icon(CROSS));
    this.element.append(face(), el("div", { class: "names" }, el("h2", { id: "title" }), el("p", {})),
      this.more, this.#close, el("i", { class: "track" }, el("i")));
  }

  /** `client` is the company's name, empty until it is known. */
  show(words, { mode, agent }, client) {
    const name = (mode === "agent" && agent) || client;
    const [was, names] = this.element.children;
    this.#close.ariaLabel = words.close;
    this.more.ariaLabel = words.menu;
    was.replaceWith(face(name));
    const says = { bot: words.chatbot, waiting: words.waiting, agent: words.human, closed: words.ended };
    names.children[0].textContent = name || words.connecting;
    names.children[1].textContent = client && says[mode];
    this.element.dataset.mode = mode;
  }
}
