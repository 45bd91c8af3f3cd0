// Small drawings, one stroke wide. Decoration only: the words beside them carry the meaning.

import { html } from "./html.js";

const PATHS = {
  send: "M4 12.5 20 4l-5 16-3.5-6.5z M11.5 13.5 20 4",
  note: "M6 3.5h9l4 4v13H6z M15 3.5v4h4 M9 12h7 M9 15.5h5",
  transfer: "M4 9h14l-3.5-3.5 M20 15H6l3.5 3.5",
  bot: "M5 9.5h14v9H5z M12 9.5V6 M12 5.2v-.2 M9 13.5v1 M15 13.5v1 M2.8 13v2 M21.2 13v2",
  finish: "M6 21V4 M6 4.5c4-2 8 2 12.5 0v8.500c-4.500 2-8.500-2-12.500 0",
  settings:
    "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z M12 3.500v2.500 M12 18v2.500 M3.500 12H6 M18 12h2.500 M6 6l1.800 1.800 M16.200 16.200 18 18 M18 6l-1.800 1.800 M7.800 16.200 6 18",
  keyboard: "M3 7h18v11H3z M7 11h.01 M11 11h.01 M15 11h.01 M18 11h.01 M8 14.500h8",
  logout: "M10 4H5v16h5 M14 8l4 4-4 4 M18 12H9",
  check: "M5 12.500l4.500 4.500L19 7.500",
  cross: "M6 6l12 12 M18 6 6 18",
  guess: "M9 9.200a3 3 0 1 1 4.300 2.700c-.900.500-1.300 1-1.300 2 M12 17.200v.1",
  chevron: "M9 6l6 6-6 6",
  down: "M6 9l6 6 6-6",
  again: "M19 12a7 7 0 1 1-2.300-5.200 M19.500 4v4h-4",
  page: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17z M3.500 12h17 M12 3.500c3 3 3 14 0 17 M12 3.500c-3 3-3 14 0 17",
  eye: "M3 12c3-5 6-6.500 9-6.500s6 1.500 9 6.500c-3 5-6 6.500-9 6.500S6 17 3 12z M12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  front: "M5 12l7-7 7 7 M5 19l7-7 7 7",
  people: "M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z M3 19c.5-3.500 2.500-5 6-5s5.500 1.500 6 5 M15.500 5.200a3 3 0 0 1 0 5.600 M17 14.200c2.500.500 3.700 2 4 4.800",
  person: "M12 4.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z M5 20c.500-4 3-6 7-6s6.500 2 7 6",
  queue: "M4 6h16 M4 12h16 M4 18h10",
  chat: "M4 5h16v11H10l-4 3.500V16H4z",
  card: "M4 5h16v14H4z M8 9.500h8 M8 13h8 M8 16h4",
  tasks: "M5 5h14v15H5z M9 3.500h6v3H9z M8.500 13l2.300 2.300 4.200-4.800",
};

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d=${PATHS[name]} />
  </svg>`;
}

export function Mark() {
  return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <g transform="rotate(-38 16 16)">
      <rect class="mark-tail" x="2.500" y="12" width="27" height="8" rx="4" />
      <path class="mark-head" d="M6.500 12H19v8H6.500a4 4 0 0 1 0-8z" />
    </g>
  </svg>`;
}

// How much of a whole is used, drawn as a baton that fills. `tone` is calm, soon or late.
export function Baton({ share, tone }) {
  const width = Math.max(4, Math.min(1, share) * 100);
  return html`<svg
    class=${`baton ${tone}`}
    viewBox="0 0 100 4"
    preserveAspectRatio="none"
    aria-hidden="true"
    focusable="false"
  >
    <rect class="baton-track" width="100" height="4" />
    <rect class="baton-fill" width=${width} height="4" />
  </svg>`;
}
