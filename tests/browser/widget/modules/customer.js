import { Customer } from "/web/widget/customer.js";
import { equal, ok, seeded } from "./check.js";

const welcome = (more) => ({
  t: "welcome", v: 1, conversation: "c", epoch: "a", last_seq: 0, resume_token: "token-1",
  heartbeat: 15, mode: "bot", owner: "bot", language: "nb", ...more,
});
const entry = (cmid) => ({ cmid, at: 0, frame: { t: "send", cmid, text: cmid } });
const kinds = (effects) => effects.map(([kind]) => kind);
const sent = (effects) => effects.filter(([kind]) => kind === "send").map(([, frame]) => frame);
const line = (seq, more) => ({ seq, at: 0, author: "bot", kind: "text", text: `${seq}`, ...more });
const notice = (seq, code, params) => line(seq, { author: "system", kind: "notice", code, params });

function live(customer = new Customer(() => 0), more = {}) {
  customer.start([], 0);
  customer.ticket("t", 0);
  customer.opened();
  return [customer, customer.frame(welcome(more), 0)];
}

export const tests = {
  "says hello with the ticket, then resumes from what it holds"() {
    const customer = new Customer();
    equal(kinds(customer.start([], 0)), ["ticket"]);
    equal(kinds(customer.ticket("t", 0)), ["connect"]);
    equal(sent(customer.opened()), [{ t: "hello", v: 1, ticket: "t" }]);
    equal(sent(customer.frame(welcome(), 0)), [{ t: "resume", epoch: "a", after: 0 }]);
  },

  "comes back with the resume token and sends again what was not acknowledged"() {
    const [customer] = live();
    equal(sent(customer.put(entry("one"))).map(({ cmid }) => cmid), ["one"]);
    customer.put(entry("two"));
    equal(customer.frame({ t: "ack", cmid: "one", seq: 1 }, 0), [["forget", "one"], ["stored", "one", 1]]);
    customer.closed(1006, 0);
    equal(kinds(customer.tick(customer.due)), ["connect"]);
    equal(sent(customer.opened())[0].resume_token, "token-1");
    equal(sent(customer.frame(welcome(), 0)).map(({ t, cmid }) => cmid ?? t), ["resume", "two"]);
  },

  "a line with its own id settles a message whose acknowledgement was lost"() {
    const [customer] = live();
    customer.put(entry("one"));
    customer.closed(1006, 0);
    customer.tick(customer.due);
    customer.opened();
    customer.frame(welcome({ last_seq: 1 }), 0);
    const batch = { t: "batch", first: 1, last: 1, more: false, lines: [line(1, { author: "customer", cmid: "one" })] };
    ok(kinds(customer.frame(batch, 0)).includes("forget"), "settled");
    customer.closed(1006, 0);
    customer.tick(customer.due);
    customer.opened();
    equal(sent(customer.frame(welcome({ last_seq: 1 }), 0)).map(({ t }) => t), ["resume"]);
  },

  "what an earlier page could not send goes first, in its order"() {
    const customer = new Customer();
    customer.start([entry("old"), entry("older")], 0);
    customer.ticket("t", 0);
    customer.opened();
    equal(sent(customer.frame(welcome(), 0)).map(({ t, cmid }) => cmid ?? t), ["resume", "old", "older"]);
  },

  "answers a heartbeat at once and fetches the gap it shows"() {
    const [customer] = live();
    equal(sent(customer.frame({ t: "heartbeat", last_seq: 2 }, 0)), [{ t: "beat" }, { t: "resume", epoch: "a", after: 0 }]);
  },

  "a socket silent for two and a half heartbeats is let go"() {
    const [customer] = live();
    equal(customer.tick(37_000), []);
    equal(kinds(customer.tick(37_500)), ["drop", "state"]);
    equal(kinds(customer.tick(customer.due)), ["connect"]);
  },

  "1008, 1009 and 1000 stop; 1012, 1013 and a broken line come back"() {
    for (const code of [1000, 1008, 1009]) {
      const [customer] = live();
      customer.closed(code, 0);
      equal([customer.phase, customer.due], ["stopped", Infinity]);
      equal(kinds(customer.restart(0)), ["ticket"]);
    }
    for (const code of [1006, 1012, 1013]) {
      const [customer] = live();
      customer.closed(code, 0);
      equal(kinds(customer.tick(customer.due)), ["connect"]);
    }
  },

  "4001 gets a new ticket"() {
    const [customer] = live();
    customer.closed(4001, 0);
    equal(kinds(customer.tick(customer.due)), ["ticket"]);
  },

  "pauses grow while nothing stands, and begin anew after a settled connection"() {
    const customer = new Customer(() => 0.999999);
    live(customer);
    const pauses = [];
    for (let at = 0; at < 7; at += 1) {
      customer.closed(1006, 0);
      pauses.push(Math.round(customer.due / 1000));
      customer.tick(customer.due);
      customer.opened();
      customer.frame(welcome(), 0);
    }
    equal(pauses, [2, 4, 8, 16, 30, 30, 30]);
    customer.closed(1012, 20_000);
    equal(Math.round((customer.due - 20_000) / 1000), 2);
  },

  "waits as long as the server asks before another ticket"() {
    const customer = new Customer(() => 0);
    customer.start([], 0);
    customer.noTicket({ retry: true, after: 5_000 }, 0);
    equal(customer.due, 5_000);
    customer.tick(5_000);
    customer.noTicket({ retry: false }, 5_000);
    equal(customer.phase, "stopped");
  },

  "being looked at again does not wait out a pause"() {
    const [customer] = live();
    customer.closed(1006, 0);
    equal(kinds(customer.wake(1)), ["connect"]);
  },

  "a rewritten history is thrown away and fetched whole"() {
    const [customer] = live(undefined, { last_seq: 1 });
    customer.frame({ t: "batch", first: 1, last: 1, more: false, lines: [line(1)] }, 0);
    const effects = customer.frame({ t: "reset", epoch: "b" }, 0);
    equal(kinds(effects), ["reset", "send"]);
    equal(sent(effects), [{ t: "resume", epoch: "b", after: 0 }]);
    customer.closed(1012, 0);
    customer.tick(customer.due);
    customer.opened();
    equal(kinds(customer.frame(welcome({ epoch: "c" }), 0))[0], "reset");
  },

  "tells what was seen once, the highest number, and again after a new connection"() {
    const [customer] = live();
    equal(sent(customer.seen(3)), [{ t: "seen", seq: 3 }]);
    equal(sent(customer.seen(3)), []);
    equal(sent(customer.seen(2)), []);
    customer.closed(1012, 0);
    equal(sent(customer.seen(4)), []);
    customer.tick(customer.due);
    customer.opened();
    equal(sent(customer.frame(welcome(), 0)).at(-1), { t: "seen", seq: 4 });
  },

  "a refused message leaves the outbox, one refused for now stays"() {
    const [customer] = live();
    customer.put(entry("bad"));
    const refused = customer.frame({ t: "problem", code: "id_reuse", text: "no", cmid: "bad" }, 0);
    equal(refused, [["forget", "bad"], ["failed", "bad", "no"]]);
    customer.put(entry("later"));
    equal(kinds(customer.frame({ t: "problem", code: "store_failed", text: "", cmid: "later" }, 0)), ["drop", "state"]);
    customer.tick(customer.due);
    customer.opened();
    equal(sent(customer.frame(welcome(), 0)).at(-1).cmid, "later");
  },

  "lines tell the state even when every ephemeral is lost"() {
    const [customer] = live();
    const seen = [];
    const events = [
      notice(1, "queued", { place: 2, wait: 180, staffed: true, choices: ["stay", "bot", "contact"] }),
      notice(2, "bot_meanwhile", {}),
      notice(3, "agent_joined", { name: "Ingrid" }),
      notice(4, "agent_lost", {}),
      notice(5, "handed_back", { facts: {} }),
      notice(6, "queued", { place: 1, wait: 180, staffed: true, choices: [] }),
      notice(7, "left_queue", {}),
      notice(8, "closed", { by: "customer" }),
    ];
    for (const one of events) {
      customer.frame({ t: "event", line: one }, 0);
      seen.push(`${customer.mode}/${customer.owner}`);
    }
    equal(seen, ["waiting/nobody", "waiting/bot", "agent/agent", "waiting/nobody", "bot/bot", "waiting/nobody", "bot/bot", "closed/nobody"]);
    equal([customer.place, customer.wait, customer.agent], [1, 180, "Ingrid"]);
  },

  "a contact form ends a wait, and nothing else"() {
    const [customer] = live();
    const modes = ["queued", "contact_kept", "queued", "agent_joined", "contact_kept"].map((code, n) => {
      customer.frame({ t: "event", line: notice(n + 1, code, {}) }, 0);
      return customer.mode;
    });
    equal(modes, ["waiting", "bot", "waiting", "agent", "agent"]);
  },

  "old lines do not undo a newer state"() {
    const [customer] = live(undefined, { last_seq: 1, mode: "bot", owner: "bot" });
    customer.frame({ t: "batch", first: 1, last: 1, more: false, lines: [notice(1, "agent_joined", { name: "I" })] }, 0);
    equal(customer.mode, "bot");
  },

  "a line that began the wait and comes late does not undo the place told since"() {
    const [customer] = live();
    customer.frame({ t: "ephemeral", mode: "waiting", owner: "nobody" }, 0);
    customer.frame({ t: "ephemeral", place: 1, staffed: false }, 0);
    const event = (line) => customer.frame({ t: "event", line }, 0);
    event(notice(1, "queued", { place: 2, wait: 180, staffed: true, choices: [] }));
    equal([customer.place, customer.wait, customer.staffed], [1, null, false]);
    event(notice(2, "left_queue"));
    event(notice(3, "queued", { place: 4, wait: 60, staffed: true, choices: [] }));
    equal([customer.place, customer.wait, customer.staffed], [4, 60, true]);
  },

  "a place without an estimate means that nobody knows"() {
    const [customer] = live();
    customer.frame({ t: "ephemeral", place: 3, wait: 240, staffed: true }, 0);
    equal([customer.place, customer.wait], [3, 240]);
    customer.frame({ t: "ephemeral", place: 2, staffed: false }, 0);
    equal([customer.place, customer.wait, customer.staffed], [2, null, false]);
  },

  "history is told from what was just said, also across a broken line"() {
    const [customer] = live(undefined, { last_seq: 1 });
    const lines = (effects) => effects.filter(([kind]) => kind === "lines").map(([, l, fresh]) => [l.length, fresh]);
    equal(lines(customer.frame({ t: "batch", first: 1, last: 1, more: false, lines: [line(1)] }, 0)), [[1, false]]);
    customer.closed(1006, 0);
    customer.tick(customer.due);
    customer.opened();
    customer.frame(welcome({ last_seq: 2 }), 0);
    equal(lines(customer.frame({ t: "batch", first: 2, last: 2, more: false, lines: [line(2)] }, 0)), [[1, true]]);
  },

  "200 random schedules: each message stored once, each line shown once, in order"() {
    for (let seed = 1; seed <= 200; seed += 1) schedule(seed);
  },
};

