// One conversation's staff stream as the desk holds it. Pure: values in, values out.
//
// Receiver's rules: a line below the next number is dropped, the next is taken, one above is held
// (at most HOLD of them) while the range between is asked for.

export const HOLD = 256;

export function newStream(client, conversation) {
  return {
    client,
    conversation,
    epoch: null,
    lines: [],
    last: 0,
    held: {},
    asked: 0, // heartbeats left before the range may be asked for again; 0 when none is asked
    synced: false, // a whole answer to `open` has come
    pending: [], // written here, not yet in the stream
    read: 0, // the newest line this agent has had on the screen
    seen: 0, // the newest customer line number the customer has had on the screen
    typing: 0, // when the customer last was seen typing (ms), 0 for not
    present: null, // whether the customer has a page open; null while that is not known
    awaySince: null, // when the last page went, null when nobody saw it go
    info: null,
    earlier: null,
    looked: [], // look-ups run again from the card
    refused: null, // why the newest text came back as a draft
    watched: false, // somebody else's, read by a supervisor without a trace
    takenFrom: 0, // the control number it was taken over at, 0 when it was not
    left: false, // no longer this agent's
    missing: false, // the server knows no such conversation for this agent
  };
}

export function next(stream) {
  return stream.last + 1;
}

// Takes lines in any order. Answers the stream and whether a range is missing.
export function take(stream, lines) {
  let taken = null;
  let last = stream.last;
  let held = stream.held;
  let pending = stream.pending;
  for (const line of lines) {
    if (line.seq <= last) continue;
    if (line.seq > last + 1) {
      if (Object.keys(held).length < HOLD) held = { ...held, [line.seq]: line };
      continue;
    }
    let now = line;
    while (now) {
      taken ??= [...stream.lines];
      taken.push(now);
      last = now.seq;
      if (now.cmid) pending = without(pending, now.cmid);
      now = held[last + 1];
    }
  }
  if (taken) {
    held = Object.fromEntries(Object.entries(held).filter(([seq]) => Number(seq) > last));
  }
  const gap = Object.keys(held).length > 0;
  if (!taken && held === stream.held) return { stream, gap };
  return { stream: { ...stream, lines: taken ?? stream.lines, last, held, pending }, gap };
}

// What was said, kept while the stream itself starts again from nothing.
export function emptied(stream, epoch) {
  return { ...stream, epoch, lines: [], last: 0, held: {}, asked: 0, synced: false, seen: 0, read: 0 };
}

export function without(pending, cmid) {
  const rest = pending.filter((one) => one.cmid !== cmid);
  return rest.length === pending.length ? pending : rest;
}

// The range to ask for, as a frame.
export function openFrame(stream) {
  const frame = {
    t: "open",
    client: stream.client,
    conversation: stream.conversation,
    after: stream.last,
  };
  if (stream.epoch) frame.epoch = stream.epoch;
  return frame;
}

export function sayFrame(stream, one) {
  const frame = {
    t: one.kind,
    client: stream.client,
    conversation: stream.conversation,
    cmid: one.cmid,
    text: one.text,
  };
  if (one.kind === "say") frame.control = one.control;
  return frame;
}
