// What a customer is told before the first word: that this is a chatbot, and what happens to it.

import { el } from "../shared/dom.js";
import { texts } from "./strings.js";

/** The language buttons. `choose(language)` is called with nb, nn or en. */
export function languages(words, offered, current, choose) {
  return el("div", { class: "languages", role: "group", "aria-label": words.choose }, ...offered.map((language) =>
    el("button", {
      type: "button", lang: language, "aria-pressed": String(language === current),
      click: () => choose(language),
    }, texts[language].language)));
}

/** The disclosure and this client's privacy lines. */
export function disclosure(words, { controller, processor, url, retention_days }) {
  const link = el("a", { href: url, target: "_blank", rel: "noopener" }, words.privacyLink);
  return [
    el("h3", { tabindex: -1 }, words.disclosure),
    el("p", {}, words.disclosureText, " ", el("strong", {}, words.noNumber)),
    el("p", {}, words.privacy(controller, processor, retention_days), " ", /^https?:/.test(url) && link),
  ];
}
