"""Parcels: where they are, where they should go, and what went wrong with them."""

from __future__ import annotations

import re
from typing import Any

from actions.conversation import DELIVERED
from actions.errand import Errand, Field, Run, Summary, unknown
from actions.facts import POSTCODE, TRACKING, Address, Day, Searched, Words, YesNo, options
from actions.newspaper import stops_the_paper
from actions.towns import whole_address
from actions.wording import day, hours, moment, place, plain_day

UNDER_WAY = ("registered", "in_transit", "customs", "out_for_delivery", "delayed")
# What a status's full answer needs to know; without it the plain answer is given.
_NEEDS: dict[str, tuple[str, ...]] = {
    "registered": ("sender",),
    "in_transit": ("place",),
    "customs": (),
    "out_for_delivery": (),
    "at_pickup_point": ("pickup_name", "pickup_address", "deadline"),
    "delivered": ("place", "when"),
    "returned": (),
    "delayed": ("expected",),
}


async def look_up(run: Run) -> dict[str, Any] | None:
    """The parcel's record, looked up once a turn; None when it was said why there is none."""
    number = run.get("tracking_number")
    kept = run.get("record") or {}
    if kept.get("turn_id") == run.turn.turn_id and kept.get("tracking_number") == number:
        return dict(kept)
    answer = await run.ask_system("track_parcel", tracking_number=number)
    if answer.error == "unknown_number":
        unknown(run, "tracking_number", "utter_unknown_tracking_number")
    elif not answer.ok:
        run.refuse(answer, run.get("errand") or "track_parcel")
    elif answer.data.get("status") not in _NEEDS:
        run.say("utter_parcel_unclear", tracking_number=number)
        run.end("told")
    else:
        record = {**answer.data, "tracking_number": number, "turn_id": run.turn.turn_id}
        run.set("record", record)
        return record
    return None


def values(run: Run, record: dict[str, Any]) -> dict[str, Any]:
    """A parcel's facts as they are said."""
    language, today = run.turn.language, run.turn.today
    pickup = record.get("pickup") or {}
    return {
        "tracking_number": record.get("tracking_number"),
        "place": place(record.get("place"), language),
        "sender": record.get("sender"),
        "expected": day(record.get("expected"), language, today),
        "when": moment(record.get("delivered_at"), language, today),
        "pickup_name": pickup.get("name"),
        "pickup_address": pickup.get("address"),
        "pickup_hours": hours(pickup.get("hours"), language),
        "deadline": plain_day(pickup.get("deadline"), language, today),
    }


def tell(run: Run, record: dict[str, Any]) -> None:
    """Say where the parcel is, in plain words."""
    said = values(run, record)
    status = record["status"]
    full = all(said.get(name) for name in _NEEDS[status])
    run.say(f"utter_parcel_{status}" if full else f"utter_parcel_{status}_plain", **said)
    if status in ("registered", "in_transit", "customs") and said["expected"]:
        run.say("utter_parcel_expected", **said)
    if status == "at_pickup_point" and full and said["pickup_hours"]:
        run.say("utter_pickup_hours", **said)


async def _track(run: Run) -> None:
    record = await look_up(run)
    if record is None:
        return
    if run.turn.about == "late" and record["status"] == "delayed":
        said = values(run, record)
        full = said["expected"] and said["place"]
        run.say("utter_parcel_why_delayed" if full else "utter_parcel_why_delayed_plain", **said)
        return
    if run.turn.about == "late" and record["status"] in UNDER_WAY:
        run.say("utter_parcel_not_delayed", **values(run, record))
    tell(run, record)


async def _check_change(run: Run) -> None:
    if not run.get("tracking_number"):
        return
    record = await look_up(run)
    if record and record["status"] not in UNDER_WAY:
        tell(run, record)
        run.say("utter_delivery_too_late")
        run.end("told")
        return
    if not run.get("delivery_change"):
        for name in ("date", "address", "note"):
            if run.get(f"delivery_{name}"):
                run.set("delivery_change", name)
                break


