"""The real launcher with other parts, as a program: what to start is JSON in its argument."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from rich.console import Console

from handoff.errors import StafettError
from handoff.launcher.data_folder import sole_use
from handoff.launcher.parent import Parent
from handoff.launcher.part import Part
from handoff.launcher.progress import Board
from handoff.launcher.run import run
from handoff.launcher.supervisor import Patience, Supervisor


def main() -> None:
    wanted = json.loads(sys.argv[1])
    folder = Path(wanted["folder"])
    parts = [
        Part(
            part["name"],
            part["name"].title(),
            tuple(part["command"]),
            folder,
            part.get("environment", {}),
            part.get("health"),
            tuple(part.get("after", ())),
            part.get("stops", 1),
        )
        for part in wanted["parts"]
    ]
    try:
        with sole_use(folder) as lock:
            supervisor = Supervisor(
                parts,
                folder / "logs",
                Board(Console()),
                patience=Patience(**wanted.get("patience", {})),
                keep_open=(lock,),
            )
            print("mark", supervisor.mark, flush=True)
            parent = Parent() if wanted.get("parent") else None
            asyncio.run(run(supervisor, lambda: print("all ready", flush=True), parent=parent))
    except StafettError as error:
        print(error, flush=True)
        sys.exit(1)
    print("stopped", flush=True)


main()
