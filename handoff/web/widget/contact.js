// The contact form: who, where, what. Checked when sent, each mistake said at its field.

import { button, el } from "../shared/dom.js";
import { sendable } from "../shared/text.js";

const FIELDS = [
  { key: "name", need: "needName", least: 1, most: 200 },
  { key: "reach", need: "needReach", least: 3, most: 200 },
  { key: "text", least: 0, most: 2_000 },
];

export class Contact {
  element = el("form", { class: "card", novalidate: true });
  #heading = el("h3", {});
  #send = button("solid");
  #back;
  #fields;
  #words;

  /** `leave({name, reach, text})` sends it; `back()` puts it away. */
  constructor({ leave, back }) {
    this.#back = button("plain", back);
    this.#fields = FIELDS.map((field) => this.#field(field));
    this.element.append(
      this.#heading,
      ...this.#fields.flatMap(({ label, input, error }) => [label, input, error]),
      el("div", { class: "row" }, this.#back, this.#send),
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = this.#values();
      if (values) leave(values);
    });
  }

  show(words) {
    this.#words = words;
    this.#heading.textContent = words.contact;
    this.#send.textContent = words.send;
    this.#back.textContent = words.back;
    for (const { label, key } of this.#fields) label.textContent = words[key];
  }

  focus() {
    this.#fields[0].input.focus();
  }

  #field({ key, least, most, need }) {
    const error = el("p", { class: "error", id: `${key}-error` });
    const input = el(least ? "input" : "textarea", {
      id: key, maxlength: most, rows: least ? null : 3, dir: "auto", required: least > 0,
      autocomplete: key === "name" && "name", "aria-describedby": error.id,
      input: () => this.#complain({ input, error }, ""),
    });
    return { key, least, need, input, error, label: el("label", { for: key }) };
  }

  /** What was written, or null with the mistakes shown and the first one focused. */
  #values() {
    const values = {};
    let wrong = null;
    for (const field of this.#fields) {
      const value = (values[field.key] = sendable(field.input.value));
      const short = [...value].length < field.least;
      this.#complain(field, short ? this.#words[field.need] : "");
      if (short) wrong ??= field.input;
    }
    wrong?.focus();
    return wrong ? null : values;
  }

  #complain({ input, error }, text) {
    error.textContent = text;
    input.ariaInvalid = text ? "true" : null;
  }
}
