// The conversation as bubbles: one node per line, keyed by its number, own unsent ones last.

import { el, icon } from "../shared/dom.js";
import { linked } from "../shared/text.js";
import { face } from "./header.js";
import { locales } from "./strings.js";

const TOGETHER_S = 300;
const CLOCK = "M12 7v5l3 2 M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18";

export class Log {
  element = el("div", { role: "log", "aria-live": "off", "aria-relevant": "additions", class: "log" });
  #words;
  #language;
  #greeting = {};
  #items = [];
  #read = 0;
  #online = true;
  #press;
  #retry;

  /** `press(seq, index, title)`: a live button; `retry(item)`: say a refused line again. */
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
    this.element.setAttribute("aria-label", words.history);
    this.#items.forEach((item, at) => this.#compose(item, this.#items[at - 1]));
    this.#statuses();
  }

  /** The client's greeting in every language: shown in the chosen one until somebody answers. */
  greet(greeting) {
    this.#greeting = greeting;
  }

  lines(lines) {
    for (const line of lines) {
      let item = line.cmid && this.#items.find(({ cmid }) => cmid === line.cmid);
      if (item) this.#items.splice(this.#items.indexOf(item), 1);
      else item = this.#item({});
      Object.assign(item, { line, state: "sent" });
      const at = this.#items.findIndex((other) => !other.line);
      this.#items.splice(at < 0 ? this.#items.length : at, 0, item);
    }
    this.#lay();
  }

  /** An optimistic bubble, until its line comes with the same cmid. */
  unsent({ cmid, at, frame, title }) {
    const line = { author: "customer", kind: "text", at: at / 1000, text: frame.text ?? title ?? "" };
    this.#items.push(this.#item({ cmid, draft: line, state: "sending" }));
    this.#lay();
  }

  stored(cmid) {
    this.#mark(cmid, "sent");
  }

  /** Refused for good. Returns the words that were lost, so that they can be shown. */
  failed(cmid, why) {
    return this.#mark(cmid, "failed", why);
  }

  read(seq) {
    this.#read = Math.max(this.#read, seq);
    this.#statuses();
  }

  online(online) {
    if (online === this.#online) return;
    this.#online = online;
    this.#statuses();
  }

  /** The history is another one. What was not sent stays. */
  clear() {
    this.#items = this.#items.filter(({ line }) => !line);
    this.#read = 0;
    this.#lay();
  }

  #item(fields) {
    return { node: el("div", { class: "item" }), cmid: null, line: null, draft: null, ...fields };
  }

  #mark(cmid, state, why = "") {
    const item = this.#items.find((one) => one.cmid === cmid);
    if (!item || item.line) return false;
    Object.assign(item, { state, why });
    this.#statuses();
    return true;
  }

  /** Bring the nodes into the items' order, touching only what is new or has a new neighbour. */
  #lay() {
    let before = null;
    this.#items.forEach((item, at) => {
      const place = before ? before.nextSibling : this.element.firstChild;
      if (item.node !== place) this.element.insertBefore(item.node, place);
      const key = [item.line?.seq, this.#items[at - 1]?.line?.seq, at === 0].join();
      if (item.key !== key) {
        item.key = key;
        this.#compose(item, this.#items[at - 1]);
      }
      before = item.node;
    });
    while (this.element.lastChild !== before) this.element.lastChild.remove();
    this.#live();
    this.#statuses();
  }

  #compose(item, previous) {
    const line = item.line ?? item.draft;
    const last = previous && (previous.line ?? previous.draft);
    const own = line.author === "customer";
    const notice = line.kind === "notice";
    const newDay = !last || this.#day(last.at) !== this.#day(line.at);
    const apart = newDay || last.author !== line.author || last.name !== line.name ||
      last.kind !== line.kind || line.at - last.at > TOGETHER_S;
    const { node } = item;
    node.className = `item ${notice ? "system" : own ? "own" : line.author}${apart ? " first" : ""}`;
    if (item.line) node.dataset.seq = line.seq;
    if (own) node.setAttribute("aria-live", "off");
    const who = own ? this.#words.you : line.name || (line.author === "bot" ? this.#words.bot : "");
    const said = el("p", { dir: "auto", class: "said" }, linked(this.#text(line)));
    item.status = el("p", { class: "status" });
    node.replaceChildren(
      ...(newDay ? [el("p", { class: "day" }, this.#day(line.at))] : []),
      ...(notice
        ? [this.#notice(line, said)]
        : [
            el("p", { class: apart ? "who" : "vh" }, line.author === "agent" && face(line.name ?? ""), el("bdi", {}, who), this.#time(line.at)),
            el("div", { class: "bubble" }, said),
          ]),
      item.status,
    );
    if (item.quick) node.append(item.quick);
  }

  #text(line) {
    const said = Object.values(this.#greeting);
    const greets = line.author === "bot" && said.includes(line.text);
    return (greets && !this.#own().length && this.#greeting[this.#language]) || line.text || "";
  }

  #notice(line, said) {
    const name = line.code === "agent_joined" && line.params?.name;
    if (!name) return el("div", { class: "notice" }, said);
    return el("div", { class: "notice joined" }, face(name), said);
  }

  #time(at) {
    const date = new Date(at * 1000);
    const shown = date.toLocaleTimeString(locales[this.#language], { hour: "2-digit", minute: "2-digit" });
    return el("time", { datetime: date.toISOString() }, shown);
  }

  #day(at) {
    const date = new Date(at * 1000);
    const today = new Date();
    if (date.toDateString() === today.toDateString()) return this.#words.today;
    today.setDate(today.getDate() - 1);
    if (date.toDateString() === today.toDateString()) return this.#words.yesterday;
    return date.toLocaleDateString(locales[this.#language], { weekday: "long", day: "numeric", month: "long" });
  }

  /** Only the newest line's buttons can be pressed; older ones are taken away. */
  #live() {
    const newest = this.#items.at(-1);
    for (const item of this.#items) {
      if (item === newest && item.line?.buttons?.length) {
        if (item.quick) continue;
        const { seq, buttons } = item.line;
        item.quick = el("div", { class: "quick" }, ...buttons.map((title, index) =>
          el("button", { type: "button", dir: "auto", click: () => this.#press(seq, index, title) }, title)));
        item.node.append(item.quick);
      } else if (item.quick) {
        item.quick.remove();
        item.quick = null;
      }
    }
  }

  #own() {
    return this.#items.filter((item) => (item.line ?? item.draft).author === "customer");
  }

  #statuses() {
    const own = this.#own();
    own.forEach((item, at) => this.#status(item, at === own.length - 1));
  }

  /** Under one's own newest line, and under each that is not stored yet. */
  #status(item, newest) {
    const { line, state, status } = item;
    if (state === "sent" && !newest) return status.replaceChildren();
    const words = this.#words;
    const waits = state === "sending" && !this.#online;
    item.node.classList.toggle("waits", state !== "sent");
    if (state === "failed") {
      const again = el("button", { type: "button", class: "link", click: () => this.#again(item) }, words.again);
      return status.replaceChildren(`${words.failed}. ${item.why} `, again);
    }
    const text = waits ? words.later
      : state === "sending" ? words.sending
      : line && line.seq <= this.#read ? words.read : words.sent;
    status.replaceChildren(waits ? icon(CLOCK) : "", text);
  }

  #again(item) {
    this.#items.splice(this.#items.indexOf(item), 1);
    this.#lay();
    this.#retry(item.draft.text);
  }
}
