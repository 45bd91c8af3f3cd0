"""The judge of histories, on histories that were made up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.answers import APOLOGY, REPORT
from tests.faults.checker import judge
from tests.faults.history import History, Outcome, Screen, Shown

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


def show(history: History, *lines: Shown, name: str = "side") -> Screen:
    """A customer's page; a desk shows what the first of them does."""
    if not history.screens:
        staff(history, *(replace(line, customer_seq=line.seq) for line in lines))
    screen = history.screen(name, PLACE, "customer")
    for line in lines:
        history.shows(screen, line)
    return screen


def staff(history: History, *lines: Shown) -> Screen:
    screen = history.screen("pult", PLACE, "staff")
    for line in lines:
        history.shows(screen, line)
    return screen


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
    history, line = told(("en", Outcome.INVOKED))
    history.ended("id-en", Outcome.FAILED, code="not_owner")
    show(history, line["en"])
    assert rules(history) == {"refused"}


def test_a_line_is_refused_for_a_chat_that_changed_hands_and_for_nothing_else() -> None:
    history, _ = told(("en", Outcome.INVOKED))
    history.ended("id-en", Outcome.FAILED, code="not_allowed")
    show(history)
    assert rules(history) == {"turned_away"}


def test_a_line_that_is_both_refused_and_acknowledged_is_contradicted() -> None:
    history, line = told(("en", Outcome.INVOKED))
    history.ended("id-en", Outcome.FAILED, code="not_owner")
    history.ended("id-en", Outcome.ACKED, number=1)
    show(history, line["en"])
    assert rules(history) == {"contradicted"}


@pytest.mark.parametrize("numbers", [(2,), (1, 2)])
def test_an_acknowledgement_names_the_line_by_its_number(numbers: tuple[int, ...]) -> None:
    history, line = told(("en", Outcome.INVOKED))
    for number in numbers:
        history.ended("id-en", Outcome.ACKED, number=number)
    show(history, line["en"])
    assert rules(history) == {"contradicted"}


def test_an_acknowledged_line_of_a_conversation_that_nobody_can_open_is_lost() -> None:
    history, _ = told(("en", Outcome.ACKED))
    assert rules(history) == {"lost"}
    history.moved("id-en", "annen samtale")
    assert rules(history) == {"lost"}


def test_a_page_that_was_left_need_not_show_what_came_after_but_is_judged() -> None:
    history, line = told(("en", Outcome.ACKED), ("to", Outcome.ACKED))
    show(history, line["en"], line["to"])
    history.leave(show(history, line["en"], name="gammel"))
    assert rules(history) == set()
    history.leave(show(history, line["to"], line["en"], name="eldre"))
    assert rules(history) >= {"reordered", "differs"}


def test_what_a_backup_lacks_is_a_tail() -> None:
    history, line = told(*((text, Outcome.ACKED) for text in ("en", "to", "tre")))
    history.went_back(1)
    show(history, line["en"], line["to"])
    assert rules(history) == set()
    history, line = told(*((text, Outcome.ACKED) for text in ("en", "to", "tre")))
    history.went_back(1)
    show(history, line["en"], replace(line["tre"], seq=2))
    assert rules(history) == {"lost"}


def test_each_of_two_backups_lacks_a_tail_of_its_own() -> None:
    history, line = told(("en", Outcome.ACKED), ("to", Outcome.ACKED))
    history.went_back(1)
    for text in ("tre", "fire"):
        history.invoked(f"id-{text}", PLACE, "k", text)
        history.ended(f"id-{text}", Outcome.ACKED)
    history.went_back(1)
    show(history, line["en"], Shown(2, "customer", "tre", "id-tre"))
    assert rules(history) == set()


@pytest.mark.parametrize(("number", "broken"), [(1, set()), (2, {"contradicted"})])
def test_what_a_backup_lacked_and_was_sent_again_may_have_another_number(
    number: int, broken: set[str]
) -> None:
    history, line = told(("en", Outcome.INVOKED))
    staff(history, Shown(1, "bot", "hei", customer_seq=1))
    before = history.screen("side", PLACE, "customer", "første")
    for one in (Shown(1, "bot", "hei"), replace(line["en"], seq=2)):
        history.shows(before, one)
    history.went_back(0)
    history.leave(before)
    history.ended("id-en", Outcome.ACKED, number=number)
    after = history.screen("side", PLACE, "customer", "andre")
    history.shows(after, line["en"])
    assert rules(history) - {"lost"} == broken


