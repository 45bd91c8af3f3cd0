// A client's colours, made safe to read: whatever the client chose, text keeps 4.5 : 1.

const PAPER = { light: "#fcfbf8", dark: "#161a19" };
const TEXT = 4.5;
const SHAPE = 1.5;

const parse = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function luminance(hex) {
  const [r, g, b] = parse(hex).map((c) => (c <= 10 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
}

/** WCAG contrast of two colours #rrggbb, 1 to 21. */
export function contrast(a, b) {
  const ratio = luminance(a) / luminance(b);
  return Math.max(ratio, 1 / ratio);
}

function mix(a, b, share) {
  const to = parse(b);
  const mixed = parse(a).map((c, at) => Math.round(c + (to[at] - c) * share));
  return "#" + mixed.map((c) => c.toString(16).padStart(2, "0")).join("");
}

/** White or black, whichever can be read better on `ground`. */
const pole = (ground) => (contrast("#ffffff", ground) >= TEXT ? "#ffffff" : "#000000");

/** `colour`, moved towards black or white as little as needed to stand out from `ground`. */
export function standingOut(colour, ground, least) {
  let share = 0;
  while (share < 1 && contrast(mix(colour, pole(ground), share), ground) < least) share += 0.05;
  return mix(colour, pole(ground), Math.min(share, 1));
}

/** Text on `ground`: the wish if it can be read, else black or white. */
export const readable = (wish, ground) => (contrast(wish, ground) >= TEXT ? wish : pole(ground));

/** Custom properties of the shadow root for one colour scheme, light or dark. */
function properties(scheme, { primary, on_primary, accent }) {
  const paper = PAPER[scheme];
  // A bubble of the bot lies a little off the paper; links must be read on it too.
  const mist = mix(paper, pole(paper), 0.06);
  const brand = standingOut(primary, paper, SHAPE);
  const mark = standingOut(accent, paper, TEXT);
  return `:host{--paper:${paper};--mist:${mist};--brand:${brand};--on:${readable(on_primary, brand)};\
--link:${standingOut(primary, mist, TEXT)};--accent:${mark}}`;
}

/** The style sheet of a client's colours {primary, on_primary, accent}, all #rrggbb. */
export function palette(colours) {
  if (!Object.values(colours).every((colour) => /^#[0-9a-f]{6}$/i.test(colour))) return "";
  return `${properties("light", colours)}@media (prefers-color-scheme:dark){${properties("dark", colours)}}`;
}
