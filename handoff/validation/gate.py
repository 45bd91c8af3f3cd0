"""Nothing is trained on content with mistakes: Rasa would find the first of them, late and raw."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from handoff.errors import ContentError
from handoff.validation.findings import Finding, Severity
from handoff.validation.inside import check_rule_files
from handoff.validation.project import check_project

MOST_TOLD = 10
# What the check reads, and the check itself.
_READ = (
    "config.yml", "domain.yml", "data/**/*", "clients/*", "actions/**/*.py", "bot/data/*.yml",
    "bot/*.py",
    "handoff/validation/*.py", "handoff/client*.py",
)  # fmt: skip


def check_before_training(
    root: Path, variables: Mapping[str, str], memory: Path, python: Path
) -> None:
    """Check the project, unless it is as it was when it was last found right.

    That is kept in the file `memory`, as a hash, so that a start with nothing changed costs
    milliseconds. `python` is the bot environment's. Raises ContentError with the mistakes, each
    with file, line and cure, and StartError when the bot's code cannot be asked.
    """
    told = _digest(root, variables)
    if _kept(memory) == told:
        return
    report = check_project(root, variables).report
    check_rule_files(root, python, report)
    wrong = [f for f in report.sorted() if f.severity is Severity.ERROR]
    if wrong:
        raise _error(wrong)
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(told, "ascii")


def _error(wrong: Sequence[Finding]) -> ContentError:
    first, *others = wrong
    if not others:
        return ContentError(f"{first.place}: {first.message}", cure=first.cure)
    lines = [f"  {f.place}: {f.message} {f.cure}" for f in wrong[:MOST_TOLD]]
    if len(wrong) > MOST_TOLD:
        lines.append(f"  ... and {len(wrong) - MOST_TOLD} more: stafett validate tells all.")
    return ContentError(
        f"the content has {len(wrong)} mistakes, so nothing was started.\n" + "\n".join(lines)
    )


def _digest(root: Path, variables: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _READ for path in root.glob(pattern)):
        if path.is_file():
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name, value in sorted(variables.items()):
        digest.update(f"{name}={value}\0".encode())
    return digest.hexdigest()


def _kept(memory: Path) -> str | None:
    try:
        return memory.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return None
