"""Ended contacts as rows and as a summary by reason."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import fmean
from typing import TextIO

from rich.console import Console
from rich.table import Table

from handoff.clients import Client
from handoff.records import ContactRow

COLUMNS = (
    "client", "conversation", "reason", "outcome", "resolved", "started", "ended",
    "bot_seconds", "person_seconds", "waited_seconds", "again_within_7_days",
)  # fmt: skip


def write_csv(rows: Sequence[ContactRow], client: Client, out: TextIO) -> None:
    """One line each: the client's own reasons, times in ISO 8601 UTC, seconds to a tenth."""
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            (
                row.client,
                row.conversation,
                client.reason_id(row.reason) or "",
                row.outcome,
                "" if row.resolved is None else str(row.resolved).lower(),
                _moment(row.started),
                _moment(row.ended),
                f"{row.bot_seconds:.1f}",
                f"{row.person_seconds:.1f}",
                f"{row.waited_seconds:.1f}",
                str(row.again).lower(),
            )
        )


def summary(rows: Sequence[ContactRow], client: Client) -> None:
    """A table on the screen, the most frequent reason first."""
    by_reason: dict[str, list[ContactRow]] = defaultdict(list)
    for row in rows:
        by_reason[client.reason_id(row.reason) or "-"].append(row)
    table = Table("reason", "contacts", "to a person", "again", "bot s", "person s", box=None)
    for reason, group in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        table.add_row(
            reason,
            str(len(group)),
            str(sum(row.outcome == "person" for row in group)),
            str(sum(row.again for row in group)),
            f"{fmean(row.bot_seconds for row in group):.0f}",
            f"{fmean(row.person_seconds for row in group):.0f}",
        )
    console = Console()
    console.print(f"{client.name}: {len(rows)} contacts")
    console.print(table)


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
