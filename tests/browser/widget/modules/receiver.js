import { HOLD, Receiver } from "/web/shared/receiver.js";
import { equal, ok, seeded } from "./check.js";

const line = (seq) => ({ seq });
const seqs = (lines) => lines.map(({ seq }) => seq);
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, at) => line(first + at));

/** What a careless page does: shows whatever comes. */
class Careless extends Receiver {
  take(one) {
    this.known = Math.max(this.known, one.seq);
    this.next = Math.max(this.next, one.seq + 1);
    return [one];
  }
}

/** A server with `total` lines over a wire that drops, doubles and reorders events. */
function play(receiver, random, total) {
  const shown = [];
  receiver.begin("a", 0);
  const events = [];
  for (let seq = 1; seq <= total; seq += 1)
    for (let copies = Math.floor(random() * 3); copies > 0; copies -= 1) events.push(seq);
  for (let at = 0; at < events.length; at += 1) {
    const other = Math.min(events.length - 1, at + Math.floor(random() * 6));
    [events[at], events[other]] = [events[other], events[at]];
  }
  const fetch = () => {
    const after = receiver.lacks();
    if (after === null || random() < 0.3) return;
    const last = Math.min(total, after + 1 + Math.floor(random() * 5));
    shown.push(...seqs(receiver.batch({ first: after + 1, last, more: false, lines: range(after + 1, last) })));
  };
  for (const seq of events) {
    shown.push(...seqs(receiver.take(line(seq))));
    fetch();
  }
  for (let beat = 0; beat < 10 * total && receiver.next <= total; beat += 1) {
    receiver.heard(total);
    fetch();
  }
  return shown;
}

const whole = (shown, total) => JSON.stringify(shown) === JSON.stringify(seqs(range(1, total)));

export const tests = {
  "shows in order and drops what is below next"() {
    const receiver = new Receiver();
    receiver.begin("a", 0);
    equal(seqs(receiver.take(line(1))), [1]);
    equal(seqs(receiver.take(line(1))), []);
    equal(seqs(receiver.take(line(2))), [2]);
    equal(receiver.next, 3);
  },

  "holds what is above next and shows it when the hole is filled"() {
    const receiver = new Receiver();
    receiver.begin("a", 0);
    equal(seqs(receiver.take(line(3))), []);
    equal(receiver.lacks(), 0);
    equal(receiver.lacks(), null, "the range is asked for once:");
    equal(seqs(receiver.batch({ first: 1, last: 2, more: false, lines: range(1, 2) })), [1, 2, 3]);
    equal(receiver.lacks(), null);
  },

  "holds at most 256 lines and fetches the rest again"() {
    const receiver = new Receiver();
    receiver.begin("a", 0);
    for (const one of range(2, HOLD + 100)) receiver.take(one);
    equal(seqs(receiver.take(line(1))).length, HOLD + 1);
    equal(receiver.lacks(), HOLD + 1);
  },

  "a heartbeat above what is shown asks for the gap, and asks again when nothing came"() {
    const receiver = new Receiver();
    receiver.begin("a", 0);
    receiver.heard(4);
    equal(receiver.lacks(), 0);
    receiver.heard(4);
    equal(receiver.lacks(), 0);
  },

  "another epoch empties it, the same one goes on"() {
    const receiver = new Receiver();
    receiver.begin("a", 2);
    receiver.batch({ first: 1, last: 2, more: false, lines: range(1, 2) });
    equal(receiver.begin("a", 2), false);
    equal(receiver.next, 3);
    equal(receiver.begin("b", 1), true);
    equal(receiver.next, 1);
    equal(seqs(receiver.take(line(1))), [1]);
  },

  "a batch above a hole is held, also while the hole is asked for"() {
    const receiver = new Receiver();
    receiver.begin("a", 6);
    receiver.batch({ first: 1, last: 2, more: false, lines: range(1, 2) });
    equal(receiver.lacks(), 2);
    equal(seqs(receiver.batch({ first: 5, last: 6, more: true, lines: range(5, 6) })), []);
    equal(seqs(receiver.batch({ first: 3, last: 6, more: false, lines: range(3, 6) })), [3, 4, 5, 6]);
    equal(receiver.lacks(), null);
  },

  "a batch in parts is shown in parts"() {
    const receiver = new Receiver();
    receiver.begin("a", 5);
    receiver.ask();
    equal(seqs(receiver.batch({ first: 1, last: 3, more: true, lines: range(1, 3) })), [1, 2, 3]);
    equal(receiver.lacks(), null, "the rest is on its way:");
    equal(seqs(receiver.batch({ first: 4, last: 5, more: false, lines: range(4, 5) })), [4, 5]);
  },

  "500 random wires: every line once, in order"() {
    for (let seed = 1; seed <= 500; seed += 1) {
      const shown = play(new Receiver(), seeded(seed), 40);
      ok(whole(shown, 40), `seed ${seed} showed ${shown}`);
    }
  },

  "the check itself catches a page without the number rule"() {
    let caught = 0;
    for (let seed = 1; seed <= 50; seed += 1) if (!whole(play(new Careless(), seeded(seed), 40), 40)) caught += 1;
    ok(caught > 45, `only ${caught} of 50 were caught`);
  },
};
