// Random ids. `crypto.randomUUID` is not there on plain http, `getRandomValues` is.

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** 128 random bits as 32 hex digits. */
export const secret = () => hex(crypto.getRandomValues(new Uint8Array(16)));

/** A random UUID (version 4): the sender's own id of one message. */
export function cmid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
