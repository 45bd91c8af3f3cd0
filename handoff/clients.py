"""The client companies, one YAML file each, read once at the start and never changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handoff.client_file import Section, read
from handoff.colours import contrast
from handoff.errors import ClientConfigError, InputError
from handoff.nearest import meant
from handoff.opening_hours import WEEKDAYS, OpeningHours, parse_span
from handoff.skills import COMMON, read_skills
from handoff.web_address import origin_of, wrong_address

LANGUAGES = ("nb", "nn", "en")
_ID = re.compile(r"[a-z][a-z0-9-]{1,30}")
_SHORTCUT = re.compile(r"[a-zæøå][a-zæøå0-9-]{0,30}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PHONE = re.compile(r"\+?[0-9 ]{3,20}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_TOKEN = re.compile(r"[\x21-\x7e]{8,500}")


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Bokmål, Nynorsk and English."""

    nb: str
    nn: str
    en: str

    def of(self, language: str) -> str:
        """The text in `language`; Bokmål for one that is not known."""
        return {"nn": self.nn, "en": self.en}.get(language, self.nb)


@dataclass(frozen=True, slots=True)
class Colours:
    """Hex colours, `#rrggbb` in lower case. Text of `on_primary` is readable on `primary`."""

    primary: str
    on_primary: str
    accent: str


@dataclass(frozen=True, slots=True)
class HandoffPolicy:
    """What goes to a person, and what errors cost. `promise_seconds` is this queue's promise.

    `explore` allows a few doubtful turns to be decided by chance, to learn from.
    """

    intents: tuple[str, ...]
    front: tuple[str, ...]
    andon: tuple[str, ...]
    cost_late: float
    cost_needless: float
    weight: float
    promise_seconds: int
    explore: bool


@dataclass(frozen=True, slots=True)
class System:
    """The client's own API: base URL without a slash at its end, and the Bearer token."""

    url: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Privacy:
    controller: str
    processor: str
    url: str
    retention_days: int


@dataclass(frozen=True, slots=True)
class Contact:
    phone: str
    email: str
    address: str


@dataclass(frozen=True, slots=True)
class ContactReason:
    """Why a customer made contact; proposed when the topic is one of `intents`."""

    id: str
    nb: str
    en: str
    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Client:
    """One client company, checked. `errands` are its skills' intents that are no small talk."""

    id: str
    name: str
    colours: Colours
    greeting: Words
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    errands: frozenset[str]
    hours: OpeningHours
    handoff: HandoffPolicy
    origins: tuple[str, ...]
    system: System
    privacy: Privacy
    contact: Contact
    canned: Mapping[str, Words]
    contact_reasons: tuple[ContactReason, ...]

    def reason_for(self, intent: str | None) -> ContactReason | None:
        """The contact reason to propose for a topic, None when none names it."""
        return next((r for r in self.contact_reasons if intent in r.intents), None)

    def reason_id(self, told: str | None) -> str | None:
        """The client's own contact reason for what was kept: a reason's id or a topic.

        A topic that no reason names stays itself.
        """
        if any(reason.id == told for reason in self.contact_reasons):
            return told
        found = self.reason_for(told)
        return told if found is None else found.id


def chosen(known: Mapping[str, Client], client: str | None) -> list[str]:
    """The client company asked for, or all. Raises InputError naming those there are."""
    if client is None:
        return list(known)
    if client not in known:
        raise InputError(f"There is no client `{client}`.", cure=f"Use: {', '.join(known)}.")
    return [client]


