"""Names of places, which no rule can tell: marked by a conditional random field.

Kept free of Rasa. The model sees the words as `bot.tagger` does and besides, of each word, whether
it stands in the register of places (as written, or nearly), and what the exact parsers read there.
In training, names are exchanged for others, so that it learns how places are spoken of rather than
the few that stand in the examples.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.gazetteer import NEARLY, beside, hints
from bot.postcodes import (
    big_towns,
    common_words,
    first_names,
    other_names,
    place_names,
    postcodes,
)
from bot.spans import Span
from bot.tagger import OUTSIDE, Described, Penalties, fit, opened, spans
from bot.variants import Varying, read_varieties

PLACE = "place"
FILE = "places.crfsuite"
PLACE_TAGS = frozenset({f"B-{PLACE}", f"I-{PLACE}"})
# Of lines without anything like a place, one in so many is trained on.
EASY_KEPT = 4
_TOKEN = re.compile(
    r"[^\W\d_]{1,2}\.(?= [A-ZÆØÅ])|[^\W\d_]{1,2}\.[^\W\d_]{2,}|[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s]"
)
# Of the exchanged names: misspelt, in lower case, and names of what is no place.
_SLIPS, _SMALL, _NO_PLACE = 0.25, 0.35, 0.2
# A postcode before a name; of names that are no place's, people's.
_CODES, _PEOPLE = 0.15, 0.35
# Of the misspelt: with a dialect's ending.
_ENDING = 0.25
_SOUNDS = (
    ("ei", "jæ"), ("e", "æ"), ("o", "å"), ("y", "ø"), ("d", ""), ("er", "r"), ("en", "n"),
    ("er", ""), ("ø", "o"), ("å", "a"), ("å", "aa"), ("ll", "l"), ("nd", "nn"), ("dn", "n"),
)  # fmt: skip
# "Bor i ski": after these even an everyday word is a place, unless one can live in such a thing.
_HOME = re.compile(
    r"\b(?:bor|bur|bodd?e?|budd|liv(?:e|es|ing|ed)|flytt\w*|mov(?:e|ed|ing))(?:\s+[^\W\d_]+){0,3}?"
    r"\s+(?:i|på|til|te|fra|frå|in|at|to)\s+(?P<name>[^\W\d_]{2,})(?![\w\-])",
    re.I,
)
_DWELLING = re.compile(
    r"\w*(?:en|et|a|an|er)|hus|heim|fjell|skog|dal|dale|berg|bru|fjord|haug|hamn|nå|hennes|his"
    r"|herre|mykje|time|ask|bud|fall|hole|ise|kapp|kos|nice|porto|røyse|sand|seter|stad|støtt|straum"
    r"|sund|tro|eide|åre|skare|split|runde|silda|stol|vik|øye|taus|rong|gan|kinn"
)


class Marked(NamedTuple):
    """A line with its marked spans, and whether it is Bokmål, of which variants can be made."""

    text: str
    places: Sequence[tuple[int, int]]
    exact: Sequence[Span]
    plain: bool = False


class PlaceSettings(NamedTuple):
    """``exchanged`` copies of a line name other places; ``variants`` are in other varieties.

    ``alone`` lines are a name and nothing else.
    """

    exchanged: int = 2
    alone: int = 60
    variants: int = 4
    seed: int = 7
    penalties: Penalties = Penalties(l1=0.05, l2=0.05, iterations=60)


class PlaceFinder:
    """Finds names of places in a text."""

    def __init__(self, file: Path) -> None:
        """A model that `train` wrote. Raises OSError when it cannot be read."""
        self._model = opened(file)

    @staticmethod
    def train(lines: Sequence[Marked], file: Path, settings: PlaceSettings | None = None) -> None:
        """Fit on marked lines and write the model into ``file``. Deterministic."""
        settings = settings or PlaceSettings()
        rows, tags = [], []
        easy = 0
        for words, labels, read in _made(lines, settings):
            seen = hints(words, read)
            if PLACE_TAGS.isdisjoint(labels) and not any(map(_tempts, seen)):
                easy += 1
                if easy % EASY_KEPT:
                    continue
            rows.append(_described(words, seen))
            tags.append(labels)
        fit(rows, tags, file, settings.penalties)

    def find(self, text: str, exact: Sequence[Span]) -> list[Span]:
        """Places of ``text`` outside what was read exactly, in order; the value is as written."""
        tokens = _tokens(text)
        if not tokens:
            return []
        read = _read(tokens, exact)
        words = [text[start:end] for start, end in tokens]
        tags = self._model.tag(_described(words, hints(words, read)))
        found = [*_beside_postcodes(text, tokens, exact), *_homes(text)]
        for first, last, name in sorted(spans(tags)):
            if name == PLACE:
                end = tokens[last - 1][1]  # "St." is one word, and so is "Ås." before a capital
                found.append((tokens[first][0], end - (text[end - 1] == ".")))
        kept: list[tuple[int, int]] = []
        taken = [(span.start, span.end) for span in exact]
        for start, end in found:
            if not any(s < end and start < e for s, e in (*taken, *kept)):
                kept.append((start, end))
        return [Span(PLACE, start, end, text[start:end]) for start, end in sorted(kept)]


def _beside_postcodes(
    text: str, tokens: Sequence[tuple[int, int]], exact: Sequence[Span]
) -> list[tuple[int, int]]:
    """The place that stands with a postcode: "4340 Bryne", "Bryne (4340)"."""
    found = []
    for span in (span for span in exact if span.entity == "postcode"):
        after = [token for token in tokens if token[0] >= span.end]
        before = [token for token in tokens if token[1] <= span.start]
        if after and re.fullmatch(r",?\s+", text[span.end : after[0][0]] or " "):
            after = after[1:] if text[slice(*after[0])] == "," else after
            count = beside(str(span.value), [text[s:e] for s, e in after[:4]])
            if count:
                found.append((after[0][0], after[count - 1][1]))
                continue
        while before and text[slice(*before[-1])] in ("(", ","):
            before.pop()
        count = beside(str(span.value), [text[s:e] for s, e in before[-4:]], last=True)
        if count:
            found.append((before[-count][0], before[-1][1]))
    return found


def _homes(text: str) -> list[tuple[int, int]]:
    return [
        match.span("name")
        for match in _HOME.finditer(text)
        if match["name"] in common_words() and not _DWELLING.fullmatch(match["name"])
    ]


def _tokens(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _TOKEN.finditer(text)]


def _read(tokens: Sequence[tuple[int, int]], exact: Sequence[Span]) -> list[str]:
    """What the exact parsers read at each token, or nothing."""
    return [
        next((s.entity for s in exact if s.start < end and start < s.end), "")
        for start, end in tokens
    ]


def _made(
    lines: Sequence[Marked], settings: PlaceSettings
) -> Iterable[tuple[list[str], list[str], list[str]]]:
    """Words, tags and what was read, of the lines and of all that is made of them."""
    varying = Varying(read_varieties(), settings.variants, settings.seed)
    names = sorted(place_names() - common_words())
    towns = sorted(name for name in big_towns() if len(name) >= NEARLY)
    dice = random.Random(settings.seed)  # noqa: S311 - not a secret
    for _ in range(settings.alone if any(line.places for line in lines) else 0):
        words = _name(names, towns, dice).split()
        yield words, [f"{'I' if n else 'B'}-{PLACE}" for n in range(len(words))], [""] * len(words)
    for number, line in enumerate(lines):
        tokens = _tokens(line.text)
        words = [line.text[start:end] for start, end in tokens]
        tags, read = _tags(tokens, line.places), _read(tokens, line.exact)
        yield words, tags, read
        if not line.places:
            continue
        dice = random.Random(f"{settings.seed} {number}")  # noqa: S311 - not a secret
        if line.plain:
            for changed in varying.of(words, number):
                # A name keeps its letters, whatever its neighbours do.
                kept = zip(words, changed, tags, strict=True)
                yield [word if tag != OUTSIDE else made for word, made, tag in kept], tags, read
        for _ in range(settings.exchanged):
            yield _exchanged(words, tags, read, names, towns, dice)


def _tags(tokens: Sequence[tuple[int, int]], places: Sequence[tuple[int, int]]) -> list[str]:
    tags = []
    for start, end in tokens:
        place = next(((s, e) for s, e in places if s < end and start < e), None)
        tags.append(OUTSIDE if place is None else f"{'B' if start <= place[0] else 'I'}-{PLACE}")
    return tags


def _exchanged(
    words: list[str],
    tags: list[str],
    read: list[str],
    names: Sequence[str],
    towns: Sequence[str],
    dice: random.Random,
) -> tuple[list[str], list[str], list[str]]:
    """The line with other names, some of them in lower case or with a slip of the pen."""
    made: tuple[list[str], list[str], list[str]] = ([], [], [])
    codes = sorted(postcodes()) if dice.random() < _CODES else []
    for word, tag, exact in zip(words, tags, read, strict=True):
        if tag == OUTSIDE:
            new = [(word, tag, exact)]
        elif tag.startswith("B"):
            new = _instead(names, towns, dice)
            if codes and new[0][1] != OUTSIDE and "postcode" not in made[2][-1:]:
                new = [(dice.choice(codes), OUTSIDE, "postcode"), *new]
        else:
            new = []
        for row in new:
            for column, value in zip(made, row, strict=True):
                column.append(value)
    return made


def _instead(
    names: Sequence[str], towns: Sequence[str], dice: random.Random
) -> list[tuple[str, str, str]]:
    """Another name as words, tags and what was read; now and then one that is no place's."""
    name = _name(names, towns, dice)
    if (chance := dice.random()) < _NO_PLACE:
        other, kind = dice.choice(_others())
        if dice.random() < _PEOPLE:
            other, kind = " ".join(dice.sample(_first_names(), dice.choice((1, 1, 2)))), "chain"
        # "Kiwi Storo" is a shop, "Kari Lund" somebody; "Viken" is a county.
        name = f"{other} {name}" if kind.startswith("chain") else other
        cased = name if chance < _NO_PLACE * _SMALL else _capitals(name)
        return [(word, OUTSIDE, "") for word in cased.split()]
    words = name.split()
    return [(word, f"{'I' if n else 'B'}-{PLACE}", "") for n, word in enumerate(words)]


