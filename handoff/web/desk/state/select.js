// What the views need to know, worked out from the state. Pure, and remembered per list of lines.

const remembered = new WeakMap();

function once(lines, name, work) {
  let known = remembered.get(lines);
  if (!known) remembered.set(lines, (known = {}));
  if (!(name in known)) known[name] = work(lines);
  return known[name];
}

function newest(lines, kind) {
  for (let at = lines.length - 1; at >= 0; at--) if (lines[at].kind === kind) return lines[at];
  return null;
}

const said = (line) => line.kind === "text";
const byCustomer = (line) => said(line) && line.author === "customer";
const byAgent = (line) => said(line) && line.author === "agent";

// Who has the conversation: {mode, owner, agent, control}, null before the stream has come.
export function stateOf(stream) {
  return once(stream.lines, "state", (lines) => newest(lines, "state")?.body ?? null);
}

export function mine(stream, me) {
  const at = stateOf(stream);
  return !stream.left && at?.mode === "agent" && at.agent === me;
}

// What was said before somebody took over is the card's to tell, not news.
export function unread(stream) {
  if (stream.watched) return 0;
  let count = 0;
  for (let at = stream.lines.length - 1; at >= 0; at--) {
    const line = stream.lines[at];
    if (line.seq <= stream.read || line.kind === "state") break;
    if (byCustomer(line)) count += 1;
  }
  return count;
}

export function lastSaid(stream) {
  return once(stream.lines, "lastSaid", (lines) => {
    for (let at = lines.length - 1; at >= 0; at--) if (said(lines[at])) return lines[at];
    return null;
  });
}

// Since when (epoch seconds) the customer has waited for this agent's answer; null when answered.
export function waitsSince(stream) {
  return once(stream.lines, "waits", (lines) => {
    let since = null;
    for (const line of lines) {
      if (line.kind === "state" && line.body.mode === "agent") since = line.at;
      else if (line.kind === "state") since = null;
      else if (byAgent(line)) since = null;
      else if (byCustomer(line) && since === null) since = line.at;
    }
    return stateOf(stream)?.mode === "agent" ? since : null;
  });
}

// How long (seconds) the customer stood in line before somebody took over; null when unknown.
export function waited(stream) {
  return once(stream.lines, "waited", (lines) => {
    let since = null;
    let spent = null;
    for (const line of lines) {
      if (line.kind !== "state") continue;
      if (line.body.mode === "waiting" && since === null) since = line.at;
      if (line.body.mode === "agent" && since !== null) spent = line.at - since;
      if (line.body.mode !== "waiting") since = null;
    }
    return spent;
  });
}

export function cardOf(stream) {
  return once(stream.lines, "card", (lines) => newest(lines, "card")?.body ?? null);
}

export function pageOf(stream) {
  return once(stream.lines, "page", (lines) => newest(lines, "visit")?.body.page ?? null);
}

// The agent's word on the newest handover; null until it is given, whatever was said of one before.
export function verdictOf(stream) {
  return once(stream.lines, "verdict", (lines) => {
    const given = newest(lines, "verdict");
    const card = newest(lines, "card");
    return given && !(card?.seq > given.seq) ? given.body.verdict : null;
  });
}

export function topicOf(stream) {
  return stream.info?.topic ?? cardOf(stream)?.topic ?? null;
}

// {confirmed, agent, guessed, slots}: `agent` is what an agent gave the bot when a chat was handed
// back, as long as nobody changed it; slots are what the bot holds besides.
export function factsOf(stream) {
  return once(stream.lines, "facts", (lines) => {
    const card = newest(lines, "card")?.body ?? {};
    const confirmed = card.confirmed ?? {};
    const guessed = card.guessed ?? {};
    const slots = { ...(newest(lines, "understanding")?.body.slots ?? {}) };
    for (const name of Object.keys({ ...confirmed, ...guessed })) delete slots[name];
    const agent = {};
    for (const [name, value] of Object.entries(given(lines))) {
      const held = slots[name] ?? guessed[name] ?? value;
      if (value === null || name in confirmed || String(held) !== String(value)) continue;
      agent[name] = value;
      delete slots[name];
    }
    return { confirmed, agent, guessed: without(guessed, agent), slots };
  });
}

const without = (facts, others) =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => !(name in others)));

const given = (lines) =>
  lines.findLast((line) => line.kind === "notice" && line.body.code === "handed_back")?.body.params
    ?.facts ?? {};

// The newest answer of each look-up of this contact, newest first:
// {operation, arguments, ok, data, error, at}.
export function lookupsOf(stream) {
  const fromBot = once(stream.lines, "lookups", (lines) =>
    sinceClosed(lines)
      .filter((line) => line.kind === "understanding")
      .flatMap((line) => (line.body.lookups ?? []).map((look) => ({ ...look, at: line.at }))),
  );
  const found = new Map();
  for (const look of [...fromBot, ...stream.looked]) {
    const key = `${look.operation} ${JSON.stringify(look.arguments ?? {})}`;
    found.delete(key);
    found.set(key, look);
  }
  return [...found.values()].reverse();
}

// What belongs to the newest contact: a closed one's answers are its own, as old as it is.
function sinceClosed(lines) {
  const ended = lines.findLastIndex((line) => line.kind === "state" && line.body.mode === "closed");
  const begun = lines.slice(ended + 1);
  return begun.some(byCustomer) ? begun : lines;
}

// The transcript as it is drawn: turns with their understanding, thin lines, changes of hands.
export function itemsOf(lines) {
  return once(lines, "items", draw);
}

const QUIET_NOTICES = new Set(["agent_joined", "transferred"]);

function draw(lines) {
  const understood = new Map();
  const turns = new Set();
  for (const line of lines) {
    if (line.kind === "understanding" && line.turn_id) understood.set(line.turn_id, line);
    if (byCustomer(line) && line.turn_id) turns.add(line.turn_id);
  }
  const items = [];
  let mode = "bot";
  let day = null;
  for (const line of lines) {
    const today = new Date(line.at * 1000).toDateString();
    if (today !== day) items.push({ type: "day", key: `day${line.seq}`, at: line.at });
    day = today;
    const item = { key: line.seq, line };
    switch (line.kind) {
      case "text": {
        const before = items.at(-1);
        const follows =
          before?.type === "said" &&
          before.line.author === line.author &&
          before.line.author_id === line.author_id &&
          !before.understanding &&
          line.at - before.line.at < 180;
        items.push({
          ...item,
          type: "said",
          follows,
          understanding: byCustomer(line) ? (understood.get(line.turn_id) ?? null) : null,
        });
        break;
      }
      case "note":
        items.push({ ...item, type: "note" });
        break;
      case "understanding":
        if (!turns.has(line.turn_id)) items.push({ ...item, type: "understanding" });
        break;
      case "state":
        items.push({ ...item, type: line.body.mode === mode ? "state" : "hands", from: mode });
        mode = line.body.mode;
        break;
      case "notice": {
        const byDesk = line.body.code === "closed" && line.body.params?.by === "agent";
        if (!QUIET_NOTICES.has(line.body.code) && !byDesk) items.push({ ...item, type: "notice" });
        break;
      }
      case "visit":
      case "verdict":
      case "rating":
      case "card":
        items.push({ ...item, type: line.kind });
        break;
      default:
    }
  }
  return items.filter((item) => item.type !== "state");
}
