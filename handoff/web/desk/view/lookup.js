// The answer of a client company's system as a small table of facts.

import { html, useDesk, useState } from "./html.js";
import { Icon } from "./icons.js";

const GOOD = new Set(["delivered", "paid", "active", "at_pickup_point", "credited", "decided"]);
const BAD = new Set(["delayed", "returned", "overdue", "cancelled", "waiting_documents"]);
const READS = new Set([
  "track_parcel",
  "find_pickup_point",
  "get_subscription",
  "newspaper_delivery_time",
  "get_invoice",
  "refund",
  "claim_status",
]);
const EVENTS = 3;

export function Lookup({ stream, look }) {
  const { desk, w } = useDesk();
  const [busy, setBusy] = useState(false);
  const again = async () => {
    setBusy(true);
    await desk.lookAgain(stream.conversation, look);
    setBusy(false);
  };
  const rows = look.ok ? rowsOf(look.data ?? {}, look.arguments ?? {}, w) : failedRows(look, w);
  const asked = Object.values(look.arguments ?? {}).map((value) => w.value(value)).join(", ");
  return html`<div class=${`look ${look.ok ? "" : "failed"}`}>
    <table>
      <caption>
        <span class="look-name">${w.name("operation", look.operation)}</span>
        <bdi class="look-asked">${asked}</bdi>
      </caption>
      <tbody>
        ${rows.map(
          (row) => html`<tr key=${row.name}>
            <th scope="row">${row.label}</th>
            <td class=${row.tone ?? ""}>
              ${Array.isArray(row.shown)
                ? html`<ul>${row.shown.map((one) => html`<li>${one}</li>`)}</ul>`
                : html`<bdi>${row.shown}</bdi>`}
            </td>
          </tr>`,
        )}
      </tbody>
    </table>
    <p class="look-foot">
      <span>${look.at ? w.t("card.at", { time: w.time(look.at) }) : ""}</span>
      ${READS.has(look.operation) &&
      html`<button type="button" class="bare" disabled=${busy} onClick=${again}>
        <${Icon} name="again" />${w.t(busy ? "card.lookingUp" : "card.again")}
      </button>`}
    </p>
  </div>`;
}

function failedRows(look, w) {
  const key = `error.${look.error}`;
  return [
    {
      name: "error",
      label: w.t("lookup.failed"),
      shown: w.has(key) ? w.t(key) : String(look.error ?? ""),
      tone: "bad",
    },
  ];
}

// [{name, label, shown: text or list of texts, tone}], without what was asked for or is empty.
export function rowsOf(data, asked, w) {
  const rows = [];
  for (const [name, value] of Object.entries(data)) {
    if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) continue;
    if (asked[name] !== undefined && String(asked[name]) === String(value)) continue;
    rows.push(...fieldRows(name, value, w));
  }
  return rows;
}

function fieldRows(name, value, w) {
  const row = (shown, tone) => [{ name, label: w.field(name), shown, tone }];
  switch (name) {
    case "status":
      return row(w.name("status", value), GOOD.has(value) ? "good" : BAD.has(value) ? "bad" : "");
    case "change":
    case "document":
      return row(w.name("status", value));
    case "amount_kr":
    case "credit_kr":
      return row(w.kroner(value));
    case "next_step":
      return row(w.said(value));
    case "days":
      return row([].concat(value).map((day) => w.name("weekday", day).toLowerCase()).join(", "));
    case "events":
      return row(lastEvents(value, w));
    case "lines":
      return row(value.map((line) => `${line.text} ${w.kroner(line.amount_kr)}`));
    case "alternatives":
      return row(value.map((place) => [place.name, place.address].filter(Boolean).join(", ")));
    default:
      return value && typeof value === "object" ? nestedRows(name, value, w) : row(w.value(value));
  }
}

function lastEvents(events, w) {
  return events
    .slice(-EVENTS)
    .reverse()
    .map(
      (one) => html`${[w.name("status", one.status), one.place].filter(Boolean).join(", ")}
        <span class="look-when">${w.value(one.at ?? "")}</span>`,
    );
}

// A place or a period: named parts in one line, what is left on lines of their own.
function nestedRows(name, value, w) {
  if (Array.isArray(value)) {
    return [{ name, label: w.field(name), shown: value.map((one) => w.value(plain(one, w))) }];
  }
  const { name: place, address, from, to, ...rest } = value;
  const parts = from || to ? [`${w.value(from ?? "")} – ${w.value(to ?? "")}`] : [place, address];
  const shown = parts.filter(Boolean).join(", ");
  const rows = shown ? [{ name, label: w.field(name), shown }] : [];
  for (const [part, inner] of Object.entries(rest)) {
    if (inner === null || inner === "") continue;
    rows.push({ name: `${name}.${part}`, label: w.field(part), shown: w.value(plain(inner, w)) });
  }
  return rows;
}

function plain(value, w) {
  if (!value || typeof value !== "object") return value;
  return Object.values(value).map((one) => w.value(plain(one, w))).join(", ");
}