def load_clients(
    folder: Path,
    variables: Mapping[str, str],
    skills: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Client]:
    """Every client of `folder`, by id, in the order of their files' names.

    `variables` are the settings that `${NAME}` may name in addresses and tokens; `skills`
    tells each skill's intents; those of the training data when left out. Raises
    ClientConfigError at the first thing that is wrong.
    """
    known = read_skills() if skills is None else skills
    if not folder.is_dir():
        raise ClientConfigError(
            f"{folder} is not a folder.", cure="It must hold one <id>.yml for each client."
        )
    for stray in sorted(folder.glob("*.yaml")):
        raise ClientConfigError(f"{stray}:1: would not be read.", cure=f"Name it {stray.stem}.yml.")
    found: dict[str, Client] = {}
    for path in sorted(folder.glob("*.yml")):
        top = read(path, variables)
        id_ = top.text("id")
        if not _ID.fullmatch(id_):
            top.fail(
                "id",
                f"is `{id_}`, which cannot be an id",
                "Use 2 to 31 of a-z, 0-9 and dash, beginning with a letter.",
            )
        if id_ in found:
            top.fail(
                "id", f"is `{id_}`, which {id_}.yml has too", "Give each client an id of its own."
            )
        if id_ != path.stem:
            top.fail(
                "id",
                f"is `{id_}`, unlike the file's name",
                f"Name the file {id_}.yml, or write id: {path.stem}.",
            )
        found[id_] = _client(id_, top, known)
    if not found:
        raise ClientConfigError(
            f"{folder} holds no client.", cure="Add one <id>.yml; see docs/howto/add-a-client.md."
        )
    return found


def _client(id_: str, top: Section, skills: Mapping[str, Collection[str]]) -> Client:
    top.only(
        "id", "name", "colours", "greeting", "languages", "skills", "timezone", "opening_hours",
        "handoff", "origins", "system", "privacy", "contact", "canned", "contact_reasons",
    )  # fmt: skip
    languages = _known(top, "languages", LANGUAGES)
    chosen = _known(top, "skills", tuple(skills))
    intents = sorted({intent for skill in chosen for intent in skills[skill]})
    return Client(
        id=id_,
        name=top.text("name", longest=60),
        colours=_colours(top.section("colours")),
        greeting=_words(top, "greeting", 500),
        languages=languages,
        skills=chosen,
        errands=frozenset(i for skill in chosen if skill != COMMON for i in skills[skill]),
        hours=_hours(top),
        handoff=_handoff(top.section("handoff"), intents),
        origins=_origins(top),
        system=_system(top.section("system")),
        privacy=_privacy(top.section("privacy")),
        contact=_contact(top.section("contact")),
        canned=_canned(top.section("canned")),
        contact_reasons=_reasons(top, intents),
    )


def _known(section: Section, key: str, known: Collection[str], least: int = 1) -> tuple[str, ...]:
    words = section.words(key, most=200)
    if len(words) < least:
        section.fail(key, "is empty", f"Write one or more of: {', '.join(known)}.")
    for at, word in enumerate(words):
        if word not in known:
            cure = meant(word, known, f"Use: {', '.join(known)}.")
            section.fail(key, f"has `{word}`, which is not known", cure, at)
    return words


def _words(section: Section, key: str, longest: int) -> Words:
    texts = section.section(key)
    texts.only(*LANGUAGES)
    return Words(*(texts.text(language, longest=longest) for language in LANGUAGES))


def _colours(section: Section) -> Colours:
    section.only("primary", "on_primary", "accent")
    values = {}
    for key in ("primary", "on_primary", "accent"):
        value = section.text(key)
        if not _COLOUR.fullmatch(value):
            section.fail(
                key, f"is `{value}`, no colour", 'Write six hex digits in quotes: "#0b5d4e".'
            )
        values[key] = value.lower()
    ratio = contrast(values["primary"], values["on_primary"])
    if ratio < 4.5:
        section.fail(
            "on_primary",
            f"has contrast {ratio:.1f} on primary",
            "WCAG AA asks for 4.5: make one lighter or the other darker.",
        )
    if (ratio := contrast(values["accent"], "#ffffff")) < 3:
        section.fail("accent", f"has contrast {ratio:.1f} on white", "Make it darker: 3 or more.")
    return Colours(**values)


def _hours(top: Section) -> OpeningHours:
    section = top.section("opening_hours")
    section.only(*WEEKDAYS, "holidays")
    week = []
    for day in WEEKDAYS:
        try:
            week.append(parse_span(section.text(day)))
        except ValueError as error:
            section.fail(day, str(error), 'Write for example "08:00-20:00".')
    on_holidays = section.text("holidays")
    if on_holidays not in ("open", "closed"):
        section.fail("holidays", f"is `{on_holidays}`, which says nothing", "Write open or closed.")
    timezone = top.text("timezone")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        top.fail(
            "timezone",
            f"is `{timezone}`, which is no time zone",
            "Write an IANA name such as Europe/Oslo.",
        )
    return OpeningHours(tuple(week), on_holidays == "open", timezone)


