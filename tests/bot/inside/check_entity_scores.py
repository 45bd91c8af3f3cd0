"""How found entities are held against marked ones."""

# ruff: noqa: PT009, PT027 (no pytest in the bot's environment)

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from bot.evaluate_entities import EvaluationError, Line, counted, read_lines, score
from bot.marks import Mark

DATE, PLACE = Mark(0, 5, "date"), Mark(9, 15, "place")


class Scores(unittest.TestCase):
    def test_a_span_is_right_when_both_ends_and_the_entity_are(self) -> None:
        lines = [
            Line("a", "bergen", "i dag på Hamar.", [DATE, PLACE]),
            Line("b", "nynorsk", "i dag på Hamar.", [DATE]),
        ]
        result = score(lines, [[DATE, PLACE._replace(end=14)], [DATE._replace(entity="period")]])
        self.assertEqual((result["wanted"], result["found"], result["right"]), (3, 3, 1))
        self.assertEqual(result["by_entity"]["date"]["recall"], 0.5)
        self.assertEqual(result["by_entity"]["period"]["recall"], None)
        self.assertEqual(result["by_variety"]["bergen"]["f1"], 0.5)
        self.assertEqual([row["id"] for row in result["errors"]], ["a", "b"])
        self.assertEqual(result["errors"][0]["extra"][0]["text"], "Hamar")

    def test_where_nothing_is_there_nothing_is_divided(self) -> None:
        result = score([Line("a", "bergen", "hei", [])], [[]])
        self.assertEqual((result["precision"], result["recall"], result["f1"]), (None, None, None))
        self.assertEqual(result["errors"], [])
        self.assertEqual(result["rows"], [{"id": "a", "text": "hei", "right": True}])

    def test_a_postcode_in_an_address_is_no_mistake(self) -> None:
        address, postcode = Mark(0, 21, "address"), Mark(10, 14, "postcode")
        self.assertEqual(counted([address, postcode], [address]), {address})
        self.assertEqual(counted([postcode], [address]), {postcode})

    def test_eight_digits_are_judged_once(self) -> None:
        phone, number = Mark(0, 8, "phone"), Mark(0, 8, "number")
        self.assertEqual(counted([phone, number], [phone]), {phone})
        self.assertEqual(counted([phone, number], [number]), {number})
        self.assertEqual(len(counted([phone, number], [])), 1)


class Files(unittest.TestCase):
    def read(self, content: str) -> list[Line]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lines.tsv"
            path.write_text(content, "utf-8")
            return read_lines(path)

    def test_lines_come_with_their_marks_taken_out(self) -> None:
        [line] = self.read("id\tclient\tvariety\ttext\n1\tboth\tbergen\tavis [i dag](date)\n")
        self.assertEqual(line, Line("1", "bergen", "avis i dag", [Mark(5, 10, "date")]))

    def test_what_is_wrong_is_told_with_its_line(self) -> None:
        for content, said in (
            ("id\tclient\ttext\n", "'variety' is missing"),
            ("id\tclient\tvariety\ttext\n1\tboth\tbergen\n", "lines.tsv:2: expected 4 fields"),
            (
                "id\tclient\tvariety\ttext\n1\tboth\tb\t[x](day)\n",
                "lines.tsv:2: there is no entity",
            ),
            ("id\tclient\tvariety\ttext\n", "holds no line"),
        ):
            with self.subTest(said), self.assertRaisesRegex(EvaluationError, said):
                self.read(content)
