"""Every kind of mistake a designer can make is told with its place and a cure."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from handoff.settings import ROOT
from handoff.validation import Finding, Severity, check_project
from tests.handoff.validation import small_project

VARIABLES = {
    "DEMO_HEIMBUD_PORT": "8010",
    "DEMO_VARDE_PORT": "8011",
    "DEMO_SYSTEMS_PORT": "8020",
    "DEMO_SYSTEMS_TOKEN": "a-token-for-tests",
}
COMMON, PARCEL = "data/nlu/common.yml", "data/nlu/parcel.yml"
DOMAIN, CLIENT = "domain.yml", "clients/post.yml"
RESPONSES, RULES = "data/responses/common.yml", "data/rules/common.yml"

Edit = Callable[..., list[Finding]]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """Makes one edit in a copy of a right project, and returns what is found."""
    small_project.write(tmp_path)

    def changed(file: str, old: str, new: str, count: int = 1) -> list[Finding]:
        path = tmp_path / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, count), "utf-8")
        return check_project(tmp_path, {}).report.sorted()

    return changed


def test_the_project_as_it_is_has_no_mistake() -> None:
    began = time.process_time()
    checked = check_project(ROOT, VARIABLES)
    seconds = time.process_time() - began
    assert checked.report.sorted() == []
    assert checked.intents is not None
    assert checked.intents >= 34
    assert checked.lines is not None
    assert checked.lines > 34 * 25
    assert seconds < 3


def test_a_right_project_has_no_finding(tmp_path: Path) -> None:
    small_project.write(tmp_path)
    assert check_project(tmp_path, {}).report.sorted() == []


# file, what stands there, what is written instead; then what is on the line that is named, when
# that is not the edit's own; words of message and cure
MISTAKES = [
    pytest.param(COMMON, "nlu:", "nlu: [", "", "`[` here is not closed", "Close it with `]`",
                 id="an open list"),
    pytest.param(COMMON, "- greet bokmaal b", "- a\tb: [", "", "`[` that is not closed",
                 "Write `]`",
                 id="an open bracket"),
    pytest.param(COMMON, "- intent: affirm", "- intnet: affirm", "", "`intnet`", "intent",
                 id="unknown key"),
    pytest.param(COMMON, "version:", "versoin:", "", "`versoin`", "version", id="unknown top key"),
    pytest.param(COMMON, "nlu:\n", "nlu:\n- synonym: x\n  examples: |\n    - y\n", "- synonym",
                 "`synonym`", "intent", id="a synonym"),
    pytest.param(COMMON, "nlu:\n", "nlu:\n- greet\n", "- greet\n", "intent", "- intent: name",
                 id="a word for an intent"),
    pytest.param(COMMON, "- intent: affirm", "- intent: Ja takk", "", "`Ja takk`", "small letters",
                 id="an intent's name"),
    pytest.param(PARCEL, "- intent: track_parcel", "- intent: greet", "", "two skills", "one file",
                 id="an intent in two skills"),
    pytest.param(PARCEL, "- track_parcel sms a", "- GREET, bokmaal: a!", "",
                 "under `greet` in data/nlu/common.yml on line 6", "cannot teach both",
                 id="a line under two intents"),
    pytest.param(COMMON, "- greet sms a", "- greet bokmaal a", "", "twice under `greet`",
                 "Delete one", id="a line twice"),
    pytest.param(PARCEL, "](tracking_number)", "](tracking_number", "",
                 "`[HB12345678](tracking_number?` has no `)`",
                 "Write [HB12345678](tracking_number", id="an open annotation"),
    pytest.param(PARCEL, "(tracking_number)", "", "",
                 "`[HB12345678]` does not say which entity", "[HB12345678](entity)",
                 id="an annotation without entity"),
    pytest.param(PARCEL, "(tracking_number)", '{"entity": 7}', "", "no entity in its braces",
                 "[HB12345678](entity)",
                 id="an annotation in wrong JSON"),
    pytest.param(PARCEL, "(tracking_number)", "(trackingnumber)", "", "no entity",
                 "Did you mean `tracking_number`?", id="unknown entity"),
    pytest.param(COMMON, "variety: sms", "variety: smss", "", "`smss` is no variety",
                 "Did you mean `sms`?", id="unknown variety"),
    pytest.param(COMMON, "- greet sms a", "- /greet", "", "begins with /", "as a customer would",
                 id="a line like a button's"),
    pytest.param(COMMON, "- greet sms a", "greet sms a", "", "would not be read", "Write `- `",
                 id="a line without a dash"),
    pytest.param(COMMON, "- greet sms a", "-", "", "empty", "delete the dash", id="an empty line"),
    pytest.param(COMMON, "- greet sms a", '- ' + 'å' * 501, "", "501 characters", "500",
                 id="a long line"),
    pytest.param(COMMON, "examples: |", "examples:", "", "not a block", "examples: |",
                 id="examples without a bar"),
    pytest.param(COMMON, "- intent: greet\n  metadata: {variety: sms}\n", "- intent: greet\n", "",
                 "what variety", "variety: bokmaal", id="a block without variety"),
    pytest.param(DOMAIN, "  - affirm\n", "", "- intent: affirm", "`affirm` is not in domain.yml",
                 "Add `- affirm`", id="an intent the domain lacks"),
    pytest.param(DOMAIN, "  - affirm\n", "  - affirm\n  - deny\n", "  - deny",
                 "`deny` has no examples", "data/nlu/", id="an intent without examples"),
    pytest.param(DOMAIN, "  - track_parcel\n", "  - affirm\n", "", "there twice", "Delete one",
                 id="an intent twice"),
    pytest.param(DOMAIN, "forms:", "from:", "", "`from`", "forms", id="unknown key in the domain"),
    pytest.param(DOMAIN, "required_slots: [tracking_number]", "required_slots: [number]", "",
                 "`number`, which is no slot", "slot", id="a form's unknown slot"),
    pytest.param(DOMAIN, "entity: tracking_number", "entity: tracking", "", "no entity",
                 "Use one of", id="a slot's unknown entity"),
    pytest.param(DOMAIN, "action: action_assess", "action: action_asess", "", "no action",
                 "Did you mean `action_assess`?", id="a slot's unknown action"),
    pytest.param(DOMAIN, "type: text", "type: txt", "", "the type `txt`", "text",
                 id="a slot's unknown type"),
    pytest.param(DOMAIN, "type: from_entity", "type: entity", "", "no way to fill", "from_entity",
                 id="a slot's unknown mapping"),
    pytest.param(DOMAIN, "  language:\n", "  tracking_number:\n", "", "there twice", "Keep one",
                 id="a slot twice"),
    pytest.param(DOMAIN, "actions:", "responses: {}\nactions:", "", "do not stand in domain.yml",
                 "data/responses", id="responses in the domain"),
    pytest.param(RESPONSES, "value: nn", "value: nb", "utter_greet:", "no text in Nynorsk",
                 "variation", id="no Nynorsk"),
    pytest.param(RESPONSES, "value: en", "value: nn", "utter_greet:", "no text in English",
                 "variation", id="no English"),
    pytest.param(RESPONSES, '    - text: "Hei!"\n',
                 '    - text: "Hei!"\n      condition:\n'
                 '        - {type: slot, name: language, value: nn}\n',
                 "utter_greet:", "no text in Bokmål", "variation", id="no Bokmål"),
    pytest.param(RESPONSES, "value: en", "value: sv", "", "`sv` is no language", "nb, nn or en",
                 id="unknown language"),
    pytest.param(RESPONSES, "name: language", "name: langage", "", "`langage` is no slot",
                 "Did you mean `language`?", id="a condition's unknown slot"),
    pytest.param(RESPONSES, "payload: /affirm", "payload: /afirm", "",
                 "`afirm`, which is no intent", "Did you mean `affirm`?",
                 id="a payload's unknown intent"),
    pytest.param(RESPONSES, "payload: /affirm", "payload: affirm", "", "not written right",
                 "/intent", id="a payload without its stroke"),
    pytest.param(RESPONSES, ", payload: /affirm", "", "", "does nothing", "payload",
                 id="a button without payload"),
    pytest.param(RESPONSES, 'title: "Ja"', 'title: ""', "", "no title", "1 to 60",
                 id="a button without title"),
    pytest.param(RESPONSES, '"choice"', '"chioce"', "", "`chioce`, which is no entity",
                 "Did you mean `choice`?", id="a payload's unknown entity"),
    pytest.param(RESPONSES, '{{"choice": "spor"}}', '{"choice": "spor"}', "", "hold no entities",
                 "doubled", id="a payload's single braces"),
    pytest.param(RESPONSES, 'text: "Hi!"', 'txt: "Hi!"', "", "no text here", "- text:",
                 id="a variation without text"),
    pytest.param(RESPONSES, "  utter_greet:", "  say_greet:", "", "`say_greet`", "utter_",
                 id="a response's name"),
    pytest.param(RESPONSES, "responses:", "response:", "version", "no `responses:`", "Write it",
                 id="a file without responses"),
    pytest.param(RULES, "- action: utter_greet", "- action: utter_gret", "", "no response",
                 "Did you mean `utter_greet`?", id="a rule's unknown response"),
    pytest.param(RULES, "- action: action_track_parcel", "- action: action_track_parsel", "",
                 "no action", "Did you mean `action_track_parcel`?", id="a rule's unknown action"),
    pytest.param(RULES, "- intent: greet", "- intent: greeet", "", "no intent",
                 "Did you mean `greet`?", id="a rule's unknown intent"),
    pytest.param(RULES, "active_loop: track_parcel_form", "active_loop: track_form", "", "no form",
                 "Did you mean `track_parcel_form`?", id="a rule's unknown form"),
    pytest.param(RULES, "    - language: nb", "    - langauge: nb", "", "no slot",
                 "Did you mean `language`?", id="a rule's unknown slot"),
    pytest.param(RULES, "    - tracking_number", "    - trackingnumber", "", "no entity",
                 "Did you mean `tracking_number`?", id="a rule's unknown entity"),
    pytest.param(RULES, "- rule: affirm", "- rule: greet", "", "there twice", "name of its own",
                 id="a rule twice"),
    pytest.param(RULES, "  steps:\n  - intent: greet\n  - action: utter_greet\n", "",
                 "- rule: greet", "no steps", "steps:", id="a rule without steps"),
    pytest.param(RULES, "- intent: greet", "- intnt: greet", "", "`intnt`", "intent",
                 id="a step's unknown key"),
    pytest.param(CLIENT, "skills: [common, parcel]", "skills: [common, parsel]", "", "`parsel`",
                 "Did you mean `parcel`?", id="a client's unknown skill"),
    pytest.param(CLIENT, "promise_seconds: 60", "promise: 60", "", "promise", "promise_seconds",
                 id="a client's unknown key"),
    pytest.param("actions/parcel.py", 'say("utter_greet")', 'say("utter_hello")', "",
                 "says `utter_hello`", "data/responses", id="a response the actions say"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "at", "message", "cure"), MISTAKES)
def test_a_mistake_is_told_with_file_line_and_cure(
    tmp_path: Path, edit: Edit, file: str, old: str, new: str, at: str, message: str, cure: str
) -> None:
    line = line_of(tmp_path / file, old)
    findings = edit(file, old, new)
    # An intent the domain lacks is told where its examples are.
    home = COMMON if "is not in domain.yml" in message else file
    if at:
        line = line_of(tmp_path / home, at)
    told = [
        finding
        for finding in findings
        if finding.place.path == home and finding.place.line == line and message in finding.message
    ]
    assert told, [f"{f.place} {f.message} {f.cure}" for f in findings]
    assert cure in told[0].cure


def line_of(path: Path, text: str) -> int:
    """The first line that holds `text`, from 1."""
    content = path.read_text("utf-8")
    return content.count("\n", 0, content.index(text)) + 1


def test_a_thin_intent_is_an_error_and_says_how_many_are_missing(edit: Edit) -> None:
    lines = "".join(f"    - affirm sms {letter}\n" for letter in "abc")
    thin = [f for f in edit(COMMON, lines, "") if f.severity is Severity.ERROR]
    assert [f.message for f in thin] == ["The intent `affirm` has 24 lines, fewer than 25."]
    assert "Write 1 more" in thin[0].cure


def test_a_missing_variety_is_a_warning(edit: Edit) -> None:
    findings = edit(COMMON, "variety: sms", "variety: english")
    (finding,) = [f for f in findings if f.severity is Severity.WARNING]
    assert "`greet` has no line in: sms" in finding.message
    assert not [f for f in findings if f.severity is Severity.ERROR]


def test_an_intent_without_a_rule_is_an_error_at_its_examples(tmp_path: Path, edit: Edit) -> None:
    (finding,) = edit(RULES, "  - intent: affirm\n", "  - intent: greet\n")
    assert finding.place.path == COMMON
    assert finding.place.line == line_of(tmp_path / COMMON, "- intent: affirm")
    assert "has no rule" in finding.message


def test_the_column_points_at_what_is_wrong(edit: Edit) -> None:
    (finding,) = edit(RULES, "- action: utter_greet", "- action: utter_gret")
    assert finding.place.column == len("  - action: ") + 1


def test_a_file_that_is_not_utf_8_names_the_line(tmp_path: Path) -> None:
    small_project.write(tmp_path)
    path = tmp_path / COMMON
    line = line_of(path, "greet sms a")
    path.write_bytes(path.read_bytes().replace(b"greet sms a", b"gr\xf8t"))
    (finding,) = check_project(tmp_path, {}).report.sorted()
    assert finding.place.line == line
    assert "UTF-8" in finding.message


def test_a_missing_domain_is_one_error(tmp_path: Path) -> None:
    small_project.write(tmp_path)
    (tmp_path / DOMAIN).unlink()
    (finding,) = check_project(tmp_path, {}).report.sorted()
    assert str(finding.place) == "domain.yml:1:1"


def test_a_file_with_the_other_ending_would_not_be_read_and_is_told(tmp_path: Path) -> None:
    small_project.write(tmp_path)
    (tmp_path / "data/nlu/billing.yaml").write_text("nlu: []")
    (finding,) = check_project(tmp_path, {}).report.sorted()
    assert "billing.yml" in finding.cure


def test_a_line_under_two_intents_is_told_though_the_values_differ(edit: Edit) -> None:
    same = "- hvor er [HB87654321](tracking_number)"
    (finding,) = edit(COMMON, "- greet sms a", same)
    assert finding.place.path == PARCEL
    assert "here and, but for what is marked, under `greet`" in finding.message


def test_a_line_under_two_intents_is_told_though_only_one_of_them_is_marked(edit: Edit) -> None:
    (finding,) = edit(COMMON, "- greet sms a", "- Hvor er HB12345678")
    assert finding.place.path == PARCEL
    assert "stands under `track_parcel` here and under `greet` in" in finding.message


SLIPS = [
    pytest.param(COMMON, "    - greet sms a", "\t- greet sms a", "A tab stands here", "blanks",
                 id="a tab before an example"),
    pytest.param(COMMON, "  metadata: {variety: sms}", "\tmetadata: {variety: sms}",
                 "A tab stands here", "blanks", id="a tab before a key"),
    pytest.param(COMMON, "  metadata: {variety: sms}", "   metadata: {variety: sms}",
                 "`metadata` begins in column 4, and `intent` above it in column 3",
                 "same column", id="a key too far in"),
    pytest.param(COMMON, "  metadata: {variety: sms}", " metadata: {variety: sms}",
                 "begins in column 2, and line 45 above it in column 1", "neighbours",
                 id="a key not far enough in"),
    pytest.param(COMMON, "    - greet sms a", "  - greet sms a",
                 "in the column of line 47 above it", "two blanks further in",
                 id="examples not below their key"),
    pytest.param(COMMON, "    - greet sms b", "  - greet sms b",
                 "begins in column 3, and line 48 above it in column 5", "neighbours",
                 id="an example not in line"),
    pytest.param(COMMON, "    - greet sms a", "greet sms a", "no colon", "`- ` before it",
                 id="a line without anything"),
    pytest.param(COMMON, "- intent: affirm", "- intent affirm", "no colon", "`key: value`",
                 id="no colon"),
    pytest.param(COMMON, "- intent: affirm", "-intent: affirm", "dash stands here without",
                 "`- `", id="no blank"),
    pytest.param(COMMON, "{variety: sms}", '{variety: "sms}', "quote is opened here and not",
                 "same line", id="an open quote in braces"),
    pytest.param(COMMON, "{variety: sms}", "{variety: sms", "The `{` here is not closed",
                 "`}`", id="an open brace"),
    pytest.param(COMMON, "{variety: sms}", "{variety: sms: b}", "Between `{` and `}`", "commas",
                 id="braces with two colons"),
    pytest.param(RESPONSES, 'text: "Hei!"', 'text: "Hei!', "quote is opened here and not",
                 "same line", id="an open quote that a later one closes"),
    pytest.param(RESPONSES, 'text: "Hei!"', "text: 'Hei!", "quote is opened here and not",
                 "same line", id="an open single quote"),
    pytest.param(RESPONSES, 'text: "Hei!"', "text: Hei: du", "colon with a blank after it",
                 "in quotes", id="two colons"),
    pytest.param(RESPONSES, 'text: "Hei!"', 'text: "Hei" du', "behind its closing quote",
                 "between the quotes", id="a text behind its quote"),
    pytest.param(RESPONSES, 'text: "Hei!"', "text: @Hei", "can begin with `@`", "in quotes",
                 id="a sign at the beginning"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message", "cure"), SLIPS)
def test_what_is_no_yaml_is_one_error_in_a_writers_words(
    tmp_path: Path, edit: Edit, file: str, old: str, new: str, message: str, cure: str
) -> None:
    line = line_of(tmp_path / file, old)
    (finding,) = edit(file, old, new)
    assert (finding.place.path, finding.place.line) == (file, line)
    assert message in finding.message
    assert cure in finding.cure


@pytest.mark.parametrize(
    ("written", "message", "cure"),
    [
        ("er [ HB1](choice) her", "`[ HB1](choice)` begins with a blank", "outside: [HB1](choice)"),
        ("er [HB1 ](choice)her", "`[HB1 ](choice)` ends with a blank", "outside: [HB1](choice)"),
        ("før [mandag](choice)en", "ends inside the word “mandagen”", "[mandagen](choice)"),
        ("på fre[dag nå](choice)", "begins inside the word “fredag”", "[fredag nå](choice)"),
        ("kom [i dag,](choice) da", "ends with `,`", "outside: [i dag](choice)"),
        ("kom [i dag](Choice)", "names `Choice`, which cannot be", "[i dag](entity)"),
        ("kom [i dag]()", "names no entity", "[i dag](entity)"),
        ("kom (i dag)[choice]", "is the wrong way round", "Write [i dag](choice)."),
        ("kom [i dag] (choice)", "a blank between its brackets", "Write [i dag](choice)."),
        ("kom [](choice)", "marks nothing", "delete it"),
        ("kom [i dag(choice)", "has a `[` that is not closed", "[i dag](choice)"),
        ("kom i dag](choice)", "`dag](choice)` has a `]` that nothing opens", "Write `[`"),
        ("kom [i [dag](choice)](choice)", "one mark inside another", "not both"),
    ],
)
def test_a_bad_mark_is_told_by_what_is_wrong_with_it(
    edit: Edit, written: str, message: str, cure: str
) -> None:
    (finding,) = edit(COMMON, "- greet sms a", f"- {written}")
    assert message in finding.message
    assert cure in finding.cure
    assert finding.place.column >= len("    - ") + 1


def test_an_ordinal_keeps_its_full_stop_in_the_mark(edit: Edit) -> None:
    assert edit(COMMON, "- greet sms a", "- før den [15.](choice), går det?") == []


def test_a_line_under_two_intents_that_no_client_has_together_is_right(
    edit: Edit, tmp_path: Path
) -> None:
    client = (tmp_path / CLIENT).read_text("utf-8").replace("[common, parcel]", "[common]")
    (tmp_path / CLIENT).write_text(
        client.replace("intents: [track_parcel]", "intents: []"), "utf-8"
    )
    assert edit(PARCEL, "- track_parcel sms a", "- greet bokmaal a") == []


def test_anchors_are_refused_before_they_can_multiply(edit: Edit) -> None:
    bomb = "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    findings = edit(RULES, "version:", f"{bomb}version:")
    assert any("Anchors" in finding.message for finding in findings)


def test_many_mistakes_are_all_told_at_once(tmp_path: Path) -> None:
    small_project.write(tmp_path)
    for file, old, new in (
        (COMMON, "greet sms a", "/greet"),
        (RESPONSES, "value: nn", "value: xx"),
        (RULES, "action: utter_greet", "action: utter_gret"),
        (CLIENT, "id: post", "id: pst"),
    ):
        path = tmp_path / file
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    report = check_project(tmp_path, {}).report
    assert {finding.place.path for finding in report.sorted()} == {
        COMMON, RESPONSES, RULES, CLIENT,
    }  # fmt: skip


def test_noise_in_any_file_is_told_and_never_raised(tmp_path: Path) -> None:
    small_project.write(tmp_path)
    for file in (COMMON, DOMAIN, RESPONSES, RULES, CLIENT):
        path = tmp_path / file
        right = path.read_bytes()
        for noise in (b"", b"\x00", b"- 1\n- 2\n", b"nlu: 7\nresponses: 7\nrules: 7\nslots: 7\n",
                      b"? [a]\n: b\n", b"!!python/object:os.system x\n", b"a: *b\n"):  # fmt: skip
            path.write_bytes(noise)
            assert check_project(tmp_path, {}).report.errors, (file, noise)
        path.write_bytes(right)
