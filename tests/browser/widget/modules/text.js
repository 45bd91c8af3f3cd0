import { linked, sendable } from "/web/shared/text.js";
import { cmid, secret } from "/web/shared/ids.js";
import { equal, ok } from "./check.js";

function shown(text) {
  const host = document.createElement("div");
  host.append(linked(text));
  return { text: host.textContent, links: [...host.querySelectorAll("a")].map((a) => a.href), all: host.querySelectorAll("*") };
}

export const tests = {
  "markup stays text"() {
    const evil = '<img src=x onerror="alert(1)"><script>alert(1)</script>{{7*7}} ${7*7}';
    const { text, all } = shown(evil);
    equal(text, evil);
    equal(all.length, 0);
  },

  "only https, mail and telephone addresses become links"() {
    const { text, links } = shown("https://post.no/a?b=1, javascript:alert(1) data:text/html,x http://x.no ftp://x.no a.b@c.no +47 55 50 12 30 tel:+4755501230.");
    equal(links, ["https://post.no/a?b=1", "mailto:a.b@c.no", "tel:+4755501230", "tel:+4755501230"]);
    ok(text.endsWith("tel:+4755501230."), "the words are whole");
  },

  "a link opens elsewhere without a way back"() {
    const link = linked("https://post.no").querySelector("a");
    ok(link.rel.split(" ").includes("noopener"), link.rel);
    equal(link.target, "_blank");
  },

  "an address that hides another behind a name is no link"() {
    equal(shown("https://bank.no@evil.example/").links.filter((href) => href.startsWith("https")), []);
  },

  "direction marks and zero-width characters stay, and end a link"() {
    const text = "https://post.no/\u202egpj.exe a\u200bb";
    const out = shown(text);
    equal(out.text, text);
    equal(out.links, ["https://post.no/"]);
  },

  "what is sent has no half characters and no control characters"() {
    equal(sendable("  a\r\nb\u0000\u0007c \ud83d x \ude00 😀\t!  "), "a\nbc \ufffd x \ufffd 😀\t!");
    equal(sendable(" \n "), "");
  },

  "ids have the forms of the wire and differ"() {
    ok(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(cmid()), cmid());
    ok(/^[0-9a-f]{32}$/.test(secret()), secret());
    equal(new Set(Array.from({ length: 1000 }, cmid)).size, 1000);
  },
};
