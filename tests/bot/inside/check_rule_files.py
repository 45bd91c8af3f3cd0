"""Every slip of a linguist's hand is one clear error: file, line, what is wrong, the cure."""

# ruff: noqa: PT009, PT027 (no pytest in the bot's environment)

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from types import ModuleType

from bot import canonical, variants
from bot.proofread import problems, readings
from bot.rule_files import ROOT, RuleError

GROUPS = """\
bokmaal: den var
groups:
  - name: negation
    source: our own
    words:
      ikke: ikkje itj
      ingen: ingjen

  - name: small
    source: our own
    words:
      nå: "no"
      og: "&"
"""
VARIETIES = """\
# Varieties.
bergen:
  words:
    jeg: eg
    nå: "no"
  endings: []

stavanger:
  words:
    ut: ud|ude
  endings:
    - ['ene$', ane]
"""
# What stands there, what is written instead; then line, words of message and words of cure.
CANONICAL = (
    ("      ikke: ikkje", "\t    ikke: ikkje", 6, "A tab", "blanks"),
    ("ikke: ikkje", "ikke:\tikkje", 6, "A tab", "blanks"),
    ('nå: "no"', 'nå: "no', 12, "quote is opened here", "same line"),
    ('nå: "no"', "nå: 'no", 12, "quote is opened here", "same line"),
    ('og: "&"', 'og: "&', 13, "quote is opened here", "same line"),
    ("      ingen:", "     ingen:", 7, "not indented as its neighbours", "column"),
    ("      ingen:", "        ingen:", 7, "indented wrongly", "column"),
    ("ikke: ikkje itj", "ikke: [ikkje, itj]", 6, "must be text, not a list", "without brackets"),
    ("ikke: ikkje itj", "ikke:", 6, "Missing here: the spellings of `ikke`", "Write it"),
    ("ikke: ikkje itj", "ikke ikkje itj", 6, "no colon", "word: spellings"),
    ("ikke: ikkje", "ikke:ikkje", 6, "no colon", "word: spellings"),
    ("ikke: ikkje", "ikke: ikkje: x", 6, "colon stands where none can", "in quotes"),
    ("ikke: ikkje", "ikke: @ikkje", 6, "not YAML", "in quotes"),
    ("    words:\n      ikke", "    wods:\n      ikke", 5, "`wods` is not a key", "`words`?"),
    ("    source: our own\n", "", 3, "no `source:`", "Write `source:`"),
    ("  - name: small", "  - small", 10, "colon stands where none can", "column"),
    ("groups:", "group:", 2, "`group` is not a key", "`groups`?"),
    ("ingen: ingjen", "ikke: ingjen", 7, "there twice; the first is on line 6", "together"),
    ("ingjen", "itj", 7, "`itj` stands for `ingen` here and for `ikke` on line 6", "Keep one"),
    ("ingjen", "ikke", 7, "`ikke` is rewritten to `ingen` here, but the rule on line 6", "Delete"),
    ("ikke: ikkje", "ikke nå: ikkje nå", 6, "but this same line writes it", "Delete `nå`"),
    ('nå: "no"', "nå: no", 12, "YAML reads `no` as no text", 'in quotes: "no"'),
    ('nå: "no"', "nå: off", 12, "YAML reads `off` as no text", 'in quotes: "off"'),
    ('nå: "no"', "on: nå", 12, "YAML reads `on` as no text", 'in quotes: "on"'),
    ('nå: "no"', "nå: 12", 12, "YAML reads `12` as no text", 'in quotes: "12"'),
    ("itj", "Itj", 6, "`Itj` is never found", "Write it so"),
    ("itj", "itttj", 6, "`itttj` is never found", "Write it so"),
    ("itj", "den", 6, "`den` is a common Bokmål word itself", "Delete it here"),
    ("bokmaal: den var", "", 2, "has no `bokmaal:`", "Write `bokmaal:`"),
    ("bokmaal: den var", "bokmaal:", 1, "Missing here: the Bokmål words", "Write it"),
    ("itj", '"itj', 6, 'The quote in `"itj` belongs to no other', "Take it away"),
    ("itj", "'itj", 6, "The quote in `'itj` belongs to no other", "Take it away"),
    ("itj", 'itj"', 6, 'The quote in `itj"` belongs to no other', "Take it away"),
    ("ikke:", 'ikke":', 6, '`ikke"` is no canonical word', "without quotes"),
    ('nå: "no"', 'nå: "no" naa', 12, "goes on behind its closing quote", "take them away"),
    ('nå: "no"', 'nå: "no"\'', 12, "quote is opened here", "same line"),
    ('og: "&"', 'og: "&" \'', 13, "quote is opened here", "same line"),
    (
        "    source: our own\n    words:\n      ikke: ikkje",
        '    source: >-\n      the "Norske\n      dialekt" of 2012\n    words:\n      ikke: "ikkje',
        8,
        "quote is opened here",
        "same line",
    ),
    (GROUPS, "", 1, "The file is empty", "git checkout"),
    (GROUPS, "- x", 1, "must hold `word: text` lines, not a list", "Write one"),
)
VARIANTS = (
    ("bergen:", "bergn:", 2, "`bergn` is no variety", "`bergen`?"),
    ("  endings: []", "  ending: []", 6, "`ending` is not a key", "`endings`?"),
    ("stavanger:", "stavanger", 8, "no colon", "word: spellings"),
    ("nå:", "jeg:", 5, "there twice; the first is on line 4", "together"),
    ('nå: "no"', "nå: no", 5, "YAML reads `no` as no text", 'in quotes: "no"'),
    ("ut: ud|ude", "ut: ud|", 10, "A spelling of `ut` is empty", "without a bar"),
    ("ut: ud|ude", "ut: [ud, ude]", 10, "must be text, not a list", "without brackets"),
    ("ut: ud", "Ut: ud", 10, "`Ut` is never found", "small letters"),
    ("'ene$'", "'(ene$'", 12, "cannot be used: missing )", "Close every bracket"),
    ("ane]", r"'\2']", 12, "cannot be used: invalid group reference 2", "Close every bracket"),
    ("'ene$'", "'e*$'", 12, "fits nothing at all", "at least one letter"),
    ("['ene$', ane]", "['ene$']", 12, "has 1 parts", "Write two"),
    ("['ene$', ane]", "'ene$'", 12, "An ending must be a list", "- item"),
    ("'ene$'", "'ene$", 12, "quote is opened here", "same line"),
)


