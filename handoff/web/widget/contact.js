// The contact form: who, where, what. Checked when sent, each mistake said at its field.

import { el } from "../shared/dom.js";
import { sendable } from "../shared/text.js";

const FIELDS = [
  { key: "name", word: "name", need: "needName", least: 1, most: 200, complete: "name" },
  { key: "reach", word: "reach", need: "needReach", least: 3, most: 200, complete: "email" },
  { key: "text", word: "subject", least: 0, most: 2_000, long: true },
];

export class Contact {
  element = el("form", { class: "card contact", novalidate: true });
  #heading = el("h3", {});
  #lead = el("p", { class: "fine" });
  #send = el("button", { type: "submit", class: "solid" });
  #cancel;
  #fields;
  #words;

  /** `leave({name, reach, text})` sends it; `cancel()` goes back. */
  constructor({ leave, cancel }) {
    this.#fields = FIELDS.map((field) => {
      const id = `f-${field.key}`;
      const input = el(field.long ? "textarea" : "input", {
        id, name: field.key, maxlength: field.most, rows: field.long && 3,
        autocomplete: field.complete, required: field.least > 0, "aria-describedby": `${id}-e`,
        dir: "auto",
      });
      const label = el("label", { for: id });
      const error = el("p", { class: "error", id: `${id}-e` });
      input.addEventListener("input", () => this.#complain({ input, error }, ""));
      this.element.append(label, input, error);
      return { ...field, input, label, error };
    });
    this.#cancel = el("button", { type: "button", class: "plain", click: cancel });
    this.element.prepend(this.#heading, this.#lead);
    this.element.append(el("div", { class: "row" }, this.#cancel, this.#send));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = this.#values();
      if (values) leave(values);
    });
  }

  show(words) {
    this.#words = words;
    this.#heading.textContent = words.contact;
    this.#lead.textContent = words.contactText;
    this.#send.textContent = words.leave;
    this.#cancel.textContent = words.cancel;
    for (const { label, word } of this.#fields) label.textContent = words[word];
  }

  focus() {
    this.#fields[0].input.focus();
  }

  clear() {
    this.element.reset();
    for (const field of this.#fields) this.#complain(field, "");
  }

  /** What was written, or null with the mistakes shown and the first one focused. */
  #values() {
    const values = {};
    let first = null;
    for (const field of this.#fields) {
      const value = sendable(field.input.value);
      values[field.key] = value;
      const wrong = [...value].length < field.least;
      this.#complain(field, wrong ? this.#words[field.need] : "");
      if (wrong) first ??= field.input;
    }
    first?.focus();
    return first ? null : values;
  }

  #complain({ input, error }, text) {
    error.textContent = text;
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}
