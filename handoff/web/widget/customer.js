// The customer's end of the wire as one machine: values in, effects out. It knows no document,
// socket, storage or clock, so every schedule of losses can be played to it.
//
// An effect is an array, its kind first:
//   ticket | connect | drop          get a ticket | open the socket | let it go
//   send frame                       write one frame
//   forget cmid                      durably stored over there: take it out of the outbox
//   lines lines fresh                show these, in order; fresh: said just now, not history
//   stored cmid seq | failed cmid text
//   reset | state | typing who | seen seq | caught

import { mayRetry, NEW_TICKET, pause } from "../shared/retry.js";
import { Receiver } from "../shared/receiver.js";

const VERSION = 1;
const OPENING_MS = 10_000;
const SETTLED_MS = 10_000;
const BEATS = 2.5;

/** Refusals that pass by themselves: the frame stays in the outbox. */
const PASSING = ["overloaded", "store_failed"];

/** What a notice says about who has the conversation: [mode, owner]. */
const TURNS = {
  queued: ["waiting", "nobody"],
  bot_meanwhile: ["waiting", "bot"],
  left_queue: ["bot", "bot"],
  agent_lost: ["waiting", "nobody"],
  transferred: ["waiting", "nobody"],
  agent_joined: ["agent", "agent"],
  handed_back: ["bot", "bot"],
  desk_closed: ["bot", "bot"],
  contact_kept: ["bot", "bot"],
  closed: ["closed", "nobody"],
};

export class Customer {
  /** off, ticket, opening, live, pausing or stopped. */
  phase = "off";
  /** When `tick` wants to be called, in the milliseconds of the `now` that is handed in. */
  due = Infinity;
  mode = "bot";
  owner = "bot";
  language = null;
  agent = "";
  place = null;
  wait = null;
  staffed = true;
  /** The number of the notice whose contact form is open, or 0. */
  form = 0;
  /** The number of the notice that the conversation ended, until the customer writes again, or 0. */
  ended = 0;
  receiver = new Receiver();
  #outbox = new Map();
  #out = [];
  #random;
  #token = null;
  #ticket = null;
  #attempt = 0;
  #heartbeat = 15_000;
  #since = 0;
  /** The last number when the connection was made: its mode is newer than these lines. */
  #asOf = 0;
  /** The place was told beside the lines in this wait: newer than the line that began it. */
  #placed = false;
  /** The last number when the page began: what comes after it was said to this page. */
  #history = null;
  #seen = 0;
  #told = 0;

  constructor(random = Math.random) {
    this.#random = random;
  }

  /** Begin, with what an earlier page could not send. */
  start(entries, now) {
    for (const entry of entries) this.#outbox.set(entry.cmid, entry);
    return this.#begin(now);
  }

  /** The person asks to try again after a stop. */
  restart(now) {
    this.#token = null;
    this.#attempt = 0;
    return this.#begin(now);
  }

  ticket(ticket, now) {
    if (this.phase !== "ticket") return [];
    this.#ticket = ticket;
    this.#connect(now);
    return this.#flush();
  }

  /** No ticket. `retry` false: not allowed; `after` is what the server asked for, in ms. */
  noTicket({ retry, after = 0 }, now) {
    if (this.phase !== "ticket") return [];
    if (retry) this.#pause(now, after);
    else this.#stop();
    return this.#flush();
  }

  opened() {
    const proof = this.#token ? { resume_token: this.#token } : { ticket: this.#ticket };
    this.#ticket = null;
    this.#send({ t: "hello", v: VERSION, ...proof });
    return this.#flush();
  }

  closed(code, now) {
    if (this.phase !== "opening" && this.phase !== "live") return [];
    if (this.phase === "live" && now - this.#since > SETTLED_MS) this.#attempt = 0;
    if (code === NEW_TICKET) this.#token = null;
    if (mayRetry(code)) this.#pause(now);
    else this.#stop();
    return this.#flush();
  }

  /** Time has passed: a pause is over, or the other end has been silent for too long. */
  tick(now) {
    if (now < this.due) return [];
    if (this.phase === "pausing") return this.#begin(now);
    this.#out.push(["drop"]);
    this.#pause(now);
    return this.#flush();
  }

  /** The page is looked at again, or the network is back: do not wait out a pause. */
  wake(now) {
    if (this.phase === "pausing") this.due = now;
    return this.tick(now);
  }

  /** The network is gone, says the browser. */
  offline(now) {
    if (this.phase === "off" || this.phase === "stopped") return [];
    this.#out.push(["drop"]);
    this.#pause(now);
    return this.#flush();
  }

  /** An entry {cmid, frame, at} that the outbox has stored. */
  put(entry) {
    this.#outbox.set(entry.cmid, entry);
    if (this.phase === "live") this.#send(entry.frame);
    return this.#flush();
  }

  /** Everything up to `seq` has been looked at. */
  seen(seq) {
    this.#seen = Math.max(this.#seen, seq);
    this.#tellSeen();
    return this.#flush();
  }

  typing(on) {
    if (this.phase === "live" && this.mode === "agent") this.#send({ t: "typing", on });
    return this.#flush();
  }

  frame(frame, now) {
    this.due = now + BEATS * this.#heartbeat;
    switch (frame.t) {
      case "welcome":
        this.#welcome(frame, now);
        break;
      case "batch":
        this.#show(this.receiver.batch(frame));
        if (!frame.more) this.#out.push(["caught"]);
        break;
      case "event":
        this.#show(this.receiver.take(frame.line));
        break;
      case "ack":
        this.#settle(frame.cmid);
        this.#out.push(["stored", frame.cmid, frame.seq]);
        break;
      case "heartbeat":
        // Answered here and not by a timer: hidden pages have slow timers.
        this.#send({ t: "beat" });
        this.receiver.heard(frame.last_seq);
        break;
      case "ephemeral":
        this.#ephemeral(frame);
        break;
      case "reset":
        this.#forgetShown(this.receiver.known);
        this.receiver.restart(frame.epoch);
        this.#resume();
        break;
      case "problem":
        this.#problem(frame, now);
        break;
    }
    const after = this.phase === "live" ? this.receiver.lacks() : null;
    if (after !== null) this.#send({ t: "resume", epoch: this.receiver.epoch, after });
    return this.#flush();
  }

  #begin(now) {
    if (this.#token) this.#connect(now);
    else {
      this.phase = "ticket";
      this.due = now + 2 * OPENING_MS;
      this.#out.push(["ticket"]);
    }
    return this.#flush();
  }

  #connect(now) {
    this.phase = "opening";
    this.due = now + OPENING_MS;
    this.#out.push(["connect"]);
  }