@cache
def _first_names() -> list[str]:
    return sorted(first_names())


@cache
def _others() -> list[tuple[str, str]]:
    return sorted(other_names().items())


def _name(names: Sequence[str], towns: Sequence[str], dice: random.Random) -> str:
    """A name as somebody may write it: a big town's with a slip, or any, in either case."""
    name = _slipped(dice.choice(towns), dice) if dice.random() < _SLIPS else dice.choice(names)
    if dice.random() < _SMALL:
        return name
    return _capitals(name)


def _capitals(name: str) -> str:
    words = name.replace("-", " - ").split()
    big = [word if word in ("i", "og") else word[:1].upper() + word[1:] for word in words]
    return " ".join(big).replace(" - ", "-")


def _slipped(name: str, dice: random.Random) -> str:
    if dice.random() < _ENDING:
        return (
            name[:-2] if name.endswith("er") else name + ("n" if name[-1] not in "naeiou" else "")
        )
    before, after = dice.choice(_SOUNDS)
    changed = name.replace(before, after, 1)
    if changed == name:
        at = dice.randrange(1, len(name) - 1)
        changed = name[:at] + dice.choice((name[at] * 2, "")) + name[at + 1 :]
    return changed


def _described(words: Sequence[str], hints: Sequence[Sequence[str]]) -> Described:
    """What the model sees of each word: its looks, its neighbours and the hints."""
    lower = ["", "", *(word.lower() for word in words), "", ""]
    shapes = ["", *map(_shape, words), ""]
    none: tuple[str, ...] = ()
    around = [none, *hints, none]
    rows = []
    for place in range(len(words)):
        before, word, after = lower[place + 1 : place + 4]
        shape, here = shapes[place + 1], around[place + 1]
        row = ["b", f"w={word}", f"s={shape}", f"p={word[:3]}", f"e={word[-3:]}", f"d={word[-2:]}"]
        row += [f"-={before}", f"+={after}", f"--={lower[place]}|{before}"]
        row += [f"-s={shapes[place]}", f"+s={shapes[place + 2]}", f"-|s={before}|{shape}"]
        row += here
        row += [f"-{hint}" for hint in around[place]]
        row += [f"+{hint}" for hint in around[place + 2]]
        row += [f"-|{hint}|{before}" for hint in here]
        rows.append(row)
    return rows


def _shape(word: str) -> str:
    if word[0].isdigit():
        return "9"
    if not word[0].isalpha():
        return word
    return "x" if word.islower() else "XX" if word.isupper() and len(word) > 1 else "Xx"


def _tempts(hints: Sequence[str]) -> bool:
    """Whether a word may look like a place, so that there is something to learn from it."""
    return any(hint[0] in "gf" for hint in hints)
