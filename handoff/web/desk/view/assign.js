// A supervisor decides who has a chat: themselves, a colleague, or whoever is first.

import { stateOf } from "../state/select.js";
import { Dialog } from "./dialogs.js";
import { html, useDesk, useState } from "./html.js";
import { QUEUE, Receivers } from "./transfer.js";

export function Assign({ dialog, stream, close }) {
  const { desk, state, w } = useDesk();
  const [to, setTo] = useState(dialog.to);
  if (!stream) return null;
  const held = state.chats.filter((id) => !state.streams[id].left).length;
  const full = held >= state.capacity;
  const off = state.status !== "online" || full;
  const at = stateOf(stream);
  const me = {
    id: state.agent.id,
    name: w.t("assign.me"),
    lead: state.status !== "online" ? w.t("assign.off") : full ? w.t("assign.full") : "",
    off,
  };
  const possible = to !== null && !(to === me.id && off);
  return html`<${Dialog}
    title=${w.t("assign.title")}
    lead=${w.t("assign.lead")}
    close=${close}
    submit=${() => desk.command("assign", stream.conversation, to === QUEUE ? {} : { to })}
    submitLabel=${w.t(to === me.id ? "assign.take" : "assign.submit")}
    ready=${possible}
  >
    <${Receivers}
      client=${stream.client}
      to=${to}
      onChoose=${setTo}
      first=${me}
      except=${at?.agent ?? null}
      queued=${at?.mode === "waiting"}
    />
  <//>`;
}
