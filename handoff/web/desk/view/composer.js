// Where the agent writes: a reply to the customer, or a note that only colleagues see.

import { Canned, matching, slashAt, wordsOf } from "./canned.js";
import { html, useDesk, useEffect, useLayoutEffect, useRef, useState } from "./html.js";
import { Icon } from "./icons.js";

const MOST = 4_000;
const EMPTY = { text: "", note: false };

// `closed`: the chat is not this agent's any more; the draft can be read and copied, not sent.
export function Composer({ stream, closed = false }) {
  const { desk, state, w } = useDesk();
  const { conversation } = stream;
  const draft = state.drafts[conversation] ?? EMPTY;
  const area = useRef(null);
  const caretAfter = useRef(null); // where it goes once a canned reply stands in the field
  const [slash, setSlash] = useState(null); // {query, from, to}
  const [chosen, setChosen] = useState(0);
  // Enter pressed before the takeover's own line came: sent as soon as it has.
  const [eager, setEager] = useState(false);
  const owns = desk.owns(stream);
  const language = stream.info?.language ?? "nb";
  const canned = state.clients[stream.client]?.canned ?? [];
  const found = slash && !draft.note ? matching(canned, slash.query, language) : null;

  useEffect(() => {
    if (eager && owns) send();
  }, [eager, owns]);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight + 2, 220)}px`;
  }, [draft.text, state.pane]);
  // Before the browser paints: later, it would move a caret the agent has since moved.
  useLayoutEffect(() => {
    if (caretAfter.current === null) return;
    area.current.focus();
    area.current.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = null;
  }, [draft.text]);

  if (closed && !draft.text) return stream.refused && html`<${Refused} stream=${stream} />`;

  const change = (text, caret) => {
    desk.dispatch({ type: "draft", conversation, text });
    setSlash(closed ? null : slashAt(text, caret));
    setChosen(0);
    if (!draft.note && !closed) desk.typed(conversation, text.length > 0);
  };
  const over = draft.text.trim().length - MOST;
  const ready = !closed && draft.text.trim().length > 0 && over <= 0;
  const may = draft.note || owns;
  const send = () => {
    if (!ready) return;
    setEager(!may);
    if (!may) return;
    setSlash(null);
    desk.write(conversation, draft.note ? "note" : "say", draft.text.trim());
    area.current.focus();
  };
  const insert = (reply) => {
    const { text } = wordsOf(reply, language);
    const whole = draft.text.slice(0, slash.from) + text + draft.text.slice(slash.to);
    caretAfter.current = slash.from + text.length;
    desk.dispatch({ type: "draft", conversation, text: whole });
    setSlash(null);
  };
  const pressed = (event) => {
    if (event.isComposing) return;
    if (found && pick(event, { found, chosen, setChosen, insert, close: () => setSlash(null) })) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const plain = !event.shiftKey && !event.altKey;
    if (event.key === "Enter" && (plain || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  };
  const mode = (note) => {
    desk.dispatch({ type: "draft", conversation, note });
    area.current?.focus();
  };

  return html`<div class=${`composer ${draft.note ? "as-note" : ""}`}>
    <${Refused} stream=${stream} />
    ${found &&
    html`<${Canned}
      found=${found}
      query=${slash.query}
      language=${language}
      chosen=${chosen}
      onChoose=${insert}
    />`}
    ${!closed &&
    html`<div class="composer-top">
      <div class="modes" role="group" aria-label=${w.t("composer.mode")}>
        <button type="button" aria-pressed=${String(!draft.note)} onClick=${() => mode(false)}>
          ${w.t("composer.say")}
        </button>
        <button type="button" aria-pressed=${String(draft.note)} onClick=${() => mode(true)}>
          <${Icon} name="note" />${w.t("composer.note")}
        </button>
      </div>
      ${language !== w.language &&
      !draft.note &&
      html`<span class="meta">
        ${w.t("composer.language", { language: w.name("language", language) })}
      </span>`}
    </div>`}
    <div class="composer-field">
      <textarea
        id="composer-text"
        ref=${area}
        rows="2"
        dir="auto"
        value=${draft.text}
        readonly=${closed}
        aria-label=${w.t(draft.note ? "composer.noteLabel" : "composer.sayLabel")}
        aria-autocomplete=${draft.note ? null : "list"}
        aria-controls=${found ? "canned-list" : null}
        aria-activedescendant=${found?.length ? `canned-${chosen}` : null}
        placeholder=${w.t(draft.note ? "composer.noteHint" : "composer.sayHint")}
        onInput=${(event) => change(event.target.value, event.target.selectionStart)}
        onKeyDown=${pressed}
        onBlur=${() => desk.typed(conversation, false)}
      />
      ${!closed &&
      html`<button type="button" class="primary send" disabled=${!ready} onClick=${send}>
        <${Icon} name=${draft.note ? "note" : "send"} />
        <span>${w.t(draft.note ? "composer.save" : "composer.send")}</span>
      </button>`}
    </div>
    ${over > 0 &&
    html`<p class="composer-over" role="alert">
      ${w.t("composer.long", { count: over, most: MOST })}
    </p>`}
    ${!closed &&
    html`<p class="hints" aria-hidden="true">
      <span><kbd>Enter</kbd> ${w.t("composer.keys")}</span>
      <span><kbd>Shift Enter</kbd> ${w.t("composer.newline")}</span>
      <span><kbd>/</kbd> ${w.t("composer.canned")}</span>
    </p>`}
  </div>`;
}

// The keys of the open list of canned replies. Answers whether the key was its own.
function pick(event, { found, chosen, setChosen, insert, close }) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length > 0) {
    setChosen((chosen + step + found.length) % found.length);
    return true;
  }
  if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && found.length > 0) {
    insert(found[chosen]);
    return true;
  }
  if (event.key === "Escape") {
    close();
    return true;
  }
  return false;
}

function Refused({ stream }) {
  const { desk, w } = useDesk();
  if (!stream.refused) return null;
  const key = `composer.refused.${stream.refused.code}`;
  const text = w.has(key) ? w.t(key) : w.t("composer.refused", { text: w.refusal(stream.refused) });
  return html`<p class="refused" role="alert">
    <span>${text}</span>
    <button
      type="button"
      class="bare"
      aria-label=${w.t("toast.dismiss")}
      onClick=${() => desk.dispatch({ type: "calm", conversation: stream.conversation })}
    >
      <${Icon} name="cross" />
    </button>
  </p>`;
}
