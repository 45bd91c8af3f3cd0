// Texts, times and numbers in the language the agent chose. One Words for each language.

import domainEn from "./domain.en.js";
import domainNb from "./domain.nb.js";
import en from "./en.js";
import nb from "./nb.js";

const TABLES = { nb: { ui: nb, domain: domainNb }, en: { ui: en, domain: domainEn } };
const LOCALES = { nb: "nb-NO", en: "en-GB" };
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

export class Words {
  constructor(language) {
    this.language = language in TABLES ? language : "nb";
    this.ui = TABLES[this.language].ui;
    this.domain = TABLES[this.language].domain;
    const locale = LOCALES[this.language];
    this.formats = {
      time: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }),
      day: new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }),
      date: new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" }),
      shortDate: new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short" }),
      number: new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }),
    };
  }

  // The text of `key` with its {places} filled. A key that is missing shows itself.
  t(key, params = {}) {
    const text = this.has(key) ? this.ui[key] : key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole));
  }

  has(key) {
    return Object.hasOwn(this.ui, key);
  }

  // The name of a value of the bot's world, such as name("intent", "track_parcel").
  name(kind, value) {
    if (value === null || value === undefined || value === "") return "";
    return known(this.domain[kind], value) ?? humane(String(value));
  }

  // Field of a look-up: its own name, or that of the slot it fills.
  field(name) {
    return known(this.domain.field, name) ?? known(this.domain.slot, name) ?? humane(name);
  }

  // The value of a fact: an errand and a choice by their names.
  fact(name, value) {
    if (name === "errand") return this.name("intent", value);
    return known(known(this.domain.choice, name) ?? {}, value) ?? this.value(value);
  }

  // A text given in several languages, or one plain text.
  said(text) {
    if (text === null || text === undefined) return "";
    if (typeof text !== "object") return String(text);
    return text[this.language] ?? text.nb ?? text.en ?? "";
  }

  time(at) {
    return this.formats.time.format(new Date(at * 1000));
  }

  day(at) {
    return capital(this.formats.day.format(new Date(at * 1000)));
  }

  date(at) {
    return this.formats.date.format(new Date(at * 1000));
  }

  // The clock today, and the day before it otherwise.
  moment(at) {
    const today = new Date(at * 1000).toDateString() === new Date().toDateString();
    return today ? this.time(at) : `${this.date(at)} ${this.time(at)}`;
  }

  percent(share) {
    return this.language === "nb" ? `${Math.round(share * 100)} %` : `${Math.round(share * 100)}%`;
  }

  kroner(amount) {
    const number = this.formats.number.format(amount);
    return this.language === "nb" ? `${number} kr` : `NOK ${number}`;
  }

  // A value as people write it: ISO dates and times, truths and numbers in words.
  value(value) {
    if (typeof value === "boolean") return this.domain.truth[value];
    if (typeof value === "number") return this.formats.number.format(value);
    const text = String(value);
    if (ISO_DATE.test(text)) return this.formats.shortDate.format(new Date(`${text}T12:00:00`));
    if (ISO_TIME.test(text)) {
      const at = new Date(text);
      return `${this.formats.shortDate.format(at)} ${this.formats.time.format(at)}`;
    }
    return text;
  }

  // Seconds as a running clock: 0:42, 12:05, 1:02:09.
  clock(seconds) {
    const all = Math.max(0, Math.floor(seconds));
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(all / 3600);
    const minutes = Math.floor(all / 60) % 60;
    return hours > 0
      ? `${hours}:${two(minutes)}:${two(all % 60)}`
      : `${minutes}:${two(all % 60)}`;
  }

  // Seconds in words: 40 s, 3 min, 2 t, 3 d.
  span(seconds) {
    const all = Math.max(0, Math.round(seconds));
    if (all < 60) return `${all} s`;
    if (all < 3600) return `${Math.round(all / 60)} min`;
    if (all < 36 * 3600) return `${Math.round(all / 3600)} ${this.language === "nb" ? "t" : "h"}`;
    return `${Math.round(all / 86400)} ${this.language === "nb" ? "døgn" : "d"}`;
  }

  // What a refusal means, by its code where we know it.
  refusal({ code, text }) {
    const key = `refused.${code}`;
    return this.has(key) ? this.t(key) : text || code;
  }
}

function known(table, name) {
  return Object.hasOwn(table, name) ? table[name] : null;
}

function humane(name) {
  return capital(name.replaceAll("_", " "));
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
