"""Newspapers: the one that did not come, holidays, a new address, leaving, delivery times."""

from __future__ import annotations

import re
from typing import Any

from actions.digressions import PRICE
from actions.errand import Errand, Field, Run, Summary, unknown
from actions.facts import POSTCODE, SUBSCRIPTION, Address, Day, YesNo
from actions.periods import Edge, read_length
from actions.towns import with_place
from actions.turn import Turn
from actions.wording import amount, clock, day, plain_day, read_day, weekday

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# In ``refused``: there was no newspaper on the day that was meant; the days are yet to be told.
NO_ISSUE, SEVERAL = "missing_date", "several_days"


_ERRANDS = frozenset(
    "newspaper_missing pause_subscription change_address newspaper_delivery_time".split()
)
_STOP = re.compile(r"(?<!\w)(?:stans|stopp|stogg|pause|hold back|hald att)", re.IGNORECASE)
_PAPER = re.compile(r"(?<!\w)(?:avis|newspaper|abonnement|subscription)", re.IGNORECASE)
_SEVERAL = re.compile(
    r"(?<!\w)(?:(?:to|tre|fire|fem|seks|sju|syv|[2-9]|flere|fleire|mange|noen|nokre|et par|eit par"
    r"|two|three|four|five|six|seven|several|many|a few|a couple of) (?:\w+ )?"
    r"(?:dag|døgn|morg[eo]n|day|morning|avis|newspaper|paper)\w*"
    r"|(?:en|ei|ein|hele|heile|a|all|whole) (?:uke|uka|veke|veka|week)\w*)",
    re.IGNORECASE,
)
_PARCEL = re.compile(r"(?<!\w)(?:pakk|sending|parcel|package)", re.IGNORECASE)


def stops_the_paper(turn: Turn) -> bool:
    """ "Kan dere stanse den neste uke?" about, or right after talk of, a newspaper."""
    if turn.is_payload or turn.entity_values("tracking_number") or _PARCEL.search(turn.text):
        return False
    if "newspaper" not in turn.skills or not _STOP.search(turn.text):
        return False
    return bool(_PAPER.search(turn.text)) or turn.last_errand() in _ERRANDS


async def look_up(run: Run) -> dict[str, Any] | None:
    """The subscription's record, looked up once a turn; None when it was said why not."""
    number = run.get("subscription_number")
    kept = run.get("record") or {}
    if kept.get("turn_id") == run.turn.turn_id and kept.get("subscription_number") == number:
        return dict(kept)
    answer = await run.ask_system("get_subscription", subscription_number=number)
    if answer.error == "unknown_number":
        unknown(run, "subscription_number", "utter_unknown_subscription_number")
    elif not answer.ok:
        run.refuse(answer, run.get("errand") or "newspaper_missing")
    else:
        record = {**answer.data, "subscription_number": number, "turn_id": run.turn.turn_id}
        run.set("record", record)
        if record.get("postcode") and not run.get("postcode"):
            run.set("postcode", str(record["postcode"]))  # known now: not asked for later
            run.verify("postcode")
        return record
    return None


async def _check(run: Run) -> None:
    # Looked up when the number is new, not again for each answer that follows.
    number = run.get("subscription_number")
    if number and (run.get("record") or {}).get("subscription_number") != number:
        await look_up(run)


async def _check_missing(run: Run) -> None:
    await _check(run)
    record = run.get("record") or {}
    if run.outcome or record.get("subscription_number") != run.get("subscription_number"):
        return
    if record.get("status") in ("ended", "stopped", "starting"):
        run.say("utter_subscription_not_running")
        run.end("told")
        return
    missed = read_day(run.get("missing_date")) or run.turn.today
    issues = record.get("days") or WEEKDAYS
    if run.get("missing_date") is None and _which_day(run):
        return
    if WEEKDAYS[missed.weekday()] not in issues:
        if run.get("refused") == NO_ISSUE:
            run.end("left")  # it was that day and no other
            return
        language = run.turn.language
        run.say(
            "utter_newspaper_no_issue",
            paper=record.get("paper") or "",
            weekday=weekday(missed, language),
            day=day(missed.isoformat(), language, run.turn.today),
        )
        run.set("missing_date", None)
        run.set("refused", NO_ISSUE)


def _which_day(run: Run) -> bool:
    return run.get("refused") in (NO_ISSUE, SEVERAL)


def _begin_missing(run: Run) -> None:
    """Of several days, and of one more, it is asked which is meant."""
    turn = run.turn
    if run.get("missing_date"):
        return
    if turn.is_payload:
        another = (run.get("done") or {}).get("errand") == "newspaper_missing"
    else:
        another = bool(_SEVERAL.search(turn.text) or turn.entity_values("period"))
        if another:
            run.say("utter_newspaper_several")
    if another:
        run.set("refused", SEVERAL)


async def _missing(run: Run) -> None:
    record = await look_up(run)
    if record is None:
        return
    said_day = run.get("missing_date") or run.turn.today.isoformat()
    language, today = run.turn.language, run.turn.today
    paper = record.get("paper") or ""
    pause = record.get("paused") or {}
    first, last, missed = (read_day(v) for v in (pause.get("from"), pause.get("to"), said_day))
    if first and last and missed and first <= missed <= last:
        run.say("utter_newspaper_paused", paper=paper, to=plain_day(pause["to"], language, today))
        return
    number = run.get("subscription_number")
    answer = await run.ask_system(
        "report_newspaper_missing", subscription_number=number, date=said_day
    )
    if not answer.ok:
        run.refuse(answer, "newspaper_missing")
        return
    run.say(
        "utter_newspaper_reported",
        paper=paper,
        day=day(said_day, language, today),
        case=answer.data.get("case"),
        subscription_number=number,
    )
    redelivery = day(answer.data.get("redelivery"), language, today)
    credit = amount(answer.data.get("credit_kr") or 0, language)
    follows: list[tuple[str, dict[str, Any]]] = []
    if redelivery:
        follows.append(("utter_newspaper_redelivery", {"redelivery": redelivery}))
    if answer.data.get("credit_kr"):
        follows.append(("utter_newspaper_credit", {"credit": credit}))
    for response, values in follows:
        run.say(response, **values)
    if run.get("refused") == SEVERAL:
        run.say("utter_newspaper_more")
    run.conclude(("utter_next_newspaper", {"case": answer.data.get("case")}), *follows)


