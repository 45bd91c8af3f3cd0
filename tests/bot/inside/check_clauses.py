"""Where a message is split, what two errands it holds, and what a correction means."""

# ruff: noqa: PT009 (no pytest in the bot's environment)

from __future__ import annotations

import asyncio
import unittest
from typing import Any

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.canonical import Canonicaliser
from bot.clauses import Clauses
from bot.context import in_context
from bot.corrections import Correction, Corrections
from bot.errands import Errands
from bot.intent_training import TrainingSettings, train

# A bar stands where the message must be split.
TWO = """
Avisen kom ikke i går, og så | lurer jeg på fakturaen min
Avisen kom ikke i dag. | Fakturaen er også feil, tror jeg
where's my parcel? and | can I pause the paper next week
ka tid kommer pakken å så | vil eg ha flyttet avisen te ny adresse
Hei! Jeg har to spørsmål. Hvor er pakken min? Og | kan jeg stanse avisen i jula?
Avisa kom ikkje i dag. Dessutan | er fakturaen feil
hvor er pakken min, og | kan dere også endre leveringsadressen
kor e pakken hen? å forresten | avisen kom ikkje te mæg i dag
hvor er pakken? btw | my invoice is wrong
Pakken er ikke kommet, i tillegg | vil jeg utsette fakturaen
Stans avisen i to uker. I tillegg | lurer jeg på den siste regningen
Kan dere spore pakken HB12345678? Forresten, | når forfaller fakturaen?
Eg lurer på når pakka kjem, og | kan eg få rekninga som eFaktura?
Æ har itj fått avisa, å så | lure æ på korsn fakturaen kan delas opp
æg har ikkje fått avisen idag, å | kor e pakken min?
ka e d me fakturaen, å | ka tid kommer avisen?
har ikke fått pakken. og | avisen kommer for sent hver dag
I want to return the parcel. Also, | my newspaper did not come today
My newspaper didn't come today, and | where is my parcel?
Can you stop the newspaper in July? By the way, | I don't understand the invoice
I haven't got my parcel; | the invoice is wrong too
Bilen er bulket. I tillegg | trenger jeg grønt kort
Kan eg få forsikringsbeviset tilsendt? Dessutan | vil eg ha rekninga på e-post
pakken mangler + | fakturaen er feil
Avisen var våt. En ting til: | når kommer pakken?
Pakken er knust. Og | jeg vil flytte avisen til hytta
Vi skal flytte til Voss i mai, og så | mangler vi avisen i dag
Avisa uteblei på laurdag. Elles takk! Og | kvifor er rekninga så høg?
Jeg får ikke betalt fakturaen, og | hvor blir det av pakken?
fakturaen er feil, | pakken har ikke kommet
hvor er pakken HB12345678 og | kan dere endre leveringa
pakka er knust og | jeg vil ha penga tilbake
my newspaper didnt come and | i want a refund
"""
ONE = """
mor og far har ikke fått avisen
jeg må endre navn og adresse på avisen
jeg har ventet og ventet på pakken
Pakken kom i går. Esken var knust. Vasen er i to deler. Hva gjør jeg?
stans avisen fra 1. til 10. desember
stans avisen fra 1. desember. Jeg er på ferie
hvor er HB12345678, HB12345679 og HB12345670
hvor er pakken og når kommer den
jeg vil ha pakken og avisen til ny adresse
pakken og avisen kom ikke
nei, jeg mente avisen, ikke pakken
I moved last week and my paper still goes to the old address
jeg har betalt fakturaen men pakken har ikke kommet
Avisen kom ikke i går. Den kom ikke i dag heller. Det er tredje gang.
Pakken står som levert. Jeg har sett overalt. Ingen av naboene har den.
Kan dere sende den til Storgata 5, 5700 Voss, og ringe når dere kommer?
Hei. Hvor er pakken? Takk for hjelpen, og ha en fin dag
Eg skal på ferie, og då treng eg ikkje avisa
Vi flytter 1. desember og skal ha avisen til den nye adressen
Fakturanummeret er 7301122 og abonnementsnummeret er 204511
Kl. 12 i går var pakken på Hønefoss. Hvor er den nå?
Avisen kommer ikke før kl. 8. Det er for sent for meg.
My parcel came today. The box was crushed and the vase is broken.
I have waited and waited for my parcel. Nobody answers.
Where is my parcel and when will it arrive
Bilen min ble påkjørt. Den andre kjørte fra stedet. Jeg har bilder av skaden.
Det va vannlekkasje på kjøkkenet å golvet e ødelagt
Kor e pakken min? Han skulle ha kommet i går, å eg e hjemme heile dagen
Pakka er øydelagd, og esken var open
ja og nei
takk, og ha det bra
og så da?
Hva koster det, og hvor lang tid tar det?
Æ e på hytta te søndag, så stopp avisa
kan jeg få det på mail og i posten
Avisen kom ikke, så jeg måtte kjøpe den i butikken
HB12345678
"""


