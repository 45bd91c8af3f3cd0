"""A guess is asked about, never acted on."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Customer, Reply


def ranked(**confidences: float) -> list[dict[str, object]]:
    return [{"name": name, "confidence": value} for name, value in confidences.items()]


@pytest.mark.parametrize("intent", ["change_delivery", "opening_hours", "goodbye", "complain"])
def test_an_unsure_guess_is_asked_about(heimbud: Customer, intent: str) -> None:
    ranking = ranked(**{intent: 0.38, "track_parcel": 0.2, "parcel_damaged": 0.1})
    reply = heimbud.say("snipp snapp snute 17", intent, 0.38, ranking=ranking)
    assert reply.active_loop is None
    assert "/track_parcel" in reply.payloads
    assert reply.actions[-1] == "action_listen"
    assert "Mente du" in reply.text


def test_a_likely_errand_is_begun(heimbud: Customer) -> None:
    assert heimbud.say("spor", "track_parcel", 0.55).active_loop == "track_parcel_form"


def test_a_number_is_certain_enough(heimbud: Customer) -> None:
    reply = heimbud.writes("HB12345678", "track_parcel", 0.31)
    assert "på vei" in reply.text


def test_a_pressed_button_is_never_a_guess(heimbud: Customer) -> None:
    assert heimbud.press("/track_parcel").active_loop == "track_parcel_form"


def test_nothing_likely_is_said_to_be_not_understood(heimbud: Customer) -> None:
    ranking = ranked(bot_challenge=0.3, goodbye=0.2, affirm=0.1)
    reply = heimbud.say("{{7*7}}", "bot_challenge", 0.3, ranking=ranking)
    assert "ikke helt" in reply.text
    assert len(reply.payloads) == 3


def test_nonsense_is_no_yes_to_a_person(heimbud: Customer) -> None:
    nonsense = ranked(nlu_fallback=0.3, affirm=0.21)
    heimbud.say("hvor er pakken min", "track_parcel")
    for text in ("asdkjh", "qwe lkj"):
        offer = heimbud.say(text, "nlu_fallback", 0.3, ranking=nonsense)
    assert "/ask_human" in offer.payloads
    reply = heimbud.say("¯\\_(ツ)_/¯", "nlu_fallback", 0.3, ranking=nonsense)
    assert "action_handoff" not in reply.actions
    assert "/ask_human" in reply.payloads
    assert "action_handoff" in heimbud.say("ja", "affirm", 0.98).actions


FIRST, SECOND = "parcel_not_received", "track_parcel"
TORN = ranked(**{FIRST: 0.48, SECOND: 0.44, "pickup_point": 0.04})


def torn(customer: Customer, text: str = "pakke borte") -> Reply:
    return customer.say(text, FIRST, 0.48, ranking=TORN, plausible=[FIRST, SECOND])


def test_between_plausible_errands_the_customer_is_asked(heimbud: Customer) -> None:
    reply = torn(heimbud)
    assert reply.active_loop is None
    assert reply.payloads == [f"/{FIRST}", f"/{SECOND}", "/help"]
    # Nearly as sure, but nothing else is plausible.
    assert heimbud.say("spor", SECOND, 0.52, plausible=[SECOND]).active_loop == f"{SECOND}_form"


def test_a_choice_is_remembered_and_not_asked_about_again(heimbud: Customer) -> None:
    torn(heimbud)
    assert heimbud.press(f"/{SECOND}").active_loop == f"{SECOND}_form"
    assert heimbud.say("glem det", "deny").active_loop is None
    again = torn(heimbud, "pakken min borte")
    assert again.active_loop == f"{SECOND}_form"


def test_between_one_of_them_and_a_third_it_is_another_question(heimbud: Customer) -> None:
    torn(heimbud)
    heimbud.press(f"/{SECOND}")
    heimbud.say("glem det", "deny")
    ranking = ranked(**{SECOND: 0.45, "pickup_point": 0.45})
    third = heimbud.say("hvor", SECOND, 0.45, ranking=ranking, plausible=[SECOND, "pickup_point"])
    assert third.payloads == [f"/{SECOND}", "/pickup_point", "/help"]


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ("den første", FIRST),
        ("nr 2", SECOND),
        ("2", SECOND),
        ("den andre takk", SECOND),
        ("siste", SECOND),
        ("den fysste", FIRST),
        ("the second one", SECOND),
    ],
)
def test_a_button_may_be_named_in_words(heimbud: Customer, words: str, chosen: str) -> None:
    torn(heimbud)
    assert heimbud.say(words, "nlu_fallback", 0.2).active_loop == f"{chosen}_form"


def test_an_answer_in_words_is_read_among_what_was_asked(heimbud: Customer) -> None:
    torn(heimbud)
    ranking = ranked(**{"complain": 0.4, SECOND: 0.35, FIRST: 0.05})
    assert heimbud.say("hvor den er", "complain", 0.4, ranking=ranking).active_loop == (
        f"{SECOND}_form"
    )


def test_another_errand_may_be_named_instead_of_an_answer(heimbud: Customer) -> None:
    torn(heimbud)
    ranking = ranked(**{"pause_subscription": 0.9, SECOND: 0.05})
    reply = heimbud.say("stans avisa", "pause_subscription", 0.9, ranking=ranking)
    assert reply.active_loop == "pause_subscription_form"


def test_the_same_question_is_never_put_twice(heimbud: Customer) -> None:
    torn(heimbud)
    assert torn(heimbud, "ja pakke borte").active_loop == f"{FIRST}_form"


@pytest.mark.parametrize(
    "none", ["noe annet", "noe helt annet", "nei, ingen av dem", "none of those"]
)
def test_what_was_refused_is_not_offered_again(heimbud: Customer, none: str) -> None:
    torn(heimbud)
    helped = heimbud.say(none, "deny", 0.9)
    assert helped.active_loop is None
    again = torn(heimbud)
    assert not {f"/{FIRST}", f"/{SECOND}"} & set(again.payloads)
    assert again.active_loop is None


def test_who_is_cross_is_answered_and_not_asked_whether_it_is_a_complaint(
    heimbud: Customer,
) -> None:
    ranking = ranked(**{"complain": 0.5, SECOND: 0.48})
    reply = heimbud.say(
        "nå er jeg lei, hvor er pakken", "complain", 0.5,
        ranking=ranking, plausible=["complain", SECOND],
    )  # fmt: skip
    assert reply.active_loop == f"{SECOND}_form"


@pytest.mark.parametrize("none", ["noe annet", "noe helt annet", "ingen av dem", "none of these"])
def test_none_of_these_in_words_gives_what_the_button_gives(heimbud: Customer, none: str) -> None:
    torn(heimbud)
    typed = heimbud.say(none, "deny", 0.9)
    assert not typed.paused
    assert typed.payloads == heimbud.press("/help").payloads
    assert typed.payloads[-1] == "/ask_human"


@pytest.mark.parametrize("line", ["ingen avis i dag", "ingen pakke kom", "None of my papers came"])
def test_a_line_that_only_begins_with_none_tells_its_errand(heimbud: Customer, line: str) -> None:
    torn(heimbud)
    assert heimbud.say(line, SECOND, 0.9).active_loop == f"{SECOND}_form"
