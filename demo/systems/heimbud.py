"""Heimbud's API: parcels, pickup points, newspaper subscriptions and delivery times."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from demo.systems import billing, derived
from demo.systems.heimbud_seed import nearest
from demo.systems.places import place_of
from demo.systems.resource import Ask, Resource, bad, refuse, unknown
from demo.systems.world import Record, case_number

_PARCEL_NUMBER = re.compile(r"HB\d{8}|[A-Z]{2}\d{9}[A-Z]{2}|37\d{16}")
_NEARBY = 400  # how far apart two postcodes' numbers may be to count as near
_COPY_PRICE = 19  # kroner for a newspaper that did not come


def _find_parcel(ask: Ask) -> Record:
    number = ask.path["number"]
    found = ask.company.parcels.get(number)
    if found is not None:
        return found
    if ask.world.deterministic and _PARCEL_NUMBER.fullmatch(number):
        return derived.parcel(ask.world.today, number)
    raise unknown("parcel")


def _find_subscription(ask: Ask) -> Record:
    number = ask.path["number"]
    found = ask.company.subscriptions.get(number)
    if found is not None:
        return found
    if ask.world.deterministic and re.fullmatch(r"\d{6,7}", number):
        return derived.subscription(ask.world.today, number)
    raise unknown("subscription")


def _seeded(ask: Ask) -> bool:
    """Made records are never refused anything: evaluations measure the bot, not these rules."""
    known = ask.company.parcels | ask.company.subscriptions
    return ask.path["number"] in known


def _so_far(ask: Ask, parcel: Record) -> Record:
    """The parcel without what has not happened yet: today's van leaves in the morning."""
    events = [event for event in parcel["events"] if ask.world.has_been(event["at"])]
    if not events or len(events) == len(parcel["events"]):
        return parcel
    last = events[-1]
    return parcel | {"events": events, "status": last["status"], "place": last["place"]}


def _parcel(ask: Ask) -> Record:
    parcel = _so_far(ask, _find_parcel(ask))
    return {key: value for key, value in parcel.items() if key != "postcode"}


def _change_delivery(ask: Ask) -> Record:
    parcel = _find_parcel(ask)
    wanted, address = ask.maybe_day("date"), ask.maybe_text("address", 200)
    note = ask.maybe_text("note", 500)
    if wanted is None and address is None and note is None:
        bad("date, address or note must be given")
    if _seeded(ask):
        status = _so_far(ask, parcel)["status"]
        if status in ("delivered", "returned"):
            refuse("already_delivered", "The parcel has come to its end.")
        if status == "out_for_delivery" and (wanted or address):
            refuse("too_late", "The parcel is in the van already.")
    if wanted and not ask.world.today <= wanted <= ask.world.today + timedelta(days=21):
        refuse("date_not_allowed", "The date must lie within the next three weeks.")
    earliest = parcel["expected"] or ask.world.day(1)
    when = max(earliest, wanted.isoformat()) if wanted else earliest
    parcel["expected"] = when
    place = place_of(parcel["postcode"])
    return {
        "tracking_number": parcel["tracking_number"],
        "date": when,
        "place": address or (place.city if place else parcel["place"]),
    }


def _report_missing(ask: Ask) -> Record:
    parcel = _find_parcel(ask)
    if _seeded(ask) and parcel["status"] == "returned":
        refuse("returned", "The parcel has gone back to its sender.")
    return {
        "case": case_number("H", "missing", parcel["tracking_number"]),
        "answer_by": ask.world.workday(3),
    }


def _report_damaged(ask: Ask) -> Record:
    parcel = _find_parcel(ask)
    ask.text("description")
    if _seeded(ask) and parcel["status"] not in ("delivered", "at_pickup_point"):
        refuse("not_delivered", "The parcel has not been delivered yet.")
    return {
        "case": case_number("H", "damaged", parcel["tracking_number"]),
        "answer_by": ask.world.workday(3),
    }


def _return(ask: Ask) -> Record:
    parcel = _find_parcel(ask)
    if _seeded(ask) and parcel["status"] not in ("delivered", "at_pickup_point"):
        refuse("not_delivered", "The parcel has not been delivered yet.")
    point = nearest(ask.company.pickup_points, parcel["postcode"])
    return {
        "code": case_number("R", parcel["tracking_number"]).replace("-", ""),
        "drop_off": {"name": point["name"], "address": point["address"]},
        "valid_until": ask.world.day(14),
    }


def _pickup_points(ask: Ask) -> Record:
    deadline, number = None, ask.query.get("tracking_number")
    if number:
        parcel = _find_parcel(Ask(ask.world, ask.company, {"number": number}, {}))
        postcode = parcel["postcode"]
        deadline = parcel["pickup"]["deadline"] if parcel["pickup"] else None
    else:
        postcode = ask.query.get("postcode", "")
        if place_of(postcode) is None:
            raise unknown("postcode")
    ranked = sorted(ask.company.pickup_points, key=lambda point: _distance(point, postcode))
    others = [point for point in ranked[1:3] if _distance(point, postcode) <= _NEARBY]
    shown = [{key: p[key] for key in ("name", "address", "hours")} for p in (ranked[0], *others)]
    return {"pickup": shown[0] | {"deadline": deadline}, "alternatives": shown[1:]}


def _distance(point: Record, postcode: str) -> int:
    return abs(int(point["postcode"]) - int(postcode))


def _subscription(ask: Ask) -> Record:
    return _find_subscription(ask)


