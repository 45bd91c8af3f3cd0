"""What is measured on a turn: behaviour first, words only as acts. All features lie in 0 to 1.

``docs/knowing-when.md`` explains each with its source. A feature looks at the turns up to and
including the judged one, never at what the bot did afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from .acts import act_probabilities
from .hiccups import hiccup
from .history import Turn
from .similarity import similarity
from .style import caps_share, loud_signs, rise
from .words import words

Acts = Callable[[Turn], Mapping[str, float]]

WINDOW = 3
"""Earlier turns that a turn is compared with."""
SAME_ANSWER = 0.92
"""Similarity from which two bot answers count as the same answer."""
REPHRASED = 0.55
"""Similarity from which a line counts as said again in other words."""
STALLED = 3
"""Turns without progress from which a conversation stands still."""
UNHAPPY = 0.5
"""Probability of ``dissatisfied`` or ``correction`` from which the answer before did not help."""

SOCIAL = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "praise", "bot_challenge"})
"""Intents that neither move an errand nor fail to."""

FRUSTRATION: tuple[str, ...] = (
    "dissatisfied",
    "process_complaint",
    "said_before",
    "time_lost",
    "giving_up",
    "threat_to_leave",
    "sarcastic_thanks",
    "dissatisfied_before",
    "correction",
    "corrections_before",
    "rephrase",
    "user_user_average",
    "bot_repeat",
    "bot_bot_average",
    "fallbacks_before",
    "fallback_share",
    "failed_actions",
    "stalled",
    "caps_shift",
    "signs_shift",
    "asking_runs",
    "length_drop",
    "thanks_after_failure",
    "turn_count",
    "content",
    "content_praise",
    "content_profane",
    "bot_user_average",
)
"""Features of the frustration score, in the model's order."""

CALMING = frozenset({"content", "content_praise", "content_profane", "bot_user_average"})
"""Features that may only lower the frustration score; all others may only raise it."""

UNCERTAINTY: tuple[str, ...] = ("unsure", "asking", "hesitation", "rephrase", "correction")
"""Features of the customer's own uncertainty."""

BOT_UNCERTAINTY: tuple[str, ...] = (
    "misunderstood",
    "doubt",
    "doubt_rise",
    "narrow_margin",
    "choices",
    "fallbacks_before",
)
"""Features of the bot's uncertainty."""

STORED_ONLY: tuple[str, ...] = ("haste", "length_rise")
"""Measured and stored with the turn, in no score until labelled turns exist."""

_HESITATION = frozenset({"eh", "øh", "hm", "hmm", "tja", "uh", "um", "kanskje", "maybe", "perhaps"})


def is_value(turn: Turn) -> bool:
    """The line answers a question with a bare value: number, date, address, day or yes or no.

    Such answers are progress, and are alike by nature, so they are never counted as repetition.
    """
    tokens = words(turn.said)
    return len(tokens) <= 3 or (len(tokens) <= 8 and any(token[0] == "#" for token in tokens))


def answers(turn: Turn) -> bool:
    """The line answers what the bot asked for: a value, something recognised, a yes or a no."""
    if not turn.asked_for:
        return False
    return is_value(turn) or bool(turn.entities) or turn.intent in ("affirm", "deny")


def same_answer_run(turns: Sequence[Turn]) -> int:
    """How many times in a row the newest bot answer has been given; 0 before any answer.

    A turn that brought new facts starts anew: the same sentence about another parcel is no repeat.
    """
    run = 0
    newest: Turn | None = None
    for turn in reversed(turns):
        if not turn.answer or turn.fell_back or turn.intent in SOCIAL:
            continue
        if newest is not None and not same_answer(turn, newest):
            break
        newest = turn
        run += 1
        if turn.filled or turn.entities:
            break
    return run


def same_answer(first: Turn, second: Turn) -> bool:
    """The same response of the domain, worded this way or that, or nearly the same text."""
    if first.answer_name and second.answer_name:
        return first.answer_name == second.answer_name
    one, two = first.answer, second.answer
    return one == two or similarity(one, two) >= SAME_ANSWER


def fallback_run(turns: Sequence[Turn]) -> int:
    """Consecutive turns at the end that the bot did not understand."""
    run = 0
    for turn in reversed(turns):
        if not turn.fell_back:
            break
        run += 1
    return run


def acts_in(turn: Turn) -> Mapping[str, float]:
    """Probability of every act in the turn's own words, by the shipped model."""
    return act_probabilities(turn.said, turn.vector)


def unhappy(turn: Turn, acts_of: Acts = acts_in) -> bool:
    """The line says that what came before it did not help."""
    acts = acts_of(turn)
    return max(acts["dissatisfied"], acts["correction"]) >= UNHAPPY


def made_progress(turns: Sequence[Turn], index: int, acts_of: Acts = acts_in) -> bool:
    """Turn ``index`` moved the errand: slot filled, look-up done, value given, or a new answer
    that the customer did not turn down in the next line. Needs the turn to be over."""
    turn = turns[index]
    if turn.filled or any(ok for _, ok, _ in turn.lookups):
        return True
    if turn.fell_back or turn.failed_lookups:
        return False
    if index + 1 < len(turns) and unhappy(turns[index + 1], acts_of):
        return False
    if turn.asked_for and is_value(turn):
        return True
    return not any(same_answer(earlier, turn) for earlier in turns[:index] if earlier.answer)


