// Small things kept in the storage of the client's site; in memory where that is forbidden.

import { secret } from "../shared/ids.js";

export class Drawer {
  #prefix;
  #memory = {};

  constructor(client) {
    this.#prefix = `stafett:${client}:`;
  }

  /** The visitor's 128-bit secret: made the first time the chat is opened on this site. */
  visitor() {
    const kept = this.get("visitor");
    if (/^[0-9a-f]{32}$/.test(kept)) return kept;
    const made = secret();
    this.set("visitor", made);
    return made;
  }

  /** A value or null. What is kept for the tab alone is in "sessionStorage". */
  get(name, storage = "localStorage") {
    try {
      return window[storage].getItem(this.#prefix + name);
    } catch {
      return this.#memory[name] ?? null;
    }
  }

  set(name, value, storage = "localStorage") {
    this.#memory[name] = value;
    try {
      window[storage].setItem(this.#prefix + name, value);
    } catch {
      // Forbidden or full: the memory has it.
    }
  }

  tab(name) {
    return this.get(name, "sessionStorage");
  }

  setTab(name, value) {
    this.set(name, value, "sessionStorage");
  }
}
