"""A day of the month told alone: "til 18.", "nei vent, fjerde", "the 4th"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_ORDINALS: dict[str, int] = {
    word: day
    for day, words in enumerate(
        """første fyrste fysste first|andre annen second|tredje third|fjerde fourth|femte fifth
        |sjette sixth|sjuende syvende sjuande seventh|åttende åttande eighth|niende niande ninth
        |tiende tiande tenth|ellevte eleventh|tolvte twelfth|trettende trettande thirteenth
        |fjortende fjortande fourteenth|femtende femtande fifteenth|sekstende sekstande sixteenth
        |syttende syttande seventeenth|attende attande eighteenth|nittende nittande nineteenth
        |tjuende tjuande tyvende twentieth|tjueførste tjuefyrste|tjueandre|tjuetredje|tjuefjerde
        |tjuefemte|tjuesjette|tjuesjuende tjuesyvende tjuesjuande|tjueåttende tjueåttande
        |tjueniende tjueniande|trettiende trettiande|trettiførste trettifyrste""".split("|"),
        start=1,
    )
    for word in words.split()
}
_LEAD = (
    r"(?:(?:nei+|neida|næi|næ|no|nope|vent|wait|men|but|altså|feil|wrong|sorry|beklager|oi|ops|jeg"
    r"|eg|æ|i|mente|meinte|meant|det|it|skal|skulle|være|vere|er|blir|var|should be|is|make it"
    r"|heller|rather|fra|frå|ifra|ifrå|fom|f\.o\.m|from|starting|til|tel|te|tom|t\.o\.m|ut|to"
    r"|until|till|through|by|på|on|og med|den|the|d)(?!\w)[\s,.:;!-]*)*"
)
_TAIL = r"(?:\W+(?:da|då|takk|please|heller|instead|i stedet|istedenfor|isteden|i staden))*\W*"
_ALONE = re.compile(
    rf"\W*(?P<lead>{_LEAD})"
    rf"(?:(?P<day>\d{{1,2}})(?P<mark>\.|st|nd|rd|th)?|(?P<word>{'|'.join(_ORDINALS)}))"
    rf"(?!\w){_TAIL}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class DayOfMonth:
    """A day without its month. ``lead``: the words before it.

    ``bare``: nothing but digits, which only a question about a day can make one.
    """

    day: int
    lead: str
    bare: bool

    def near(self, at_hand: date | None, floor: date) -> date:
        """That day in the month at hand, or else the next one from ``floor`` on."""
        if at_hand and (found := self._in_month(at_hand)) and found >= floor:
            return found
        return self._walk(floor, 1)

    def newest(self, until: date) -> date:
        """The last such day until ``until``, that day included."""
        return self._walk(until, -1)

    def _in_month(self, month: date) -> date | None:
        try:
            return month.replace(day=self.day)
        except ValueError:
            return None

    def _walk(self, day: date, step: int) -> date:
        while day.day != self.day:
            day += timedelta(days=step)
        return day


def day_of_month(text: str) -> DayOfMonth | None:
    """What ``text`` says when it is such a day and nothing else."""
    found = _ALONE.fullmatch(text)
    if found is None:
        return None
    day = int(found["day"]) if found["day"] else _ORDINALS[found["word"].lower()]
    if not 1 <= day <= 31:
        return None
    lead = found["lead"].strip()
    return DayOfMonth(day, lead, bare=not (lead or found["mark"] or found["word"]))
