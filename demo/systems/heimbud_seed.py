"""What Heimbud knows at the start of the day: parcels and newspapers all over the country."""

from __future__ import annotations

from datetime import date, timedelta

from demo.systems.places import place_of
from demo.systems.world import Company, Record, delivery_day, invoice, moment

# (day, clock, where, status), Sundays not counted;
# o = origin, t = the terminal on the way, d = destination.
_JOURNEYS: dict[str, tuple[tuple[int, str, str, str], ...]] = {
    "registered": ((-1, "16:42", "o", "registered"),),
    "in_transit": (
        (-3, "15:20", "o", "registered"),
        (-2, "18:05", "o", "in_transit"),
        (-1, "21:47", "t", "in_transit"),
    ),
    "customs": (
        (-6, "11:03", "o", "registered"),
        (-4, "22:30", "o", "in_transit"),
        (-2, "07:15", "Oslo lufthavn", "customs"),
    ),
    "out_for_delivery": (
        (-3, "14:11", "o", "registered"),
        (-2, "19:52", "t", "in_transit"),
        (-1, "22:34", "d", "in_transit"),
        (0, "06:10", "d", "out_for_delivery"),
    ),
    "at_pickup_point": (
        (-4, "13:26", "o", "registered"),
        (-3, "20:08", "t", "in_transit"),
        (-1, "15:31", "d", "at_pickup_point"),
    ),
    "delivered": (
        (-5, "10:57", "o", "registered"),
        (-4, "19:12", "t", "in_transit"),
        (-2, "07:05", "d", "out_for_delivery"),
        (-2, "17:38", "d", "delivered"),
    ),
    "returned": (
        (-24, "12:40", "o", "registered"),
        (-22, "16:18", "d", "at_pickup_point"),
        (-8, "09:00", "d", "returned"),
        (-4, "11:22", "o", "returned"),
    ),
    "delayed": (
        (-5, "15:02", "o", "registered"),
        (-4, "20:40", "t", "in_transit"),
        (-1, "08:25", "t", "delayed"),
    ),
}
_EXPECTED = {"registered": 4, "in_transit": 1, "customs": 5, "out_for_delivery": 0, "delayed": 2}

# number, status, origin, destination postcode, sender
_PARCELS = (
    ("HB12345678", "in_transit", "Oslo", "5052", "Ullvarefabrikken på Dale"),
    ("HB20481537", "out_for_delivery", "Drammen", "5003", "Bokkroken"),
    ("HB33019246", "at_pickup_point", "Oslo", "7014", "Sportsboden"),
    ("HB47720913", "delivered", "Stavanger", "4006", "Elektrohjørnet"),
    ("HB50926614", "delayed", "Trondheim", "9008", "Planteskolen Lyngdal"),
    ("HB61183307", "registered", "Ålesund", "6800", "Møbelsnekkeren i Sykkylven"),
    ("HB72405581", "returned", "Oslo", "8006", "Skobua"),
    ("HB123456785NO", "customs", "København", "0470", "Nordisk Keramik"),
    ("RB204815372SE", "in_transit", "Göteborg", "2609", "Cykelverkstan"),
    ("370712345678901238", "delivered", "Bergen", "5700", "Frukt fra Lofthus"),
    ("370798765432109876", "at_pickup_point", "Kristiansand", "4611", "Barneklær og sånt"),
    ("HB83340172", "delayed", "Oslo", "6100", "Apoteket på nett"),
)

# name, address, postcode, hours
_PICKUP_POINTS = (
    ("Hjørnebutikken Danmarks plass", "Solheimsgaten 2", "5058", "man–lør 07–23"),
    ("Kiosken på Torget", "Torget 4", "5014", "man–fre 08–21, lør 10–18"),
    ("Hjørnebutikken Grünerløkka", "Thorvald Meyers gate 38", "0555", "alle dager 07–23"),
    ("Nærmat Majorstua", "Bogstadveien 51", "0366", "man–lør 08–22"),
    ("Hjørnebutikken Solsiden", "Beddingen 10", "7042", "man–lør 07–22"),
    ("Kiosken Østervåg", "Østervåg 15", "4006", "man–fre 09–20, lør 10–18"),
    ("Hjørnebutikken Lundsiden", "Østerveien 22", "4632", "man–lør 07–22"),
    ("Samvirkelaget Voss", "Vangsgata 30", "5700", "man–fre 08–21, lør 09–18"),
    ("Sunnfjord Samvirkelag", "Hafstadvegen 25", "6800", "man–fre 08–21, lør 09–18"),
    ("Kiosken Storgata", "Storgata 74", "9008", "man–lør 08–22"),
    ("Hjørnebutikken Moloen", "Sjøgata 21", "8006", "man–lør 07–22"),
    ("Landhandelen Volda", "Hamnegata 10", "6100", "man–fre 08–20, lør 09–18"),
    ("Nærmat Lillehammer", "Storgata 58", "2609", "man–lør 08–21"),
)

