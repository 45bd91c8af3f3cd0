from __future__ import annotations

import pytest

from actions.judgement.history import Turn
from actions.judgement.rules import Trigger, triggers
from tests.actions.judgement.talk import HEIMBUD, LOST, VARDE, Talk, history, turn

ANSWER = "Pakken er på vei til deg."


def first(talk: Talk) -> Trigger | None:
    return next(iter(triggers(talk.history)), None)


def told(*turns: Turn) -> Trigger | None:
    return next(iter(triggers(history(*turns))), None)


def test_an_ordinary_turn_fires_nothing() -> None:
    assert first(Talk().user("Hvor er pakken min?", "track_parcel")) is None


def test_asking_by_intent_hands_over() -> None:
    fired = first(Talk().user("menneske plz", "ask_human", 0.8))
    assert fired == Trigger("asked_human", "handoff", "asked_human", ("menneske plz",))


def test_asking_in_words_hands_over_whatever_the_intent() -> None:
    fired = first(Talk().user("Kan eg få snakka med någen?", "greet", 0.9))
    assert fired is not None
    assert fired.reason == "asked_human"


def test_a_near_topic_understood_with_confidence_is_no_request() -> None:
    line = "Er det noen på jobb hos dere midt på natten?"
    assert first(Talk().user(line, "opening_hours", 0.95)) is None
    line = "Er jeg i kontakt med en robot nå?"
    assert first(Talk().user(line, "bot_challenge", 0.95)) is None
    fired = first(Talk().user("Er det noen der jeg kan prate med?", "bot_challenge", 0.95))
    assert fired is not None
    assert fired.reason == "asked_human"


@pytest.mark.parametrize("line", ["Du trenger ikke sette meg over", "æ treng itj snakk med nån"])
def test_turning_a_person_down_is_no_request_even_by_intent(line: str) -> None:
    assert first(Talk().user(line, "ask_human", 0.95)) is None


def test_an_unsure_intent_is_not_believed() -> None:
    assert first(Talk().user("det der med telefon", "ask_human", 0.4)) is None


def test_the_button_for_a_person_hands_over() -> None:
    fired = first(Talk().user("/ask_human", "ask_human", 1.0))
    assert fired is not None
    assert (fired.code, fired.reason) == ("chose_person", "asked_human")


def test_yes_to_an_offer_hands_over() -> None:
    talk = Talk().user("hm").bot("Vil du heller snakke med en person?").user("ja", "affirm")
    fired = first(talk)
    assert fired is not None
    assert fired.code == "accepted_offer"


def test_a_yes_that_goes_on_to_tell_something_is_no_yes_to_an_offer() -> None:
    talk = Talk().user("hm").bot("Vil du heller snakke med en person?")
    talk.user("Å, der ja, nederst til høyre! Nå fant jeg det", "affirm")
    assert first(talk) is None


def test_yes_to_anything_else_does_not() -> None:
    assert first(Talk().user("hm").bot("Skal jeg lage en sak?").user("ja", "affirm")) is None


def test_yes_to_a_forms_question_below_an_offer_is_the_forms() -> None:
    talk = Talk().user("hm").slot("requested_slot", "confirm")
    talk.bot("Stemmer det?", "Vil du heller snakke med en person?").user("ja", "affirm")
    assert first(talk) is None


@pytest.mark.parametrize(
    "line",
    [
        "Abonnement 482913",
        "Abonnementet er 294417",
        "abonnementsnr. 123456",
        "My subscription no is 294417",
    ],
)
def test_a_number_and_its_name_are_no_policy_topic(line: str) -> None:
    assert first(Talk(HEIMBUD).user(line, "cancel_subscription", 0.81)) is None


def test_a_topic_beside_a_number_is_one() -> None:
    line = "si opp abonnement 482913"
    assert first(Talk(HEIMBUD).user(line, "cancel_subscription", 0.81)) is not None


def test_a_policy_topic_hands_over_at_its_first_mention() -> None:
    fired = first(Talk(HEIMBUD).user("Jeg vil si opp avisa", "cancel_subscription", 0.6))
    assert fired is not None
    assert (fired.reason, fired.topic, fired.front) == ("policy", "cancel_subscription", False)


def test_roadside_assistance_goes_to_the_front() -> None:
    fired = first(Talk(VARDE).user("Bilen står på E39", "roadside_assistance", 0.9))
    assert fired is not None
    assert fired.front


