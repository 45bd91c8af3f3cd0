// Short messages about what happened, one calm line each.

import { html, useDesk, useEffect, useRef } from "./html.js";
import { Icon } from "./icons.js";

const STAYS_MS = 8_000;

export function Toasts() {
  const { state } = useDesk();
  return html`<div class="toasts" role="status">
    ${state.toasts.map((one) => html`<${Toast} key=${one.id} one=${one} />`)}
  </div>`;
}

function Toast({ one }) {
  const { desk, w } = useDesk();
  const timer = useRef(null);
  const dismiss = () => desk.dispatch({ type: "untoast", id: one.id });
  const wait = () => {
    timer.current = setTimeout(dismiss, STAYS_MS);
  };
  const hold = () => clearTimeout(timer.current);
  useEffect(() => {
    wait();
    return hold;
  }, []);
  const params = one.params.code ? { text: w.refusal(one.params) } : one.params;
  return html`<p class=${`toast ${one.tone}`} onMouseEnter=${hold} onMouseLeave=${wait}>
    <span>${w.t(`toast.${one.key}`, params)}</span>
    <button type="button" class="bare" aria-label=${w.t("toast.dismiss")} onClick=${dismiss}>
      <${Icon} name="cross" />
    </button>
  </p>`;
}
