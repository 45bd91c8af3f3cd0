// When to come back after a connection ended. The close codes are those of protocol/codes.py.

export const NEW_TICKET = 4001;
const STOP = [1000, 1008, 1009];

/** Whether a page may connect again after this close code. */
export const mayRetry = (code) => !STOP.includes(code);

/** Full jitter, in milliseconds: 0.5 s to a ceiling that doubles from 2 s to 30 s. */
export function pause(attempt, random = Math.random) {
  const ceiling = Math.min(30_000, 2_000 * 2 ** Math.min(attempt, 10));
  return 500 + random() * (ceiling - 500);
}
