// Where the customer writes. The draft is kept for the tab, so a reload loses no word.

import { button, el, icon } from "../shared/dom.js";
import { sendable } from "../shared/text.js";

const ARROW = "M12 19V5M5.5 11.5 12 5l6.5 6.5";
const MOST = 4_000;
const TYPING_MS = 3_000;

export class Composer {
  element;
  #input = el("textarea", { id: "say", rows: 1, readonly: true, maxlength: MOST, enterkeyhint: "send", dir: "auto", autocomplete: "off" });
  #label = el("label", { for: "say", class: "vh" });
  #send = button("send", null, icon(ARROW));
  #drawer;
  #typing;
  #stopped = null;

  /** `say(text)` gets what is sent, `typing(on)` that somebody writes. */
  constructor({ drawer, say, typing }) {
    this.#drawer = drawer;
    this.#typing = typing;
    this.element = el("form", { class: "composer" }, this.#label, this.#input, this.#send);
    this.#input.value = drawer.tab("draft") ?? "";
    this.#input.addEventListener("input", () => this.#changed());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.element.requestSubmit();
    });
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = sendable(this.#input.value);
      this.focus();
      if (!text || this.#input.readOnly) return;
      this.#input.value = "";
      this.#changed();
      say(text);
    });
  }

  show(words, ended) {
    const label = ended ? words.labelEnded : words.label;
    this.#label.textContent = label;
    this.#input.placeholder = label;
    this.#send.ariaLabel = words.send;
    this.#grow();
  }

  /** Nothing can be said before the customer has been told what this is. */
  allow() {
    this.#input.readOnly = false;
  }

  focus() {
    this.#input.focus();
  }

  #changed() {
    const draft = this.#input.value;
    this.#drawer.setTab("draft", draft);
    this.#grow();
    const idle = !draft.trim();
    if (!idle && !this.#stopped) this.#typing(true);
    clearTimeout(this.#stopped);
    const stop = () => {
      this.#stopped = null;
      this.#typing(false);
    };
    if (!idle) this.#stopped = setTimeout(stop, TYPING_MS);
    else if (this.#stopped) stop();
  }

  #grow() {
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight}px`;
  }
}