def _sum_up_change(run: Run) -> Summary:
    change = run.get("delivery_change")
    return Summary(
        f"utter_confirm_delivery_{change}",
        {
            "tracking_number": run.get("tracking_number"),
            "day": day(run.get("delivery_date"), run.turn.language, run.turn.today),
            "address": whole_address(run.tracker, run.get("delivery_address")),
            "note": run.get("delivery_note"),
        },
    )


async def _change(run: Run) -> None:
    change = run.get("delivery_change")
    number = run.get("tracking_number")
    wish = {change: run.get(f"delivery_{change}")}
    answer = await run.ask_system("change_delivery", tracking_number=number, **wish)
    if answer.error == "unknown_number":
        unknown(run, "tracking_number", "utter_unknown_tracking_number")
    elif answer.error == "invalid":
        run.say("utter_delivery_refused")
        run.forget(f"delivery_{change}")
        run.set("confirm", None)
    elif answer.error == "not_allowed":
        run.say("utter_change_too_late")
        run.end("told")
    elif not answer.ok:
        run.refuse(answer, "change_delivery")
    else:
        when = day(answer.data.get("date"), run.turn.language, run.turn.today)
        run.say(
            "utter_delivery_changed" if when else "utter_delivery_changed_plain",
            tracking_number=number,
            day=when,
        )


async def _check_lost(run: Run) -> None:
    if not run.get("tracking_number"):
        return
    record = await look_up(run)
    if record is None or run.outcome:
        return
    if record["status"] != "delivered":
        tell(run, record)
        run.say("utter_parcel_not_lost")
        run.end("told")
    elif run.get("neighbours_checked") is None and not DELIVERED & set(run.turn.last_said()):
        said = values(run, record)
        full = said["place"] and said["when"]
        run.say("utter_parcel_delivered_at" if full else "utter_parcel_delivered_plain", **said)


async def _report_lost(run: Run) -> None:
    if not run.get("neighbours_checked"):
        run.say("utter_look_at_neighbours")
        run.end("told")
        return
    number = run.get("tracking_number")
    answer = await run.ask_system("report_parcel_missing", tracking_number=number)
    if not answer.ok:
        run.refuse(answer, "parcel_not_received")
        return
    case = _case(run, answer.data)
    run.say("utter_parcel_reported_missing", **case)
    run.conclude(("utter_next_case", case))


async def _report_damaged(run: Run) -> None:
    number, damage = run.get("tracking_number"), run.get("damage")
    answer = await run.ask_system(
        "report_parcel_damaged", tracking_number=number, description=damage
    )
    if answer.error == "unknown_number":
        unknown(run, "tracking_number", "utter_unknown_tracking_number")
    elif answer.error == "not_allowed":
        run.say("utter_damage_too_early", tracking_number=number)
        run.end("told")
    elif not answer.ok:
        run.refuse(answer, "parcel_damaged")
    else:
        case = _case(run, answer.data)
        run.say("utter_parcel_reported_damaged", **case)
        run.conclude(("utter_next_case", case))
        email = run.turn.contact.get("email")
        if email:
            run.say("utter_send_picture", email=email, case=case["case"])


def _case(run: Run, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "case": data.get("case"),
        "tracking_number": run.get("tracking_number"),
        "answer_by": plain_day(data.get("answer_by"), run.turn.language, run.turn.today),
    }


async def _return(run: Run) -> None:
    answer = await run.ask_system("return_parcel", tracking_number=run.get("tracking_number"))
    if answer.error == "unknown_number":
        unknown(run, "tracking_number", "utter_unknown_tracking_number")
    elif not answer.ok:
        run.refuse(answer, "return_parcel")
    else:
        drop_off = answer.data.get("drop_off") or {}
        run.say(
            "utter_return_code",
            code=answer.data.get("code"),
            name=drop_off.get("name"),
            address=drop_off.get("address"),
            valid_until=plain_day(
                answer.data.get("valid_until"), run.turn.language, run.turn.today
            ),
        )


