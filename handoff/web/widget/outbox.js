// What was said and not yet acknowledged, kept in the browser before it is sent.

const STORE = "unsent";
const STORING_MS = 1_500;

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });

const patiently = (promise) =>
  Promise.race([
    promise,
    new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), STORING_MS)),
  ]);

/** Entries {cmid, visitor, frame, at}. In memory only where the browser gives no database. */
export class Outbox {
  #visitor;
  #memory = new Map();
  #database;

  constructor(client, visitor) {
    this.#visitor = visitor;
    const open = new Promise((resolve) => {
      const request = indexedDB.open(`stafett-${client}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "cmid" });
      resolve(done(request));
    });
    this.#database = patiently(open).catch(() => null);
  }

  /** This visitor's entries, oldest first. Another visitor's are thrown away. */
  async all() {
    const found = (await this.#run("readonly", (store) => store.getAll())) ?? [];
    for (const { cmid, visitor } of found) if (visitor !== this.#visitor) this.drop(cmid);
    return found
      .filter(({ visitor }) => visitor === this.#visitor)
      .concat([...this.#memory.values()])
      .sort((a, b) => a.at - b.at);
  }

  /** Resolves when the entry is kept as safely as this browser can. */
  async put(entry) {
    const whole = { ...entry, visitor: this.#visitor };
    const kept = await this.#run("readwrite", (store) => store.put(whole));
    if (kept === undefined) this.#memory.set(entry.cmid, whole);
  }

  async drop(cmid) {
    this.#memory.delete(cmid);
    await this.#run("readwrite", (store) => store.delete(cmid));
  }

  async #run(mode, work) {
    try {
      const database = await this.#database;
      if (!database) return undefined;
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      const whole = new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(request.result ?? null);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
      return await patiently(whole);
    } catch {
      return undefined;
    }
  }
}
