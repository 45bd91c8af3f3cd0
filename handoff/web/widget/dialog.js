// The panel's frame: beside the page on a desk, a sheet over all of it on a phone.

import { el } from "../shared/dom.js";

const SMALL = matchMedia("(max-width: 480px), (max-height: 480px)");

export class Dialog {
  element = el("dialog", { class: "panel", "aria-labelledby": "title", "aria-describedby": "intro", tabindex: -1 });

  /** `leave()` is called when the person closes it. */
  constructor(leave) {
    this.element.addEventListener("cancel", (event) => {
      event.preventDefault();
      leave();
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      leave();
    });
    SMALL.addEventListener("change", () => this.isOpen && this.#show());
    for (const kind of ["resize", "scroll"])
      window.visualViewport?.addEventListener(kind, () => this.#fit());
  }

  get isOpen() {
    return this.element.open;
  }

  get small() {
    return SMALL.matches;
  }

  /** Show it; `focus` false leaves the focus where it is, as far as the browser allows. */
  open(focus) {
    this.#show();
    if (focus) this.element.focus();
  }

  close() {
    this.element.close();
  }

  #show() {
    const focused = this.element.getRootNode().activeElement;
    if (this.element.open) this.element.close();
    // A modal dialog keeps keyboard and screen reader out of the page that it covers.
    if (SMALL.matches) this.element.showModal();
    else this.element.open = true;
    if (this.element.contains(focused)) focused.focus();
    this.#fit();
  }

  /** Phones lay the keyboard over the page: keep to the part that is seen, unless zoomed in. */
  #fit() {
    const view = window.visualViewport;
    if (!view) return;
    const zoomed = view.scale > 1.01;
    this.element.style.setProperty("--top", zoomed ? "0px" : `${view.offsetTop}px`);
    this.element.style.setProperty("--height", zoomed ? "100dvh" : `${view.height}px`);
  }
}
