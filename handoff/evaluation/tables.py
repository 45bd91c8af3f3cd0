"""A run as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

_SHARES = (
    "handoff_precision", "handoff_recall", "in_window", "needless", "missed", "late", "early",
)  # fmt: skip


_HEADINGS = {"handoff_precision": "precision", "handoff_recall": "recall"}
_INTERVALS = "In brackets: 95 % Wilson intervals."
_HEADLINES = {
    "needed": ("in_window", "missed", "late", "early"),
    "calm": ("needless",),
    "hard": ("needless",),
    "pairs": ("right",),
    "unsure": ("in_window", "missed"),
}
_NAMES = {
    "needed": "needed a person",
    "calm": "needed none",
    "hard": "of those blunt, loud, profane or the like",
    "pairs": "pairs that begin alike",
    "unsure": "marked as uncertainty, apart",
}
_FEWEST = 3  # conversations of a style that is shown


def show(kind: str, found: Mapping[str, Any], console: Console) -> None:
    """The figures of a run. `kind` is that of `stafett evaluate`."""
    if kind == "utterances":
        _utterances(found, console)
    elif kind == "entities":
        _entities(found, console)
    elif kind == "requests":
        _requests(found, console)
    elif kind == "lines":
        _lines(found, console)
    else:
        _conversations(found, console)


def _utterances(found: Mapping[str, Any], console: Console) -> None:
    console.print(f"{found['n']} lines, {found['accuracy']:.1%} right")
    if found["asked"]:
        console.print(
            f"{found['asked']:.1%} are asked about, {_percent(found['asked_well'])} of them with "
            f"the right button; {_percent(found['unasked_accuracy'])} of the others are right"
        )
    else:
        console.print("none is asked about")
    for title in ("by_variety", "by_intent"):
        table = Table(_plain(title), "right", box=None)
        for name, share in sorted(found[title].items(), key=lambda item: item[1]):
            table.add_row(name, f"{share:.0%}")
        console.print(table)
    wrong = [row for row in found["rows"] if row["predicted"] != row["intent"]]
    table = Table("wrong", "intent", "taken for", "confidence", "line", box=None)
    for row in wrong:
        table.add_row(
            row["id"], row["intent"], row["predicted"], f"{row['confidence']:.2f}",
            escape(row["text"]),
        )  # fmt: skip
    _print_rows(table, console)


def _entities(found: Mapping[str, Any], console: Console) -> None:
    table = Table(f"{found['n']} lines", "precision", "recall", "F1", "wanted", "found", box=None)
    groups = [("all", found), *found["by_entity"].items(), *found["by_variety"].items()]
    for name, group in groups:
        figures = (_three(group[key]) for key in ("precision", "recall", "f1"))
        table.add_row(name, *figures, str(group["wanted"]), str(group["found"]))
    console.print(table)


def entity_errors(found: Mapping[str, Any], console: Console) -> None:
    """Each line that is not right: what was missed, and what was marked without need."""
    table = Table("not right", "missed", "too much", "line", box=None)
    for row in found["errors"]:
        sides = ("\n".join(f"{s['text']} ({s['entity']})" for s in row[side])
                 for side in ("missed", "extra"))  # fmt: skip
        table.add_row(row["id"], *map(escape, sides), escape(row["text"]))
    _print_rows(table, console)


def _three(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _conversations(found: Mapping[str, Any], console: Console) -> None:
    for title, verdicts in _HEADLINES.items():
        group = found[title]
        told = (f"{_plain(verdict)} {_between(group, verdict)}" for verdict in verdicts)
        console.print(
            f"{_NAMES[title]}, {group['n']}: {', '.join(told)}"
            if group["n"]
            else f"{_NAMES[title]}: none here"
        )
    group = found["frustration"]
    console.print(
        f"frustrated or not, {group['n']} marked so: F1 {_three(group['f1'])}, "
        f"macro {_three(group['macro'])}"
        if group["n"]
        else "frustrated or not: no conversation here is marked `frustration`, so there is no F1"
    )
    console.print(_INTERVALS)
    headings = [_plain(_HEADINGS.get(share, share)) for share in _SHARES]
    table = Table("way to decide", *headings, box=None)
    for name, group in found["baselines"].items():
        table.add_row(name, *(_percent(group[share]) for share in _SHARES))
    console.print(table)
    table = Table("", *headings, "n", box=None)
    table.add_row("all", *(_percent(found[name]) for name in _SHARES), str(found["n"]))
    for title in ("by_reason", "by_variety", "by_style"):
        for name, group in found[title].items():
            if title == "by_style" and group["n"] < _FEWEST:
                continue
            row = (_percent(group[share]) for share in _SHARES)
            table.add_row(name or "-", *row, str(group["n"]))
    console.print(table)
    table = Table("not right", "verdict", "handed over at turn", "reason", box=None)
    for row in found["rows"]:
        if row["verdict"] not in ("kept", "in_window"):
            at = row["handed_over_at"]
            table.add_row(row["id"], row["verdict"], str(at or "-"), row["reason"] or "-")
    _print_rows(table, console)


def _requests(found: Mapping[str, Any], console: Console) -> None:
    console.print(
        f"{found['n']} lines, each the first of a conversation with {found['client']}. {_INTERVALS}"
    )
    table = Table("", "recall", "precision", box=None)
    for name, group in [("all", found), *found["by_variety"].items()]:
        table.add_row(name, *(_between(group, side) for side in ("recall", "precision")))
    console.print(table)
    table = Table("not right", "asks", "heard", "line", box=None)
    for row in found["rows"]:
        if row["asks"] != row["heard"]:
            sides = ("yes" if row[side] else "no" for side in ("asks", "heard"))
            table.add_row(row["id"], *sides, escape(row["text"]))
    _print_rows(table, console)


def _lines(found: Mapping[str, Any], console: Console) -> None:
    place = "third, after two calm lines," if found["third"] else "first"
    console.print(
        f"{found['n']} lines, each the {place} of a conversation with {found['client']}. "
        f"{_INTERVALS}"
    )
    for title in ("by_label", "by_variety"):
        shares = ("handed_over", "offered", "flagged")
        names = ("handed over", "offered\na person", "one of them,\nfor frustration")
        table = Table(_plain(title), "n", *names, box=None)
        for name, group in found[title].items():
            table.add_row(name, str(group["n"]), *(_between(group, share) for share in shares))
        console.print(table)
    table = Table("not kept", "label", "what and why", "line", box=None)
    for row in found["rows"]:
        if row["outcome"] != "kept":
            what = f"{_plain(row['outcome'])}:\n{row['reason'] or '-'}"
            table.add_row(row["id"], row["label"], what, escape(row["text"]))
    if not table.row_count:
        console.print("The bot kept every line: no person came, and none was offered.")
        return
    console.print(
        "Not kept are the lines after which a person came (handed over) or the bot offered one."
    )
    console.print(table)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _between(group: Mapping[str, Any], name: str) -> str:
    """A share with its interval: "84 % (75 to 90)"."""
    if group[name] is None or group[f"{name}_interval"] is None:
        return "-"
    low, high = group[f"{name}_interval"]
    return f"{group[name]:.0%} ({100 * low:.0f} to {100 * high:.0f})"


def _print_rows(table: Table, console: Console) -> None:
    """A table of mistakes, or that there are none."""
    if table.row_count:
        console.print(table)
    else:
        console.print("Nothing is wrong.")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"
