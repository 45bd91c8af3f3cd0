"""Numbers are brought to one form, and those that cannot be right never leave the house."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.client_systems import OPERATIONS
from handoff.client_systems.arguments import (
    BadArgument,
    claim_number,
    invoice_number,
    iso_date,
    policy_number,
    postcode,
    subscription_number,
    tracking_number,
    words,
)


@pytest.mark.parametrize(
    ("kind", "written", "canonical"),
    [
        (tracking_number, "HB12345678", "HB12345678"),
        (tracking_number, " hb 1234 5678 ", "HB12345678"),
        (tracking_number, "ＨＢ１２３４５６７８", "HB12345678"),
        (tracking_number, "hb123456785no", "HB123456785NO"),
        (tracking_number, "RB 204 815 372 SE", "RB204815372SE"),
        (tracking_number, "3707 1234 5678 9012 34", "370712345678901234"),
        (subscription_number, "204511", "204511"),
        (subscription_number, 2045170, "2045170"),
        (invoice_number, "4100 231", "4100231"),
        (policy_number, "v1002003", "V-1002003"),
        (policy_number, "V–1002003", "V-1002003"),
        (claim_number, "v 48213", "V-48213"),
        (claim_number, "24105533", "24-105533"),
        (claim_number, "24-105533", "24-105533"),
        (claim_number, "482190", "482190"),
        (postcode, "0470", "0470"),
        (iso_date, "2028-02-29", "2028-02-29"),
        (words(21), "  Sett  pakken\npå\x00trappa ", "Sett pakken på trappa"),
    ],
)
def test_every_way_to_write_a_number_becomes_one(
    kind: Callable[[object], str], written: object, canonical: str
) -> None:
    assert kind(written) == canonical


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (tracking_number, "HB1234567"),
        (tracking_number, "HB123456784NO"),
        (tracking_number, "380712345678901234"),
        (tracking_number, "HB12345678/../../policies"),
        (tracking_number, "HB١٢٣٤٥٦٧٨"),
        (tracking_number, ["HB12345678"]),
        (tracking_number, True),
        (subscription_number, "20451"),
        (invoice_number, "410023"),
        (policy_number, "V-48213"),
        (claim_number, "V-1002003"),
        (postcode, "470"),
        (iso_date, "2027-02-29"),
        (iso_date, "20270201"),
        (iso_date, "2027-W05-1"),
        (words(5), ""),
        (words(5), "lengre"),
        (words(5), 5),
    ],
)
def test_a_number_that_cannot_be_right_is_refused(
    kind: Callable[[object], str], written: object
) -> None:
    with pytest.raises(BadArgument):
        kind(written)


@given(st.one_of(st.text(max_size=80), st.integers(), st.none(), st.lists(st.text())))
def test_no_input_breaks_a_check_or_leaves_a_path_unsafe(value: object) -> None:
    for kind in (tracking_number, subscription_number, policy_number, claim_number, postcode):
        with contextlib.suppress(BadArgument):
            assert set(kind(value)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


@pytest.mark.parametrize("kind", [tracking_number, subscription_number, policy_number, postcode])
def test_an_error_never_quotes_what_was_written(kind: Callable[[object], str]) -> None:
    with pytest.raises(BadArgument) as caught:
        kind("noe langt og privat")
    assert "privat" not in str(caught.value)


def test_null_counts_as_not_given_and_the_first_of_several_numbers_is_used() -> None:
    operation = OPERATIONS["get_invoice"]
    checked = operation.canonical({"invoice_number": None, "subscription_number": "204511"})
    assert operation.call(checked) == ("/invoices", {"subscription_number": "204511"})
    both = operation.canonical({"policy_number": "V1002003", "invoice_number": "7200115"})
    assert operation.call(both) == ("/invoices/7200115", {})


@pytest.mark.parametrize(
    ("operation", "arguments", "says"),
    [
        ("track_parcel", {}, "tracking_number is missing"),
        ("track_parcel", {"tracking_number": "HB12345678", "x": 1}, "not known"),
        ("get_invoice", {"invoice_number": None}, "one of invoice_number"),
        (
            "pause_subscription",
            {"subscription_number": "204511", "from": "2026-12-02", "to": "2026-12-01"},
            "from is after to",
        ),
        ("change_payment", {"invoice_number": "4100231", "change": "gift"}, "change must be one"),
    ],
)
def test_wrong_arguments_are_named(operation: str, arguments: dict[str, object], says: str) -> None:
    with pytest.raises(BadArgument, match=says):
        OPERATIONS[operation].canonical(arguments)
