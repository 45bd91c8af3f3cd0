// What an agent can do with a chat as a whole.

import { html, useDesk } from "./html.js";
import { Icon } from "./icons.js";

// `place` says where it stands, since a narrow window shows it elsewhere than a wide one.
export function Actions({ stream, place }) {
  const { desk, state, w } = useDesk();
  const open = (name) =>
    desk.dispatch({ type: "dialog", dialog: { name, conversation: stream.conversation } });
  const button = (name, icon, label, kind) => html`<button
    type="button"
    class=${kind}
    disabled=${!state.link.up}
    title=${label}
    onClick=${() => open(name)}
  >
    <${Icon} name=${icon} /><span>${label}</span>
  </button>`;
  return html`<div class=${`actions ${place}`} role="group" aria-label=${w.t("card.actions")}>
    ${button("transfer", "transfer", w.t("card.transfer"), "quiet")}
    ${button("hand_back", "bot", w.t("card.handBack"), "quiet")}
    ${button("finish", "finish", w.t("card.finish"), "primary")}
  </div>`;
}