def test_another_clients_topic_is_nobodys_policy_here() -> None:
    assert first(Talk(HEIMBUD).user("Hva dekkes?", "coverage_question", 0.9)) is None


def test_a_doubtful_policy_intent_does_not_hand_over() -> None:
    assert first(Talk(VARDE).user("dekk", "coverage_question", 0.4)) is None


def test_an_andon_sends_its_topic_to_people() -> None:
    settings = {"handoff": {"intents": [], "andon": ["refund"]}}
    fired = first(Talk(settings).user("Hvor er pengene?", "refund", 0.9))
    assert fired is not None
    assert (fired.code, fired.topic) == ("andon", "refund")


def test_a_bereavement_is_a_persons_even_as_a_reason() -> None:
    talk = Talk().user("Stopp avisa til far, han døde på søndag", "pause_subscription")
    fired = first(talk)
    assert fired is not None
    assert (fired.reason, fired.topic, fired.front) == ("policy", "bereavement", False)


def test_danger_goes_to_the_front_before_all_else() -> None:
    fired = first(Talk(VARDE).user("Huset brenner, hvem kan jeg ringe?", "report_claim"))
    assert fired is not None
    assert (fired.code, fired.front) == ("danger", True)


def test_two_fallbacks_in_a_row_offer_a_person_although_rasa_reverts_them() -> None:
    talk = Talk().user("blah", LOST).bot("Hva?", action="action_default_fallback")
    talk.event("rewind").user("blah blah blah", LOST)
    fired = first(talk)
    assert fired is not None
    assert (fired.code, fired.decision) == ("two_failures", "offer")
    assert fired.quotes == ("blah", "blah blah blah")


def test_three_fallbacks_in_a_row_hand_over() -> None:
    talk = Talk()
    for line in ("blah", "bleh bleh"):
        talk.user(line, LOST).bot("Hva?", action="action_default_fallback").event("rewind")
    fired = first(talk.user("blih blih", LOST))
    assert fired is not None
    assert (fired.code, fired.decision) == ("two_failures", "handoff")


def test_a_guess_with_a_day_in_it_is_no_yes_to_an_offer() -> None:
    talk = Talk().user("avisa kom ikke").bot("Vil du snakke med en person?")
    assert first(talk.user("i mrg", "affirm", 0.46, {"date": "2026-03-12"})) is None


def test_a_number_that_is_not_at_hand_brings_an_offer_and_a_third_time_a_person() -> None:
    talk = Talk().user("hvor er pakken").slot("requested_slot", "tracking_number")
    talk.bot("Hva er sporingsnummeret?").user("vet ikke", "deny")
    fired = first(talk)
    assert fired is not None
    assert (fired.code, fired.decision) == ("stuck", "offer")
    for line in ("har itte noe nummer", "finner det ikke"):
        talk.bot("Det står i meldingen.").user(line, "deny")
    fired = first(talk)
    assert fired is not None
    assert (fired.code, fired.decision) == ("stuck", "handoff")


def test_one_fallback_does_not() -> None:
    assert first(Talk().user("hei", "greet").bot("Hei!").user("blah blah blah", LOST)) is None


def test_a_question_about_meaning_counts_as_a_failure() -> None:
    talk = Talk().user("det der greiene", "track_parcel", 0.3).decided("clarify").bot("Mente du?")
    assert first(talk.user("nei den andre tingen", LOST)) is not None


def test_a_forms_value_that_is_no_intent_is_no_fallback() -> None:
    talk = Talk().user("flytt pakken").slot("requested_slot", "tracking_number").bot("Nummer?")
    talk.user("HB 12345678", LOST).bot("Dag?").user("27/11", LOST)
    assert first(talk) is None


def test_the_second_same_answer_comes_with_an_offer() -> None:
    fired = told(turn("Når kommer pakken min hjem?", ANSWER), turn("Men når kommer pakken hjem?"))
    assert fired is not None
    assert (fired.code, fired.decision) == ("same_answer", "offer")


def test_the_third_same_answer_is_a_person() -> None:
    fired = told(
        turn("Når kommer pakken min hjem?", ANSWER),
        turn("Men når kommer pakken hjem?", ANSWER),
        turn("Når kommer pakken da?"),
    )
    assert fired is not None
    assert (fired.code, fired.decision) == ("same_answer", "handoff")


