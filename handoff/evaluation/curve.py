"""What each threshold of frustration would have cost: the curve a supervisor chooses on.

The rules (a person asked for, a policy topic, the bot failing twice) stay as they are; only the
probability from which one line hands over moves. Drawn as SVG, with no library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handoff.evaluation.conversations import Played, Said

THRESHOLDS = tuple(step / 20 for step in range(2, 20))

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 640, 420, 64, 56
_TOP, _RIGHT = 24, 24
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}.quiet{fill:#777;font-size:12px}"
    ".axis{stroke:#999;fill:none}.grid{stroke:#e6e6e6}.curve{stroke:#1a5f7a;fill:none;"
    "stroke-width:2.5}.dot{fill:#1a5f7a}.now{fill:#c2410c}"
)


@dataclass(frozen=True, slots=True)
class Point:
    """``kept`` too long or for good, of 100 that needed a person; ``needless``, of 100 others."""

    threshold: float
    kept: float
    needless: float


def curve(results: Sequence[Played], unsure: str) -> list[Point]:
    """A point for every threshold; conversations whose reason is ``unsure`` are left out."""
    judged = [each for each in results if each.script.handoff.reason != unsure]
    needed = [each for each in judged if each.script.handoff.expected]
    calm = [each for each in judged if not each.script.handoff.expected]
    if not needed or not calm:
        return []
    return [
        Point(
            threshold,
            100 * sum(_too_late(each, threshold) for each in needed) / len(needed),
            100 * sum(_handed_at(each.turns, threshold) is not None for each in calm) / len(calm),
        )
        for threshold in THRESHOLDS
    ]


def _handed_at(turns: Sequence[Said], threshold: float) -> int | None:
    for number, said in enumerate(turns, start=1):
        features: Any = said.assessment.get("features") or {}
        ruled = said.assessment.get("decision") == "handoff"
        if (ruled and said.assessment.get("reason") != "frustration") or (
            features.get("frustration_now", 0.0) >= threshold
        ):
            return number
    return None


def _too_late(played: Played, threshold: float) -> bool:
    at, latest = _handed_at(played.turns, threshold), played.script.handoff.latest
    return at is None or (latest is not None and at > latest)


def drawn(points: Sequence[Point], now: tuple[float, float]) -> str:
    """The curve as SVG. ``now`` is the whole decision as it runs: kept, needless, per 100."""
    most = max(10.0, *(p.kept for p in points), *(p.needless for p in points), *now)
    top = 10 * (int(most / 10) + 1)

    def place(kept: float, needless: float) -> tuple[float, float]:
        across = (_WIDTH - _LEFT - _RIGHT) * needless / top
        up = (_HEIGHT - _TOP - _BOTTOM) * kept / top
        return round(_LEFT + across, 1), round(_HEIGHT - _BOTTOM - up, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'aria-label="Kept too long against handed over needlessly, by threshold">',
        f'<style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>',
    ]
    (x0, y0), (x1, y1) = place(0, 0), place(top, top)
    for tick in range(0, top + 1, 10):
        x, y = place(tick, tick)
        parts += [
            f'<path class="grid" d="M{x} {y0}V{y1}M{x0} {y}H{x1}"/>',
            f'<text class="quiet" x="{x}" y="{y0 + 18}" text-anchor="middle">{tick}</text>',
            f'<text class="quiet" x="{x0 - 8}" y="{y + 4}" text-anchor="end">{tick}</text>',
        ]
    line = "L".join(f"{x} {y}" for x, y in (place(p.kept, p.needless) for p in points))
    parts += [
        f'<path class="axis" d="M{x0} {y1}V{y0}H{x1}"/><path class="curve" d="M{line}"/>',
        f'<text x="{(x0 + x1) / 2}" y="{_HEIGHT - 14}" text-anchor="middle">'
        "handed over needlessly, of 100 that needed nobody</text>",
        f'<text transform="translate(18 {(y0 + y1) / 2}) rotate(-90)" text-anchor="middle">'
        "too late or never, of 100 that needed a person</text>",
    ]
    labelled: list[tuple[float, float]] = []
    for point in points:
        x, y = place(point.kept, point.needless)
        parts.append(f'<circle class="dot" cx="{x}" cy="{y}" r="3"/>')
        if all(abs(x - other) + abs(y - level) > 34 for other, level in labelled):
            labelled.append((x, y))
            parts.append(
                f'<text class="quiet" x="{x + 7}" y="{y - 6}">{point.threshold:.2f}</text>'
            )
    x, y = place(*now)
    parts.append(f'<circle class="now" cx="{x}" cy="{y}" r="6"/>')
    parts.append(f'<text x="{x + 10}" y="{y + 16}">as it runs</text></svg>')
    return "\n".join(parts) + "\n"