async def _check_pause(run: Run) -> None:
    await _check(run)
    first, last = read_day(run.get("pause_from")), read_day(run.get("pause_to"))
    if first and last and last < first:
        run.say("utter_period_backwards")
        run.set("pause_to", None)


def _sum_up_pause(run: Run) -> Summary:
    return Summary(f"utter_confirm_pause{_one_day(run)}", _pause_values(run))


def _one_day(run: Run) -> str:
    return "_day" if run.get("pause_from") == run.get("pause_to") else ""


def _pause_values(run: Run) -> dict[str, Any]:
    language, today = run.turn.language, run.turn.today
    return {
        "subscription_number": run.get("subscription_number"),
        "paper": (run.get("record") or {}).get("paper") or "",
        "from": plain_day(run.get("pause_from"), language, today),
        "to": plain_day(run.get("pause_to"), language, today),
    }


async def _pause(run: Run) -> None:
    answer = await run.ask_system(
        "pause_subscription",
        subscription_number=run.get("subscription_number"),
        **{"from": run.get("pause_from"), "to": run.get("pause_to")},
    )
    if answer.error == "unknown_number":
        unknown(run, "subscription_number", "utter_unknown_subscription_number")
    elif answer.error == "invalid":
        run.say("utter_period_refused")
        for slot in ("pause_from", "pause_to", "confirm"):
            run.set(slot, None)
    elif not answer.ok:
        run.refuse(answer, "pause_subscription")
    else:
        run.say(f"utter_paused{_one_day(run)}", **_pause_values(run))
        if answer.data.get("credit_kr"):
            run.say(
                "utter_pause_credit", credit=amount(answer.data["credit_kr"], run.turn.language)
            )


def _address_values(run: Run) -> dict[str, Any]:
    return {
        "subscription_number": run.get("subscription_number"),
        "address": run.get("new_address"),
        "postcode": with_place(run.tracker, run.get("new_postcode")),
        "day": plain_day(run.get("move_date"), run.turn.language, run.turn.today),
    }


def _sum_up_address(run: Run) -> Summary:
    return Summary("utter_confirm_address", _address_values(run))


async def _change_address(run: Run) -> None:
    answer = await run.ask_system(
        "change_address",
        subscription_number=run.get("subscription_number"),
        address=run.get("new_address"),
        postcode=run.get("new_postcode"),
        **{"from": run.get("move_date")},
    )
    if answer.error == "unknown_number":
        unknown(run, "subscription_number", "utter_unknown_subscription_number")
    elif answer.error == "invalid":
        run.say("utter_address_refused")
        for slot in ("new_address", "new_postcode", "confirm"):
            run.set(slot, None)
    elif not answer.ok:
        run.refuse(answer, "change_address")
    else:
        city = answer.data.get("city") or ""
        values = {**_address_values(run), "postcode": run.get("new_postcode"), "city": city}
        run.say("utter_address_changed", **values)


def _begin_time(run: Run) -> None:
    if PRICE.search(run.turn.text):
        run.say("utter_subscription_price")
        run.end("told")


async def _delivery_time(run: Run) -> None:
    answer = await run.ask_system("newspaper_delivery_time", postcode=run.get("postcode"))
    if answer.error == "unknown_number":
        unknown(run, "postcode", "utter_unknown_postcode")
    elif not answer.ok:
        run.refuse(answer, "newspaper_delivery_time")
    else:
        data = answer.data
        run.say(
            "utter_delivery_time",
            postcode=data.get("postcode") or run.get("postcode"),
            city=data.get("city") or "",
            paper=data.get("paper") or "",
            weekdays_by=clock(data.get("weekdays_by"), run.turn.language),
            saturday_by=clock(data.get("saturday_by"), run.turn.language),
        )
        sunday = data.get("sunday")
        run.say("utter_sunday_yes" if sunday else "utter_sunday_no")


_NUMBER = Field("subscription_number", SUBSCRIPTION)


ERRANDS = (
    Errand(
        "newspaper_missing",
        (_NUMBER, Field("missing_date", Day(past=True), wanted=_which_day, declinable=True)),
        check=_check_missing,
        begin=_begin_missing,
        finish=_missing,
    ),
    Errand(
        "pause_subscription",
        (
            _NUMBER,
            Field("pause_from", Edge(False, "pause_from", "pause_to")),
            Field("pause_to", Edge(True, "pause_to", "pause_from")),
            Field("confirm", YesNo()),
        ),
        check=_check_pause,
        gather=read_length,
        finish=_pause,
        summary=_sum_up_pause,
    ),
    Errand(
        "change_address",
        (
            _NUMBER,
            Field("new_address", Address(street=True)),
            Field("new_postcode", POSTCODE),
            Field("move_date", Day(own="move_date")),
            Field("confirm", YesNo()),
        ),
        check=_check,
        finish=_change_address,
        summary=_sum_up_address,
    ),
    Errand(
        "newspaper_delivery_time",
        (Field("postcode", POSTCODE),),
        begin=_begin_time,
        finish=_delivery_time,
    ),
)