def test_the_same_response_worded_otherwise_is_the_same_answer() -> None:
    talk = Talk()
    for text, said in (("Når kommer pakken?", "Den er på vei."), ("Men når da?", "Underveis!")):
        talk.user(text, "track_parcel").bot(said)
        talk.events[-1]["metadata"] = {"utter_action": "utter_in_transit"}
    fired = first(talk.user("Når kommer pakken da, når?", "track_parcel"))
    assert fired is not None
    assert fired.decision == "offer"


def test_another_parcel_gets_the_same_sentence_without_alarm() -> None:
    turns = [
        turn(f"Hvor er HB1000200{n}?", ANSWER, entities=(("tracking_number", f"HB1000200{n}"),))
        for n in range(3)
    ]
    last = turn("Og hvor er HB10002009?", entities=(("tracking_number", "HB10002009"),))
    assert told(*turns, last) is None


def test_another_errand_after_two_same_answers_is_left_alone() -> None:
    asked = turn("Når har dere åpent?", "Vi har åpent 8 til 20.", intent="opening_hours")
    assert told(asked, asked, turn("Flytt pakken min", intent="change_delivery")) is None


def failed(text: str, **values: object) -> Turn:
    lookups = (("track_parcel", False, "unavailable"),)
    return turn(text, f"Systemet svarte ikke på {text}.", lookups=lookups, decision=None)


def test_a_system_that_fails_twice_brings_an_offer_then_a_person() -> None:
    two = (failed("spor pakken"), failed("prøv en gang til"))
    fired = told(*two, turn("og nå?"))
    assert fired is not None
    assert (fired.reason, fired.decision) == ("client_system", "offer")
    fired = told(*two, failed("sjekk fakturaen i stedet"), turn("og nå?"))
    assert fired is not None
    assert fired.decision == "handoff"


def test_a_system_that_works_again_is_forgiven() -> None:
    worked = turn("spor", "Den er i Bergen.", lookups=(("track_parcel", True, ""),))
    assert told(failed("en ting"), failed("en annen ting"), worked, turn("takk for det")) is None


def test_three_turns_without_progress_are_never_left_alone() -> None:
    stuck = [turn("Hva med pakken?", ANSWER) for _ in range(1)]
    stuck += [turn(text, ANSWER) for text in ("Men altså hva?", "Ikke det", "Noe annet da?")]
    fired = [f.code for f in triggers(history(*stuck, turn("Jeg spør om lappen i postkassa")))]
    assert "no_progress" in fired


def test_filling_in_a_form_is_progress() -> None:
    asked = [
        turn(text, f"Spørsmål nummer {n} i skjemaet.", asked_for="x", filled=("x",))
        for n, text in enumerate(("HB12345678", "torsdag", "Storgata 1", "5019"))
    ]
    assert told(*asked, turn("ja", asked_for="confirm")) is None


def test_a_forms_free_answer_gets_one_chance_more_than_other_lines() -> None:
    asked = Talk().user("meld skade").slot("requested_slot", "claim_description").bot("Hva?")
    asked.user("øh det var på en måte sånn", LOST).bot("Fortell", action="action_default_fallback")
    assert first(asked.user("Jeg rygget på en stolpe ved butikken i går", LOST)) is None
    asked.bot("Fortell", action="action_default_fallback")
    fired = first(asked.user("Altså jeg rygget jo bare på den stolpen der", LOST))
    assert fired is not None
    assert fired.code == "two_failures"


def test_a_bare_no_fires_nothing() -> None:
    assert told(turn("Når kommer avisa?", "I morgen. Noe mer?"), turn("Nei")) is None


def test_handovers_stand_before_offers() -> None:
    turns = (
        turn("Når kommer pakken min hjem?", ANSWER),
        turn("Når kommer pakken hjem til min far, han døde i går?"),
    )
    assert [fired.decision for fired in triggers(history(*turns))] == ["handoff", "offer"]


def test_after_a_handback_the_old_turns_fire_nothing() -> None:
    talk = Talk().user("blah", LOST).bot("Hva?", action="action_default_fallback")
    talk.user("blah igjen", LOST).decided("handoff").event("pause")
    talk.event("resume").user("Når kommer avisa?", "newspaper_delivery_time")
    assert first(talk) is None
    assert first(talk.user("blah blah", LOST)) is None
