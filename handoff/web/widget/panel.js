// The open chat: puts header, intro, log, cards and composer together and drives them from the
// connection. Made when the customer first opens the widget, never before.

import { el, icon } from "../shared/dom.js";
import { palette } from "./colours.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Contact } from "./contact.js";
import { Dialog } from "./dialog.js";
import { Drawer } from "./drawer.js";
import { Header } from "./header.js";
import { languages, privacy } from "./intro.js";
import { Log } from "./log.js";
import { Menu } from "./menu.js";
import { Outbox } from "./outbox.js";
import { spoken, texts } from "./strings.js";
import { css } from "./styles.js";
import { standing, Waiting } from "./waiting.js";

const DOWN = "M12 5v14 M5.5 12.5 12 19l6.5-6.5";
const PATIENCE_MS = 1_200;
const SIGN_MS = 8_000;
const THINKING_MS = 15_000;
const NEAR_PX = 60;

const sheet = (text) => {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
};

export class Panel {
  #site;
  #drawer;
  #config = null;
  #language;
  #words;
  #connection = null;
  #caught = false;
  #last = 0;
  #read = 0;
  #unread = 0;
  #sticks = true;
  #place = null;
  #thinking;
  #bar;
  #followed = null;

  #header = new Header(() => this.close());
  #intro = el("section", { class: "intro", id: "intro" });
  #typing = el("div", { class: "typing", hidden: true }, el("i"), el("i"), el("i"), el("span"));
  #slot = el("div", { class: "slot" });
  #scroller;
  #newest = el("button", { type: "button", class: "newest", hidden: true, click: () => this.#bottom() });
  #line = el("div", { role: "status", class: "line" });
  #status = el("p", { role: "status", class: "vh" });
  #dialog = new Dialog(() => this.close());
  #log = new Log({
    press: (seq, index, title) => this.#press(seq, index, title),
    retry: (text) => this.#say({ t: "send", text }),
  });
  #waiting = new Waiting((choice) => this.#say({ t: "choose", choice }));
  #contact = new Contact({
    leave: (values) => this.#leave(values),
    cancel: () => this.#cancel(),
  });
  #composer;
  #menu;
  /** The number of the notice whose form was sent or put away. */
  #formDone = 0;

  /** `site` = {root, client, api, language, changed({label, unread}), closed()}. */
  constructor(site) {
    this.#site = site;
    this.#drawer = new Drawer(site.client);
    this.#language = this.#wish() ?? "nb";
    this.#read = Number(this.#drawer.tab("read")) || 0;
    site.root.adoptedStyleSheets = [...site.root.adoptedStyleSheets, sheet(css)];
    this.#composer = new Composer({
      drawer: this.#drawer,
      say: (text) => this.#say({ t: "send", text }),
      typing: (on) => this.#connection?.typing(on),
    });
    this.#composer.allow(false);
    this.#menu = new Menu(this.#header.more, {
      state: () => ({ ...this.#turn(), words: this.#words, config: this.#config, language: this.#language }),
      person: () => this.#person(),
      end: () => this.#end(),
      language: (language) => this.#choose(language),
    });
    this.#scroller = el("div", { class: "scroller", tabindex: 0, role: "region" },
      this.#intro, this.#log.element, this.#typing, this.#slot);
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#sticks && this.#bottom()).observe(this.#scroller);
    this.#newest.append(icon(DOWN), el("span"));
    this.#dialog.element.append(
      this.#header.element, this.#menu.element, this.#scroller, this.#newest, this.#line, this.#composer.element, this.#status,
    );
    site.root.append(this.#dialog.element);
    document.addEventListener("visibilitychange", () => this.#look());
    addEventListener("online", () => this.#load());
    this.#speak();
    this.#load();
  }

  open(focus) {
    this.#dialog.open(focus);
    this.#drawer.setTab("open", "1");
    // On a phone the keyboard would hide what must be read first.
    if (focus && !this.#dialog.small && this.#config) this.#composer.focus();
    this.#composer.allow(this.#config !== null);
    this.#settle();
    this.#look();
  }

  close() {
    this.#menu.close(false);
    this.#dialog.close();
    this.#drawer.setTab("open", "0");
    this.#site.closed();
  }

  // --- beginning ---

  async #load() {
    if (this.#config) return;
    try {
      const answer = await fetch(`${this.#site.api}/api/clients/${this.#site.client}/widget`, { credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.#begin(await answer.json());
    } catch {
      if (!this.#config) this.#notify(this.#words.stopped, () => this.#load());
    }
  }

  #begin(config) {
    if (this.#config) return;
    this.#config = config;
    const { root } = this.#site;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet(palette(config.colours))];
    this.#notify("");
    this.#log.greet(config.greeting);
    this.#header.more.hidden = false;
    this.#composer.allow(true);
    this.#speak();
    if (this.#dialog.isOpen && !this.#dialog.small && root.activeElement === this.#dialog.element) this.#composer.focus();
    const { client, api } = this.#site;
    const visitor = this.#drawer.visitor();
    this.#connection = new Connection({
      tickets: `${api}/api/clients/${client}/tickets`,
      outbox: new Outbox(client, visitor),
      // Addresses may carry secrets after the path; the desk needs the page alone.
      body: () => ({
        visitor,
        page: location.origin + location.pathname,
        language: this.#wish(),
      }),
      show: (kind, ...values) => this.#show(kind, ...values),
    });
    this.#connection.start();
    this.#state();
  }

  // --- what comes ---

  #show(kind, ...values) {
    switch (kind) {
      case "lines":
        return this.#lines(...values);
      case "unsent":
        if (values[0].frame.t === "send") this.#log.unsent(values[0]);
        return undefined;
      case "stored":
        this.#log.stored(values[0]);
        return this.#think();
      case "failed":
        if (!this.#log.failed(...values)) this.#notify(values[1]);
        this.#formDone = 0;
        this.#tell(`${this.#words.failed}. ${values[1]}`);
        return this.#state();
      case "seen":
        return this.#log.read(values[0]);
      case "typing":
        return this.#types(values[0], SIGN_MS);
      case "reset":
        this.#last = 0;
        return this.#log.clear();
      case "caught":
        if (this.#caught) return undefined;
        this.#caught = true;
        this.#settle();
        return requestAnimationFrame(() => this.#log.listen());
      default:
        this.#follow();
        return this.#state();
    }
  }

  #lines(lines, fresh) {
    this.#log.lines(lines);
    this.#last = lines.at(-1).seq;
    const others = lines.filter(({ author }) => author !== "customer");
    if (others.length) this.#types("", 0);
    const own = others.length < lines.length;
    if (this.#sticks || (own && fresh)) this.#settle();
    else if (others.length && fresh) this.#newest.hidden = false;
    if (this.#last > this.#read) this.#unread += others.filter(({ seq }) => seq > this.#read).length;
    this.#look();
  }

  #turn() {
    return this.#connection?.machine ?? { mode: "bot", owner: "bot", phase: "off" };
  }

  #state() {
    const words = this.#words;
    const now = this.#turn();
    const { mode, owner, phase } = now;
    this.#header.show(words, now, this.#config?.name ?? "");
    this.#composer.show(words, mode === "closed");
    this.#log.online(phase === "live" || phase === "off");
    this.#cards(now);
    clearTimeout(this.#bar);
    if (phase === "stopped") this.#notify(words.stopped, () => this.#connection.restart());
    else if (phase === "live" || !this.#connection) {
      if (this.#line.dataset.lost) this.#tell(words.online);
      if (this.#config) this.#notify("");
    } else {
      const text = phase === "pausing" ? words.offline : words.connecting;
      const lost = this.#line.dataset.lost;
      this.#bar = setTimeout(() => this.#notify(lost ? words.offline : text), lost ? 0 : PATIENCE_MS);
    }
    const place = mode === "waiting" && owner === "nobody" && this.#caught ? now.place : null;
    if (place !== null && this.#place !== null && place !== this.#place) this.#tell(standing(words, now));
    this.#place = place;
  }

  /** One card at most under the log: the contact form, or the place in the queue. */
  #cards(now) {
    const form = now.form > this.#formDone && now.mode !== "agent";
    const card = form ? this.#contact : now.mode === "waiting" ? this.#waiting : null;
    if (card === this.#waiting) card.show(this.#words, now);
    if (card === this.#contact) card.show(this.#words);
    if (this.#slot.firstChild === (card?.element ?? null)) return;
    const focused = this.#slot.contains(this.#site.root.activeElement);
    this.#slot.replaceChildren(...(card ? [card.element] : []));
    if (this.#sticks) this.#settle();
    if (!focused || !this.#dialog.isOpen) return;
    if (form) this.#contact.focus();
    else this.#composer.focus();
  }

  // --- what goes ---

  #say(frame, title) {
    const entry = this.#connection.say(frame, title);
    if (frame.t === "send") {
      this.#log.unsent(entry);
      this.#settle(true);
    }
  }

  #press(seq, index, title) {
    this.#say({ t: "send", button: { seq, index } }, title);
    this.#composer.focus();
  }

  #person() {
    this.#say({ t: "ask_person" });
    this.#composer.focus();
  }

  #end() {
    this.#say({ t: "end" });
    this.#composer.focus();
  }

  #leave(values) {
    this.#say({ t: "leave_contact", ...values });
    this.#contact.clear();
    this.#cancel();
  }

  #cancel() {
    this.#formDone = this.#turn().form;
    this.#state();
  }

  #choose(language) {
    this.#language = language;
    this.#drawer.set("language", language);
    this.#say({ t: "set_language", language });
    this.#speak();
  }

  // --- what is seen and heard ---

  /** Until somebody chooses, the widget speaks the language that the conversation is in. */
  #follow() {
    const { language } = this.#turn();
    if (!language || language === this.#followed) return;
    this.#followed = language;
    if (this.#wish() || language === this.#language) return;
    this.#language = language;
    this.#speak();
  }

  /** The language to ask for: the customer's choice, or that of a page not in Bokmål. */
  #wish() {
    const chosen = this.#drawer.get("language") ?? spoken(this.#site.language);
    const page = spoken(document.documentElement.lang);
    return chosen ?? (page === "nb" ? null : page);
  }

  #speak() {
    const words = (this.#words = texts[this.#language]);
    this.#dialog.element.lang = this.#language;
    this.#scroller.setAttribute("aria-label", words.history);
    this.#newest.lastChild.textContent = words.newest;
    this.#log.speak(words, this.#language);
    if (this.#config) this.#introduce(words);
    this.#state();
    this.#badge();
  }

  #introduce(words) {
    const choose = (language) => {
      this.#choose(language);
      this.#intro.querySelector("[aria-pressed=true]").focus();
    };
    this.#intro.replaceChildren(
      el("h3", {}, words.disclosure),
      ...privacy(words, this.#config.privacy).filter(Boolean),
      languages(words, this.#config.languages, this.#language, choose),
    );
  }

  /** Say it to those who listen, without showing it. */
  #tell(text) {
    this.#status.textContent = text;
  }

  /** The visible line above the composer, with a button when there is something to do. */
  #notify(text, again) {
    this.#line.dataset.lost = text && !again ? "1" : "";
    const button = again && el("button", { type: "button", class: "link", click: again }, this.#words.again);
    this.#line.replaceChildren(...(text ? [text, ...(button ? [" ", button] : [])] : []));
  }

  #types(who, ms) {
    clearTimeout(this.#thinking);
    const words = this.#words;
    const name = who === "agent" ? this.#turn().agent || "" : words.bot;
    this.#typing.lastChild.textContent = `${name} ${words.writes}`.trim();
    this.#typing.hidden = !who;
    if (who) this.#thinking = setTimeout(() => this.#types("", 0), ms);
    if (who && this.#sticks) this.#settle();
  }

  /** The bot answers what was stored: a sign of life until it does. */
  #think() {
    if (this.#turn().owner === "bot") this.#types("bot", THINKING_MS);
  }

  #look() {
    if (this.#dialog.isOpen && !document.hidden) {
      this.#unread = 0;
      this.#read = this.#last;
      this.#drawer.setTab("read", String(this.#last));
      if (this.#last) this.#connection?.seen(this.#last);
    }
    this.#badge();
  }

  #badge() {
    this.#site.changed({ unread: this.#unread, label: this.#unread ? this.#words.unread(this.#unread) : "", language: this.#language });
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#sticks = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.#sticks) this.#newest.hidden = true;
  }

  /** Keep to the end, except that a new customer first sees the beginning. */
  #settle(sure = false) {
    const begun = sure || this.#log.element.querySelector(".own");
    if (begun) this.#bottom();
    else this.#scroller.scrollTop = 0;
  }

  #bottom() {
    this.#sticks = true;
    this.#newest.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}
