// Carries out what the machine asks for: tickets over HTTP, the socket, the one timer.

import { Customer } from "./customer.js";
import { cmid } from "../shared/ids.js";

// A clock that nobody sets.
const now = () => performance.now();
const TICKET_MS = 10_000;
const LONGEST_MS = 60_000;

export class Connection {
  machine = new Customer();
  #tickets;
  #outbox;
  #body;
  #show;
  #url;
  #socket = null;
  #timer;
  #queue = Promise.resolve();

  /** `body()` is what a ticket is asked with; `show(kind, ...values)` gets all other effects. */
  constructor({ tickets, outbox, body, show }) {
    this.#tickets = tickets;
    this.#outbox = outbox;
    this.#body = body;
    this.#show = show;
    addEventListener("online", () => this.#run(this.machine.wake(now())));
    addEventListener("offline", () => this.#run(this.machine.offline(now())));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#run(this.machine.wake(now()));
    });
  }

  async start() {
    const entries = await this.#outbox.all();
    for (const entry of entries) this.#show("unsent", entry);
    this.#run(this.machine.start(entries, now()));
  }

  restart() {
    this.#run(this.machine.restart(now()));
  }

  /** Store a frame under an id of its own, then send it. Returns the entry at once.
   * `title` is what a pressed button says. */
  say(frame, title) {
    const id = cmid();
    const entry = { cmid: id, at: Date.now(), frame: { ...frame, cmid: id }, title };
    // One after the other, so that the order of sending is the order of saying.
    this.#queue = this.#queue
      .then(() => this.#outbox.put(entry))
      .then(() => this.#run(this.machine.put(entry)));
    return entry;
  }

  seen(seq) {
    this.#run(this.machine.seen(seq));
  }

  typing(on) {
    this.#run(this.machine.typing(on));
  }

  #run(effects) {
    for (const [kind, ...values] of effects) {
      if (kind === "ticket") this.#ticket();
      else if (kind === "connect") this.#connect();
      else if (kind === "drop") this.#drop();
      else if (kind === "send") this.#write(values[0]);
      else if (kind === "forget") this.#outbox.drop(values[0]);
      else this.#show(kind, ...values);
    }
    clearTimeout(this.#timer);
    const left = Math.min(this.machine.due - now(), LONGEST_MS);
    this.#timer = setTimeout(() => this.#run(this.machine.tick(now())), Math.max(0, left));
  }

  async #ticket() {
    const abort = new AbortController();
    const patience = setTimeout(() => abort.abort(), TICKET_MS);
    let outcome = { retry: true };
    try {
      const answer = await fetch(this.#tickets, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(this.#body()),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: abort.signal,
      });
      if (answer.ok) {
        const { ticket, socket } = await answer.json();
        this.#url = socket;
        outcome = { ticket };
      } else {
        const after = 1000 * (Number(answer.headers.get("retry-after")) || 0);
        outcome = { retry: answer.status === 429 || answer.status >= 500, after };
      }
    } catch {
      // No network: the machine waits and asks again.
    }
    clearTimeout(patience);
    if (outcome.ticket) this.#run(this.machine.ticket(outcome.ticket, now()));
    else this.#run(this.machine.noTicket(outcome, now()));
  }

  #connect() {
    let socket;
    try {
      socket = new WebSocket(this.#url);
    } catch {
      // The page's own policy forbids it. Not now, so that the machine has come to rest.
      queueMicrotask(() => this.#run(this.machine.closed(1006, now())));
      return;
    }
    this.#socket = socket;
    socket.onopen = () => this.#run(this.machine.opened());
    socket.onmessage = ({ data }) => this.#run(this.machine.frame(JSON.parse(data), now()));
    socket.onclose = ({ code }) => {
      this.#socket = null;
      this.#run(this.machine.closed(code, now()));
    };
  }

  #drop() {
    const socket = this.#socket;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    this.#socket = null;
    socket.close();
  }

  #write(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}
