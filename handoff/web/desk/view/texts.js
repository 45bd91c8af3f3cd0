// A customer's words as parts: plain text, safe links, and marks for what cannot be seen.

import { html } from "./html.js";

// No bidirectional control and nothing invisible may be part of an address that can be pressed.
const LINK =
  /https:\/\/[^\s<>"'`\u0000-\u001f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+|[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}|\+\d{2}(?: ?\d){8,12}(?!\d)/giu;
const TRAILING = /[.,;:!?)\]}»”]+$/u;
const UNSEEN = /([\u0000-\u0008\u000b\u000c\u000e-\u001f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff])/u;

// [{type: "text"|"link"|"unseen", text, href}]
export function partsOf(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const shown = found[0].replace(TRAILING, "");
    const href = hrefOf(shown);
    if (!href) continue;
    addText(parts, text.slice(from, found.index));
    parts.push({ type: "link", text: shown, href });
    from = found.index + shown.length;
  }
  addText(parts, text.slice(from));
  return parts;
}

function addText(parts, text) {
  for (const piece of text.split(UNSEEN)) {
    if (piece === "") continue;
    if (UNSEEN.test(piece)) {
      const code = piece.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      parts.push({ type: "unseen", text: `U+${code}` });
    } else {
      parts.push({ type: "text", text: piece });
    }
  }
}

function hrefOf(shown) {
  if (shown.startsWith("+")) return `tel:${shown.replaceAll(" ", "")}`;
  if (!/^https:\/\//i.test(shown)) return `mailto:${shown}`;
  return safeAddress(shown);
}

// The address as it may be pressed: https only, else null.
export function safeAddress(address) {
  try {
    const url = new URL(address);
    return url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

export function Said({ text }) {
  return partsOf(text).map((part) => {
    if (part.type === "link") {
      return html`<a href=${part.href} target="_blank" rel="noopener noreferrer">${part.text}</a>`;
    }
    if (part.type === "unseen") return html`<span class="unseen">${part.text}</span>`;
    return part.text;
  });
}

// A page's address: pressed when it is https, read otherwise. Shown without its scheme.
export function PageAddress({ page }) {
  const href = safeAddress(page);
  const shown = page.replace(/^https?:\/\//i, "").replace(/\/$/, "").slice(0, 160);
  if (!href) return html`<bdi class="address"><${Said} text=${shown} /></bdi>`;
  return html`<a class="address" href=${href} target="_blank" rel="noopener noreferrer">${shown}</a>`;
}

// Quotes that a sentence ends in are drawn below it; one in its midst stays, or the sentence breaks.
export function quotesApart(text, quotes) {
  const marked = (quote) => [`«${quote}»`, `“${quote}”`, `"${quote}"`];
  const below = quotes.filter((quote) => !marked(quote).some((one) => text.includes(one)));
  let short = text;
  for (const quote of [...quotes].reverse()) {
    const end = marked(quote).find((one) => short.endsWith(one));
    if (!end) continue;
    short = short.slice(0, -end.length).replace(/[\s,:;–-]+$/u, "");
    below.unshift(quote);
  }
  return { text: short, below };
}
