// The card of a customer who waits: place, an honest estimate, and what can be done meanwhile.

import { el } from "../shared/dom.js";

// Either of the first two holds; the others are done at once.
const CHOICES = ["stay", "bot", "contact", "leave"];

/** "About 3 minutes", or that nobody knows. `wait` in seconds or null. */
export function estimate(words, { wait, staffed }) {
  if (!staffed) return words.unstaffed;
  if (wait == null) return words.unknown;
  const minutes = Math.ceil(wait / 60);
  return minutes < 2 ? words.soon : words.minutes(minutes);
}

/** The place in words. */
export const standing = (words, { place }) => (place ? words.place(place) : words.waiting);

export class Waiting {
  element = el("section", { class: "card" });
  #choose;

  /** `choose(choice)`: stay, bot, contact or leave. */
  constructor(choose) {
    this.#choose = choose;
  }

  show(words, state) {
    const meanwhile = state.owner === "bot" ? "bot" : "stay";
    const focused = this.element.querySelector(":focus")?.dataset.choice;
    this.element.setAttribute("aria-label", words.waiting);
    this.element.replaceChildren(
      el("h3", {}, standing(words, state)),
      el("p", {}, estimate(words, state)),
      el("div", { class: "choices" }, ...CHOICES.map((choice) =>
        el("button", {
          type: "button", "data-choice": choice, click: () => this.#choose(choice),
          "aria-pressed": CHOICES.indexOf(choice) < 2 && String(choice === meanwhile),
        }, words[choice]))),
    );
    if (focused) this.element.querySelector(`[data-choice=${focused}]`).focus();
  }
}