class Splitting(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.clauses = Clauses()

    def pieces(self, text: str) -> list[str]:
        return [text[each.start : each.end] for each in self.clauses.split(text)]

    def test_a_message_with_two_matters_is_split_where_the_second_begins(self) -> None:
        for marked in TWO.strip().splitlines():
            with self.subTest(marked):
                text, before = marked.replace("| ", ""), marked.index("| ")
                found = self.clauses.split(text)
                self.assertEqual([each.start for each in found], [0, before])
                self.assertLess(found[0].end, before)

    def test_one_errand_stays_one_however_it_is_told(self) -> None:
        for text in ONE.strip().splitlines():
            with self.subTest(text):
                self.assertEqual(self.pieces(text), [text])

    def test_the_words_that_join_belong_to_neither(self) -> None:
        self.assertEqual(
            self.pieces("  Avisen kom ikke, og så lurer jeg på fakturaen min "),
            ["Avisen kom ikke", "lurer jeg på fakturaen min"],
        )

    def test_only_words_that_add_make_it_added(self) -> None:
        for second, added in (("fakturaen er feil", False), ("Dessuten er fakturaen feil", True)):
            found = self.clauses.split(f"avisen kom ikke. {second}")
            self.assertEqual([each.added for each in found], [False, added])

    def test_a_list_of_matters_is_no_list_of_errands(self) -> None:
        text = ". ".join(["avisen kom ikke", "fakturaen er feil", "hvor er pakken"] * 2)
        self.assertEqual(len(self.clauses.split(text)), 1)

    def test_nothing_at_all_is_one_clause(self) -> None:
        for text in ("", "  ", "?!", "og"):
            with self.subTest(text):
                self.assertEqual(len(self.clauses.split(text)), 1)


LINES = {
    "greet": ["hei", "god dag", "hallo der", "heisann alle", "morn morn", "hello"],
    "track_parcel": ["hvor er pakken", "spor pakken min", "når kommer pakken", "pakken er borte",
                     "where is my parcel", "er pakken på vei"],
    "invoice_question": ["fakturaen er feil", "jeg lurer på fakturaen", "hva er fakturaen for",
                         "lurer jeg på fakturaen", "my invoice is wrong", "fakturaen stemmer ikke"],
    "change_payment": ["kan jeg utsette fakturaen", "utsett betalingen", "betale senere",
                       "dele opp fakturaen", "pay later", "flytt forfallet"],
}  # fmt: skip
SKILLS = {
    "greet": frozenset({"common"}),
    "track_parcel": frozenset({"parcel"}),
    "invoice_question": frozenset({"billing"}),
    "change_payment": frozenset({"billing"}),
}


class TwoErrands(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        pairs = [(text, intent) for intent, texts in LINES.items() for text in texts]
        model = train(
            [text for text, _ in pairs],
            [intent for _, intent in pairs],
            SKILLS,
            Canonicaliser({}),
            None,
            TrainingSettings(folds=3),
        )
        cls.errands = Errands(model)

    def intents(self, text: str, *front: str) -> list[str]:
        return [each.intent for each in self.errands.find(text, None, front)]

    def test_both_are_found_in_the_customers_order_with_their_places(self) -> None:
        text = "Hei! hvor er pakken? Og så lurer jeg på fakturaen."
        found = [each.as_dict() for each in self.errands.find(text, None)]
        self.assertEqual(
            [text[each["start"] : each["end"]] for each in found],
            ["Hei! hvor er pakken?", "lurer jeg på fakturaen."],
        )
        self.assertEqual([e["intent"] for e in found], ["track_parcel", "invoice_question"])

    def test_what_cannot_wait_goes_first(self) -> None:
        text = "hvor er pakken? fakturaen er feil"
        self.assertEqual(
            self.intents(text, "invoice_question"), ["invoice_question", "track_parcel"]
        )

    def test_skills_the_client_has_not_are_no_errand(self) -> None:
        text = "hvor er pakken? fakturaen er feil"
        self.assertEqual(self.errands.find(text, ["common", "parcel"]), [])

    def test_the_same_errand_twice_and_one_story_are_one(self) -> None:
        for text in (
            "fakturaen er feil, pakken er borte og hei",
            "hvor er pakken? når kommer pakken",
            "hei, hvor er pakken",
        ):
            with self.subTest(text):
                self.assertLessEqual(len(self.intents(text)), 2)
        self.assertEqual(self.intents("hvor er pakken? Og når kommer pakken"), [])


class Pointed(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.corrections = Corrections()

    def test_a_pronoun_is_read_as_the_thing_just_named(self) -> None:
        for line, before, understood, text in (
            ("kjem ho i morgon?", "avisa kom ikkje", "newspaper_missing", "kjem avisa i morgon?"),
            ("har han kommet", "hvor er HB12345678", "track_parcel", "har pakken kommet"),
            ("is it here yet", "where is my parcel", "track_parcel", "is parcel here yet"),
        ):
            with self.subTest(line):
                found = self.corrections.pointed_at(line, before, understood)
                self.assertEqual(found and found.text, text)

    def test_nothing_is_pointed_at_where_a_matter_is_named_or_none_was(self) -> None:
        for line, understood in (
            ("kan han ta med avisen", "track_parcel"),
            ("når kommer han", "opening_hours"),
            ("når da", "track_parcel"),
        ):
            with self.subTest(line):
                self.assertIsNone(self.corrections.pointed_at(line, "hvor er pakken", understood))


class PointedInContext(unittest.TestCase):
    def read(self, line: str, alone: str, among: dict[str, float]) -> str:
        """The intent of ``line`` after a missing newspaper, read by itself as ``alone``."""
        before = UserUttered("avisa kom ikkje", intent={"name": "newspaper_missing"})
        tracker = DialogueStateTracker.from_events("c", [before], slots=[])

        async def parse(text: str) -> dict[str, Any]:
            self.assertIn("avisa", text)
            ranking = [{"name": name, "confidence": sure} for name, sure in among.items()]
            return {"text": text, "intent_ranking": ranking}

        row = {"name": alone, "confidence": 0.9}
        parsed = {"text": line, "intent": row, "best_intent": row, "intent_ranking": [row]}
        return str(asyncio.run(in_context(parsed, tracker, parse))["intent"]["name"])

    def test_it_is_no_person_and_no_parcel_but_the_newspaper(self) -> None:
        sure = {"newspaper_delivery_time": 0.95}
        self.assertEqual(self.read("kjem ho?", "track_parcel", sure), "newspaper_delivery_time")
        self.assertEqual(self.read("når kjem ho?", "ask_human", sure), "newspaper_delivery_time")

    def test_a_guess_looks_up_but_reports_nothing(self) -> None:
        unsure = {"newspaper_missing": 0.6, "newspaper_delivery_time": 0.3}
        found = self.read("er ho på veg?", "track_parcel", unsure)
        self.assertEqual(found, "newspaper_delivery_time")
        only = {"newspaper_missing": 0.6}
        self.assertEqual(self.read("finn ho", "out_of_scope", only), "out_of_scope")

    def test_what_is_clear_by_itself_stays(self) -> None:
        self.assertEqual(self.read("den er grei", "affirm", {}), "affirm")


class Corrected(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.corrections = Corrections()

    def test_the_misread_message_is_read_with_the_right_word(self) -> None:
        for line, word in (
            ("nei, jeg mente avisen, ikke pakken", "avisen"),
            ("nei eg meinte avisa", "avisa"),
            ("næi æ mente avisa", "avisa"),
            ("no I meant the newspaper, not the parcel", "newspaper"),
            ("ikke pakken, avisen", "avisen"),
            ("avisen, ikke pakken", "avisen"),
            ("nei, det gjelder avisen", "avisen"),
            ("feil, det var avisen jeg mente", "avisen"),
            ("sorry, eg meine avisa mi", "avisa"),
        ):
            with self.subTest(line):
                found = self.corrections.find(line, "hvor er pakken min?", "track_parcel")
                self.assertEqual(found, Correction("newspaper", f"hvor er {word} min?"))

    def test_a_matter_that_was_not_named_is_added(self) -> None:
        found = self.corrections.find("nei, avisen", "den kom ikke i går", "track_parcel")
        self.assertEqual(found, Correction("newspaper", "den kom ikke i går avisen"))

    def test_other_answers_correct_nothing(self) -> None:
        for line in (
            "nei, den står på fakturaen",
            "nei jeg har ikke nummeret på pakken",
            "nei, jeg har ikke fått avisen",
            "nei takk",
            "nei ikke den pakken",
            "nei, glem det",
            "pakken",
            "ja, fakturaen",
            "mente du fakturaen?",
        ):
            with self.subTest(line):
                self.assertIsNone(
                    self.corrections.find(line, "hvor er pakken min?", "track_parcel")
                )

    def test_the_errand_is_the_clearest_reading_about_that_matter(self) -> None:
        likely = [{"name": "change_address", "confidence": 0.7}]
        unlikely = [{"name": "pause_subscription", "confidence": 0.2}]
        self.assertEqual(
            self.corrections.errand("newspaper", unlikely, likely), ("change_address", 0.7)
        )
        self.assertEqual(self.corrections.errand("newspaper", unlikely)[0], "newspaper_missing")

    def test_a_waiting_errand_is_dropped_by_its_name_alone(self) -> None:
        dropped = {
            line: self.corrections.lets_go_of(line, "invoice_question", "track_parcel")
            for line in (
                "glem fakturaen",
                "gløym rekninga",
                "forget the invoice",
                "jeg trenger ikke fakturaen likevel",
                "glem det",
                "glem pakken",
                "fakturaen er feil",
            )
        }
        self.assertEqual(list(dropped.values()), [True] * 4 + [False] * 3)
