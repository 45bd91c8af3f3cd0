// The card of an ended conversation: how content the customer was, asked once.

import { button, el, icon } from "../shared/dom.js";

const STAR = "m12 3 3 6 6 1-4 4 1 6-6-3-6 3 1-6-4-4 6-1z";

export class Rating {
  #title = el("h3");
  #stars;
  #given = 0;
  #end = 0;

  /** `rate(stars)`: 1 to 5. */
  constructor(rate) {
    this.#stars = [1, 2, 3, 4, 5].map((stars) => button("", () => rate((this.#given = stars)), icon(STAR)));
    this.element = el("section", { class: "card" }, this.#title, el("div", { class: "languages" }, ...this.#stars));
  }

  /** Whether to show the card of that end: not when it was `rated` on another visit. A new one is a new question. */
  asks(end, rated) {
    if (end !== this.#end && end !== rated) {
      this.#end = end;
      this.#given = 0;
    }
    return end === this.#end;
  }

  show(words) {
    this.element.ariaLabel = words.rate;
    this.#title.textContent = this.#given ? words.rated : words.rate;
    this.#stars.forEach((star, at) => {
      star.ariaLabel = words.stars(at + 1);
      star.ariaPressed = String(at + 1 === this.#given);
      star.className = at < this.#given ? "lit" : "";
    });
  }
}
