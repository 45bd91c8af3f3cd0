"""Whether the bot's content is right, told to those who write it."""

from handoff.validation.advice import GROUPS as ADVICE_GROUPS
from handoff.validation.advice import advise
from handoff.validation.findings import Finding, Place, Report, Severity
from handoff.validation.gate import check_before_training
from handoff.validation.project import Checked, check_project

__all__ = [
    "ADVICE_GROUPS",
    "Checked",
    "Finding",
    "Place",
    "Report",
    "Severity",
    "advise",
    "check_before_training",
    "check_project",
]
