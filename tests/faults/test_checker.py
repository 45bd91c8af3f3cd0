"""The judge of histories, on histories that were made up."""

from __future__ import annotations

import pytest

from tests.faults.checker import judge
from tests.faults.history import History, Outcome, Shown

PLACE = "samtale"


def told(*lines: tuple[str, Outcome]) -> tuple[History, dict[str, Shown]]:
    """A history of those lines of one customer, and each as a screen would show it in its turn."""
    history, shown = History(), {}
    for seq, (text, outcome) in enumerate(lines, 1):
        history.invoked(f"id-{text}", PLACE, "k", text)
        history.ended(f"id-{text}", outcome)
        shown[text] = Shown(seq, "customer", text, f"id-{text}")
    return history, shown


def rules(history: History) -> set[str]:
    return {fault.rule for fault in judge(history).faults}


def show(history: History, *lines: Shown, name: str = "side") -> None:
    screen = history.screen(name, PLACE, "customer")
    for line in lines:
        history.shows(screen, line)


def test_every_line_once_in_order_is_right() -> None:
    history, line = told(("en", Outcome.ACKED), ("to", Outcome.ACKED))
    show(history, line["en"], line["to"])
    show(history, line["en"], line["to"], name="annen")
    verdict = judge(history)
    assert (verdict.acknowledged, verdict.faults) == (2, [])


def test_an_acknowledged_line_that_a_screen_lacks_is_lost() -> None:
    history, line = told(("en", Outcome.ACKED), ("to", Outcome.ACKED))
    show(history, line["en"], line["to"])
    show(history, line["en"], name="annen")
    verdict = judge(history)
    assert verdict.count("lost") == 1
    assert str(verdict.faults[0]) == "lost: id-to on annen"


@pytest.mark.parametrize("outcome", [Outcome.ACKED, Outcome.UNKNOWN])
def test_a_line_shown_twice_is_doubled_also_under_another_id(outcome: Outcome) -> None:
    history, line = told(("en", outcome))
    show(history, line["en"], Shown(2, "customer", "en", "id-annen"))
    assert rules(history) == {"doubled"}


@pytest.mark.parametrize(("shown", "expected"), [(True, set()), (False, set())])
def test_an_unknown_line_may_be_there_or_not(shown: bool, expected: set[str]) -> None:
    history, line = told(("en", Outcome.UNKNOWN))
    show(history, *([line["en"]] if shown else []))
    assert rules(history) == expected


def test_a_refused_line_may_be_nowhere() -> None:
    history, line = told(("en", Outcome.FAILED))
    show(history, line["en"])
    assert rules(history) == {"refused"}


def test_lines_of_one_sender_out_of_order_are_reordered() -> None:
    history, _ = told(("en", Outcome.ACKED), ("to", Outcome.ACKED))
    lines = (Shown(1, "customer", "to", "id-to"), Shown(2, "customer", "en", "id-en"))
    show(history, *lines)
    assert rules(history) == {"reordered"}


def test_a_screen_that_shows_a_later_number_first_is_reordered_and_has_a_gap() -> None:
    history, line = told(("en", Outcome.UNKNOWN), ("to", Outcome.UNKNOWN))
    show(history, line["to"], line["en"])
    assert rules(history) == {"reordered", "gap"}


def test_two_screens_that_differ_are_told() -> None:
    history = History()
    show(history, Shown(1, "bot", "hei"))
    show(history, Shown(1, "bot", "hallo"), Shown(2, "bot", "?"), name="annen")
    assert rules(history) == {"differs"}


def staff(history: History, *lines: Shown) -> None:
    screen = history.screen("pult", PLACE, "staff")
    for line in lines:
        history.shows(screen, line)


def owned(seq: int, agent: str) -> Shown:
    return Shown(seq, "system", "state", owner=agent, control=seq)


def test_a_line_of_an_agent_who_does_not_have_the_chat_is_foreign() -> None:
    history = History()
    say = Shown(2, "agent", "svar", "s", author_id="ola", customer_seq=1)
    staff(history, owned(1, "ola"), say)
    assert rules(history) == set()
    staff(history, owned(1, "kari"), say)
    assert "foreign" in rules(history)


def test_a_chat_left_with_an_agent_who_went_is_stranded() -> None:
    history = History()
    staff(history, owned(1, "ola"))
    assert rules(history) == set()
    history.gone.add("ola")
    assert rules(history) == {"stranded"}


def test_the_two_sides_of_a_conversation_must_agree() -> None:
    history = History()
    show(history, Shown(1, "bot", "hei"), Shown(2, "customer", "ja", "j"))
    staff(history, Shown(1, "bot", "hei", customer_seq=1), Shown(2, "agent", "nei", "n", "", 2))
    assert "differs" in rules(history)


def test_a_browser_without_numbers_is_judged_by_its_words() -> None:
    history, line = told(("en", Outcome.ACKED))
    screen = history.screen("fane", PLACE, "customer", numbered=False)
    assert rules(history) == {"lost"}
    history.shows(screen, line["en"])
    assert rules(history) == set()