@pytest.mark.parametrize(("tab", "broken"), [(1, set()), (0, {"reordered"})])
def test_what_a_closed_page_had_on_its_way_may_come_after_the_next_ones(
    tab: int, broken: set[str]
) -> None:
    history, line = told(("en", Outcome.UNKNOWN))
    history.invoked("id-to", PLACE, "k", "to", tab)
    history.ended("id-to", Outcome.ACKED)
    show(history, Shown(1, "customer", "to", "id-to"), replace(line["en"], seq=2))
    assert rules(history) == broken


def test_screens_of_two_epochs_tell_two_histories() -> None:
    history = History()
    history.shows(history.screen("a", PLACE, "customer", "før"), Shown(1, "bot", "hei"))
    history.shows(history.screen("b", PLACE, "customer", "etter"), Shown(1, "bot", "hallo"))
    assert rules(history) == set()


def test_a_hole_in_a_batch_is_a_gap_though_the_page_filled_it() -> None:
    history, line = told(("en", Outcome.ACKED))
    screen = show(history, line["en"])
    history.fetched(screen, [1, 2])
    assert rules(history) == set()
    history.fetched(screen, [3, 5])
    assert rules(history) == {"gap"}


def test_a_text_that_a_browser_took_and_never_sent_is_lost() -> None:
    history, line = told(("en", Outcome.ACKED))
    show(history, line["en"])
    history.types("en", "fane")
    assert rules(history) == set()
    history.types("to", "fane")
    assert rules(history) == {"lost"}


def asked(seq: int, turn: str) -> Shown:
    return Shown(seq, "customer", turn, turn, turn=turn)


def said(seq: int, turn: str, text: str = "svar") -> Shown:
    return Shown(seq, "bot", text, kind="understanding" if text == REPORT else "text", turn=turn)


@pytest.mark.parametrize(
    ("lines", "broken"),
    [
        ((asked(1, "t"), said(2, "t", REPORT), said(3, "t")), set()),
        ((asked(1, "t"),), {"unanswered"}),
        ((asked(1, "t"), said(2, "t", REPORT)), {"unanswered"}),
        ((asked(1, "t"), Shown(2, "system", APOLOGY, kind="notice")), set()),
        ((asked(1, "t"), Shown(2, "system", "state", owner="ola", control=2)), set()),
        ((asked(1, "t"), *(said(n, "t", REPORT if n % 2 == 0 else "svar") for n in (2, 3, 4, 5))),
         {"doubled"}),
        ((asked(1, "t"), said(2, "t", REPORT), said(3, "t"), asked(4, "u"), said(5, "u", REPORT),
          said(6, "u"), said(7, "t")), {"doubled"}),
        ((asked(1, "t"), Shown(2, "system", APOLOGY, kind="notice"), said(3, "t", REPORT),
          said(4, "t")), {"doubled"}),
        ((asked(1, "t"), Shown(2, "system", "state", owner="ola", control=2), said(3, "t", REPORT)),
         set()),
        ((asked(1, "t"), Shown(2, "system", "state", owner="ola", control=2), said(3, "t", REPORT),
          said(4, "t")), {"foreign"}),
    ],
)  # fmt: skip
def test_the_bot_answers_or_apologises_once_while_it_has_the_conversation(
    lines: tuple[Shown, ...], broken: set[str]
) -> None:
    history = History()
    staff(history, *lines)
    assert rules(history) == broken


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
    assert rules(history) == set()
    staff(history, Shown(1, "bot", "hei", customer_seq=1), Shown(2, "agent", "nei", "n", "", 2))
    assert "differs" in rules(history)


@pytest.mark.parametrize(
    "desk", [[Shown(1, "bot", "hallo", customer_seq=1)], [Shown(1, "bot", "ja", customer_seq=2)]],
    ids=["other words", "a line less"],
)  # fmt: skip
def test_a_desk_shows_what_the_customer_reads(desk: list[Shown]) -> None:
    history = History()
    staff(history, *desk)
    show(history, Shown(1, "bot", "hei"), Shown(2, "bot", "ja"))
    assert "differs" in rules(history)


def test_a_browser_without_numbers_is_judged_by_its_words() -> None:
    history, line = told(("en", Outcome.ACKED))
    show(history, line["en"])
    screen = history.screen("fane", PLACE, "customer", numbered=False, worded=True)
    assert rules(history) == {"lost"}
    history.shows(screen, line["en"])
    assert rules(history) == set()
