// The card of a customer who waits: place, an honest estimate, and what can be done meanwhile.

import { el } from "../shared/dom.js";

const CHOICES = [["stay", "stay"], ["bot", "useBot"], ["contact", "contact"]];

/** "About 3 minutes", or that nobody knows. `wait` in seconds or null. */
export function estimate(words, { wait, staffed }) {
  if (!staffed) return words.unstaffed;
  if (wait === null || wait === undefined) return words.unknown;
  return wait < 60 ? words.soon : words.minutes(Math.ceil(wait / 60));
}

export const standing = (words, { place }) => (place ? words.place(place) : words.inLine);

export class Waiting {
  element = el("section", { class: "card waiting" });
  #choose;
  #place = el("p", { class: "place" });
  #estimate = el("p", { class: "estimate" });
  #keep = el("p", { class: "fine" });
  #choices = el("div", { class: "choices", role: "group" });

  /** `choose(choice)`: stay, bot or contact. */
  constructor(choose) {
    this.#choose = choose;
    for (const [choice] of CHOICES)
      this.#choices.append(el("button", { type: "button", "data-choice": choice, click: () => this.#choose(choice) }));
    this.element.append(this.#place, this.#estimate, this.#choices, this.#keep);
  }

  show(words, { place, wait, staffed, owner }) {
    this.element.setAttribute("aria-label", words.waiting);
    this.#choices.setAttribute("aria-label", words.choices);
    this.#place.textContent = standing(words, { place });
    this.#estimate.textContent = estimate(words, { wait, staffed });
    this.#keep.textContent = words.keep;
    CHOICES.forEach(([choice, word], at) => {
      const button = this.#choices.children[at];
      button.textContent = words[word];
      const now = choice === (owner === "bot" ? "bot" : "stay");
      if (choice !== "contact") button.setAttribute("aria-pressed", String(now));
    });
  }
}
