import { mayRetry, NEW_TICKET, pause } from "/web/shared/retry.js";
import { equal, ok } from "./check.js";

export { mayRetry, NEW_TICKET };

export const tests = {
  "a pause lies between half a second and thirty"() {
    for (let attempt = 0; attempt < 40; attempt += 1) {
      equal(pause(attempt, () => 0), 500);
      ok(pause(attempt, () => 0.999999) <= 30_000, `attempt ${attempt}`);
    }
    ok(pause(9, () => 0.999999) > 29_000, "it grows to thirty seconds");
    ok(pause(0, () => 0.999999) <= 2_000, "the first one is short");
  },
};
