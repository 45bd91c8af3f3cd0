// The one script of a client's site:
//   <script src="https://chat.example/widget.js" data-client="heimbud" defer></script>
// It draws the launcher and no more. Nothing is asked of any server and nothing is stored until the
// customer opens the chat; in a tab where it was open, it comes back by itself after a reload.
// Also understood: data-primary="#0b5d4e" (the launcher's colour), data-language, data-label.
(() => {
  "use strict";

  const script = document.currentScript;
  const { client, primary, language, label } = script?.dataset ?? {};
  const NAME = "stafett-widget";
  const INK = "#24443c";
  const WORDS = {
    nb: ["Chat med oss", "Fikk ikke åpnet chatten. Prøv igjen."],
    nn: ["Chat med oss", "Fekk ikkje opna chatten. Prøv igjen."],
    en: ["Chat with us", "Could not open the chat. Try again."],
  };

  /** What the launcher says, and what when it fails. */
  const words = WORDS[(language ?? document.documentElement.lang).slice(0, 2)] ?? WORDS.nb;

  const CSS = `
:host{all:initial;color-scheme:light dark;--paper:#fcfbf8;--brand:${INK};--on:#fff;
  font:400 medium/1.5 -apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif}
[hidden]{display:none!important}
.launcher,.trouble{position:fixed;z-index:2147483000;right:max(20px,env(safe-area-inset-right));bottom:max(20px,env(safe-area-inset-bottom));
  display:flex;align-items:center;gap:10px;min-height:56px;margin:0;padding:0 22px 0 18px;border:2px solid #fff;border-radius:30px;
  background:var(--brand);color:var(--on);font:inherit;font-weight:600;box-shadow:0 10px 28px -8px #0008;cursor:pointer;transition:transform .2s}
.launcher:hover{transform:translateY(-2px)}
.launcher:focus-visible{outline:3px solid #14201c;outline-offset:1px}
.launcher[aria-busy] svg{opacity:.5}
.launcher svg{width:26px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.badge{position:absolute;top:-8px;right:-4px;min-width:24px;padding:2px;box-sizing:border-box;border-radius:12px;background:#b3261e;color:#fff;font-size:.8125em;text-align:center}
.trouble{bottom:92px;max-width:220px}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media print{:host{display:none}}`;

  const SVG = "http://www.w3.org/2000/svg";
  const MARK = "M12 3.5c5 0 9 3.3 9 7.6s-4 7.6-9 7.6c-1 0-2-.1-2.9-.4L4.5 20.5l.9-4C3.9 15.1 3 13.2 3 11.1c0-4.3 4-7.6 9-7.6zM9 12.4l6-2.6";

  function element(tag, attributes = {}) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  }

  function mark() {
    const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS(SVG, tag));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", MARK);
    svg.append(path);
    return svg;
  }

  /** White or black, whichever can be read on a #rrggbb colour. */
  function on(colour) {
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18 ? "#fff" : "#000";
  }

  const kept = (key) => {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  };

  class StafettWidget extends HTMLElement {
    #root = this.attachShadow({ mode: "open" });
    #launcher = element("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" });
    #label = element("span");
    #badge = element("span", { class: "badge", "aria-hidden": "true", hidden: "" });
    #trouble = element("p", { class: "trouble", role: "status", hidden: "" });
    #panel = null;
    #tries = 0;

    connectedCallback() {
      if (this.#launcher.isConnected) return;
      const sheet = new CSSStyleSheet();
      const own = /^#[0-9a-f]{6}$/i.test(primary) ? `:host{--brand:${primary};--on:${on(primary)}}` : "";
      sheet.replaceSync(CSS + own);
      this.#root.adoptedStyleSheets = [sheet];
      this.#label.textContent = label ?? words[0];
      this.#launcher.append(mark(), this.#label, this.#badge);
      this.#launcher.addEventListener("click", () => this.open());
      this.#root.append(this.#launcher, this.#trouble);
      // What is typed here is none of the page's keyboard shortcuts' business.
      for (const kind of ["keydown", "keyup", "keypress"]) this.addEventListener(kind, (event) => event.stopPropagation());
      const before = kept(`stafett:${client}:open`);
      if (before === "1") this.open(false);
      else if (before) this.#load();
    }

    /** Open the chat; `focus` false leaves the focus where it is. */
    async open(focus = true) {
      const panel = await this.#load();
      if (!panel) return;
      this.#launcher.hidden = true;
      this.#launcher.ariaExpanded = "true";
      panel.open(focus);
    }

    async #load() {
      this.#trouble.hidden = true;
      this.#launcher.ariaBusy = "true";
      try {
        // Some browsers remember a failed import for the life of the page: ask by another name.
        const url = new URL("widget/panel.js", script.src);
        if (this.#tries) url.search = this.#tries;
        const { Panel } = await import(url);
        this.#panel ??= new Panel({
          root: this.#root,
          client,
          api: url.origin,
          language,
          changed: (...news) => this.#changed(...news),
          closed: () => this.#closed(),
        });
      } catch (error) {
        this.#tries += 1;
        console.warn("Stafett: the chat could not be loaded.", error);
        this.#trouble.textContent = words[1];
        this.#trouble.hidden = false;
      }
      this.#launcher.ariaBusy = null;
      return this.#panel;
    }

    #changed(unread, said) {
      this.#badge.textContent = unread;
      this.#badge.hidden = !unread;
      this.#launcher.ariaLabel = unread ? `${this.#label.textContent}, ${said}` : null;
    }

    #closed() {
      this.#launcher.hidden = false;
      this.#launcher.ariaExpanded = "false";
      this.#launcher.focus();
    }
  }

  /** Registration, apart from the class: once a page, for the script that stands in it. */
  function register() {
    if (!client) throw new Error('Stafett: the script tag needs data-client="…", your client id.');
    if (customElements.get(NAME)) return;
    customElements.define(NAME, StafettWidget);
    const place = () => document.body.append(element(NAME));
    if (document.body) place();
    else addEventListener("DOMContentLoaded", place);
  }

  register();
})();
