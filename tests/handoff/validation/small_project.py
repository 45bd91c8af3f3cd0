"""A project of two skills, small enough to be checked in a blink, and right in every line."""

from __future__ import annotations

from pathlib import Path

VARIETIES = (
    "bokmaal", "nynorsk", "bergen", "stavanger", "troendersk", "nordnorsk", "innlandet", "sms",
    "english",
)  # fmt: skip

DOMAIN = """\
version: "3.1"
intents:
  - greet
  - affirm
  - track_parcel
entities:
  - tracking_number
  - choice
slots:
  tracking_number:
    type: text
    mappings: [{type: from_entity, entity: tracking_number}]
  language:
    type: text
    mappings: [{type: custom}]
  assessment:
    type: any
    mappings: [{type: custom, action: action_assess}]
forms:
  track_parcel_form:
    required_slots: [tracking_number]
actions:
  - action_assess
  - action_track_parcel:
      send_domain: true
"""

RESPONSES = """\
version: "3.1"
responses:
  utter_greet:
    - text: "Hei!"
      buttons:
        - {title: "Spor en pakke", payload: '/track_parcel{{"choice": "spor"}}'}
        - {title: "Ja", payload: /affirm}
    - text: "Hei, du!"
      condition:
        - {type: slot, name: language, value: nn}
    - text: "Hi!"
      condition:
        - {type: slot, name: language, value: en}
"""

RULES = """\
version: "3.1"
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
- rule: affirm
  condition:
  - slot_was_set:
    - language: nb
  steps:
  - intent: affirm
  - action: utter_greet
- rule: track_parcel begins
  steps:
  - intent: track_parcel
    entities:
    - tracking_number
  - action: track_parcel_form
  - active_loop: track_parcel_form
- rule: track_parcel ends
  steps:
  - action: track_parcel_form
  - active_loop: null
  - action: action_track_parcel
"""

ACTIONS = 'def run(say):\n    say("utter_greet")\n    say(f"utter_{what}")\n'

CLIENT = """\
id: post
name: Post
colours: {primary: "#0b5d4e", on_primary: "#ffffff", accent: "#b4430c"}
greeting: {nb: Hei!, nn: Hei!, en: Hi!}
languages: [nb, nn, en]
skills: [common, parcel]
timezone: Europe/Oslo
opening_hours:
  monday: always
  tuesday: always
  wednesday: always
  thursday: always
  friday: always
  saturday: closed
  sunday: closed
  holidays: closed
handoff:
  intents: [track_parcel]
  front: []
  andon: []
  cost_late: 1
  cost_needless: 1
  weight: 1
  promise_seconds: 60
origins: ["https://post.example"]
system: {url: "https://api.post.example", token: "a-token-for-tests"}
privacy: {controller: Post, processor: Post, url: "https://post.example/p", retention_days: 30}
contact: {phone: "+47 22 00 00 00", email: post@post.example, address: Oslo}
canned:
  hei: {nb: Hei!, nn: Hei!, en: Hi!}
contact_reasons:
  - {id: other, nb: Annet, en: Other}
"""


def block(intent: str, variety: str, lines: list[str]) -> str:
    told = "".join(f"    - {line}\n" for line in lines)
    return f"- intent: {intent}\n  metadata: {{variety: {variety}}}\n  examples: |\n{told}"


def examples(*intents: str) -> str:
    """A skill's file: 27 lines for each intent, three in each variety."""
    blocks = [
        block(intent, variety, [f"{intent} {variety} {number}" for number in ("a", "b", "c")])
        for intent in intents
        for variety in VARIETIES
    ]
    return 'version: "3.1"\nnlu:\n' + "".join(blocks)


def write(root: Path) -> None:
    """Write the project into an empty folder."""
    parcel = examples("track_parcel").replace(
        "track_parcel bokmaal a", "hvor er [HB12345678](tracking_number)?"
    )
    for path, text in {
        "domain.yml": DOMAIN,
        "data/nlu/common.yml": examples("greet", "affirm"),
        "data/nlu/parcel.yml": parcel,
        "data/responses/common.yml": RESPONSES,
        "data/rules/common.yml": RULES,
        "actions/parcel.py": ACTIONS,
        "clients/post.yml": CLIENT,
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