  #pause(now, atLeast = 0) {
    this.phase = "pausing";
    this.due = now + Math.max(atLeast, pause(this.#attempt, this.#random));
    this.#attempt += 1;
    this.#out.push(["state"]);
  }

  #stop() {
    this.phase = "stopped";
    this.due = Infinity;
    this.#out.push(["state"]);
  }

  #welcome(frame, now) {
    this.phase = "live";
    this.#token = frame.resume_token;
    this.#heartbeat = frame.heartbeat * 1000;
    this.due = now + BEATS * this.#heartbeat;
    this.#since = now;
    this.#told = 0;
    this.#asOf = frame.last_seq;
    if (this.receiver.begin(frame.epoch, frame.last_seq)) this.#forgetShown(frame.last_seq);
    this.#history ??= frame.last_seq;
    this.#turn(frame.mode, frame.owner);
    this.language = frame.language;
    this.#resume();
    this.#tellSeen();
    for (const entry of this.#outbox.values()) this.#send(entry.frame);
    this.#out.push(["state"]);
    if (this.receiver.next > this.receiver.known) this.#out.push(["caught"]);
  }

  #resume() {
    this.#send({ t: "resume", epoch: this.receiver.epoch, after: this.receiver.ask() });
  }

  #forgetShown(history) {
    this.#history = history;
    this.form = this.ended = 0;
    this.agent = "";
    this.#seen = this.#told = 0;
    this.#out.push(["reset"]);
  }

  #show(lines) {
    for (const line of lines) {
      if (line.cmid && this.#outbox.has(line.cmid)) {
        this.#settle(line.cmid);
        this.#out.push(["stored", line.cmid, line.seq]);
      }
      this.#learn(line);
    }
    const fresh = lines.findIndex((line) => line.seq > this.#history);
    const old = fresh < 0 ? lines.length : fresh;
    if (old) this.#out.push(["lines", lines.slice(0, old), false]);
    if (old < lines.length) this.#out.push(["lines", lines.slice(old), true]);
    if (lines.length) this.#out.push(["state"]);
  }

  /** Ephemerals may be lost, lines never: what a line tells about the state is taken from it. */
  #learn(line) {
    const params = line.params ?? {};
    if (line.author === "agent") this.agent = line.name;
    if (line.author === "customer") {
      this.form = this.ended = 0;
      if (this.mode === "closed" && line.seq > this.#asOf) this.#turn("bot", "bot");
    }
    if (params.form === "contact") this.form = line.seq;
    else if (line.code in TURNS) this.form = 0;
    if (line.code === "closed") this.ended = line.seq;
    if (line.code === "agent_joined") this.agent = params.name;
    if (line.code === "queued" && !this.#placed) this.#queue(params);
    // A form may arrive when somebody has the conversation already: it only ends a wait.
    const changes = line.code in TURNS && (line.code !== "contact_kept" || this.mode === "waiting");
    if (line.seq > this.#asOf && changes) this.#turn(...TURNS[line.code]);
  }

  #turn(mode, owner) {
    this.mode = mode;
    this.owner = owner;
    if (mode !== "waiting") this.#placed = false;
  }

  #queue({ place = null, wait = null, staffed = this.staffed }) {
    this.place = place;
    this.wait = wait;
    this.staffed = staffed;
  }

  #ephemeral(frame) {
    if ("place" in frame) {
      this.#queue(frame);
      this.#placed = true;
    }
    if ("staffed" in frame) this.staffed = frame.staffed;
    if ("mode" in frame) this.#turn(frame.mode, frame.owner ?? this.owner);
    if ("owner" in frame) this.owner = frame.owner;
    if ("typing" in frame) this.#out.push(["typing", frame.typing]);
    if ("seen" in frame) this.#out.push(["seen", frame.seen]);
    this.#out.push(["state"]);
  }

  #problem({ cmid, code, text }, now) {
    if (!cmid) return;
    if (PASSING.includes(code)) {
      // Come back later with the whole outbox, in its order.
      this.#out.push(["drop"]);
      this.#pause(now);
      return;
    }
    this.#settle(cmid);
    this.#out.push(["failed", cmid, text]);
  }

  #settle(cmid) {
    if (this.#outbox.delete(cmid)) this.#out.push(["forget", cmid]);
  }

  #tellSeen() {
    if (this.phase !== "live" || this.#seen <= this.#told) return;
    this.#told = this.#seen;
    this.#send({ t: "seen", seq: this.#seen });
  }

  #send(frame) {
    this.#out.push(["send", frame]);
  }

  #flush() {
    const out = this.#out;
    this.#out = [];
    return out;
  }
}
