"""Splits a message into the stretches that can each be an errand of their own.

Pure, and careful rather than eager: sentences that tell one story stay together. A new stretch
begins where a clause names another matter than the one before it ("avisen", then "fakturaen"), or
where words say that something is added ("i tillegg", "forresten"). Whether a stretch truly is an
errand, the classifier says. The words are data, in ``bot/data/clauses.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from re import Pattern

import yaml

from bot.canonical import read_rules

WORDS_FILE = Path(__file__).parent / "data" / "clauses.yml"
MOST = 4
"""Stretches of one message; more is a list or a long story."""
_GROUPS = ("more", "joining", "leaning", "questions", "helpers", "subjects", "verbs", "pronouns",
           "abbreviations")  # fmt: skip
_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…;](?=\s|$)|\n|[^\w\s]{3}")
_SOFT = re.compile(r"[,+&)]| [-–] ")
_NUMBER = re.compile(r"nummer|number|nr$")
_FINITE = re.compile(r"[^\W\d_]{2,}(?:er|ar|te|de|et|ed)")


@dataclass(frozen=True)
class Clause:
    """Characters ``start`` to ``end`` (exclusive) of a message, without the words that join it.

    ``added``: words like "i tillegg" said that something more is asked for.
    """

    start: int
    end: int
    added: bool = False


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    forms: frozenset[str]  # as written, and in canonical spelling

    def among(self, words: Iterable[str]) -> bool:
        return not self.forms.isdisjoint(words)


@dataclass(frozen=True)
class _Piece:
    """Words between two possible joints; ``sentence``: a sentence ended before them."""

    tokens: Sequence[_Token]
    sentence: bool


class Clauses:
    """The splitter, with its words read once."""

    def __init__(self, path: Path = WORDS_FILE) -> None:
        """Raises OSError, yaml.YAMLError or KeyError for a file that cannot be read."""
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        self._rules = read_rules()
        self._matters = {
            str(name): _pattern(str(listed)) for name, listed in raw["matters"].items()
        }
        self._bridges: dict[str, list[list[str]]] = {}  # by the first word, the longest first
        for words in sorted((str(each).split() for each in raw["bridges"]), key=len, reverse=True):
            self._bridges.setdefault(words[0], []).append(words)
        self._groups = {name: frozenset(str(raw[name]).split()) for name in _GROUPS}

    def split(self, text: str) -> list[Clause]:
        """The stretches of ``text`` in order; one alone when nothing says that there are more."""
        clauses: list[Clause] = []
        start, added = len(text) - len(text.lstrip()), False
        stretch: list[_Token] = []
        for piece in self._pieces(text):
            found = self._begins(stretch, piece) if stretch else None
            if found is not None:
                clauses.append(Clause(start, _end(text, stretch[-1].end), added))
                start, added = found
                stretch = []
            stretch += piece.tokens
        clauses.append(Clause(start, len(text.rstrip()), added))
        return clauses if len(clauses) <= MOST else [Clause(clauses[0].start, clauses[-1].end)]

    def matters(self, text: str) -> frozenset[str]:
        """What a text is about, by the words that name it."""
        return self._named(self._tokens(text))

    def renamed(self, text: str, matters: Iterable[str], word: str) -> str:
        """``text`` with ``word`` in the place of each word that names one of ``matters``."""
        wanted, parts, end = frozenset(matters), [], 0
        for token in self._tokens(text):
            if self._named([token]) & wanted:
                parts += [text[end : token.start], word]
                end = token.end
        return "".join([*parts, text[end:]])

    def _tokens(self, text: str) -> list[_Token]:
        found = []
        for match in _TOKEN.finditer(text):
            word = match[0].lower().replace("’", "'")
            forms = frozenset({word, *self._rules.get(word, word).split()[:1]})
            found.append(_Token(match.start(), match.end(), forms))
        return found

    def _pieces(self, text: str) -> Iterator[_Piece]:
        tokens, begun, sentence = self._tokens(text), 0, True
        for at in range(1, len(tokens)):
            ended = self._ends_sentence(tokens[at - 1], tokens[at], text)
            gap = text[tokens[at - 1].end : tokens[at].start]
            joined = self._is(tokens[at], "joining") or self._bridge(tokens[at:])
            so_far = tokens[begun:at]
            only = all(self._is(token, "joining") for token in so_far)
            if not ended and (only or self._bridge(tokens[begun : at + 1]) == len(so_far)):
                continue  # "og i tillegg", "by the way,": a joint still without its clause
            if ended or joined or _SOFT.search(gap):
                yield _Piece(tokens[begun:at], sentence)
                begun, sentence = at, ended
        if tokens:
            yield _Piece(tokens[begun:], sentence)

    def _ends_sentence(self, before: _Token, after: _Token, text: str) -> bool:
        gap = text[before.end : after.start]
        if not _SENTENCE_END.search(gap):
            return False
        if gap.strip(" ") != ".":
            return True
        # "kl. 12", "1. desember": the stop belongs to the word or the number before it.
        number = any(form.isdigit() for form in before.forms) and text[after.start].islower()
        return not (number or self._is(before, "abbreviations"))

    def _begins(self, stretch: Sequence[_Token], piece: _Piece) -> tuple[int, bool] | None:
        """Where in ``piece`` a new stretch begins, and whether it is said to be added.

        None when the old stretch goes on.
        """
        rest = piece.tokens[self._bridge(piece.tokens) :]
        while rest and self._is(rest[0], "joining"):
            rest = rest[1:]
        rest = rest[self._bridge(rest) :]
        if not rest or self._is(rest[0], "leaning") or not self._is_clause(stretch):
            return None
        # "… I tillegg …", "… også …", and a sentence that begins with "og".
        added = self._bridge(piece.tokens) > 0 or any(self._is(token, "more") for token in rest)
        added = added or (piece.sentence and rest[0] is not piece.tokens[0])
        named, before = self._named(rest), self._named(stretch)
        if added:
            fresh = named - before or (self._stands(rest) and not self._points_back(rest))
            return (rest[0].start, True) if fresh else None
        if not named or not before:
            return None
        if named & before:  # "hvor er pakken og kan dere endre leveringen": asked for by itself
            asks = piece.tokens[0] is not rest[0] and self._is(rest[0], "helpers")
            asks = asks and len(rest) > 1 and self._is(rest[1], "subjects")
            return (rest[0].start, False) if asks and self._stands(rest) else None
        stands = self._is_clause(rest) if piece.sentence else self._stands(rest)
        return (rest[0].start, False) if stands else None

    def _is(self, token: _Token, group: str) -> bool:
        return token.among(self._groups[group])

    def _named(self, tokens: Iterable[_Token]) -> frozenset[str]:
        forms = {form for token in tokens for form in token.forms if not _NUMBER.search(form)}
        return frozenset(
            name
            for name, pattern in self._matters.items()
            if any(pattern.fullmatch(form) for form in forms)
        )

    def _bridge(self, tokens: Sequence[_Token]) -> int:
        """How many of the first words say that something is added; 0 when they do not."""
        begun = [self._bridges.get(form, []) for form in tokens[0].forms] if tokens else []
        for words in sorted(chain(*begun), key=len, reverse=True):
            if len(tokens) > len(words) and all(
                token.among({word}) for token, word in zip(tokens, words, strict=False)
            ):
                return len(words)
        return 0

    def _is_clause(self, tokens: Iterable[_Token]) -> bool:
        """The words hold a verb or ask something; without that they are but names."""
        return any(
            self._is(token, "verbs")
            or self._is(token, "helpers")
            or self._is(token, "questions")
            or self._is_finite(token)
            for token in tokens
        )

    def _is_finite(self, token: _Token) -> bool:
        named = self._named([token])  # "pakker", "aviser" end like verbs
        return not named and any(_FINITE.fullmatch(form) for form in token.forms)

    def _points_back(self, tokens: Sequence[_Token]) -> bool:
        """ "Når kommer den?": without a matter of its own it is about the one before."""
        spoken = zip([None, *tokens[:-1]], tokens, strict=True)
        return not self._named(tokens) and any(
            self._is(token, "pronouns") and not (before and self._is(before, "helpers"))
            for before, token in spoken
        )

    def _stands(self, tokens: Sequence[_Token]) -> bool:
        """A clause with its own question, subject or verb, right from its beginning."""
        first, more = tokens[0], tokens[1:]
        if self._is(first, "questions") or self._is(first, "subjects"):
            return self._is_clause(tokens)
        if self._is(first, "helpers"):
            return bool(more) and (self._is(more[0], "subjects") or bool(self._named(more[:2])))
        named = bool(self._named(tokens[:2]))
        return named and any(self._is(t, "verbs") or self._is_finite(t) for t in more[:3])


def _end(text: str, last: int) -> int:
    """``last`` moved past the marks that close a clause."""
    closing = re.match(r"[.!?…)»\"]+", text[last:])
    return last + (len(closing[0]) if closing else 0)


def _pattern(words: str) -> Pattern[str]:
    return re.compile("|".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split()))