def _handoff(section: Section, intents: Collection[str]) -> HandoffPolicy:
    section.only(
        "intents", "front", "andon", "cost_late", "cost_needless", "weight", "promise_seconds",
        "explore",
    )  # fmt: skip
    return HandoffPolicy(
        intents=_known(section, "intents", intents, least=0),
        front=_known(section, "front", intents, least=0),
        andon=_known(section, "andon", intents, least=0),
        cost_late=section.number("cost_late", 0.01, 1000),
        cost_needless=section.number("cost_needless", 0.01, 1000),
        weight=section.number("weight", 0.01, 1000),
        promise_seconds=section.whole("promise_seconds", 5, 86_400),
        explore=section.has("explore") and section.flag("explore"),
    )


def _origins(top: Section) -> tuple[str, ...]:
    origins: list[str] = []
    values = top.addresses("origins", most=50)
    if not values:
        top.fail("origins", "is empty", "Name each web site, for example https://www.example.no.")
    for at, value in enumerate(values):
        if wrong := wrong_address(value, bare=True):
            top.fail("origins", wrong, "Write https://host or http://127.0.0.1:port.", at)
        origin = origin_of(value)
        if origin in origins:
            top.fail("origins", f"has `{origin}` twice", "Remove one of them.", at)
        origins.append(origin)
    return tuple(origins)


def _system(section: Section) -> System:
    section.only("url", "token")
    url = section.address("url")
    if wrong := wrong_address(url):
        section.fail("url", wrong, "Write https://host/path of the client's API.")
    token = section.address("token")
    if not _TOKEN.fullmatch(token):
        section.fail(
            "token", "is not a token", "Use 8 to 500 visible ASCII characters without spaces."
        )
    return System(url.rstrip("/"), token)


def _privacy(section: Section) -> Privacy:
    section.only("controller", "processor", "url", "retention_days")
    url = section.address("url")
    if wrong := wrong_address(url):
        section.fail("url", wrong, "Write the address of the privacy page.")
    return Privacy(
        controller=section.text("controller"),
        processor=section.text("processor"),
        url=url,
        retention_days=section.whole("retention_days", 1, 3650),
    )


def _contact(section: Section) -> Contact:
    section.only("phone", "email", "address")
    phone, email = section.text("phone"), section.text("email")
    if not _PHONE.fullmatch(phone):
        section.fail(
            "phone", f"is `{phone}`, no phone number", 'Write digits in quotes: "+47 21 00 00 00".'
        )
    if not _EMAIL.fullmatch(email):
        section.fail("email", f"is `{email}`, no address", "Write an e-mail address.")
    return Contact(phone, email, section.text("address"))


def _canned(section: Section) -> Mapping[str, Words]:
    canned = {}
    for shortcut in section.names():
        if not _SHORTCUT.fullmatch(shortcut):
            section.fail(
                shortcut, "cannot be typed after /", "Use up to 31 small letters, digits and dash."
            )
        canned[shortcut] = _words(section, shortcut, 2000)
    return canned


def _reasons(top: Section, intents: Collection[str]) -> tuple[ContactReason, ...]:
    reasons: list[ContactReason] = []
    for section in top.sections("contact_reasons", most=100):
        section.only("id", "nb", "en", "intents")
        id_ = section.text("id")
        if not _ID.fullmatch(id_):
            section.fail("id", f"is `{id_}`, no id", "Use 2 to 31 of a-z, 0-9 and dash.")
        if any(reason.id == id_ for reason in reasons):
            section.fail("id", f"`{id_}` is there twice", "Give each reason an id of its own.")
        reasons.append(
            ContactReason(
                id=id_,
                nb=section.text("nb", longest=80),
                en=section.text("en", longest=80),
                intents=_known(section, "intents", intents, least=0)
                if section.has("intents")
                else (),
            )
        )
    if not reasons:
        top.fail("contact_reasons", "is empty", "Name at least one, for example other.")
    return tuple(reasons)
