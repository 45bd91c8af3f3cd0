// The dialog that is open, on the browser's own <dialog>: it keeps the focus and gives it back.

import { Assign } from "./assign.js";
import { Earlier } from "./earlier.js";
import { Finish } from "./finish.js";
import { HandBack } from "./hand_back.js";
import { html, useDesk, useLayoutEffect, useRef, useState } from "./html.js";
import { Icon } from "./icons.js";
import { Password } from "./password.js";
import { Person } from "./person.js";
import { Settings } from "./settings.js";
import { Shortcuts } from "./shortcuts.js";
import { Transfer } from "./transfer.js";

const KINDS = {
  transfer: Transfer,
  hand_back: HandBack,
  finish: Finish,
  assign: Assign,
  earlier: Earlier,
  password: Password,
  person: Person,
  settings: Settings,
  shortcuts: Shortcuts,
};

export function Dialogs() {
  const { desk, state } = useDesk();
  const { dialog } = state;
  if (!dialog) return null;
  const Kind = KINDS[dialog.name];
  const close = () => desk.dispatch({ type: "dialog", dialog: null });
  const stream = dialog.conversation ? state.streams[dialog.conversation] : null;
  return html`<${Kind}
    key=${`${dialog.name}${dialog.conversation ?? ""}`}
    dialog=${dialog}
    stream=${stream}
    close=${close}
  />`;
}

// `submit` makes it a form whose request may be under way or refused: over the socket, which the
// state knows, or over HTTP, which `asking` tells: {busy, failed: {code, text}}.
export function Dialog(props) {
  const { title, lead, close, submit, submitLabel, ready = true, wide, asking, children } = props;
  const { state, w } = useDesk();
  const element = useRef(null);
  const asked = state.requests[state.dialog?.request];
  const busy = asking ? asking.busy : Boolean(asked && !asked.failed);
  const failed = asking ? asking.failed : asked?.failed;
  // Open before the next key can be pressed, so that Escape always finds it.
  useLayoutEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close();
      if (before?.isConnected) before.focus();
      else document.getElementById("composer-text")?.focus();
    };
  }, []);
  const send = (event) => {
    event.preventDefault();
    if (ready && !busy) submit();
  };
  const clicked = (event) => {
    if (event.target === element.current) close();
  };
  return html`<dialog
    ref=${element}
    class=${wide ? "wide" : ""}
    aria-labelledby="dialog-title"
    onCancel=${(event) => {
      event.preventDefault();
      close();
    }}
    onMouseDown=${clicked}
  >
    <form class="dialog-form" onSubmit=${send} novalidate>
      <div class="dialog-head">
        <h2 id="dialog-title">${title}</h2>
        <button type="button" class="bare" aria-label=${w.t("dialog.close")} onClick=${close}>
          <${Icon} name="cross" />
        </button>
      </div>
      ${lead && html`<p class="dialog-lead">${lead}</p>`}
      <div class="dialog-body">${children}</div>
      ${failed &&
      html`<p class="dialog-failed" role="alert">
        ${w.t("toast.refused", { text: w.refusal(failed) })}
      </p>`}
      ${submit &&
      html`<div class="dialog-foot">
        <button type="button" class="quiet" onClick=${close}>${w.t("dialog.cancel")}</button>
        <button type="submit" class="primary" disabled=${!ready || busy || !state.link.up}>
          ${busy ? w.t("dialog.busy") : submitLabel}
        </button>
      </div>`}
    </form>
  </dialog>`;
}

// A call over HTTP from a dialog, as its `asking`: how it goes, and `ask(work)` that answers what
// `work` did, or undefined when it was refused.
export function useAsking() {
  const [asking, setAsking] = useState({ busy: false, failed: null });
  const ask = async (work) => {
    setAsking({ busy: true, failed: null });
    try {
      const answer = await work();
      setAsking({ busy: false, failed: null });
      return answer ?? true;
    } catch (error) {
      setAsking({ busy: false, failed: { code: error.code, text: error.message } });
      return undefined;
    }
  };
  return [asking, ask];
}