async def _pickup_point(run: Run) -> None:
    number, postcode = run.get("tracking_number"), run.get("postcode")
    if run.turn.entity_values("postcode") or run.get("attempts"):
        number = None if postcode else number
    answer = await run.ask_system(
        "find_pickup_point", tracking_number=number, postcode=None if number else postcode
    )
    if answer.error == "unknown_number":
        slot = "tracking_number" if number else "postcode"
        unknown(run, slot, f"utter_unknown_{slot}")
        return
    pickup = answer.data.get("pickup") or {}
    if not answer.ok:
        run.refuse(answer, "pickup_point")
    elif not pickup.get("name"):
        run.say("utter_pickup_none")
    else:
        deadline = plain_day(pickup.get("deadline"), run.turn.language, run.turn.today)
        run.say(
            "utter_pickup_point" if number else "utter_pickup_nearest",
            number=number or postcode,
            name=pickup["name"],
            address=pickup.get("address"),
        )
        run.set("record", {"pickup": pickup})
        if pickup.get("hours"):
            run.say("utter_pickup_hours", pickup_hours=hours(pickup["hours"], run.turn.language))
        if deadline:
            run.say("utter_pickup_deadline", deadline=deadline)


def _begin_change(run: Run) -> None:
    if stops_the_paper(run.turn):
        run.divert("pause_subscription")


def _keep_town(run: Run) -> None:
    """ "Nei, Storgata 7": the town told before still holds."""
    told, before = run.changed.get("delivery_address"), run.tracker.slots.get("delivery_address")
    town = _TOWN.search(str(before or ""))
    if told and town and not _TOWN.search(told):
        run.set("delivery_address", told + town.group())


def _wants(change: str) -> Any:
    return lambda run: run.get("delivery_change") == change


_TOWN = re.compile(r",? \d{4}\b.*$")
_MONEY = (
    (
        re.compile(
            r"(?<!\w)(?:penge|refu|erstatning|tilbakebetal|money|refund|compensat)", re.IGNORECASE
        ),
        "utter_money_in_parcel",
    ),
)
_NUMBER = Field("tracking_number", TRACKING)
_CHANGES = options(
    signs=(("address", "address"), ("date", "date")),
    date=r"dag|dato|tid|annen dag|anna dag|day|date|later|senere|seinare|seinere",
    address=r"adress|address|gate|gata",
    note=r"beskjed|melding|notat|note|message|instruction|nabo|neighbo",
)

ERRANDS = (
    Errand("track_parcel", (_NUMBER,), finish=_track),
    Errand(
        "change_delivery",
        (
            _NUMBER,
            Field("delivery_change", _CHANGES),
            Field("delivery_date", Day(own="delivery_date"), wanted=_wants("date")),
            Field("delivery_address", Address(), wanted=_wants("address")),
            Field("delivery_note", Words(fewest=2), wanted=_wants("note"), lenient=True),
            Field("confirm", YesNo()),
        ),
        check=_check_change,
        begin=_begin_change,
        gather=_keep_town,
        finish=_change,
        summary=_sum_up_change,
    ),
    Errand(
        "parcel_not_received",
        (_NUMBER, Field("neighbours_checked", Searched())),
        check=_check_lost,
        remarks=_MONEY,
        finish=_report_lost,
    ),
    Errand(
        "parcel_damaged",
        (_NUMBER, Field("damage", Words(fewest=2, opening=8), lenient=True)),
        remarks=_MONEY,
        finish=_report_damaged,
    ),
    Errand("return_parcel", (_NUMBER,), finish=_return),
    Errand(
        "pickup_point",
        (Field("tracking_number", TRACKING, instead=(("postcode", POSTCODE),)),),
        finish=_pickup_point,
    ),
)
