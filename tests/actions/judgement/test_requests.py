"""Lines kept apart from the training data: none of them stands in data/judgement."""

from __future__ import annotations

import pytest

from actions.judgement.acts import act_probabilities
from actions.judgement.corpus import read_act_lines
from actions.judgement.hearing import asks_for_person
from actions.judgement.requests import declines_person, phrased

ASKS = [
    "Jeg vil gjerne snakke med noen hos dere",
    "Kan du sette meg over til kundeservice?",
    "Får jeg prate med en saksbehandler?",
    "Er det mulig å få et menneske på linja?",
    "Hvordan får jeg tak i en ekte person?",
    "Dette orker jeg ikke ta med en robot, finn en kollega",
    "Ring meg heller.",
    "Kan en av dere ta en titt på dette? Et menneske altså.",
    "La meg snakke med noen som har myndighet til å bestemme",
    "Jeg ønsker å bli ringt opp av en rådgiver",
    "vær så snill å hente en kundebehandler",
    "gi meg sjefen din",
    "Eg treng å snakka med ein rådgjevar",
    "Kan eg få nokon på tråden?",
    "Finst det eit menneske bak denne skjermen?",
    "Set meg over, takk",
    "Eg vil helst ta det over telefon",
    "Kan eg få prate med en skikkelig person då?",
    "E det noken levende hos dokkar?",
    "Gi meg noken å snakke med",
    "Eg må snakka med någen så vett ka de driver med",
    "Kan dokker ringa meg?",
    "Æ vil ha en ordentlig kundebehandler",
    "Kan æ få snakk med sjefen?",
    "E det itj nån folk som kan hjælp mæ?",
    "Få mæ over te et menneske",
    "Kan nokken fra dokker ringe mæ opp?",
    "Æ vil heller snakke med folk enn med en maskin",
    "Je vil prate med en ordentlig kar",
    "Kan je få et menneske på tråden?",
    "menneske plz",
    "snakke m kundeservice",
    "kan noen ringe meg ell",
    "vil ha en ekte person nå",
    "Let me speak to your manager",
    "I need a human",
    "Can you connect me with customer service?",
    "Is there a real person I can chat with?",
    "Please have someone call me",
    "talk to agent",
]

NO_REQUEST = [
    "Du behøver ikke overføre meg til noen",
    "Nei, jeg vil ikke snakke med noen, bare få koden",
    "Det går fint uten kundebehandler",
    "Slipper jeg å ringe nå?",
    "Jeg snakket med en kundebehandler på mandag som sa at det var ordnet",
    "Er du en ekte person?",
    "Kan sjåføren ringe meg når han er fremme?",
    "Kan mannen min hente pakken?",
    "Budet ringte ikke på døra",
    "Personen på hentestedet var kjempehyggelig",
    "Hvor mange personer dekker reiseforsikringen?",
    "Dette må et menneske ha skrevet, så bra var det!",
    "Du treng ikkje henta nokon",
    "Eg slepp å ringja, så bra",
    "Ingen telefon, takk",
    "Eg trenger ikkje noken kundebehandler",
    "E du et menneske eller?",
    "Itj sett mæ over, æ treng bare koden",
    "Æ treng ikke prate med folk, bare få nummeret",
    "Je vil itte ringe, kan du svara her?",
    "trenger ikk noe menneske",
    "No need for an agent, just the code please",
    "Please don't call me, write here",
    "Are you human?",
    "Can my wife pick it up?",
    "The person at the shop was lovely",
    "Når stenger personalet butikken?",
    "Kan noen i familien hente den for meg?",
    "Ring på hos naboen hvis jeg ikke er hjemme",
]


@pytest.mark.parametrize("line", ASKS)
def test_a_request_for_a_person_is_heard(line: str) -> None:
    assert asks_for_person(act_probabilities(line))


@pytest.mark.parametrize("line", NO_REQUEST)
def test_a_mention_of_persons_or_calls_is_no_request(line: str) -> None:
    assert not asks_for_person(act_probabilities(line))


def test_the_lines_here_are_not_in_the_training_data() -> None:
    known = {line.text for line in read_act_lines()}
    assert not known & {*ASKS, *NO_REQUEST}


def test_a_clause_that_declines_does_not_hide_one_that_asks() -> None:
    declines, asks = "Du trenger ikke sette meg over", "Du trenger ikke svare, bare sett meg over"
    assert (declines_person(declines), phrased(declines)) == (True, False)
    assert phrased(asks)


def test_a_pressed_button_asks_nothing_in_words() -> None:
    assert not asks_for_person(act_probabilities(""))
