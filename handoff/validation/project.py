"""The whole of what designers edit, checked together."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handoff.clients import load_clients
from handoff.errors import ClientConfigError
from handoff.skills import COMMON
from handoff.validation.domain import check_domain, read_domain
from handoff.validation.examples import (
    Block,
    check_examples,
    line_count,
    places_of,
    read_examples,
    skills_of,
)
from handoff.validation.findings import Place, Report
from handoff.validation.responses import check_responses, check_said, read_responses
from handoff.validation.rules import check_rules, read_rules

_LOCATED = re.compile(r"(?P<path>.*?\.ya?ml):(?P<line>\d+): (?P<message>.*)", re.DOTALL)


Companies = Sequence[Collection[str]]
"""The skills of each client company."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A project's findings, how much was read, and what was read for who has more to say.

    `intents` and `lines` are None when a file of examples could not be read.
    """

    report: Report
    files: int
    intents: int | None
    lines: int | None
    blocks: Sequence[Block]
    companies: Companies


def check_project(root: Path, variables: Mapping[str, str]) -> Checked:
    """Check data/, domain.yml and clients/ below `root`; `variables` are the settings.

    Never raises for what is wrong in the files. What depends on a file that cannot be read at
    all is left out: one mistake is not told twice.
    """
    report, data = Report(), root / "data"
    for stray in sorted(data.glob("*/*.yaml")):
        report.error(
            Place(stray.relative_to(root).as_posix(), 1, 1),
            "This file would not be read.",
            f"Name it {stray.stem}.yml.",
        )
    blocks = read_examples(data / "nlu", root, report)
    companies: Companies = ()
    if blocks is not None:
        companies = _check_clients(root, variables, skills_of(blocks), report)
    domain = read_domain(root / "domain.yml", root, report)
    responses = read_responses(data / "responses", root, report)
    rules = read_rules((data / "rules", data / "stories"), root, report)
    intents = places_of(blocks or ())
    if domain is not None:
        if blocks is not None:
            check_examples(blocks, domain.entities, companies, report)
            check_domain(domain, intents, report)
        if responses is not None:
            names, trees = responses
            check_responses(trees, domain, report)
            check_said(root, names, report)
            if rules is not None:
                check_rules(rules, domain, names, intents, report)
    files = 1 + len([*data.glob("*/*.yml"), *(root / "clients").glob("*.yml")])
    if blocks is None:
        return Checked(report, files, None, None, (), companies)
    return Checked(report, files, len(intents), line_count(blocks), tuple(blocks), companies)


def _check_clients(
    root: Path, variables: Mapping[str, str], skills: Mapping[str, Collection[str]], report: Report
) -> Companies:
    """The skills each client company has. Where its files are wrong, any might meet any other."""
    if COMMON not in skills:
        report.error(
            Place(f"data/nlu/{COMMON}.yml", 1, 1),
            "Every client needs this skill, and it has no examples.",
            "Restore the file: git checkout data.",
        )
        return [list(skills)]
    try:
        clients = load_clients(root / "clients", variables, skills)
    except ClientConfigError as error:
        located = _LOCATED.fullmatch(error.message)
        if located is None:
            report.error(Place("clients", 1, 1), error.message, error.cure)
            return [list(skills)]
        path = Path(located["path"])
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        place = Place(shown.as_posix(), int(located["line"]), 1)
        report.error(place, located["message"], error.cure)
        return [list(skills)]
    return [client.skills for client in clients.values()]
