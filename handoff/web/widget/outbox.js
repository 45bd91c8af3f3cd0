// What was said and not yet acknowledged, kept in the browser before it is sent.

const STORE = "unsent";
const STORING_MS = 1_500;

/** Entries {cmid, at, frame, title}. Where the browser gives no database, the page alone has them. */
export class Outbox {
  #visitor;
  #database;

  constructor(client, visitor) {
    this.#visitor = visitor;
    this.#database = new Promise((resolve, reject) => {
      const request = indexedDB.open(`stafett-${client}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "cmid" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = reject;
      setTimeout(reject, STORING_MS);
    }).catch(() => null);
  }

  /** This visitor's entries, oldest first. Another visitor's are thrown away. */
  async all() {
    const found = (await this.#run((store) => store.getAll())) ?? [];
    for (const { cmid, visitor } of found) if (visitor !== this.#visitor) this.drop(cmid);
    return found.filter(({ visitor }) => visitor === this.#visitor).sort((a, b) => a.at - b.at);
  }

  /** Resolves when the entry is kept as safely as this browser can. */
  async put(entry) {
    await this.#run((store) => store.put({ ...entry, visitor: this.#visitor }));
  }

  async drop(cmid) {
    await this.#run((store) => store.delete(cmid));
  }

  /** What `work` asked of the store, or null when there is none or it failed. */
  async #run(work) {
    const database = await this.#database;
    return new Promise((resolve) => {
      const failed = () => resolve(null);
      setTimeout(failed, STORING_MS);
      try {
        const transaction = database.transaction(STORE, "readwrite");
        const request = work(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = failed;
      } catch {
        // There is no database, or it is closed to us.
        failed();
      }
    });
  }
}