/** A whole conversation over a wire that breaks at any point and loses what was on it. */
function schedule(seed) {
  const random = seeded(seed);
  const customer = new Customer(random);
  const stored = [];
  const shown = [];
  const forgotten = new Set();
  let [now, up, said, losing] = [0, false, 0, 0.1];
  const incoming = [];
  const store = (more) => {
    stored.push(line(stored.length + 1, more));
    if (up && random() >= losing) incoming.push({ t: "event", line: stored.at(-1) });
  };
  const serve = (frame) => {
    if (frame.t === "hello") incoming.push(welcome({ last_seq: stored.length }));
    if (frame.t === "resume") {
      const lines = stored.slice(frame.after);
      incoming.push({ t: "batch", first: frame.after + 1, last: stored.length, more: false, lines });
    }
    if (frame.t !== "send") return;
    let at = stored.findIndex(({ cmid }) => cmid === frame.cmid);
    if (at < 0) {
      at = stored.length;
      store({ author: "customer", cmid: frame.cmid });
    }
    incoming.push({ t: "ack", cmid: frame.cmid, seq: at + 1 });
  };
  const carry = (effects) => {
    for (const [kind, value] of effects) {
      if (kind === "ticket") carry(customer.ticket("t", now));
      if (kind === "connect") {
        up = true;
        carry(customer.opened());
      }
      if (kind === "drop") up = false;
      if (kind === "send" && up && random() >= losing) serve(value);
      if (kind === "lines") shown.push(...value.map(({ seq }) => seq));
      if (kind === "forget") forgotten.add(value);
    }
  };
  const cut = () => {
    incoming.length = 0;
    if (!up) return;
    up = false;
    carry(customer.closed(1006, now));
  };
  carry(customer.start([], now));
  for (let step = 0; step < 400; step += 1) {
    now += random() * 2_000;
    const dice = random();
    if (said < 20 && dice < 0.2) carry(customer.put(entry(`m${said++}`)));
    else if (dice < 0.3) store({});
    else if (dice < 0.36) cut();
    if (up && incoming.length && random() < 0.8) carry(customer.frame(incoming.shift(), now));
    carry(customer.tick(now));
  }
  // Calm at last: what was lost without a word comes with heartbeats and a reconnect.
  losing = 0;
  for (let calm = 0; calm < 40; calm += 1) {
    now += 15_000;
    if (calm === 20) cut();
    carry(customer.tick(now));
    if (up) incoming.push({ t: "heartbeat", last_seq: stored.length });
    while (up && incoming.length) carry(customer.frame(incoming.shift(), now));
  }
  equal(shown, stored.map(({ seq }) => seq), `seed ${seed}: shown`);
  const own = stored.filter(({ cmid }) => cmid).map(({ cmid }) => cmid);
  equal(new Set(own).size, said, `seed ${seed}: every message is there`);
  equal(own.length, said, `seed ${seed}: no message twice`);
  equal(forgotten.size, said, `seed ${seed}: the outbox is empty`);
}