def _newspaper_missing(ask: Ask) -> Record:
    subscription, day = _find_subscription(ask), ask.day("date")
    if _seeded(ask) and subscription["status"] in ("ended", "stopped", "starting"):
        refuse("no_delivery", "No newspaper was to come.")
    ago = (ask.world.today - day).days
    if not 0 <= ago <= 14:
        refuse("date_not_allowed", "The date must be today or one of the last 14 days.")
    return {
        "case": case_number("A", subscription["subscription_number"], day),
        "redelivery": ask.world.workday(1) if ago <= 1 else None,
        "credit_kr": _COPY_PRICE,
    }


def _pause(ask: Ask) -> Record:
    subscription = _find_subscription(ask)
    first, last = ask.day("from"), ask.day("to")
    if first > last:
        bad("from must not be after to")
    if _seeded(ask) and subscription["status"] in ("ended", "stopped"):
        refuse("not_active", "The subscription does not run.")
    if first < ask.world.today:
        refuse("date_not_allowed", "A pause cannot begin in the past.")
    if (last - first).days > 180:
        refuse("too_long", "A pause may last 180 days.")
    pause = {"from": first.isoformat(), "to": last.isoformat()}
    subscription["paused"] = pause
    return pause | {"credit_kr": _COPY_PRICE * _copies(subscription, first, last)}


def _copies(subscription: Record, first: date, last: date) -> int:
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    days = ((first + timedelta(days=n)).weekday() for n in range((last - first).days + 1))
    return sum(names[day] in subscription["days"] for day in days)


def _change_address(ask: Ask) -> Record:
    subscription, day = _find_subscription(ask), ask.day("from")
    place = place_of(ask.text("postcode", 4))
    if place is None:
        raise unknown("postcode")
    if day < ask.world.today:
        refuse("date_not_allowed", "The address cannot change in the past.")
    moved = {
        "address": ask.text("address", 200),
        "postcode": place.postcode,
        "city": place.city,
    }
    if day == ask.world.today:
        subscription.update(moved)
    return moved | {"from": day.isoformat()}


def _delivery_time(ask: Ask) -> Record:
    place = place_of(ask.path["postcode"])
    if place is None:
        raise unknown("postcode")
    return {
        "postcode": place.postcode,
        "city": place.city,
        "weekdays_by": place.weekdays_by,
        "saturday_by": place.saturday_by,
        "sunday": place.sunday,
        "paper": place.paper,
    }


_POINT: dict[str, Any] = {"name": "string", "address": "string", "hours": "string"}
_CASE = {"case": "string", "answer_by": "date"}

RESOURCES = (
    Resource(
        "GET",
        "/parcels/{number}",
        "A parcel and its way so far",
        _parcel,
        {
            "tracking_number": "string",
            "status": "string",
            "expected?": "date",
            "place": "string",
            "sender": "string",
            "delivered_at?": "date-time",
            "pickup?": _POINT | {"deadline": "date"},
            "events": [{"at": "date-time", "place": "string", "status": "string"}],
        },
    ),
    Resource(
        "POST",
        "/parcels/{number}/delivery-changes",
        "Another day, address or a note to the driver",
        _change_delivery,
        {"tracking_number": "string", "date": "date", "place": "string"},
        asks={"date?": "date", "address?": "string", "note?": "string"},
    ),
    Resource("POST", "/parcels/{number}/missing-reports", "Start a search", _report_missing, _CASE),
    Resource(
        "POST",
        "/parcels/{number}/damage-reports",
        "Report a damaged parcel",
        _report_damaged,
        _CASE,
        asks={"description": "string"},
    ),
    Resource(
        "POST",
        "/parcels/{number}/returns",
        "A code to send the parcel back with",
        _return,
        {
            "code": "string",
            "drop_off": {"name": "string", "address": "string"},
            "valid_until": "date",
        },
    ),
    Resource(
        "GET",
        "/pickup-points",
        "Where to fetch a parcel, by parcel or by postcode",
        _pickup_points,
        {"pickup": _POINT | {"deadline?": "date"}, "alternatives": [_POINT]},
        query=("tracking_number?", "postcode?"),
    ),
    Resource(
        "GET",
        "/subscriptions/{number}",
        "A newspaper subscription",
        _subscription,
        {
            "subscription_number": "string",
            "holder": "string",
            "paper": "string",
            "days": ["string"],
            "address": "string",
            "postcode": "string",
            "city": "string",
            "status": "string",
            "paused?": {"from": "date", "to": "date"},
        },
    ),
    Resource(
        "POST",
        "/subscriptions/{number}/missing-reports",
        "A newspaper did not come",
        _newspaper_missing,
        {"case": "string", "redelivery?": "date", "credit_kr": "number"},
        asks={"date": "date"},
    ),
    Resource(
        "POST",
        "/subscriptions/{number}/pauses",
        "Stop the newspaper for a while",
        _pause,
        {"from": "date", "to": "date", "credit_kr": "number"},
        asks={"from": "date", "to": "date"},
    ),
    Resource(
        "PUT",
        "/subscriptions/{number}/address",
        "Move the newspaper",
        _change_address,
        {"address": "string", "postcode": "string", "city": "string", "from": "date"},
        asks={"address": "string", "postcode": "string", "from": "date"},
    ),
    Resource(
        "GET",
        "/delivery-times/{postcode}",
        "When the newspaper comes",
        _delivery_time,
        {
            "postcode": "string",
            "city": "string",
            "weekdays_by": "string",
            "saturday_by": "string",
            "sunday": "boolean",
            "paper": "string",
        },
    ),
    *billing.RESOURCES,
)
