// The open chat: puts header, intro, log, cards and composer together and drives them from the
// connection. Made when the customer first opens the widget, never before.

import { button, el, icon } from "../shared/dom.js";
import { palette } from "./colours.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Contact } from "./contact.js";
import { Dialog } from "./dialog.js";
import { Drawer } from "./drawer.js";
import { Header } from "./header.js";
import { disclosure, languages } from "./intro.js";
import { Log } from "./log.js";
import { Menu } from "./menu.js";
import { Outbox } from "./outbox.js";
import { Rating } from "./rating.js";
import { spoken, texts } from "./strings.js";
import { css } from "./styles.js";
import { standing, Waiting } from "./waiting.js";

const DOWN = "M12 5v14M5.5 12.5 12 19l6.5-6.5";
const PATIENCE_MS = 1_200;
const SIGN_MS = 8_000;
const THINKING_MS = 15_000;
const NEAR_PX = 60;
const NOBODY = { mode: "bot", owner: "bot", phase: "off", form: 0, ended: 0 };

export class Panel {
  #site;
  #drawer;
  #config = null;
  #connection = null;
  #language;
  #followed = null;
  /** The newest number shown, and the newest that was looked at. */
  #last = 0;
  #read;
  #unread = 0;
  #caught = false;
  #lost = false;
  #sticks = true;
  #place = null;
  /** The number of the notice whose contact form was sent or put away. */
  #formDone = 0;
  #sign;
  #patience;

