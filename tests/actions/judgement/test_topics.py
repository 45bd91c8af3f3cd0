from __future__ import annotations

import pytest

from actions.judgement.acts import act_probabilities
from actions.judgement.hearing import vulnerable_topic

TOPICS = [
    ("bereavement", "Mannen min døde i forrige uke, så avisa må stoppes"),
    ("bereavement", "far gjekk bort på laurdag"),
    ("bereavement", "Ho mor e død, ka gjør vi med forsikringa"),
    ("bereavement", "vi rydder i dødsboet etter onkel"),
    ("bereavement", "My wife passed away"),
    ("injury", "Sønnen min ligger på sykehus etter kollisjonen"),
    ("injury", "æ brakk armen i sammenstøtet"),
    ("injury", "kona fekk nakkesleng"),
    ("injury", "my daughter was taken to hospital"),
    ("legal_threat", "Da hører dere fra advokaten min"),
    ("legal_threat", "eg klagar dykk inn for Forbrukarrådet"),
    ("legal_threat", "Finansklagenemnda får ta seg av dette"),
    ("legal_threat", "vi møtes i Forliksrådet"),
    ("legal_threat", "I'll sue you"),
    ("press_threat", "Da tar jeg saken til VG"),
    ("press_threat", "eg tipser TV2 om detta"),
    ("press_threat", "BT skal få høre om dette"),
    ("danger", "jeg orker ikke leve lenger"),
    ("danger", "æ vil bare dø"),
    ("danger", "det brenner i kjøkkenet nå"),
    ("danger", "I want to end my life"),
]

ORDINARY = [
    "Bilen ble skadet da jeg rygget",
    "Someone hit the back of my car",
    "Pakken ble skadet under håndteringen",
    "Jeg gikk bort til postkassen, men den var tom",
    "bilen min, han er helt død",
    "Jeg har mista barneforsikringa på posten",
    "Batteriet på telefonen er dødt",
    "Bilen døde på E6",
    "Kan dere levere til sykehuset? Jeg jobber der",
    "Esken var skadet og koppen brukket",
    "Dekker reiseforsikringen advokat?",
    "Er rettshjelp hos advokat dekket av innboforsikringen?",
    "VG kom ikke i postkassa i dag",
    "Kan dere sende VG til hytta?",
    "Jeg kan ikke leve uten avisa mi :)",
    "Jeg orker ikke mer av denne chatten",
    "Forbrukerrådet anbefalte dere i testen",
    "Skuta brakk masta",
]


@pytest.mark.parametrize(("topic", "line"), TOPICS)
def test_vulnerable_and_legal_topics_are_seen_in_every_variety(topic: str, line: str) -> None:
    assert vulnerable_topic(line, act_probabilities(line)) == topic


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary_lines_with_the_same_words_are_no_topic(line: str) -> None:
    assert vulnerable_topic(line, act_probabilities(line)) is None


def test_the_gravest_topic_of_a_line_wins() -> None:
    line = "Mannen min døde, og jeg orker ikke leve lenger"
    assert vulnerable_topic(line, act_probabilities(line)) == "danger"
