// Elements without markup: every word becomes a text node, so nothing a person wrote can run.

const SVG = "http://www.w3.org/2000/svg";

/** An element. Functions among the attributes are listeners; false and null leave one out. */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

/** A button of a class; without `click` it sends the form it stands in. */
export const button = (name, click, ...children) =>
  el("button", { type: click ? "button" : "submit", class: name, click }, ...children);

/** A 24 x 24 line drawing. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
