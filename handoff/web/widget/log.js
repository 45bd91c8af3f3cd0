// The conversation as bubbles: one node per line, keyed by its number, own unsent ones last.

import { button, el } from "../shared/dom.js";
import { linked } from "../shared/text.js";
import { face } from "./header.js";
import { locales } from "./strings.js";

const TOGETHER_S = 300;

export class Log {
  element = el("div", { role: "log", "aria-live": "off", "aria-relevant": "additions", class: "log" });
  #words;
  #language;
  #greeting = {};
  // {node, line, state, why, quick}: a line without a number is one's own and not stored yet.
  #items = [];
  #read = 0;
  #online = true;
  #press;
  #retry;

  /** `press(seq, index, title)`: a live button; `retry(text)`: say a refused line again. */
  constructor({ press, retry }) {
    this.#press = press;
    this.#retry = retry;
  }

  /** History is not read out; what is said from now on is. */
  listen() {
    this.element.setAttribute("aria-live", "polite");
  }

  speak(words, language) {
    this.#words = words;
    this.#language = language;
    this.#lay(true);
  }

  /** The client's greeting in every language: shown in the chosen one until somebody answers. */
  greet(greeting) {
    this.#greeting = greeting;
  }

  lines(lines) {
    for (const line of lines) {
      const item = this.#take(line.cmid) ?? { node: el("div", {}) };
      Object.assign(item, { line, state: "sent" });
      const unsent = this.#items.findIndex((other) => !other.line.seq);
      this.#items.splice(unsent < 0 ? this.#items.length : unsent, 0, item);
    }
    this.#lay();
  }

  /** An optimistic bubble, until its line comes with the same cmid. */
  unsent({ cmid, at, frame, title }) {
    const line = { cmid, author: "customer", kind: "text", at: at / 1000, text: frame.text ?? title };
    this.#items.push({ node: el("div", {}), line, state: "sending" });
    this.#lay();
  }

  stored(cmid) {
    this.#mark(cmid, "sent");
  }

  /** Refused for good. False when no bubble has this cmid. */
  failed(cmid, why) {
    return this.#mark(cmid, "failed", why);
  }

  read(seq) {
    this.#read = Math.max(this.#read, seq);
    this.#tell();
  }

  online(online) {
    this.#online = online;
    this.#tell();
  }

  /** The history is another one. What was not sent stays. */
  clear() {
    this.#items = this.#items.filter(({ line }) => !line.seq);
    this.#lay(true);
  }

  #take(cmid) {
    const at = cmid ? this.#items.findIndex(({ line }) => line.cmid === cmid) : -1;
    return at < 0 ? null : this.#items.splice(at, 1)[0];
  }

  #mark(cmid, state, why) {
    const item = this.#items.find(({ line }) => line.cmid === cmid && !line.seq);
    if (item) Object.assign(item, { state, why });
    this.#tell();
    return Boolean(item);
  }

  /** Bring the nodes into the items' order, touching only what is new or has a new neighbour. */
  #lay(anew) {
    let previous;
    for (const item of this.#items) {
      const place = previous ? previous.node.nextSibling : this.element.firstChild;
      if (item.node !== place) this.element.insertBefore(item.node, place);
      if (anew || item.shown !== item.line || item.after !== previous?.line) this.#compose(item, previous?.line);
      previous = item;
    }
    while (this.element.lastChild !== (previous?.node ?? null)) this.element.lastChild.remove();
    this.#buttons();
    this.#tell();
  }

  #compose(item, after) {
    const { node, line } = item;
    Object.assign(item, { shown: line, after });
    const own = line.author === "customer";
    const notice = line.kind === "notice";
    const day = this.#day(line.at);
    const newDay = after ? day !== this.#day(after.at) : day !== this.#words.today;
    const apart = !after || newDay || line.at - after.at > TOGETHER_S ||
      ["author", "name", "kind"].some((key) => line[key] !== after[key]);
    node.className = `item ${notice ? "system" : own ? "own" : line.author}${apart ? " first" : ""}`;
    if (line.seq) node.dataset.seq = line.seq;
    if (own) node.setAttribute("aria-live", "off");
    const who = own ? this.#words.you : line.name || this.#words.botName;
    const said = el("p", { dir: "auto", class: "said" }, linked(this.#text(line)));
    const joined = line.code === "agent_joined" && face(line.params.name);
    const person = line.author === "agent" && face(who);
    item.status = el("p", { class: "status" });
    node.replaceChildren(
      newDay ? el("p", { class: "day" }, day) : "",
      notice ? "" : el("p", { class: apart ? "who" : "vh" }, person, el("bdi", {}, who), this.#time(line.at)),
      el("div", { class: notice ? `notice${joined ? " joined" : ""}` : "bubble" }, joined, said),
      item.status,
      item.quick ?? "",
    );
  }

  #text({ author, text = "" }) {
    const greets = author === "bot" && Object.values(this.#greeting).includes(text);
    const answered = this.#items.some(({ line }) => line.author === "customer");
    return (greets && !answered && this.#greeting[this.#language]) || text;
  }

  #time(at) {
    const date = new Date(at * 1000);
    const shown = date.toLocaleTimeString(locales[this.#language], { hour: "2-digit", minute: "2-digit" });
    return el("time", { datetime: date.toISOString() }, shown);
  }

  #day(at) {
    const date = new Date(at * 1000);
    const ago = (days) => new Date(Date.now() - days * 86_400_000).toDateString() === date.toDateString();
    if (ago(0)) return this.#words.today;
    if (ago(1)) return this.#words.yesterday;
    return date.toLocaleDateString(locales[this.#language], { weekday: "long", day: "numeric", month: "long" });
  }

  /** Only the newest line's buttons can be pressed; older ones are taken away. */
  #buttons() {
    const newest = this.#items.at(-1);
    for (const item of this.#items) {
      const { seq, buttons } = item.line;
      const live = item === newest && buttons?.length;
      if (live && !item.quick) {
        item.quick = el("div", { class: "quick" }, ...buttons.map((title, index) =>
          button("reply", () => this.#press(seq, index, title), el("bdi", {}, title))));
        item.node.append(item.quick);
      } else if (!live) {
        item.quick?.remove();
        item.quick = null;
      }
    }
  }

  /** What became of one's own words: under each that is not stored, and under the last if read. */
  #tell() {
    const words = this.#words;
    const own = this.#items.filter(({ line }) => line.author === "customer");
    for (const item of own) {
      const { line, state, why, status } = item;
      const last = item === own.at(-1);
      const read = line.seq <= this.#read;
      const told = {
        sending: this.#online ? words.sending : words.later,
        failed: `${words.failed}. ${why} `,
        sent: last && read ? words.read : item === this.#items.at(-1) ? words.sent : "",
      }[state];
      status.replaceChildren(told);
      if (state === "failed") status.append(button("link", () => this.#again(item), words.again));
    }
  }

  #again({ line }) {
    this.#take(line.cmid);
    this.#lay();
    this.#retry(line.text);
  }
}
