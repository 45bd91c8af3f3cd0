// The desk's reducer and its words, tried in the browser they run in. Each case throws or passes.

import { reduce } from "/desk/state/reduce.js";
import { factsOf, itemsOf, lookupsOf, mine, unread, verdictOf, waitsSince } from "/desk/state/select.js";
import { initial } from "/desk/state/state.js";
import { HOLD, newStream, take } from "/desk/state/stream.js";
import { matching, slashAt } from "/desk/view/canned.js";
import { rowsOf } from "/desk/view/lookup.js";
import { partsOf, quotesApart, safeAddress } from "/desk/view/texts.js";
import domainEn from "/desk/words/domain.en.js";
import domainNb from "/desk/words/domain.nb.js";
import en from "/desk/words/en.js";
import nb from "/desk/words/nb.js";
import { Words } from "/desk/words/words.js";

const ME = "a".repeat(32);
const C = "c".repeat(32);
const EPOCH = "e".repeat(32);

function same(found, wanted, what = "") {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: found ${a}, wanted ${b}`);
}

const line = (seq, more = {}) => ({
  seq, at: 1000 + seq, author: "customer", kind: "text", body: { text: `line ${seq}` }, ...more,
});
const owned = (seq, agent = ME) =>
  line(seq, { author: "system", kind: "state", body: { mode: "agent", owner: "agent", agent, control: seq } });

// A state run through frames; answers the state and every effect.
function run(state, ...frames) {
  const all = [];
  let now = state;
  for (const frame of frames) {
    const action = frame.type ? frame : { type: "frame", frame, now: 5_000 };
    const [after, effects] = reduce(now, action);
    now = after;
    all.push(...effects);
  }
  return [now, all];
}

const welcome = (held = []) => ({
  t: "agent_welcome", v: 1, agent: ME, name: "Kari", role: "agent", status: "online", capacity: 5,
  heartbeat: 10, resume_token: "x", mine: held,
});
const queue = (more = {}) => ({
  t: "queue", position: 1, now: 5, total: 0, waiting: [], colleagues: [], open_tasks: 0, mine: [],
  status: "online", ...more,
});
const MINE = [{ client: "heimbud", conversation: C }];

function desk(frames = []) {
  const entered = {
    type: "entered", agent: { id: ME, name: "Kari", clients: ["heimbud"], capacity: 5 },
    clients: [], drafts: {}, reads: {}, outbox: [],
    before: { selected: null, chats: [] },
  };
  return run(initial({ language: "nb" }), entered, welcome(MINE), ...frames)[0];
}

const batch = (lines, more = false) => ({
  t: "agent_batch", conversation: C, epoch: EPOCH, first: lines[0].seq, last: lines.at(-1).seq, more, lines,
});
const sent = (effects, kind) =>
  effects.filter((one) => one.do === "send" && one.frame.t === kind).map((one) => one.frame);

export const cases = {
  "every order of arrival gives the same lines, each once"() {
    const lines = [1, 2, 3, 4].map((seq) => line(seq));
    for (const order of permutations([0, 1, 2, 3, 1, 3])) {
      let stream = newStream("heimbud", C);
      for (const at of order) stream = take(stream, [lines[at]]).stream;
      same(stream.lines.map((one) => one.seq), [1, 2, 3, 4], order.join());
      same(stream.held, {});
    }
  },

  "at most 256 lines are held"() {
    let stream = newStream("heimbud", C);
    for (let seq = 2; seq < 2 + HOLD + 50; seq++) stream = take(stream, [line(seq)]).stream;
    same(Object.keys(stream.held).length, HOLD);
    stream = take(stream, [line(1)]).stream;
    same(stream.last, HOLD + 1);
  },

  "a gap is asked for once, and again after two heartbeats without an answer"() {
    let [state, effects] = run(desk([batch([line(1), owned(2)])]),
      { t: "agent_event", conversation: C, line: line(5) },
      { t: "agent_event", conversation: C, line: line(6) });
    same(sent(effects, "open").map((one) => one.after), [2]);
    const beat = { t: "agent_heartbeat", last_seqs: { [C]: 6 }, position: 1 };
    [state, effects] = run(state, beat, beat);
    same(sent(effects, "open"), []);
    [state, effects] = run(state, beat);
    same(sent(effects, "open").map((one) => one.after), [2]);
  },

  "an optimistic line gives way to the stored one and is then forgotten"() {
    const one = { cmid: "1", kind: "say", text: "Hei", control: 2, at: 1, agent: ME, client: "heimbud", conversation: C };
    const [state, effects] = run(desk([batch([line(1), owned(2)])]),
      { type: "wrote", conversation: C, one },
      { t: "agent_ack", conversation: C, cmid: "1", seq: 3 },
      { t: "agent_event", conversation: C, line: line(3, { author: "agent", author_id: ME, cmid: "1" }) });
    same(state.streams[C].pending, []);
    same(effects.filter((effect) => effect.do === "forget").length, 2);
    same(sent(effects, "say").length, 1);
  },

  "after a reconnect every open chat is resumed and every unacknowledged line sent again"() {
    const one = { cmid: "1", kind: "say", text: "Hei", control: 2, at: 1, agent: ME, client: "heimbud", conversation: C };
    const [, effects] = run(desk([batch([line(1), owned(2)])]),
      { type: "down", retryAt: 1 }, { type: "wrote", conversation: C, one }, welcome(MINE));
    same(sent(effects, "open").map(({ after, epoch }) => [after, epoch]), [[2, EPOCH]]);
    same(sent(effects, "say").map((frame) => frame.cmid), ["1"]);
  },

  "what the disk refused for now is kept, to be sent again in its order"() {
    const text = (cmid) => ({ type: "wrote", conversation: C,
      one: { cmid, kind: "say", text: cmid, control: 2, at: 1, agent: ME, client: "heimbud", conversation: C } });
    const ask = { type: "ask", request: "r", kind: "finish", conversation: C,
      frame: { t: "finish", request: "r", client: "heimbud", conversation: C, control: 2 } };
    const refused = { ok: false, code: "store_failed", text: "", conversation: C };
    const [, effects] = run(desk([batch([line(1), owned(2)])]), text("1"), text("2"), ask,
      { t: "problem", ...refused, cmid: "1" }, { t: "result", ...refused, request: "r" },
      { type: "down", retryAt: 1 }, welcome(MINE));
    same(sent(effects, "say").map((frame) => frame.cmid), ["1", "2", "1", "2"]);
    same(sent(effects, "finish").length, 2);
  },

  "a claim asked for before the connection broke is asked again with the same request"() {
    const ask = { type: "ask", request: "r", kind: "claim", conversation: "d".repeat(32),
      frame: { t: "claim", request: "r", client: "heimbud", conversation: "d".repeat(32) } };
    const [, effects] = run(desk(), ask, { type: "down", retryAt: 1 }, welcome(MINE));
    same(sent(effects, "claim").length, 2);
  },

  "a lost race asks who was faster, and says no more than that"() {
    const ask = { type: "ask", request: "r", kind: "claim", conversation: C, frame: { t: "claim", client: "heimbud" } };
    const [state, effects] = run(desk(), ask, { t: "result", request: "r", ok: false, code: "taken", text: "Somebody" });
    same(effects.at(-1), { do: "whoTook", client: "heimbud", conversation: C });
    const [told] = run(state, { type: "took", name: "Ola" });
    same(told.toasts.map(({ key, params }) => [key, params]), [["takenBy", { name: "Ola" }]]);
  },

  "a chat that leaves unasked stays readable, one let go of leaves"() {
    const [gone] = run(desk([batch([line(1), owned(2)])]), queue());
    same([gone.streams[C].left, gone.chats], [true, [C]]);
    const ask = { type: "ask", request: "r", kind: "finish", conversation: C, frame: { t: "finish", conversation: C } };
    const [asked] = run(desk(), ask, queue());
    same(asked.streams[C].left, false);
    const [done] = run(asked, { t: "result", request: "r", ok: true });
    same([done.chats, done.selected], [[], null]);
  },

  "after a reload the chats lie as they lay, and the same one is open"() {
    const [x, y, z] = ["1", "2", "3"].map((digit) => digit.repeat(32));
    const entered = {
      type: "entered", agent: { id: ME, clients: ["heimbud"] }, clients: [], drafts: {}, reads: {},
      outbox: [], before: { selected: y, chats: [z, y] },
    };
    const held = [x, y, z].map((conversation) => ({ client: "heimbud", conversation }));
    const [state] = run(initial({ language: "nb" }), entered, welcome(held));
    same([state.chats, state.selected], [[z, y, x], y]);
  },

  "an older view of the queue does not replace a newer one"() {
    const [state] = run(desk(), queue({ position: 9, total: 3, mine: MINE }), queue({ position: 8, total: 1, mine: MINE }));
    same(state.queue.total, 3);
  },

  "a status chosen here is not undone by a view drawn up before it was heard"() {
    const chosen = { type: "status", status: "pause" };
    const [early] = run(desk(), chosen, queue({ mine: MINE }));
    same([early.status, early.statusAsked], ["pause", "pause"]);
    const [late] = run(early, queue({ mine: MINE, status: "pause" }), queue({ mine: MINE, status: "offline" }));
    same([late.status, late.statusAsked], ["offline", null]);
  },

  "unread counts the customer's lines since the takeover, and reading is told once"() {
    let [state] = run(desk([batch([line(1), owned(2), line(3), line(4, { author: "bot" }), line(5)])]));
    same(unread(state.streams[C]), 2);
    let effects;
    [state, effects] = run(state, { type: "read", conversation: C, seq: 5 }, { type: "read", conversation: C, seq: 5 });
    same(unread(state.streams[C]), 0);
    same(sent(effects, "agent_seen").map((frame) => frame.seq), [5]);
  },

  "the customer waits from the takeover, and from each line that is not answered"() {
    const at = (lines) => waitsSince({ ...newStream("heimbud", C), lines });
    same(at([line(1)]), null);
    same(at([line(1), owned(2)]), 1002);
    same(at([line(1), owned(2), line(3, { author: "agent" })]), null);
    same(at([line(1), owned(2), line(3, { author: "agent" }), line(4), line(5)]), 1004);
  },

  "only the newest state line says who may write"() {
    const stream = { ...newStream("heimbud", C), lines: [owned(1), owned(2, "b".repeat(32))] };
    same(mine(stream, ME), false);
    same(mine({ ...stream, lines: [owned(1, "b".repeat(32)), owned(2)] }, ME), true);
  },

  "confirmed and guessed facts stay apart, and slots hold the rest"() {
    const card = line(1, { kind: "card", body: { confirmed: { a: 1 }, guessed: { b: 2 } } });
    const heard = line(2, { kind: "understanding", body: { slots: { a: 1, b: 2, c: 3 }, lookups: [] } });
    same(factsOf({ lines: [card, heard] }), { confirmed: { a: 1 }, agent: {}, guessed: { b: 2 }, slots: { c: 3 } });
    const back = { kind: "notice", body: { code: "handed_back", params: { facts: { a: 1, b: "2", c: 4, d: "5" } } } };
    same(factsOf({ lines: [back, card, heard] }), {
      confirmed: { a: 1 }, agent: { b: "2", d: "5" }, guessed: {}, slots: { c: 3 },
    });
  },

  "a look-up run again replaces its older answer"() {
    const look = { operation: "track_parcel", arguments: { tracking_number: "HB1" }, ok: true, data: { status: "in_transit" } };
    const heard = line(1, { kind: "understanding", body: { lookups: [look] } });
    const again = { ...look, data: { status: "delivered" }, at: 9 };
    const found = lookupsOf({ lines: [heard], looked: [again] });
    same(found.map((one) => one.data.status), ["delivered"]);
  },

  "a turn carries its understanding, and follow-up lines share one name"() {
    const lines = [
      line(1, { turn_id: "t" }),
      line(2, { kind: "understanding", author: "bot", turn_id: "t", body: {} }),
      line(3, { author: "bot" }),
      line(4, { author: "bot" }),
    ];
    const said = itemsOf(lines).filter((item) => item.type === "said");
    same(said.map((item) => [item.line.seq, Boolean(item.understanding), item.follows]),
      [[1, true, false], [3, false, false], [4, false, true]]);
  },

  "only https, mailto and tel become links"() {
    const hrefs = (text) => partsOf(text).filter((part) => part.type === "link").map((part) => part.href);
    same(hrefs("se https://a.no/b?c=1, og a@b.no eller +47 912 34 567."),
      ["https://a.no/b?c=1", "mailto:a@b.no", "tel:+4791234567"]);
    for (const bad of ["javascript:alert(1)", "http://a.no", "data:text/html,x", "//a.no", "file:///etc"]) {
      same(hrefs(bad), [], bad);
      same(safeAddress(bad), null, bad);
    }
  },

  "invisible and direction-turning characters are shown, and are no part of an address"() {
    const parts = partsOf("https://a.no/\u202Egpj.exe");
    same(parts.map((part) => [part.type, part.text]),
      [["link", "https://a.no/"], ["unseen", "U+202E"], ["text", "gpj.exe"]]);
  },

  "a slash opens canned replies at the start or after a space, and nowhere else"() {
    same(slashAt("/he", 3), { query: "he", from: 0, to: 3 });
    same(slashAt("Hei /Å", 6), { query: "å", from: 4, to: 6 });
    same(slashAt("og/eller", 8), null);
    same(slashAt("https://a", 9), null);
  },

  "canned replies are found by shortcut first, then by word"() {
    const canned = [
      { shortcut: "takk", nb: "Hei og takk" }, { shortcut: "hei", nb: "God dag" }, { shortcut: "x", nb: "nei" },
    ];
    same(matching(canned, "hei", "nb").map((one) => one.shortcut), ["hei", "takk"]);
    same(matching(canned, "", "nb").length, 3);
  },

  "a look-up's answer becomes named rows in words"() {
    const w = new Words("nb");
    const data = {
      tracking_number: "HB40718263", status: "at_pickup_point", expected: null,
      pickup: { name: "Joker Sandviken", address: "Sjøgaten 1", hours: "8–22", deadline: "2026-12-01" },
      amount_kr: 1250.5, days: ["monday", "saturday"], sunday: false, paused: { from: "2026-12-01", to: "2026-12-08" },
    };
    const rows = rowsOf(data, { tracking_number: "HB40718263" }, w).map(({ label, shown }) => [label, shown]);
    same(rows, [
      ["Status", "På hentestedet"],
      ["Hentested", "Joker Sandviken, Sjøgaten 1"],
      ["Åpent", "8–22"],
      ["Hentefrist", "tir. 1. des."],
      ["Beløp", "1\u00a0250,5 kr"],
      ["Dager", "mandag, lørdag"],
      ["Søndag", "nei"],
      ["Pause", "tir. 1. des. – tir. 8. des."],
    ]);
  },

  "both languages have the same texts with the same places"() {
    const places = (text) => [...text.matchAll(/\{\w+\}/g)].map((found) => found[0]).sort();
    same(Object.keys(en).sort(), Object.keys(nb).sort());
    for (const key of Object.keys(nb)) same(places(en[key]), places(nb[key]), key);
    for (const kind of Object.keys(domainNb)) {
      same(Object.keys(domainEn[kind]).sort(), Object.keys(domainNb[kind]).sort(), kind);
    }
  },

  "a chat that is only read leaves no trace, calls for nobody and is let go of"() {
    const other = "d".repeat(32);
    const at = (seq, more) => ({ t: "agent_event", conversation: other, line: line(seq, more) });
    const before = desk();
    const [watching, asked] = run(before, { type: "watch", client: "heimbud", conversation: other });
    same(sent(asked, "open").map((one) => one.conversation), [other]);
    const [read, effects] = run(watching, at(1), { type: "read", conversation: other, seq: 1 });
    same(effects.filter((one) => one.do === "alert" || one.do === "send"), []);
    same([unread(read.streams[other]), read.chats.includes(other)], [0, false]);
    const [again, opened] = run(read, welcome(MINE));
    same(sent(opened, "open").map((one) => [one.conversation, one.after]), [[C, 0], [other, 1]]);
    const [left, shut] = run(again, { type: "view", view: "chats" });
    same([left.watched, other in left.streams], [null, false]);
    same(sent(shut, "shut").map((one) => one.conversation), [other]);
  },

  "a chat taken over becomes one's own, and one given away is only told"() {
    const other = "d".repeat(32);
    const command = (to) => ({
      type: "ask", request: "r", kind: "assign", conversation: other,
      frame: { t: "assign", request: "r", client: "heimbud", conversation: other, control: 4, to },
    });
    const done = { t: "result", request: "r", ok: true, client: "heimbud", conversation: other };
    const watch = { type: "watch", client: "heimbud", conversation: other };
    const [mineNow] = run(desk(), watch, command(ME), done);
    same([mineNow.selected, mineNow.view, mineNow.watched], [other, "chats", null]);
    same([mineNow.streams[other].watched, mineNow.streams[other].takenFrom], [false, 4]);
    const [given, effects] = run(desk(), watch, command("b".repeat(32)), done);
    same([given.watched, given.chats.includes(other)], [other, false]);
    same(effects.at(-1), { do: "overview" });
  },

  "a customer's coming clears since when they were away"() {
    const told = (more) => ({ t: "agent_ephemeral", conversation: C, ...more });
    const [gone] = run(desk(), told({ present: false, since: 7 }), told({ typing: false }));
    same([gone.streams[C].present, gone.streams[C].awaySince], [false, 7]);
    const [back] = run(gone, told({ present: true }));
    same([back.streams[C].present, back.streams[C].awaySince], [true, null]);
  },

  "a quote at the end of a sentence is drawn below it, one in its midst stays"() {
    same(quotesApart("Kunden retter boten: «Nei»", ["Nei"]), { text: "Kunden retter boten", below: ["Nei"] });
    same(quotesApart("Ikke to ganger på rad: «a», «b»", ["a", "b"]), { text: "Ikke to ganger på rad", below: ["a", "b"] });
    same(quotesApart("Samme svar (“a”) when they wrote: “b”", ["a", "b"]), { text: "Samme svar (“a”) when they wrote", below: ["b"] });
    same(quotesApart("Uten sitat.", ["a"]), { text: "Uten sitat.", below: ["a"] });
  },

  "a verdict is the newest handover's, and a new one begins without"() {
    const card = (seq) => line(seq, { author: "bot", kind: "card", body: { reason: "asked_human" } });
    const verdict = (seq, word) => line(seq, { author: "agent", kind: "verdict", body: { verdict: word } });
    const given = (...lines) => verdictOf({ lines });
    same(given(line(1), card(2)), null);
    same(given(card(2), verdict(3, "needed"), verdict(4, "needless")), "needless");
    same(given(card(2), verdict(3, "needed"), line(4), card(5)), null);
    same(given(card(2), verdict(3, "needed"), card(5), verdict(6, "too_late")), "too_late");
  },

  "look-ups of a closed contact are not among the new one's"() {
    const look = (seq, number) => line(seq, { author: "bot", kind: "understanding", body: {
      lookups: [{ operation: "track_parcel", arguments: { tracking_number: number }, ok: true, data: {} }] } });
    const closed = line(3, { author: "system", kind: "state", body: { mode: "closed", owner: "nobody", control: 3 } });
    const numbers = (...lines) => lookupsOf({ lines, looked: [] }).map((one) => one.arguments.tracking_number);
    same(numbers(line(1), look(2, "a"), closed), ["a"]);
    same(numbers(line(1), look(2, "a"), closed, line(4), look(5, "b")), ["b"]);
  },

  "an unknown name is shown as it is, also one that every object has"() {
    const w = new Words("nb");
    same(w.name("intent", "constructor"), "Constructor");
    same(w.name("slot", "odd_thing"), "Odd thing");
    same(w.field("toString"), "ToString");
  },
};

function permutations(all) {
  if (all.length < 2) return [all];
  return all.flatMap((one, at) =>
    permutations([...all.slice(0, at), ...all.slice(at + 1)]).map((rest) => [one, ...rest]),
  );
}

export function results() {
  return Object.entries(cases).map(([name, work]) => {
    try {
      work();
      return { name, error: null };
    } catch (error) {
      return { name, error: String(error.stack ?? error) };
    }
  });
}
