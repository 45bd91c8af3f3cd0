"""Client companies are files: good ones load, and each mistake names file, line, key and cure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handoff.clients import LANGUAGES, Client, load_clients
from handoff.colours import contrast
from handoff.errors import ClientConfigError, InputError
from handoff.skills import read_skills

FOLDER = Path(__file__).parents[2] / "clients"
VARIABLES = {
    "DEMO_HEIMBUD_PORT": "8010",
    "DEMO_VARDE_PORT": "8011",
    "DEMO_SYSTEMS_PORT": "8020",
    "DEMO_SYSTEMS_TOKEN": "a-token-for-tests",
}
HEIMBUD = (FOLDER / "heimbud.yml").read_text("utf-8")


@pytest.fixture(scope="module")
def clients() -> dict[str, Client]:
    return load_clients(FOLDER, VARIABLES)


def test_both_demo_clients_load(clients: dict[str, Client]) -> None:
    assert list(clients) == ["heimbud", "varde"]
    heimbud, varde = clients["heimbud"], clients["varde"]
    assert heimbud.skills == ("common", "billing", "parcel", "newspaper")
    assert heimbud.handoff.intents == ("cancel_subscription",)
    assert heimbud.origins == ("http://127.0.0.1:8010", "http://localhost:8010")
    assert heimbud.system.url == "http://127.0.0.1:8020/heimbud/v1"
    assert varde.skills == ("common", "billing", "insurance")
    assert varde.handoff.front == ("roadside_assistance",)
    assert set(varde.handoff.intents) == {
        "coverage_question",
        "price_quote",
        "cancel_policy",
        "roadside_assistance",
    }


@pytest.mark.parametrize("id_", ["heimbud", "varde"])
def test_colours_of_the_demo_clients_meet_wcag_aa(clients: dict[str, Client], id_: str) -> None:
    colours = clients[id_].colours
    assert contrast(colours.primary, colours.on_primary) >= 4.5
    assert contrast(colours.primary, "#ffffff") >= 4.5
    assert contrast(colours.accent, "#ffffff") >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("id_", ["heimbud", "varde"])
def test_every_topic_has_a_contact_reason(clients: dict[str, Client], id_: str) -> None:
    topics = {
        "heimbud": ["track_parcel", "newspaper_missing", "cancel_subscription", "refund"],
        "varde": ["report_claim", "roadside_assistance", "cancel_policy", "invoice_question"],
    }
    assert all(clients[id_].reason_for(topic) for topic in topics[id_])
    assert clients[id_].reason_for(None) is None


@pytest.mark.parametrize("id_", ["heimbud", "varde"])
def test_canned_replies_are_in_three_languages(clients: dict[str, Client], id_: str) -> None:
    for shortcut, words in clients[id_].canned.items():
        assert len({words.of(language) for language in LANGUAGES}) == 3, shortcut


def test_a_token_does_not_show_when_a_client_is_printed(clients: dict[str, Client]) -> None:
    assert "a-token-for-tests" not in repr(clients)


def test_a_third_client_is_only_a_file(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    text = HEIMBUD.replace("id: heimbud", "id: nordlys-kraft").replace(
        "name: Heimbud", "name: Nordlys Kraft"
    )
    text = text.replace("monday: always", 'monday: "08:00-16:00"')
    text = re.sub(r"origins:\n.*\n.*", "origins: [HTTPS://Www.Nordlys.example:443]", text)
    text = re.sub(r"url: .*heimbud/v1", "url: https://api.nordlys.example/v2/", text)
    (tmp_path / "nordlys-kraft.yml").write_text(text, "utf-8")
    third = load_clients(tmp_path, VARIABLES)["nordlys-kraft"]
    assert third.name == "Nordlys Kraft"
    assert third.origins == ("https://www.nordlys.example",)
    assert third.system.url == "https://api.nordlys.example/v2"
    assert third.hours.week[0] is not None
    assert third.hours.week[0].closes == 16 * 60


def test_a_topic_becomes_the_reason_that_names_it_and_a_reason_stays(tmp_path: Path) -> None:
    (tmp_path / "heimbud.yml").write_text(HEIMBUD, "utf-8")
    client = load_clients(tmp_path, VARIABLES)["heimbud"]
    for told, id_ in (
        ("track_parcel", "parcel-tracking"),
        ("parcel-tracking", "parcel-tracking"),
        ("refund", "refund"),
        ("no_such_topic", "no_such_topic"),
        (None, None),
    ):
        assert client.reason_id(told) == id_


BROKEN = [
    ("id: heimbud", "id: Heimbud", "id", "a-z"),
    ("id: heimbud", "id: h", "id", "2 to 31"),
    ("id: heimbud", "id: posten", "id", "posten.yml"),
    ("id: heimbud", "id: 5", "id", "quotes"),
    ("name: Heimbud", "nmae: Heimbud", "nmae", "Did you mean `name`?"),
    ("timezone: Europe/Oslo", "timezon: Europe/Oslo", "timezon", "Did you mean `timezone`?"),
    ("timezone: Europe/Oslo", "clocks: Europe/Oslo", "clocks", "Use one of"),
    ("name: Heimbud", "name:", "name", "Write one"),
    ("name: Heimbud", 'name: " "', "name", "Write a text"),
    ("name: Heimbud", f"name: {'x' * 61}", "name", "60"),
    ("name: Heimbud", 'name: "Heim\\u202ebud"', "name", "plain"),
    ('primary: "#0b5d4e"', "primary: #0b5d4e", "colours.primary", "quotes"),
    ('primary: "#0b5d4e"', 'primary: "green"', "colours.primary", "hex"),
    ('primary: "#0b5d4e"', 'primary: "#dddddd"', "colours.on_primary", "WCAG"),
    ('accent: "#b4430c"', 'accent: "#ffeedd"', "colours.accent", "darker"),
    ("  nn: Hei! Eg er", "  no: Hei! Eg er", "greeting.no", "nb, nn, en"),
    ("languages: [nb, nn, en]", "languages: [nb, de]", "languages[1]", "Use: nb, nn, en"),
    ("languages: [nb, nn, en]", "languages: [nb, nb]", "languages[1]", "Remove"),
    ("languages: [nb, nn, en]", "languages: []", "languages", "one or more"),
    ("languages: [nb, nn, en]", "languages: nb", "languages", "Write [a, b]"),
    ("skills: [common, billing,", "skills: [common, biling,", "skills[1]", "`billing`?"),
    ("timezone: Europe/Oslo", "timezone: Europe/Bergen", "timezone", "Europe/Oslo"),
    ("timezone: Europe/Oslo", "timezone: ../../etc/passwd", "timezone", "Europe/Oslo"),
    ("monday: always", "monday: 8-16", "opening_hours.monday", "08:00-20:00"),
    ("monday: always", 'monday: "16:00-08:00"', "opening_hours.monday", "08:00-20:00"),
    ("  monday: always\n", "", "opening_hours.monday", "Add it"),
    ("holidays: open", "holidays: yes", "opening_hours.holidays", "open or closed"),
    ("intents: [cancel_subscription]", "intents: [cancel_sub]", "handoff.intents[0]", "Use: "),
    ("intents: [cancel_subscription]", "intents: [report_claim]", "handoff.intents[0]", "Use: "),
    ("cost_late: 1.0", "cost_late: much", "handoff.cost_late", "number from"),
    ("cost_late: 1.0", "cost_late: -1", "handoff.cost_late", "number from"),
    ("cost_late: 1.0", "cost_late: .nan", "handoff.cost_late", "number from"),
    ("cost_late: 1.0", "cost_late: true", "handoff.cost_late", "number from"),
    ("promise_seconds: 120", "promise_seconds: 1.5", "handoff.promise_seconds", "number from"),
    ("weight: 1.0", "weight: 1.0\n  explore: 5", "handoff.explore", "true or false"),
    ("retention_days: 30", "retention_days: 0", "privacy.retention_days", "number from"),
    ("${DEMO_HEIMBUD_PORT}\n  - http", "${NO_SUCH}\n  - http", "origins[0]", "Set NO_SUCH"),
    ("${DEMO_HEIMBUD_PORT}\n  - http", "${no}\n  - http", "origins[0]", "capital"),
    ("${DEMO_HEIMBUD_PORT}\n  - http", "${DEMO\n  - http", "origins[0]", "Write ${NAME}"),
    ("http://localhost:", "http://127.0.0.1:", "origins[1]", "Remove"),
    ("http://localhost:${DEMO_HEIMBUD_PORT}", "http://heimbud.no", "origins[1]", "https"),
    ("http://localhost:${DEMO_HEIMBUD_PORT}", "https://heimbud.no/", "origins[1]", "https"),
    ("http://localhost:${DEMO_HEIMBUD_PORT}", "https://*.heimbud.no", "origins[1]", "https"),
    ("http://localhost:${DEMO_HEIMBUD_PORT}", "https://a:b@heimbud.no", "origins[1]", "https"),
    ("http://localhost:${DEMO_HEIMBUD_PORT}", "https://heimbud.no:99999", "origins[1]", "https"),
    ("http://localhost:${DEMO_HEIMBUD_PORT}", "null", "origins[1]", "quotes"),
    ("url: http://127.0.0.1:${DEMO_SYSTEMS_PORT}", "url: ftp://a", "system.url", "https"),
    ("url: http://127.0.0.1:${DEMO_SYSTEMS_PORT}", "url: http://api.no", "system.url", "https"),
    ("token: ${DEMO_SYSTEMS_TOKEN}", "token: short", "system.token", "8 to 500"),
    ("}/personvern", "}/personvern?x=1", "privacy.url", "privacy page"),
    ('phone: "+47 55 50 12 30"', "phone: 55501230", "contact.phone", "quotes"),
    ("email: kundeservice@heimbud.example", "email: heimbud", "contact.email", "e-mail"),
    ("  hei:\n", "  Hei Hei:\n", "canned.Hei Hei", "small letters"),
    ("  hei:\n", "  5:\n", "canned.5", "quotes"),
    ("{id: refund,", "{id: invoice,", "contact_reasons[13].id", "of its own"),
    ("{id: refund,", "{id: R,", "contact_reasons[13].id", "2 to 31"),
    ("intents: [refund]", "intents: [refnd]", "contact_reasons[13].intents[0]", "`refund`?"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "key", "cure"), BROKEN)
def test_a_mistake_is_told_with_file_line_key_and_cure(
    tmp_path: Path, right: str, wrong: str, key: str, cure: str
) -> None:
    assert right in HEIMBUD
    path = tmp_path / "heimbud.yml"
    path.write_text(HEIMBUD.replace(right, wrong, 1), "utf-8")
    with pytest.raises(ClientConfigError) as caught:
        load_clients(tmp_path, VARIABLES)
    said = str(caught.value)
    place = re.match(rf"{re.escape(str(path))}:(\d+): `([^`]*)` ", said)
    assert place, said
    assert place[2] == key
    assert cure in caught.value.cure
    written = path.read_text("utf-8").split("\n")[int(place[1]) - 1]
    last = key.rsplit(".")[-1].split("[")[0]
    if "Add it" not in cure:
        assert last in written or "- " in written, written


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "must hold keys"),
        (b"- a\n- b\n", "must hold keys"),
        (b"id: heimbud\nname: [\n", ":3: is not YAML"),
        (b"id: heimbud\nname: a\nname: b\n", ":3: found duplicate key `name`"),
        (b"id: heimbud\nname: \xe6\n", ":2: is not UTF-8"),
        (b"id: heimbud\nname: \x00\n", "is not YAML"),
        (b"id: heimbud\n" + b"# much\n" * 50_000, "bytes long"),
        (b"id: !!python/object/apply:os.system [ls]\n", "`id` must be text"),
    ],
)
def test_a_file_that_is_no_such_yaml_is_told(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "heimbud.yml").write_bytes(content)
    with pytest.raises(ClientConfigError, match=re.escape(says)) as caught:
        load_clients(tmp_path, VARIABLES)
    assert str(tmp_path / "heimbud.yml") in str(caught.value)
    assert caught.value.cure


def test_an_id_twice_is_told(tmp_path: Path) -> None:
    (tmp_path / "heimbud.yml").write_text(HEIMBUD, "utf-8")
    (tmp_path / "posten.yml").write_text(HEIMBUD, "utf-8")
    with pytest.raises(ClientConfigError, match=r"posten\.yml:3: `id` .*heimbud\.yml has too"):
        load_clients(tmp_path, VARIABLES)


def test_a_folder_without_clients_is_told(tmp_path: Path) -> None:
    with pytest.raises(ClientConfigError, match="holds no client"):
        load_clients(tmp_path, VARIABLES)
    with pytest.raises(ClientConfigError, match="not a folder"):
        load_clients(tmp_path / "none", VARIABLES)
    (tmp_path / "heimbud.yaml").write_text(HEIMBUD, "utf-8")
    with pytest.raises(ClientConfigError, match=r"heimbud\.yml"):
        load_clients(tmp_path, VARIABLES)


def test_the_guide_names_every_key() -> None:
    guide = (FOLDER.parent / "docs" / "howto" / "add-a-client.md").read_text("utf-8")
    for key in set(re.findall(r"^ {0,2}([a-z_]+):", HEIMBUD.split("canned:")[0], re.M)):
        assert f"`{key}`" in guide, key


def test_a_new_intent_in_the_training_data_may_be_handed_over_without_code(tmp_path: Path) -> None:
    (tmp_path / "common.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hei\n")
    (tmp_path / "garden.yml").write_text("nlu:\n- intent: sell_hedge\n  examples: |\n    - x\n")
    assert read_skills(tmp_path) == {"common": {"greet"}, "garden": {"sell_hedge"}}


def test_training_data_without_the_common_skill_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"common\.yml"):
        read_skills(tmp_path)
