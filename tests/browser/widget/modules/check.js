// The few checks that the module tests need, and a random source that can be repeated.

export function equal(got, wanted, what = "") {
  const [g, w] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (g !== w) throw new Error(`${what} got ${g}, wanted ${w}`);
}

export function ok(truth, what) {
  if (!truth) throw new Error(what);
}

/** mulberry32: 32-bit seed to numbers in [0, 1). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
