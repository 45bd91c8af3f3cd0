// What a customer is told before the first word: that this is a chatbot, and what happens to it.

import { el } from "../shared/dom.js";
import { texts } from "./strings.js";

/** The language buttons. `choose(language)` is called with nb, nn or en. */
export function languages(words, offered, current, choose) {
  const buttons = offered.map((language) =>
    el("button", {
      type: "button", lang: language, "data-language": language,
      "aria-pressed": String(language === current), click: () => choose(language),
    }, texts[language].language));
  return el("div", { class: "languages", role: "group", "aria-label": words.choose }, ...buttons);
}

/** The privacy lines of this client, as paragraphs. */
export function privacy(words, { controller, processor, url, retention_days }) {
  const safe = /^https?:\/\//i.test(url ?? "") && url;
  return [
    el("p", {}, words.disclosureText),
    el("p", {}, words.privacy(controller, processor, retention_days), " ", el("strong", {}, words.noNumber)),
    safe && el("p", {}, el("a", { href: safe, target: "_blank", rel: "noopener" }, words.privacyLink)),
  ];
}