def first_error(module: ModuleType, text: str) -> str:
    """What is said of a file with that text, without its folder; "" when it is right."""
    read = canonical.read_rules if module is canonical else variants.read_varieties
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / module.RULES_FILE.name
        path.write_text(text, "utf-8")
        try:
            read(path)
        except RuleError as error:
            return str(error).replace(f"{Path(folder).as_posix()}/", "")
    return ""


class Slips(unittest.TestCase):
    def test_each_slip_in_the_canonical_spellings_is_told(self) -> None:
        self._each(canonical, GROUPS, CANONICAL)

    def test_each_slip_in_the_varieties_is_told(self) -> None:
        self._each(variants, VARIETIES, VARIANTS)

    def _each(
        self, module: ModuleType, right: str, slips: tuple[tuple[str, str, int, str, str], ...]
    ) -> None:
        self.assertEqual(first_error(module, right), "")
        for old, new, line, message, cure in slips:
            with self.subTest(new):
                self.assertIn(old, right)
                said = first_error(module, right.replace(old, new, 1))
                self.assertTrue(said.startswith(f"{module.RULES_FILE.name}:{line}: "), said)
                self.assertIn(message, said)
                self.assertIn(cure, said)
                self.assertNotIn("\n", said)

    def test_a_file_that_is_away_or_no_text_is_told(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "canonical.yml"
            with self.assertRaisesRegex(RuleError, "cannot be read.*git checkout"):
                canonical.read_rules(path)
            path.write_bytes(b"groups: \xff")
            with self.assertRaisesRegex(RuleError, "not UTF-8"):
                canonical.read_rules(path)


class Proofreading(unittest.TestCase):
    def test_the_files_as_they_are_have_no_problem(self) -> None:
        self.assertEqual(problems(ROOT / "bot" / "data"), [])

    def test_a_file_of_the_project_is_named_from_its_root(self) -> None:
        (away, _) = problems(ROOT / "bot")
        self.assertEqual((away.file, away.line), ("bot/canonical.yml", 1))

    def test_lines_are_read_as_the_bot_reads_them(self) -> None:
        self.assertEqual(
            readings(["hvor er HB12345678", "hei"]), [[("tracking_number", 8, 18)], []]
        )

    def test_one_question_gets_one_answer_with_every_problem(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "canonical.yml").write_text(
                GROUPS.replace("itj", "Itj").replace('"no"', "no"), "utf-8"
            )
            Path(folder, "varieties.yml").write_text(VARIETIES, "utf-8")
            done = subprocess.run(
                [sys.executable, "-m", "bot.proofread"],
                input=json.dumps({"rules": folder, "lines": ["12 kr"]}),
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            )
        told = json.loads(done.stdout)
        self.assertEqual([one["line"] for one in told["problems"]], [6, 12])
        self.assertEqual(told["readings"], [[["amount", 0, 5]]])