  #header;
  #intro = el("section", { class: "intro", id: "intro" });
  #typing = el("div", { class: "typing", hidden: true }, el("i"), el("i"), el("i"), el("span"));
  #slot = el("div");
  #newest = button("newest", () => this.#bottom(), icon(DOWN), el("span"));
  #line = el("div", { role: "status", class: "line" });
  #status = el("div", { role: "status", class: "vh" });
  #dialog = new Dialog(() => this.close());
  #log = new Log({
    press: (seq, index, title) => this.#command({ t: "send", button: { seq, index } }, title),
    retry: (text) => this.#command({ t: "send", text }),
  });
  #scroller = el("div", { class: "scroller", tabindex: 0, role: "region", scroll: () => this.#scrolled() },
    this.#intro, this.#log.element, this.#typing, this.#slot);
  #waiting = new Waiting((choice) => this.#say({ t: "choose", choice }));
  #contact = new Contact({
    leave: (values) => {
      this.#say({ t: "leave_contact", ...values });
      this.#putAway();
    },
    back: () => this.#putAway(),
  });
  #rating = new Rating((stars) => {
    this.#drawer.set("rated", String(this.#turn.ended));
    this.#say({ t: "rate", stars });
    this.#state();
  });
  #composer;
  #menu;

  /** `site` = {root, client, api, language, changed(unread, said), closed()}. */
  constructor(site) {
    this.#site = site;
    this.#drawer = new Drawer(site.client);
    this.#read = Number(this.#drawer.tab("read"));
    this.#composer = new Composer({
      drawer: this.#drawer,
      say: (text) => this.#say({ t: "send", text }),
      typing: (on) => this.#connection?.typing(on),
    });
    this.#menu = new Menu({
      state: () => ({ ...this.#turn, words: this.#words, config: this.#config, language: this.#language }),
      person: () => this.#command({ t: "ask_person" }),
      end: () => this.#command({ t: "end" }),
      about: () => {
        this.#scroller.scrollTop = 0;
        this.#intro.firstChild.focus();
      },
      language: (language) => this.#choose(language),
    });
    this.#header = new Header(this.#menu.button, () => this.close());
    new ResizeObserver(() => this.#sticks && this.#settle()).observe(this.#scroller);
    this.#dialog.element.append(this.#header.element, this.#menu.element, this.#scroller,
      this.#newest, this.#line, this.#composer.element, this.#status);
    for (const kind of ["paste", "dragover", "drop"])
      this.#dialog.element.addEventListener(kind, (event) => this.#given(event));
    site.root.append(this.#dialog.element);
    this.#wear(css);
    this.#newest.hidden = true;
    document.addEventListener("visibilitychange", () => this.#look());
    addEventListener("online", () => this.#load());
    this.#speak(this.#wish() ?? "nb");
    this.#load();
  }

  open(focus) {
    this.#dialog.open(focus);
    this.#drawer.setTab("open", "1");
    if (focus) this.#focus();
    this.#composer.show(this.#words, this.#turn.mode === "closed");
    this.#settle();
    this.#look();
  }

  close() {
    this.#menu.close();
    this.#dialog.close();
    this.#drawer.setTab("open", "0");
    this.#site.closed();
  }

  get #words() {
    return texts[this.#language];
  }

  get #turn() {
    return this.#connection?.machine ?? NOBODY;
  }

  // --- beginning ---

  async #load() {
    if (this.#config) return;
    const { client, api } = this.#site;
    try {
      const answer = await fetch(`${api}/api/clients/${client}/widget`, { credentials: "omit" });
      const told = await answer.json();
      if (!answer.ok) throw told.error.text;
      this.#begin(told);
    } catch (error) {
      // For whoever puts the widget on a site: a wrong client id, an origin that is not allowed.
      console.warn("Stafett:", error);
      this.#notify(this.#words.stopped, () => this.#load());
    }
  }

  #begin(config) {
    if (this.#config) return;
    this.#config = config;
    const { client, api } = this.#site;
    const visitor = this.#drawer.visitor();
    this.#wear(palette(config.colours));
    this.#log.greet(config.greeting);
    this.#notify("");
    this.#connection = new Connection({
      tickets: `${api}/api/clients/${client}/tickets`,
      outbox: new Outbox(client, visitor),
      // Addresses may carry secrets after the path; the desk needs the page alone.
      body: () => ({ visitor, page: location.origin + location.pathname, language: this.#wish() }),
      show: (kind, ...values) => this.#show(kind, ...values),
    });
    this.#connection.start();
    this.#speak(this.#language);
    this.#composer.allow();
    if (this.#site.root.activeElement === this.#dialog.element) this.#focus();
  }

  // --- what comes ---

  #show(kind, ...values) {
    switch (kind) {
      case "lines":
        return this.#lines(...values);
      case "unsent":
        return values[0].frame.t === "send" && this.#log.unsent(values[0]);
      case "stored":
        this.#log.stored(values[0]);
        // The bot answers what was stored: a sign of life until it does.
        return this.#turn.owner === "bot" && this.#types("bot", THINKING_MS);
      case "failed":
        this.#tell(`${this.#words.failed}. ${values[1]}`);
        return this.#log.failed(...values) || this.#notify(values[1]);
      case "seen":
        return this.#log.read(values[0]);
      case "typing":
        return this.#types(values[0], SIGN_MS);
      case "reset":
        this.#last = 0;
        return this.#log.clear();
      case "caught":
        return this.#catchUp();
      default:
        this.#follow();
        return this.#state();
    }
  }

  #lines(lines, fresh) {
    this.#log.lines(lines);
    this.#last = lines.at(-1).seq;
    const others = lines.filter(({ author }) => author !== "customer");
    if (others.length) this.#types("");
    this.#unread += others.filter(({ seq }) => seq > this.#read).length;
    if (this.#sticks) this.#settle();
    else if (fresh && others.length) this.#newest.hidden = false;
    this.#look();
  }

  /** All history is here: from now on what comes is read out. */
  #catchUp() {
    if (this.#caught) return;
    this.#caught = true;
    this.#settle();
    requestAnimationFrame(() => this.#log.listen());
  }

  #state() {
    const [words, now] = [this.#words, this.#turn];
    const { mode, phase } = now;
    this.#header.show(words, now, this.#config?.name ?? "");
    this.#menu.button.hidden = !this.#config;
    this.#menu.button.ariaLabel = words.menu;
    this.#composer.show(words, mode === "closed");
    this.#log.online(phase === "live");
    this.#card(now);
    clearTimeout(this.#patience);
    if (phase !== "live") this.#types("");
    if (phase === "stopped") this.#notify(words.stopped, () => this.#connection.restart());
    else if (phase === "live") {
      if (this.#lost) this.#tell(words.online);
      this.#notify("");
    } else if (phase !== "off") {
      const lost = () => this.#notify(words.offline);
      if (this.#lost) lost();
      else this.#patience = setTimeout(lost, PATIENCE_MS);
    }
    // Only a new place is worth saying, not every new estimate.
    const place = now.owner === "nobody" && mode === "waiting" ? now.place : null;
    if (place && this.#place && place !== this.#place) this.#tell(standing(words, now));
    this.#place = place;
  }

  /** One card at most under the log: the contact form, the place in the queue, or how it was. */
  #card(now) {
    const form = now.form > this.#formDone && now.mode !== "agent" && this.#contact;
    const over = now.mode === "closed" && now.ended;
    const card = form || (now.mode === "waiting" && this.#waiting) ||
      (over && this.#rating.asks(over, Number(this.#drawer.get("rated"))) && this.#rating);
    const focused = this.#slot.querySelector(":focus");
    if (card) card.show(this.#words, now);
    if (this.#slot.firstChild === (card ? card.element : null)) return;
    this.#slot.replaceChildren(card ? card.element : "");
    if (this.#sticks) this.#settle();
    if (focused) (form || this.#composer).focus();
  }

  // --- what goes ---

  #say(frame, title) {
    const entry = this.#connection.say(frame, title);
    if (frame.t === "send") {
      this.#log.unsent(entry);
      this.#bottom();
    }
  }

  /** What a press on something says, which then goes away: the focus moves on. */
  #command(frame, title) {
    this.#say(frame, title);
    this.#focus();
  }

  /** A picture cannot be sent here: whoever pastes or drops one is told how. */
  #given(event) {
    const { types } = event.clipboardData ?? event.dataTransfer;
    // A sheet's cells bring a picture of themselves along, and are words all the same.
    if (!types.includes("Files") || types.includes("text/plain")) return;
    event.preventDefault();
    if (event.type !== "dragover" && this.#config) this.#tell(this.#menu.pictures());
  }

  #putAway() {
    this.#formDone = this.#turn.form;
    this.#state();
  }

  #choose(language) {
    this.#drawer.set("language", language);
    this.#say({ t: "set_language", language });
    this.#speak(language);
  }

  // --- language ---

  #speak(language) {
    this.#language = language;
    const words = this.#words;
    this.#dialog.element.lang = language;
    this.#scroller.ariaLabel = this.#log.element.ariaLabel = words.history;
    this.#newest.lastChild.textContent = words.newest;
    this.#log.speak(words, language);
    if (this.#config) {
      const choose = (chosen) => {
        this.#choose(chosen);
        this.#intro.querySelector("[aria-pressed=true]").focus();
      };
      this.#intro.replaceChildren(...disclosure(words, this.#config.privacy),
        languages(words, this.#config.languages, language, choose));
    }
    this.#state();
    this.#look();
  }

  /** Until somebody chooses, the widget speaks the language that the conversation is in. */
  #follow() {
    const { language } = this.#turn;
    if (language === this.#followed) return;
    this.#followed = language;
    if (language && !this.#wish()) this.#speak(language);
  }

  /** The language to ask for: the customer's choice, or that of a page not in Bokmål. */
  #wish() {
    const page = spoken(document.documentElement.lang);
    return this.#drawer.get("language") ?? spoken(this.#site.language) ?? (page === "nb" ? null : page);
  }

  // --- what is seen and heard ---

  /** Say it to those who listen, without showing it. */
  #tell(text) {
    this.#status.textContent = text;
  }

  /** The visible line above the composer, with a button when there is something to do. */
  #notify(text, again) {
    this.#lost = Boolean(text);
    this.#line.textContent = text;
    if (again) this.#line.append(" ", button("link", again, this.#words.again));
  }

  #types(who, ms) {
    clearTimeout(this.#sign);
    const { botName, writes } = this.#words;
    this.#typing.lastChild.textContent = `${(who === "agent" && this.#turn.agent) || botName} ${writes}`;
    this.#typing.hidden = !who;
    if (!who) return;
    this.#sign = setTimeout(() => this.#types(""), ms);
    if (this.#sticks) this.#settle();
  }

  #look() {
    if (this.#dialog.isOpen && !document.hidden) {
      this.#unread = 0;
      this.#read = this.#last;
      this.#drawer.setTab("read", this.#last);
      this.#connection?.seen(this.#last);
    }
    this.#site.changed(this.#unread, this.#words.unread(this.#unread));
  }

  #focus() {
    // On a phone the keyboard would hide what must be read first.
    if (this.#config && !this.#dialog.small) this.#composer.focus();
    else this.#dialog.element.focus();
  }

  #wear(text) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    this.#site.root.adoptedStyleSheets = [...this.#site.root.adoptedStyleSheets, sheet];
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#sticks = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.#sticks) this.#newest.hidden = true;
  }

  /** Keep to the end, except that a new customer first sees the beginning. */
  #settle() {
    if (this.#log.element.querySelector(".own")) this.#bottom();
    else this.#scroller.scrollTop = 0;
  }

  #bottom() {
    this.#sticks = true;
    this.#newest.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}
