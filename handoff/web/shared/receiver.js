// What a page does with numbered lines that may come twice, too early or with holes between.
// Pure: no document, no socket, no clock.

/** Lines held above a hole; what comes beyond is fetched again with the hole. */
export const HOLD = 256;

export class Receiver {
  epoch = null;
  /** The number that may be shown next. */
  next = 1;
  /** The highest number heard of. */
  known = 0;
  #held = new Map();
  #asked = false;

  /** A connection stands. True when the history is another one: throw away what is shown. */
  begin(epoch, last = 0) {
    const other = this.epoch !== null && this.epoch !== epoch;
    if (other) this.restart(epoch);
    this.epoch = epoch;
    this.known = last;
    this.#asked = false;
    return other;
  }

  /** History was rewritten: everything comes anew from 1. */
  restart(epoch) {
    this.epoch = epoch;
    this.next = 1;
    this.known = 0;
    this.#held.clear();
    this.#asked = false;
  }

  /** One line. Returns the lines that may be shown now, in order. */
  take(line) {
    this.known = Math.max(this.known, line.seq);
    if (line.seq > this.next && this.#held.size < HOLD) this.#held.set(line.seq, line);
    return line.seq === this.next ? [line, ...this.#pass(line.seq + 1)] : [];
  }

  /** The answer to a fetch, or several new lines: like one line after the other. */
  batch({ more, lines }) {
    const ready = lines.flatMap((line) => this.take(line));
    if (!more) this.#asked = false;
    return ready;
  }

  /** A heartbeat's number. A fetch that got no answer since the last one may be asked again. */
  heard(last) {
    this.known = Math.max(this.known, last);
    this.#asked = false;
  }

  /** Fetch from here: the number to resume after. */
  ask() {
    this.#asked = this.known >= this.next;
    return this.next - 1;
  }

  /** The number to resume after, or null when nothing lacks or it is on its way. */
  lacks() {
    return this.#asked || this.known < this.next ? null : this.ask();
  }

  #pass(next) {
    const ready = [];
    this.next = next;
    for (let line; (line = this.#held.get(this.next)); this.next += 1) {
      this.#held.delete(this.next);
      ready.push(line);
    }
    return ready;
  }
}
