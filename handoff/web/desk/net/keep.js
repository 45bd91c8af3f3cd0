// What must outlive the page: texts on their way (IndexedDB), drafts and choices (local storage).

const DATABASE = "stafett-desk";
const STORE = "outbox";

function database() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "cmid" });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

async function inStore(mode, work) {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      const change = opened.transaction(STORE, mode);
      const asked = work(change.objectStore(STORE));
      change.oncomplete = () => resolve(asked.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  } finally {
    opened.close();
  }
}

// {cmid, agent, client, conversation, kind, text, control, at}
export const keepText = (one) => inStore("readwrite", (store) => store.put(one));
export const forgetText = (cmid) => inStore("readwrite", (store) => store.delete(cmid));

export async function keptTexts(agent) {
  const all = await inStore("readonly", (store) => store.getAll());
  return all.filter((one) => one.agent === agent).sort((a, b) => a.at - b.at);
}

const key = (agent, what) => `stafett.desk.${agent}.${what}`;

function load(name, otherwise, storage = localStorage) {
  try {
    return JSON.parse(storage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function save(name, value, storage = localStorage) {
  try {
    storage.setItem(name, JSON.stringify(value));
  } catch {
    // A full or closed storage costs the draft's survival, never the conversation.
  }
}

export const drafts = (agent) => load(key(agent, "drafts"), {});
export const keepDrafts = (agent, value) => {
  const written = Object.entries(value).filter(([, draft]) => draft.text);
  save(key(agent, "drafts"), Object.fromEntries(written));
};
export const reads = (agent) => load(key(agent, "reads"), {});
export const keepReads = (agent, value) => save(key(agent, "reads"), value);

// How the chats lie belongs to the tab: two desks side by side show two chats. {selected, chats}
export const layout = (agent) =>
  load(key(agent, "layout"), { selected: null, chats: [] }, sessionStorage);
export const keepLayout = (agent, value) => save(key(agent, "layout"), value, sessionStorage);

const CHOICES = {
  language: "nb",
  theme: "system", // system, light or dark
  soundQueue: true,
  soundMessage: true,
  notify: false,
};
export const choices = () => ({ ...CHOICES, ...load("stafett.desk.choices", {}) });
export const keepChoices = (value) => save("stafett.desk.choices", value);
