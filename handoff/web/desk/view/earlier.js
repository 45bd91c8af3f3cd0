// An earlier conversation, to be read only.

import * as api from "../net/api.js";
import { itemsOf } from "../state/select.js";
import { Dialog } from "./dialogs.js";
import { html, useDesk, useEffect, useState } from "./html.js";
import { Transcript } from "./lines.js";

const NOTHING = [];

export function Earlier({ dialog, close }) {
  const { desk, state, w } = useDesk();
  const [lines, setLines] = useState(null);
  const [failed, setFailed] = useState(null);
  useEffect(() => {
    let wanted = true;
    const fetchAll = async () => {
      const all = [];
      let more = true;
      while (more && wanted) {
        const after = all.at(-1)?.seq ?? 0;
        const answer = await desk.guarded(() =>
          api.messages(dialog.client, dialog.conversation, after),
        );
        all.push(...answer.lines);
        more = answer.more && answer.lines.length > 0;
      }
      if (wanted) setLines(all);
    };
    fetchAll().catch((error) => wanted && setFailed(error));
    return () => {
      wanted = false;
    };
  }, []);
  const { about } = dialog;
  const title = about?.topic ? w.name("intent", about.topic) : w.t("earlier.title");
  return html`<${Dialog}
    title=${`${title} – ${w.date(about.started)}`}
    lead=${w.t("earlier.lead")}
    close=${close}
    wide
  >
    ${failed &&
    html`<p class="dialog-failed" role="alert">
      ${w.t("earlier.failed", { text: w.refusal({ code: failed.code, text: failed.message }) })}
    </p>`}
    ${!lines && !failed && html`<p class="aside" role="status">${w.t("chat.loading")}</p>`}
    ${lines &&
    html`<div class="log earlier-log" tabindex="0" role="group" aria-label=${title}>
      <${Transcript}
        items=${itemsOf(lines)}
        pending=${NOTHING}
        seen=${0}
        up=${true}
        me=${state.agent.id}
        colleagues=${state.colleagues}
        w=${w}
      />
    </div>`}
  <//>`;
}
