// Canned replies: opened with a slash, filtered by typing, chosen with the keyboard.

import { html, useDesk, useEffect, useRef } from "./html.js";

const SLASH = /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u;
const LETTERS_FOR_TEXT = 3; // fewer would find nearly every reply
const FALLBACK = ["nb", "nn", "en"];

// {query, from, to} of the slash command that ends at the caret, else null.
export function slashAt(text, caret) {
  const found = SLASH.exec(text.slice(0, caret));
  if (!found) return null;
  return { query: found[1].toLowerCase(), from: caret - found[1].length - 1, to: caret };
}

// The reply's text in the conversation's language, or in the one it exists in.
export function wordsOf(reply, language) {
  const used = [language, ...FALLBACK].find((one) => reply[one]);
  return { text: reply[used] ?? "", language: used };
}

// By shortcut first, then by what the reply says.
export function matching(canned, query, language) {
  const scored = canned.map((reply, at) => {
    const shortcut = reply.shortcut.toLowerCase();
    const text = wordsOf(reply, language).text.toLowerCase();
    return { reply, at, score: scoreOf(query, shortcut, text) };
  });
  return scored
    .filter((one) => one.score < 9)
    .sort((a, b) => a.score - b.score || a.at - b.at)
    .map((one) => one.reply);
}

function scoreOf(query, shortcut, text) {
  if (shortcut.startsWith(query)) return 0;
  if (shortcut.includes(query)) return 1;
  return query.length >= LETTERS_FOR_TEXT && ` ${text}`.includes(` ${query}`) ? 2 : 9;
}

export function Canned({ found, query, language, chosen, onChoose }) {
  const { w } = useDesk();
  const list = useRef(null);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen, found]);
  return html`<div class="canned">
    <p class="canned-head"><span>${w.t("canned.title")}</span><span>${w.t("canned.keys")}</span></p>
    ${found.length === 0 && html`<p class="aside" role="status">${w.t("canned.none", { query })}</p>`}
    <ul
      id="canned-list"
      role="listbox"
      tabindex="0"
      aria-label=${w.t("canned.title")}
      aria-activedescendant=${found.length > 0 ? `canned-${chosen}` : null}
      ref=${list}
    >
      ${found.map((reply, at) => {
        const said = wordsOf(reply, language);
        return html`<li
          key=${reply.shortcut}
          id=${`canned-${at}`}
          role="option"
          aria-selected=${String(at === chosen)}
          onMouseDown=${(event) => {
            event.preventDefault();
            onChoose(reply);
          }}
        >
          <span class="canned-shortcut">/${reply.shortcut}</span>
          <span class="canned-text" lang=${said.language}>${said.text}</span>
          ${said.language !== language &&
          html`<span class="flag muted">
            ${w.t("canned.elsewhere", { language: w.name("language", said.language) })}
          </span>`}
        </li>`;
      })}
    </ul>
  </div>`;
}
