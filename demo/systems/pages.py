"""The pages for people: the numbers to try, and the API described. No scripts."""

from __future__ import annotations

from html import escape
from typing import Any

from demo.systems.world import Company, Record, World

STYLE = """
:root{color-scheme:light dark;--ink:#1d2523;--soft:#5a6663;--line:#d9dfdc;--back:#fbfaf7;
--card:#fff;--mark:#0b5d4e}
@media(prefers-color-scheme:dark){:root{--ink:#e8ece9;--soft:#a5b0ac;--line:#38423f;
--back:#161b19;--card:#1e2523;--mark:#6fcdb6}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:2rem 1.25rem 4rem;background:var(--back);
color:var(--ink);font:16px/1.55 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .5rem}h2{margin:2.5rem 0 .75rem;font-size:1.25rem}
h3{margin:1.5rem 0 .5rem;font-size:1rem}p{max-width:44rem;color:var(--soft);margin:.25rem 0 1rem}
a{color:var(--mark)}code{font:.92em ui-monospace,"DejaVu Sans Mono",monospace;
overflow-wrap:anywhere}
.wide{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem;background:var(--card)}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.5rem .75rem;
border-bottom:1px solid var(--line);vertical-align:top}tr:last-child td{border-bottom:0}
th{font-size:.85rem;color:var(--soft);font-weight:600}
details{border:1px solid var(--line);border-radius:.5rem;background:var(--card);
margin:.5rem 0;padding:.6rem .9rem}summary{cursor:pointer}
b.verb{display:inline-block;min-width:3.6rem;color:var(--mark)}
pre{white-space:pre-wrap;margin:.5rem 0 0;font:.85rem/1.5 ui-monospace,"DejaVu Sans Mono",monospace}
"""


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"></head>'
        f"<body><main>{body}</main></body></html>"
    )


def index(world: World) -> str:
    """Every number that can be tried, with what it stands for today."""
    made = (
        "<p><strong>Deterministic:</strong> every other well-formed number answers too.</p>"
        if world.deterministic
        else ""
    )
    return _page(
        "Demo numbers",
        "<h1>Demo numbers</h1><p>The systems of two fictional companies. Try these numbers in "
        "the chat. Dates follow today, and what you change is forgotten at midnight. "
        'The API is described <a href="/docs">here</a>.</p>'
        f"{made}<h2>Heimbud</h2>{_heimbud(world.heimbud)}<h2>Varde Forsikring</h2>"
        f"{_varde(world.varde)}",
    )


def _heimbud(company: Company) -> str:
    parcels = [
        (p["tracking_number"], p["status"], f"{p['sender']}, now: {p['place']}", p["expected"])
        for p in company.parcels.values()
    ]
    subscriptions = [
        (s["subscription_number"], s["status"], f"{s['paper']}, {s['city']}", _pause(s))
        for s in company.subscriptions.values()
    ]
    return (
        _table("Parcels", ("Tracking number", "Status", "What", "Expected"), parcels)
        + _table("Newspapers", ("Subscription", "Status", "What", "Paused"), subscriptions)
        + _invoices(company)
    )


def _varde(company: Company) -> str:
    policies = [(p["policy_number"], p["product"], p["insured"]) for p in company.policies.values()]
    claims = [
        (c["claim_number"], c["status"], c["handler"], c["policy_number"])
        for c in company.claims.values()
    ]
    return (
        _table("Policies", ("Policy", "Product", "What"), policies)
        + _table("Claims", ("Claim", "Status", "Handler", "Policy"), claims)
        + _invoices(company)
    )


def _invoices(company: Company) -> str:
    rows = [
        (
            i["invoice_number"],
            i["status"]
            + ("" if i["refund"]["status"] == "none" else f", refund {i['refund']['status']}"),
            f"{i['amount_kr']:.2f} kr",
            i["due"],
            i["owner"],
        )
        for i in company.invoices.values()
    ]
    return _table("Invoices", ("Invoice", "Status", "Amount", "Due", "Of"), rows)


def _pause(subscription: Record) -> str | None:
    paused = subscription["paused"]
    return f"{paused['from']} – {paused['to']}" if paused else None


def _table(title: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(
        f"<tr><td><code>{escape(str(row[0]))}</code></td>"
        + "".join(f"<td>{escape(str(cell)) if cell is not None else '–'}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<h3>{escape(title)}</h3><div class="wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def docs(description: dict[str, Any]) -> str:
    """The OpenAPI document as a page: one line a resource, fields inside."""
    parts = [
        f"<h1>{escape(description['info']['title'])}</h1>"
        f"<p>{escape(description['info']['description'])} Every call needs "
        "<code>Authorization: Bearer …</code>. For machines: "
        '<a href="/openapi.json">openapi.json</a>. Numbers to try: <a href="/">here</a>.</p>'
    ]
    tag = None
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if operation["tags"][0] != tag:
                tag = operation["tags"][0]
                parts.append(f"<h2>{escape(tag)}</h2>")
            parts.append(_resource(path, method, operation))
    return _page("API", "".join(parts))


def _resource(path: str, method: str, operation: dict[str, Any]) -> str:
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    fields = ""
    if query := [p["name"] for p in operation["parameters"] if p["in"] == "query"]:
        fields += f"<h3>Query</h3><pre>{escape(', '.join(query))}</pre>"
    if "requestBody" in operation:
        asked = operation["requestBody"]["content"]["application/json"]["schema"]
        fields += f"<h3>Body</h3><pre>{escape(_fields(asked))}</pre>"
    fields += f"<h3>Answer</h3><pre>{escape(_fields(answer))}</pre>"
    return (
        f'<details><summary><b class="verb">{method.upper()}</b> <code>{escape(path)}</code> '
        f"{escape(operation['summary'])}</summary>{fields}</details>"
    )


def _fields(schema: dict[str, Any], indent: int = 0) -> str:
    lines = []
    for name, one in schema.get("properties", {}).items():
        kinds = one["type"] if isinstance(one["type"], list) else [one["type"]]
        inner = one.get("items", one)
        kind = " or ".join(one.get("format", k) if k == "string" else k for k in kinds)
        lines.append(f"{' ' * indent}{name}: {kind}")
        if "properties" in inner:
            lines.append(_fields(inner, indent + 2))
    return "\n".join(lines)