# number, status, holder, address, postcode, days
_ALL_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_WEEKEND = ("friday", "saturday")
_SUBSCRIPTIONS = (
    ("204511", "active", "Ingeborg Solheim", "Nygårdsgaten 84", "5008", _ALL_WEEK),
    ("204512", "paused", "Torbjørn Haugland", "Strandgaten 18", "5013", _ALL_WEEK),
    ("204513", "active", "Anne-Marit Sæther", "Innherredsveien 71", "7043", _WEEKEND),
    ("204514", "stopped", "Kjell Ove Nilsen", "Storgata 112", "9008", _ALL_WEEK),
    ("204515", "starting", "Fatima Rahimi", "Markveien 35", "0554", _WEEKEND),
    ("2045167", "ended", "Olav Tveit", "Vangsgata 9", "5700", _ALL_WEEK),
    ("2045170", "active", "Sigrid Bakken", "Hafstadvegen 41", "6800", _ALL_WEEK),
)


def parcel(
    today: date, number: str, status: str, origin: str, postcode: str, sender: str
) -> Record:
    """A parcel in `status`, with the events that lead there, the newest last."""
    place = place_of(postcode)
    destination = place.city if place else "Oslo"
    names = {"o": origin, "t": "Oslo" if origin != "Oslo" else "Hønefoss", "d": destination}
    journey = _JOURNEYS[status]
    events = [
        {
            "at": moment(delivery_day(today, day), 0, clock),
            "place": names.get(where, where),
            "status": at_status,
        }
        for day, clock, where, at_status in journey
    ]
    expected = None
    if status in _EXPECTED:
        expected = delivery_day(today, _EXPECTED[status]).isoformat()
    pickup = None
    if status == "at_pickup_point":
        deadline = (today + timedelta(days=11)).isoformat()
        pickup = nearest(points(), postcode) | {"deadline": deadline}
    return {
        "tracking_number": number,
        "status": status,
        "expected": expected,
        "place": events[-1]["place"],
        "sender": sender,
        "delivered_at": events[-1]["at"] if status == "delivered" else None,
        "pickup": {key: pickup[key] for key in ("name", "address", "hours", "deadline")}
        if pickup
        else None,
        "events": events,
        "postcode": postcode,
    }


def points() -> list[Record]:
    """The pickup points, each with its postcode."""
    return [
        {
            "name": name,
            "address": f"{street}, {code} {place.city if (place := place_of(code)) else ''}",
            "hours": hours,
            "postcode": code,
        }
        for name, street, code, hours in _PICKUP_POINTS
    ]


def nearest(some: list[Record], postcode: str) -> Record:
    """The pickup point whose postcode is closest in number."""
    return min(some, key=lambda point: abs(int(point["postcode"]) - int(postcode)))


def subscription(
    today: date,
    number: str,
    status: str,
    holder: str,
    address: str,
    postcode: str,
    days: tuple[str, ...],
) -> Record:
    """A newspaper subscription; `paused` tells a pause that runs or lies ahead."""
    place = place_of(postcode)
    paused = None
    if status == "paused":
        paused = {
            "from": (today - timedelta(days=3)).isoformat(),
            "to": (today + timedelta(days=6)).isoformat(),
        }
    elif number == "204513":
        paused = {
            "from": (today + timedelta(days=14)).isoformat(),
            "to": (today + timedelta(days=21)).isoformat(),
        }
    return {
        "subscription_number": number,
        "holder": holder,
        "paper": place.paper if place else "Hovedstadsposten",
        "days": list(days),
        "address": address,
        "postcode": postcode,
        "city": place.city if place else "Oslo",
        "status": status,
        "paused": paused,
    }


def invoices(today: date) -> list[Record]:
    """One invoice in every state, all of them of the subscriptions above."""

    def day(offset: int) -> str:
        return (today + timedelta(days=offset)).isoformat()

    quarter = ("Morgenavis, 3 måneder", 987.0)
    return [
        invoice("4100231", "204511", [quarter], day(9), "open"),
        invoice("4100198", "204511", [quarter], day(-82), "paid"),
        invoice("4100240", "204512", [quarter, ("Fratrekk for stans", -114.0)], day(16), "open"),
        invoice("4100187", "204514", [quarter, ("Purregebyr", 35.0)], day(-17), "overdue"),
        invoice(
            "4100176",
            "204513",
            [("Helgeavis, 3 måneder", 459.0)],
            day(-25),
            "credited",
            ("paid", 459.0, moment(today, -6, "09:30")),
        ),
        invoice(  # paid twice: the second payment is on its way back
            "4100205",
            "2045170",
            [quarter],
            day(-5),
            "paid",
            ("pending", 987.0, None),
        ),
        invoice("4100262", "204515", [("Helgeavis, 3 måneder", 459.0)], day(21), "open"),
        invoice(
            "4100159",
            "2045167",
            [quarter, ("Fortolling og gebyr", 149.5)],
            day(-120),
            "paid",
            ("paid", 312.0, moment(today, -40, "10:15")),
        ),
    ]


def seed(today: date) -> Company:
    return Company(
        parcels={row[0]: parcel(today, *row) for row in _PARCELS},
        pickup_points=points(),
        subscriptions={row[0]: subscription(today, *row) for row in _SUBSCRIPTIONS},
        invoices={record["invoice_number"]: record for record in invoices(today)},
    )
