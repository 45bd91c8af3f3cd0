// What people and bots wrote, as text nodes and safe links.

// Addresses are ASCII only, so no direction mark or look-alike letter hides in a link.
const LINK =
  /https:\/\/[!-~]+|(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+|tel:\+?[\d-]{3,20}|\+\d{2}(?: ?\d){8}(?!\d)/gi;

function address(found) {
  if (/^https:/i.test(found)) {
    try {
      const url = new URL(found);
      // "https://bank.no@elsewhere.example" reads as the bank.
      return url.protocol === "https:" && !url.username && !url.password ? url.href : null;
    } catch {
      return null;
    }
  }
  if (/^tel:/i.test(found)) return found;
  if (found.includes("@")) return `mailto:${found.replace(/^mailto:/i, "")}`;
  return `tel:${found.replace(/ /g, "")}`;
}

/** A fragment with `text` shown literally; https, e-mail and telephone addresses become links. */
export function linked(text) {
  const fragment = document.createDocumentFragment();
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const found = match[0].replace(/[.,:;!?'")\]}>]+$/, "");
    const href = address(found);
    if (!href) continue;
    const link = document.createElement("a");
    link.href = href;
    link.rel = "noopener noreferrer";
    if (href.startsWith("https:")) link.target = "_blank";
    link.textContent = found;
    fragment.append(text.slice(from, match.index), link);
    from = match.index + found.length;
  }
  fragment.append(text.slice(from));
  return fragment;
}

/** Text that JSON and every database can carry: no lone surrogates, no control characters. */
export const sendable = (text) =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .trim();