def turns_since_progress(turns: Sequence[Turn], acts_of: Acts = acts_in) -> int:
    """Finished turns at the end without progress, up to ``STALLED``.

    The last turn of ``turns`` is not finished.
    """
    count = 0
    for index in range(len(turns) - 2, -1, -1):
        if turns[index].intent in SOCIAL:
            continue
        if made_progress(turns, index, acts_of):
            break
        count += 1
        if count == STALLED:  # nobody asks for more, and a long talk would cost more every turn
            break
    return count


def _average(values: Sequence[float]) -> float:
    """Moving average that weighs the newest half."""
    level = 0.0
    for value in values:
        level = (level + value) / 2
    return level


def _alike(turn: Turn, others: Sequence[Turn]) -> float:
    if is_value(turn):
        return 0.0
    return max((similarity(turn.said, other.said) for other in others), default=0.0)


def _repeat(past: Sequence[Turn]) -> float:
    answered = [turn for turn in past if turn.answer]
    if len(answered) < 2:
        return 0.0
    newest, before = answered[-1], answered[-1 - WINDOW : -1]
    if any(turn.answer_name and same_answer(turn, newest) for turn in before):
        return 0.0 if newest.filled or newest.entities else 1.0
    return max(similarity(newest.answer, turn.answer) for turn in before)


def _done(turn: Turn, acts_of: Acts) -> Mapping[str, float]:
    """The acts of a turn's line; a hiccup does nothing to anybody."""
    return acts_of(replace(turn, text="") if hiccup(turn) else turn)


def _length(turn: Turn) -> int:
    return len(words(turn.said))


def features(turns: Sequence[Turn], acts_of: Acts = acts_in) -> dict[str, float]:
    """Every feature of the newest of ``turns``, each between 0 and 1."""
    now, past = turns[-1], turns[:-1]
    recent = past[-WINDOW:]
    acts = _done(now, acts_of)
    earlier = [_done(turn, acts_of) for turn in recent]
    answers = [turn.answer for turn in past if turn.answer]
    habit = [turn for turn in turns[:2] if turn is not now]
    usual = max((_length(turn) for turn in habit if not is_value(turn)), default=0)
    length = _length(now)
    failed = bool(past) and (past[-1].fell_back or bool(past[-1].failed_lookups))
    repeated = _repeat(past)
    doubt = 0.0 if now.confidence is None else 1.0 - now.confidence
    known = [turn.confidence for turn in recent if turn.confidence is not None]
    margin = (now.confidence or 0.0) - (now.runner_up or 0.0)
    found: dict[str, float] = {
        name: acts[name]
        for name in (
            "dissatisfied",
            "process_complaint",
            "said_before",
            "time_lost",
            "giving_up",
            "threat_to_leave",
            "sarcastic_thanks",
            "correction",
            "unsure",
        )
    }
    found.update(
        dissatisfied_before=max((each["dissatisfied"] for each in earlier[-2:]), default=0.0),
        corrections_before=sum(each["correction"] for each in earlier) / WINDOW,
        rephrase=_alike(now, recent),
        user_user_average=_average(
            [_alike(turn, turns[max(0, at - 1) : at]) for at, turn in _last(turns, 4)]
        ),
        bot_repeat=repeated,
        bot_bot_average=_average(
            [similarity(one, two) for one, two in zip(answers[-4:], answers[-4:][1:], strict=False)]
        ),
        bot_user_average=_average(
            [similarity(turn.said, turn.answer) for turn in past[-4:] if turn.answer]
        ),
        fallbacks_before=min(2, fallback_run(past)) / 2,
        fallback_share=sum(turn.fell_back for turn in past) / len(past) if past else 0.0,
        failed_actions=min(2, sum(bool(turn.failed_lookups) for turn in past[-4:])) / 2,
        stalled=turns_since_progress(turns, acts_of) / STALLED,
        caps_shift=rise(caps_share(now.said), [caps_share(turn.said) for turn in habit]),
        signs_shift=rise(loud_signs(now.said), [loud_signs(turn.said) for turn in habit]),
        asking_runs=float("??" in words(now.said)),
        length_drop=max(0.0, 1 - length / usual) if usual and not is_value(now) else 0.0,
        length_rise=min(1.0, max(0.0, length / usual - 1) / 3) if usual else 0.0,
        thanks_after_failure=max(acts["satisfaction"], acts["praise"], acts["sarcastic_thanks"])
        * max(float(failed), repeated),
        turn_count=min(2, len(past)) / 2,
        content=acts["satisfaction"] * (1 - acts["dissatisfied"]),
        content_praise=acts["praise"] * (1 - acts["dissatisfied"]),
        content_profane=acts["profane_fine"] * (1 - acts["dissatisfied"]),
        asking=float("?" in now.said),
        hesitation=float(bool(_HESITATION & set(words(now.said))) or ".." in words(now.said)),
        misunderstood=float(now.misunderstood),
        doubt=doubt,
        doubt_rise=max(0.0, max(known, default=0.0) - (now.confidence or 0.0)) if doubt else 0.0,
        narrow_margin=0.0 if now.runner_up is None else max(0.0, 1 - 2 * margin),
        choices=min(4, now.choices - 1) / 4,
        haste=_haste(now, past),
    )
    return found


def _last(turns: Sequence[Turn], count: int) -> list[tuple[int, Turn]]:
    start = max(0, len(turns) - count)
    return list(enumerate(turns))[start:]


def _haste(now: Turn, past: Sequence[Turn]) -> float:
    """1 at once, 0 from twenty seconds after the turn before."""
    if not past or now.at is None or past[-1].at is None:
        return 0.0
    return max(0.0, 1 - (now.at - past[-1].at) / 20)


def vector(found: Mapping[str, float], names: Sequence[str]) -> list[float]:
    return [found[name] for name in names]
