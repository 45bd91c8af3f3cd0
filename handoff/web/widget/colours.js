// A client's colours, made safe to read: whatever the client chose, text keeps 4.5 : 1.

const PAPER = { light: "#fcfbf8", dark: "#161a19" };
const TEXT = 4.5;
const SHAPE = 1.5;

const parse = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const format = (rgb) => "#" + rgb.map((c) => Math.round(c).toString(16).padStart(2, "0")).join("");
const valid = (hex) => /^#[0-9a-f]{6}$/i.test(hex ?? "");

function luminance(hex) {
  const [r, g, b] = parse(hex).map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function mix(a, b, share) {
  const [from, to] = [parse(a), parse(b)];
  return format(from.map((c, at) => c + (to[at] - c) * share));
}

/** `colour`, moved towards black or white as little as needed to stand out from `ground`. */
export function standingOut(colour, ground, least) {
  const pole = luminance(ground) > 0.18 ? "#000000" : "#ffffff";
  for (let share = 0; share < 1; share += 0.05) {
    const moved = mix(colour, pole, share);
    if (contrast(moved, ground) >= least) return moved;
  }
  return pole;
}

/** Text on `ground`: the wish if it can be read, else black or white. */
export function readable(wish, ground) {
  if (valid(wish) && contrast(wish, ground) >= TEXT) return wish;
  return contrast("#ffffff", ground) >= TEXT ? "#ffffff" : "#000000";
}

function side(name, { primary, on_primary, accent }) {
  const paper = PAPER[name];
  // A bubble of the bot lies a little off the paper; links must be read on it too.
  const mist = mix(paper, name === "light" ? "#000000" : "#ffffff", 0.06);
  const brand = standingOut(primary, paper, SHAPE);
  return `--paper:${paper};--brand:${brand};--on:${readable(on_primary, brand)};\
--link:${standingOut(primary, mist, TEXT)};--accent:${standingOut(accent, paper, 3)};`;
}

/** Custom properties of the shadow root for both colour schemes, as a style sheet's text. */
export function palette(colours) {
  const safe = {
    primary: valid(colours.primary) ? colours.primary : "#24443c",
    on_primary: colours.on_primary,
    accent: valid(colours.accent) ? colours.accent : colours.primary,
  };
  if (!valid(safe.accent)) safe.accent = safe.primary;
  return `:host{${side("light", safe)}}
@media (prefers-color-scheme:dark){:host{${side("dark", safe)}}}`;
}
