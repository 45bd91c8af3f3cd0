"""Earlier runs, kept to be compared with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from handoff.errors import InputError


def keep(folder: Path, kind: str, found: dict[str, Any]) -> None:
    """Keep this run as the last of its kind."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{kind}.json").write_text(json.dumps(found, ensure_ascii=False), "utf-8")


def earlier(folder: Path, kind: str, which: str) -> dict[str, Any]:
    """The run to compare with: LAST, or a file. Raises InputError when there is none."""
    path = folder / f"{kind}.json" if which == "LAST" else Path(which)
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"There is no earlier run of {kind}: {path} is not there.",
            cure="Run once without --against.",
        ) from None
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}.", cure="Check the file's rights."
        ) from None
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("rows"), list):
        raise InputError(f"{path} is no earlier run of {kind}.", cure="Run once without --against.")
    return found
