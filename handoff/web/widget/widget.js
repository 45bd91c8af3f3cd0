// The one script of a client's site:
//   <script src="https://chat.example/widget.js" data-client="heimbud" defer></script>
// It draws the launcher and no more. Nothing is asked of any server and nothing is stored until the
// customer opens the chat; in a tab where it was open, it comes back by itself after a reload.
// Also understood: data-primary="#0b5d4e" (the launcher's colour), data-language, data-label.
(() => {
  "use strict";

  const NAME = "stafett-widget";
  const INK = "#24443c";
  const WORDS = {
    nb: { open: "Chat med oss", failed: "Fikk ikke åpnet chatten. Prøv igjen." },
    nn: { open: "Chat med oss", failed: "Fekk ikkje opna chatten. Prøv igjen." },
    en: { open: "Chat with us", failed: "Could not open the chat. Try again." },
  };

  const CSS = `
:host{all:initial;--paper:#fcfbf8;--brand:${INK};--on:#fff;--accent:#b4430c;
  font:400 medium/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,Ubuntu,Cantarell,"Noto Sans","Liberation Sans",Arial,system-ui,sans-serif;
  color-scheme:light dark;-webkit-text-size-adjust:100%;text-size-adjust:100%}
[hidden]{display:none!important}
.launcher{position:fixed;z-index:2147483000;right:max(20px,env(safe-area-inset-right));bottom:max(20px,env(safe-area-inset-bottom));
  display:flex;align-items:center;gap:10px;min-width:56px;min-height:56px;padding:0 22px 0 18px;box-sizing:border-box;
  border:0;border-radius:28px;outline:2px solid #fff;outline-offset:0;background:var(--brand);color:var(--on);
  font:inherit;font-weight:600;line-height:1.2;letter-spacing:.005em;cursor:pointer;
  box-shadow:0 1px 2px #0003,0 10px 28px -8px #0006;transition:transform .2s,box-shadow .2s}
.launcher:hover{transform:translateY(-2px);box-shadow:0 2px 4px #0003,0 16px 34px -10px #0007}
.launcher:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #14201c}
.launcher[aria-busy=true]{cursor:progress}
.launcher svg{width:26px;height:26px;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.launcher .baton{stroke-width:3}
.launcher[aria-busy=true] .baton{animation:pass .9s ease-in-out infinite alternate}
.badge{position:absolute;top:-6px;right:-4px;min-width:22px;height:22px;padding:0 6px;box-sizing:border-box;border-radius:11px;
  background:#b3261e;color:#fff;box-shadow:0 0 0 2px #fff;font-size:.8125em;font-weight:700;line-height:22px;text-align:center}
.trouble{position:fixed;z-index:2147483000;right:20px;bottom:88px;max-width:260px;margin:0;padding:12px 16px;border-radius:14px;
  background:#14201c;color:#fff;font-size:.9375em;box-shadow:0 8px 24px -8px #0008}
@keyframes pass{from{transform:translateX(-2px)}to{transform:translateX(3px)}}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media (forced-colors:active){.launcher{border:2px solid}}
@media print{:host{display:none}}`;

  const SVG = "http://www.w3.org/2000/svg";

  function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  function mark() {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const paths = [
      ["", "M12 3.5c5 0 9 3.3 9 7.6s-4 7.6-9 7.6c-1 0-2-.1-2.9-.4L4.5 20.5l.9-4C3.9 15.1 3 13.2 3 11.1c0-4.3 4-7.6 9-7.6z"],
      ["baton", "M9 12.4 15 9.800"],
    ];
    for (const [name, shape] of paths) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", name);
      path.setAttribute("d", shape);
      svg.append(path);
    }
    return svg;
  }

  /** White or black, whichever can be read on a #rrggbb colour. */
  function on(colour) {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
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
    #label = element("span", {});
    #badge = element("span", { class: "badge", hidden: "" });
    #trouble = element("p", { class: "trouble", role: "status", hidden: "" });
    #panel = null;
    #tries = 0;

    connectedCallback() {
      if (this.#launcher.isConnected) return;
      const sheet = new CSSStyleSheet();
      const primary = this.getAttribute("primary") ?? "";
      const own = /^#[0-9a-f]{6}$/i.test(primary) ? `:host{--brand:${primary};--on:${on(primary)}}` : "";
      sheet.replaceSync(CSS + own);
      this.#root.adoptedStyleSheets = [sheet];
      this.#label.textContent = this.getAttribute("label") ?? this.#words().open;
      this.#launcher.append(mark(), this.#label, this.#badge);
      this.#launcher.addEventListener("click", () => this.open());
      this.#root.append(this.#launcher, this.#trouble);
      // What is typed here is none of the page's keyboard shortcuts' business.
      for (const kind of ["keydown", "keyup", "keypress"]) this.addEventListener(kind, (event) => event.stopPropagation());
      const before = kept(`stafett:${this.getAttribute("client")}:open`);
      if (before === "1") this.open(false);
      else if (before) this.#load();
    }

    /** Open the chat; `focus` false leaves the focus where it is. */
    async open(focus = true) {
      const panel = await this.#load();
      if (!panel) return;
      this.#launcher.hidden = true;
      this.#launcher.setAttribute("aria-expanded", "true");
      panel.open(focus);
    }

    async #load() {
      this.#trouble.hidden = true;
      this.#launcher.setAttribute("aria-busy", "true");
      try {
        // Some browsers remember a failed import for the life of the page: ask by another name.
        const url = new URL("widget/panel.js", this.getAttribute("base"));
        if (this.#tries) url.search = this.#tries;
        const { Panel } = await import(url.href);
        this.#panel ??= new Panel({
          root: this.#root,
          client: this.getAttribute("client"),
          api: new URL(this.getAttribute("base")).origin,
          language: this.getAttribute("language"),
          changed: (news) => this.#changed(news),
          closed: () => this.#closed(),
        });
      } catch (error) {
        this.#tries += 1;
        console.error("Stafett: the chat could not be loaded.", error);
        this.#trouble.textContent = this.#words().failed;
        this.#trouble.hidden = false;
      }
      this.#launcher.removeAttribute("aria-busy");
      return this.#panel;
    }

    #words() {
      const page = (this.getAttribute("language") ?? document.documentElement.lang).slice(0, 2);
      return WORDS[page] ?? WORDS.nb;
    }

    #changed({ unread, label }) {
      this.#badge.textContent = unread > 99 ? "99+" : unread;
      this.#badge.hidden = !unread;
      this.#badge.setAttribute("aria-hidden", "true");
      if (label) this.#launcher.setAttribute("aria-label", `${this.#label.textContent}, ${label}`);
      else this.#launcher.removeAttribute("aria-label");
    }

    #closed() {
      this.#launcher.hidden = false;
      this.#launcher.setAttribute("aria-expanded", "false");
      this.#launcher.focus();
    }
  }

  /** Registration, apart from the class: once a page, for the script that stands in it. */
  function register(script) {
    if (!script?.dataset.client) {
      console.error('Stafett: write <script src="…/widget.js" data-client="…" defer></script> with your client id.');
      return;
    }
    if (customElements.get(NAME)) return;
    customElements.define(NAME, StafettWidget);
    const { client, primary, language, label } = script.dataset;
    const given = Object.entries({ client, primary, language, label, base: script.src });
    const attributes = Object.fromEntries(given.filter(([, value]) => value));
    const place = () => document.body.append(element(NAME, attributes));
    if (document.body) place();
    else addEventListener("DOMContentLoaded", place);
  }

  register(document.currentScript);
})();
