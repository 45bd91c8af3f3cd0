"""What an edit did: a run held against an earlier one, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

# A confidence that moved less than this moves so from one training to the next.
LEAST_MOVED = 0.05
# So many of those that moved most are listed, up and down.
MOST_LISTED = 10

Row = Mapping[str, Any]
Pair = tuple[Row, Row]


def show(kind: str, before: Mapping[str, Any], after: Mapping[str, Any], console: Console) -> None:
    """List what differs; `kind` is one of those of `tables.show`.

    Lines are held together by id; one whose text was exchanged counts as gone and new.
    """
    old = {row["id"]: row for row in before["rows"]}
    pairs = [
        (old[row["id"]], row)
        for row in after["rows"]
        if row["id"] in old and old[row["id"]].get("text", row.get("text")) == row.get("text")
    ]
    if not pairs:
        console.print("That run was of other lines: none of its ids and texts are in this one.")
        return
    known = {row["id"] for _, row in pairs}
    _list_ids("Gone since that run", [id_ for id_ in old if id_ not in known], console)
    _list_ids("New", [row["id"] for row in after["rows"] if row["id"] not in known], console)
    if kind == "utterances":
        changed = _utterances(pairs, console)
    elif kind == "entities":
        changed = _entities(pairs, before, after, console)
    elif kind == "requests":
        changed = _requests(pairs, console)
    elif kind == "lines":
        changed = _lines(pairs, console)
    else:
        changed = _conversations(pairs, console)
    if not changed:
        console.print("Nothing changed since that run.")


def _list_ids(title: str, ids: Sequence[str], console: Console) -> None:
    if ids:
        shown = ", ".join(ids[:MOST_LISTED]) + (", ..." if len(ids) > MOST_LISTED else "")
        console.print(escape(f"{title}: {len(ids)} ({shown})"))


# --- utterances -------------------------------------------------------------------------------


def _utterances(pairs: Sequence[Pair], console: Console) -> bool:
    groups = _by_rightness(pairs, lambda row: bool(row["predicted"] == row["intent"]))
    better, worse = groups["became right"], groups["became wrong"]
    other = [
        (was, row) for was, row in groups["still wrong"] if was["predicted"] != row["predicted"]
    ]
    for title, group in (("became right", better), ("became wrong", worse), ("still wrong", other)):
        table = Table(title, "should be", "before", "now", "confidence", "line", box=None)
        for was, row in group:
            table.add_row(
                row["id"], row["intent"], was["predicted"], row["predicted"],
                f"{was['confidence']:.2f} > {row['confidence']:.2f}", escape(_text(was, row)),
            )  # fmt: skip
        _print(table, console)
    same = [(was, row) for was, row in pairs if was["predicted"] == row["predicted"]]
    moved = sorted(
        ((_moved(was, row), was, row) for was, row in same), key=lambda one: (one[0], one[2]["id"])
    )
    sure = [one for one in reversed(moved) if one[0] >= LEAST_MOVED]
    unsure = [one for one in moved if one[0] <= -LEAST_MOVED]
    for title, group_moved in (("surer", sure), ("less sure", unsure)):
        listed = group_moved[:MOST_LISTED]
        of = f" ({len(listed)} of {len(group_moved)})" if len(listed) < len(group_moved) else ""
        table = Table(title + of, "read as", "before", "now", "moved", "line", box=None)
        for by, was, row in listed:
            wrong = "" if row["predicted"] == row["intent"] else ", wrongly"
            table.add_row(
                row["id"], row["predicted"] + wrong, f"{was['confidence']:.2f}",
                f"{row['confidence']:.2f}", f"{by:+.2f}", escape(_text(was, row)),
            )  # fmt: skip
        _print(table, console)
    if better or worse or other or sure or unsure:
        console.print(
            f"Became right: {len(better)}, wrong: {len(worse)}. Confidence moved by "
            f"{LEAST_MOVED:.2f} or more where the reading stayed: up {len(sure)}, "
            f"down {len(unsure)}."
        )
        return True
    return False


def _moved(was: Row, row: Row) -> float:
    return round(float(row["confidence"]) - float(was["confidence"]), 4)


# --- entities ---------------------------------------------------------------------------------


def _entities(
    pairs: Sequence[Pair], before: Mapping[str, Any], after: Mapping[str, Any], console: Console
) -> bool:
    groups = _by_rightness(pairs, lambda row: bool(row["right"]))
    old, new = ({row["id"]: row for row in run["errors"]} for run in (before, after))
    better, worse = groups["became right"], groups["became wrong"]
    other = [
        (was, row)
        for was, row in groups["still wrong"]
        if _mistakes(old[was["id"]]) != _mistakes(new[row["id"]])
    ]
    table = Table("became right", "was", "line", box=None)
    for was, row in better:
        table.add_row(row["id"], escape(_mistakes(old[was["id"]])), escape(_text(was, row)))
    _print(table, console)
    table = Table("became wrong", "now", "line", box=None)
    for was, row in worse:
        table.add_row(row["id"], escape(_mistakes(new[row["id"]])), escape(_text(was, row)))
    _print(table, console)
    table = Table("still wrong", "was", "now", "line", box=None)
    for was, row in other:
        mistakes = (_mistakes(old[was["id"]]), _mistakes(new[row["id"]]))
        table.add_row(row["id"], *map(escape, mistakes), escape(_text(was, row)))
    _print(table, console)
    if better or worse or other:
        console.print(f"Became right: {len(better)}, wrong: {len(worse)}.")
        return True
    return False


def _mistakes(row: Row) -> str:
    return "\n".join(
        f"{word} {span['text']} ({span['entity']})"
        for word, side in (("missed", "missed"), ("too much", "extra"))
        for span in row[side]
    )


# --- conversations ----------------------------------------------------------------------------


def _conversations(pairs: Sequence[Pair], console: Console) -> bool:
    table = Table("changed", "before", "now", "person needed", box=None)
    for was, row in pairs:
        if was["handed_over_at"] != row["handed_over_at"]:
            needed = "yes" if row["expected"] else "no"
            table.add_row(row["id"], _turn(was), _turn(row), needed)
    _print(table, console)
    return bool(table.row_count)


def _turn(row: Row) -> str:
    at = row["handed_over_at"]
    return f"turn {at}" if at else "kept"


# --- requests ---------------------------------------------------------------------------------


def _requests(pairs: Sequence[Pair], console: Console) -> bool:
    table = Table("changed", "asks", "heard before", "now", "line", box=None)
    for was, row in pairs:
        if was["heard"] != row["heard"]:
            sides = ("yes" if side else "no" for side in (row["asks"], was["heard"], row["heard"]))
            table.add_row(row["id"], *sides, escape(_text(was, row)))
    _print(table, console)
    return bool(table.row_count)


# --- lines ------------------------------------------------------------------------------------


def _lines(pairs: Sequence[Pair], console: Console) -> bool:
    table = Table("changed", "label", "before", "now", "line", box=None)
    for was, row in pairs:
        if was["outcome"] != row["outcome"]:
            sides = (side["outcome"].replace("_", " ") for side in (was, row))
            table.add_row(row["id"], row["label"], *sides, escape(_text(was, row)))
    _print(table, console)
    return bool(table.row_count)


# ----------------------------------------------------------------------------------------------


def _by_rightness(pairs: Iterable[Pair], is_right: Callable[[Row], bool]) -> dict[str, list[Pair]]:
    groups: dict[str, list[Pair]] = {"became right": [], "became wrong": [], "still wrong": []}
    for was, row in pairs:
        if is_right(row):
            if not is_right(was):
                groups["became right"].append((was, row))
        else:
            groups["became wrong" if is_right(was) else "still wrong"].append((was, row))
    return groups


def _text(was: Row, row: Row) -> str:
    return str(row.get("text") or was.get("text") or "")


def _print(table: Table, console: Console) -> None:
    if table.row_count:
        console.print(table)
