// All shortcuts on one page.

import { Dialog } from "./dialogs.js";
import { html, useDesk } from "./html.js";

const KEYS = [
  ["shortcuts.switch", [["Alt", "1"], ["Alt", "5"]], "–"],
  ["shortcuts.next", [["Alt", "N"]]],
  ["shortcuts.send", [["Enter"], ["Ctrl", "Enter"]]],
  ["shortcuts.newline", [["Shift", "Enter"]]],
  ["shortcuts.canned", [["/"]]],
  ["shortcuts.note", [["Alt", "I"]]],
  ["shortcuts.transfer", [["Alt", "O"]]],
  ["shortcuts.handBack", [["Alt", "B"]]],
  ["shortcuts.finish", [["Alt", "A"]]],
  ["shortcuts.help", [["?"]]],
];

export function Shortcuts({ close }) {
  const { w } = useDesk();
  return html`<${Dialog} title=${w.t("shortcuts.title")} close=${close}>
    <dl class="shortcuts">
      ${KEYS.map(
        ([name, ways, between = w.t("shortcuts.or")]) => html`<div key=${name}>
          <dt>${w.t(name)}</dt>
          <dd>
            ${ways.map(
              (keys, at) => html`${at > 0 && html`<span class="meta"> ${between} </span>`}
                ${keys.map((key) => html`<kbd>${key}</kbd>`)}`,
            )}
          </dd>
        </div>`,
      )}
    </dl>
  <//>`;
}
