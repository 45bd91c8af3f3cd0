"""One route of a company's API: what it answers, and how OpenAPI describes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

from demo.systems.world import Company, Record, World


class ApiError(Exception):
    """An answer with an error status. `code` is for machines, `message` for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, its path and query as text and its body as a JSON object."""

    world: World
    company: Company
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any] = field(default_factory=dict)

    def text(self, key: str, longest: int = 2000) -> str:
        value = self.body.get(key)
        if not isinstance(value, str) or not 1 <= len(value.strip()) <= longest:
            bad(f"{key} must be text of 1 to {longest} characters")
        return value.strip()

    def maybe_text(self, key: str, longest: int = 2000) -> str | None:
        return None if self.body.get(key) is None else self.text(key, longest)

    def day(self, key: str) -> date:
        try:
            return date.fromisoformat(self.text(key, 10))
        except ValueError:
            bad(f"{key} must be a date such as 2026-05-17")

    def maybe_day(self, key: str) -> date | None:
        return None if self.body.get(key) is None else self.day(key)


def bad(message: str) -> NoReturn:
    raise ApiError(400, "bad_request", message)


def unknown(what: str) -> ApiError:
    """The error to raise for a number that is not there."""
    return ApiError(404, "not_found", f"There is no such {what}.")


def refuse(code: str, message: str) -> NoReturn:
    raise ApiError(409, code, message)


@dataclass(frozen=True, slots=True)
class Resource:
    """`asks` and `answers` are shapes: {"name": "string"}, `?` for what may be null or left out."""

    method: str
    path: str
    summary: str
    handle: Callable[[Ask], Record]
    answers: Mapping[str, Any]
    asks: Mapping[str, Any] = field(default_factory=dict)
    query: tuple[str, ...] = ()
