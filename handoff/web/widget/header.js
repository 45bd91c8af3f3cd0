// The top of the panel: who one talks to, and the three legs of the relay: bot, queue, person.

import { button, el, icon } from "../shared/dom.js";

const MODES = ["bot", "waiting", "agent"];
const CROSS = "m6 6 12 12M18 6 6 18";

/** A face with somebody's first letter, for the eye only. */
export const face = (name) =>
  el("span", { class: "face", "aria-hidden": "true" }, [...(name ?? "")][0]?.toUpperCase() ?? "?");

export class Header {
  element = el("header", {});
  #close;

  /** `menu` is the menu's button, `close()` puts the panel away. */
  constructor(menu, close) {
    this.#close = button("tool", close, icon(CROSS));
    this.element.append(face(), el("div", { class: "names" }, el("h2", { id: "title" }), el("p", {})),
      menu, this.#close, el("p", { class: "track", "aria-hidden": "true" }, ...MODES.map(() => el("i", {}))));
  }

  /** `client` is the company's name, empty until it is known. */
  show(words, { mode, agent }, client) {
    const name = (mode === "agent" && agent) || client;
    const [was, names] = this.element.children;
    this.#close.ariaLabel = words.close;
    was.replaceWith(face(name));
    const says = { bot: words.chatbot, waiting: words.waiting, agent: words.human, closed: words.ended };
    names.children[0].textContent = name || words.connecting;
    names.children[1].textContent = client && says[mode];
    this.element.dataset.mode = mode;
    const legs = this.element.lastChild.children;
    MODES.forEach((leg, at) => {
      legs[at].textContent = words.steps[at];
      legs[at].className = leg === mode ? "here" : "";
    });
  }
}
