// The client companies' colours as a style sheet: no style attribute, which the policy forbids.

const COLOUR = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;
const CLIENT = /^[a-z][a-z0-9-]{1,30}$/;

export function clientSheet(clients) {
  const sheet = new CSSStyleSheet();
  for (const { id, colours } of clients) {
    const { primary, on_primary: onPrimary, accent } = colours ?? {};
    if (!CLIENT.test(id) || ![primary, onPrimary, accent].every((one) => COLOUR.test(one))) continue;
    sheet.insertRule(
      `[data-client="${id}"] { --client: ${primary}; --on-client: ${onPrimary}; --client-accent: ${accent}; }`,
    );
  }
  return sheet;
}
