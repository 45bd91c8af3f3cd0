// Small things kept in the storage of the client's site; in memory where that is forbidden.

import { secret } from "../shared/ids.js";

export class Drawer {
  #prefix;
  #memory = new Map();

  constructor(client) {
    this.#prefix = `stafett:${client}:`;
  }

  /** The visitor's 128-bit secret: made the first time the chat is opened on this site. */
  visitor() {
    const kept = this.get("visitor");
    if (/^[0-9a-f]{32}$/.test(kept ?? "")) return kept;
    const made = secret();
    this.set("visitor", made);
    return made;
  }

  /** Kept for the site: `get`, `set`. Kept for this tab alone: `tab`, `setTab`. */
  get(name) {
    return this.#read("localStorage", name);
  }

  set(name, value) {
    this.#write("localStorage", name, value);
  }

  tab(name) {
    return this.#read("sessionStorage", name);
  }

  setTab(name, value) {
    this.#write("sessionStorage", name, value);
  }

  #read(storage, name) {
    try {
      return window[storage].getItem(this.#prefix + name) ?? this.#memory.get(name) ?? null;
    } catch {
      return this.#memory.get(name) ?? null;
    }
  }

  #write(storage, name, value) {
    this.#memory.set(name, value);
    try {
      window[storage].setItem(this.#prefix + name, value);
    } catch {
      // Forbidden or full: the memory has it.
    }
  }
}
