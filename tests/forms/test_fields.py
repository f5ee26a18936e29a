"""What counts as an answer, kind by kind."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from app.workflow.forms import Occasion, decimals
from tests.forms.builders import Part, a_choice, a_form, a_part, complaints, required

TAIPEI = Occasion(zone=ZoneInfo("Asia/Taipei"))
BERLIN = Occasion(zone=ZoneInfo("Europe/Berlin"))


def clean(part: Part, raw: object, occasion: Occasion = TAIPEI, **data: Any) -> object:
    form = a_form(part)
    return form.validate({part["key"]: raw}, data, occasion=occasion)[part["key"]]


def said(part: Part, raw: object, occasion: Occasion = TAIPEI, **data: Any) -> str:
    found = complaints(a_form(part), {part["key"]: raw}, data, occasion)
    return found.get(part["key"], "")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3", "3"),
        (" 3 ", "3"),
        ("3.50", "3.5"),
        ("3.", "3"),
        (".5", "0.5"),
        ("+7", "7"),
        ("-0", "0"),
        ("-2.10", "-2.1"),
        ("007", "7"),
        ("１２", "12"),
        ("１２．５", "12.5"),
        ("−3", "-3"),
        ("0.000001", "0.000001"),
        ("999999999999.999999", "999999999999.999999"),
        (5, "5"),
        (2.5, "2.5"),
        (1e-6, "0.000001"),
        (["4"], "4"),
    ],
)
def test_a_number_is_kept_as_canonical_text(typed: object, kept: str) -> None:
    assert clean(a_part("number", "n"), typed) == kept


@pytest.mark.parametrize(
    "typed", ["1,000", "1，000", "1.000,5", "1 000", "1'000", "１，０００", "1_000", "0,5"]
)
def test_a_number_that_can_be_read_in_two_ways_is_refused(typed: str) -> None:
    sentence = said(a_part("number", "n"), typed)

    assert "two ways" in sentence
    assert typed in sentence


@pytest.mark.parametrize(
    "typed",
    [
        "x",
        "1e5",
        "NaN",
        "Infinity",
        "inf",
        "1²",
        "½",
        "٣",
        "三",
        "0x10",
        "--1",
        "1-1",
        ".",
        "-",
        "1.2.3",
        "1234567890123",
        "0.0000001",
        True,
        1e300,
        float("nan"),
        float("inf"),
        {"a": 1},
        ["1", "2"],
        "9" * 5000,
        10**30,
    ],
)
def test_what_is_no_number_is_refused(typed: object) -> None:
    assert said(a_part("number", "n"), typed)


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=6))
def test_every_quantity_survives_being_written_and_typed_again(quantity: Decimal) -> None:
    text = decimals.canonical(quantity)

    assert decimals.parsed(text) == quantity
    assert decimals.canonical(decimals.parsed(text)) == text
    assert decimals.is_canonical(text)


def test_numbers_keep_to_their_limits() -> None:
    part = a_part("number", "n", validate={"min": 1, "max": "9"}, increment=0.5)

    assert "At least 1" in said(part, "0.5")
    assert "At most 9" in said(part, "9.5")
    assert "multiple of 0.5" in said(part, "1.2")
    assert clean(part, "1.50") == "1.5"


def test_pieces_are_whole() -> None:
    part = a_part("number", "n", decimalDigits=0)

    assert said(part, "1.000") == "Write a whole number."
    assert clean(part, "1000") == "1000"


def test_our_decimals_go_before_those_of_the_editor() -> None:
    part = a_part("number", "n", decimalDigits=0, properties={"decimals": "2", "unit": "kg"})

    assert clean(part, "0.25") == "0.25"


@pytest.mark.parametrize("empty", ["", "  ", None, [], [""], "\u3000"])
@pytest.mark.parametrize(
    "part",
    [
        a_part("textfield", "a"),
        a_part("textarea", "a"),
        a_part("number", "a"),
        a_part("datetime", "a"),
        a_choice("radio", "a", "x", "y"),
        a_choice("select", "a", "x", "y"),
    ],
    ids=lambda part: part["type"],
)
def test_no_answer_is_none_unless_one_is_required(part: Part, empty: object) -> None:
    assert clean(part, empty) is None
    assert said(required(part), empty).startswith("Please")


@pytest.mark.parametrize("kind", ["checklist", "taglist"])
def test_nothing_ticked_is_an_empty_list_unless_one_is_required(kind: str) -> None:
    part = a_choice(kind, "a", "x", "y")

    assert clean(part, None) == []
    assert said(required(part), []) == "Please choose one."


def test_an_answer_that_is_not_sent_is_no_answer() -> None:
    form = a_form(a_part("textfield", "a"), a_part("checkbox", "b"))

    assert form.validate({}, {}) == {"a": None, "b": False}


def test_spaces_around_a_text_do_not_count() -> None:
    assert clean(a_part("textfield", "a"), "  BA-28 \n") == "BA-28"
    assert clean(a_part("textarea", "a"), "one\r\ntwo\r\n") == "one\ntwo"


def test_one_line_stays_one_line() -> None:
    assert clean(a_part("textfield", "a"), "one\ntwo") == "one two"


@pytest.mark.parametrize("typed", ["a\0b", "a\x07b", "a\ud800b", {"a": 1}, ["a", "b"], True, 1.5])
def test_a_text_that_cannot_be_kept_is_refused(typed: object) -> None:
    assert said(a_part("textfield", "a"), typed)
    assert said(a_part("textarea", "a"), typed)


def test_a_text_keeps_to_its_length() -> None:
    part = a_part("textfield", "a", validate={"minLength": 2, "maxLength": 4})

    assert said(part, "a") == "At least 2 characters."
    assert said(part, "abcde") == "At most 4 characters; these are 5."
    assert said(a_part("textfield", "a"), "x" * 501)
    assert clean(part, "後台") == "後台"


def test_a_text_keeps_to_its_pattern() -> None:
    part = a_part("textfield", "a", validate={"pattern": r"^BA-\d{2}$"})

    assert clean(part, "BA-28") == "BA-28"
    assert "BA-xx" in said(part, "BA-xx")
    assert said(part, "BA-２８")


@pytest.mark.parametrize("typed", ["lee@example.com", "a.b+c@x.example.tw"])
def test_a_mail_address_is_accepted(typed: str) -> None:
    assert clean(a_part("textfield", "a", validate={"validationType": "email"}), typed) == typed


@pytest.mark.parametrize("typed", ["lee", "lee@", "@x.tw", "lee@tw", "lee@x..tw", "a b@x.tw"])
def test_what_is_no_mail_address_is_refused(typed: str) -> None:
    assert said(a_part("textfield", "a", validate={"validationType": "email"}), typed)


def test_a_telephone_number_is_digits() -> None:
    part = a_part("textfield", "a", validate={"validationType": "phone"})

    assert clean(part, "+886 2 1234-5678") == "+886 2 1234-5678"
    assert said(part, "call me")


def test_a_day_is_a_day_of_the_calendar() -> None:
    part = a_part("datetime", "a", subtype="date")

    assert clean(part, "2028-02-29") == "2028-02-29"
    assert clean(part, "２０２８-０２-２９") == "2028-02-29"
    assert said(part, "2026-02-31") == "There is no day 2026-02-31."
    assert said(part, "2026-02-29")


@pytest.mark.parametrize(
    "typed",
    [
        "31.02.2026",
        "10/25/2026",
        "25.10.2026",
        "2026-2-3",
        "20260203",
        "0001-01-01",
        "9999-12-31",
        "2026-W01-1",
        "today",
        5,
        True,
    ],
)
def test_a_day_is_written_in_one_way(typed: object) -> None:
    assert said(a_part("datetime", "a", subtype="date"), typed)


def test_a_time_is_a_time_of_day() -> None:
    part = a_part("datetime", "a", subtype="time")

    assert clean(part, "14:30") == "14:30"
    assert clean(part, "14:30:05") == "14:30:05"
    assert clean(part, "00:00:00") == "00:00"
    for wrong in ("24:00", "14:60", "2 pm", "14.30", "1430"):
        assert said(part, wrong)


def test_a_moment_is_an_instant_on_the_clocks_of_the_place() -> None:
    part = a_part("datetime", "a", subtype="datetime")

    assert clean(part, "2026-11-22T09:00") == "2026-11-22T09:00:00+08:00"
    assert clean(part, "2026-11-22T09:00", BERLIN) == "2026-11-22T09:00:00+01:00"
    assert clean(part, "2026-11-22T09:00:00Z", BERLIN) == "2026-11-22T10:00:00+01:00"
    assert clean(part, "2026-11-22 09:00+01:00") == "2026-11-22T16:00:00+08:00"


def test_a_moment_the_clocks_skipped_is_refused() -> None:
    part = a_part("datetime", "a", subtype="datetime")

    assert said(part, "2026-03-29T02:30", BERLIN) == "The clocks skipped 02:30 that night."
    assert clean(part, "2026-10-25T02:30", BERLIN) == "2026-10-25T02:30:00+02:00"


@pytest.mark.parametrize(
    "typed", ["2026-02-31T10:00", "2026-01-01T25:00", "2026-01-01", "2026-01-01T10:00+99:00", "x"]
)
def test_what_is_no_moment_is_refused(typed: str) -> None:
    assert said(a_part("datetime", "a", subtype="datetime"), typed)


def test_passed_days_can_be_refused_by_the_clock_of_the_place() -> None:
    part = a_part("datetime", "a", subtype="date", disallowPassedDates=True)

    with clock.turned_to(datetime(2026, 5, 1, 17, 0, tzinfo=UTC)):
        assert said(part, "2026-05-01") == "This day has passed."
        assert clean(part, "2026-05-02") == "2026-05-02"
        assert clean(part, "2026-05-01", BERLIN) == "2026-05-01"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("on", True),
        ("true", True),
        (True, True),
        ("false", False),
        (False, False),
        (["true"], True),
    ],
)
def test_a_checkbox_is_yes_or_no(raw: object, kept: object) -> None:
    assert clean(a_part("checkbox", "a"), raw) is kept


def test_a_required_checkbox_must_be_ticked() -> None:
    part = required(a_part("checkbox", "a"))

    assert said(part, None) == said(part, False) == "Please confirm this."
    assert clean(part, "on") is True


@pytest.mark.parametrize("raw", ["maybe", 2, {"a": 1}, ["on", "on"]])
def test_a_checkbox_is_nothing_else(raw: object) -> None:
    assert said(a_part("checkbox", "a"), raw)


@pytest.mark.parametrize("kind", ["radio", "select"])
def test_only_what_is_offered_can_be_chosen(kind: str) -> None:
    part = a_choice(kind, "a", "x", "y")

    assert clean(part, "y") == "y"
    assert said(part, "z") == "Choose one of the answers offered."
    assert said(part, ["x", "y"])
    assert said(part, {"x": 1})


@pytest.mark.parametrize("kind", ["checklist", "taglist"])
def test_several_can_be_chosen_in_the_order_they_are_offered(kind: str) -> None:
    part = a_choice(kind, "a", "x", "y", "z")

    assert clean(part, ["z", "x", "x"]) == ["x", "z"]
    assert clean(part, "y") == ["y"]
    assert said(part, ["x", "w"])


def test_choices_can_come_from_the_case() -> None:
    part = a_part("select", "bin", valuesKey="bins")
    bins = [{"value": "A-1", "label": "Shelf A"}, "B-2", {"value": 7}]

    assert clean(part, "A-1", bins=bins) == "A-1"
    assert clean(part, "B-2", bins=bins) == "B-2"
    assert clean(part, "7", bins=bins) == "7"
    assert said(part, "C-3", bins=bins)
    assert said(part, "A-1")


def test_scanned_codes_are_one_per_line_and_each_only_once() -> None:
    part = a_part("textarea", "a", properties={"scan": True})

    assert clean(part, "BA-1\r\n\n BA-2 \n") == ["BA-1", "BA-2"]
    assert clean(part, ["BA-1", "BA-2"]) == ["BA-1", "BA-2"]
    assert said(part, "BA-1\nBA-2\nBA-1") == "BA-1 stands here twice."
    assert clean(part, "") == []
    assert said(required(part), " \n ")


def test_what_is_looked_up_must_exist() -> None:
    part = a_part("textfield", "a", properties={"lookup": "supplier"})
    occasion = Occasion(unknown_values=lambda kind, values: values - {f"{kind}:HONGSHENG"})

    assert clean(part, "supplier:HONGSHENG", occasion) == "supplier:HONGSHENG"
    assert said(part, "BOREA", occasion) == "There is no “BOREA”."


def test_files_are_ids_that_were_handed_in() -> None:
    part = a_part("filepicker", "a", multiple=True)
    occasion = Occasion(by=7, unknown_files=lambda ids, by: ids - {(by or 0) * 10, 71})

    assert clean(part, ["70", "71"], occasion) == [70, 71]
    assert said(part, ["70", "72"], occasion) == "A file did not arrive. Choose it again."
    assert clean(part, ["72"], occasion, a=[72]) == [72]
    for wrong in ("x", "-1", "7 ", "９", "1" * 30, {"id": 1}):
        assert said(part, wrong, occasion), wrong


def test_one_file_is_one_file() -> None:
    occasion = Occasion(unknown_files=lambda _ids, _by: frozenset())

    assert (
        said(a_part("filepicker", "a"), ["1", "2"], occasion) == "Files: 2; at most 1 may be here."
    )


def test_what_is_readonly_cannot_be_answered() -> None:
    form = a_form(a_part("number", "ordered", readonly=True), a_part("number", "counted"))

    assert complaints(form, {"ordered": "9", "counted": "1"}, {"ordered": "3"}) == {
        "ordered": "This form has no such field."
    }
    assert form.validate({"counted": "1"}, {"ordered": "3"}) == {"counted": "1"}


def test_a_field_nobody_asked_for_is_refused() -> None:
    form = a_form(a_part("textfield", "a.b"))

    assert set(complaints(form, {"x": 1, "a.c": 2, "a.b.d": 3, "": 4})) >= {"x", "a.c", ""}


def test_dotted_keys_keep_what_the_case_holds_beside_them() -> None:
    form = a_form(
        a_part("textfield", "delivery.note"),
        a_part("group", "delivery", components=[a_part("number", "cartons")]),
    )
    data = {"delivery": {"asn_no": "ASN-1", "cartons": "1"}}

    clean = form.validate({"delivery.note": "wet", "delivery": {"cartons": 2}}, data)

    assert clean == {"delivery": {"asn_no": "ASN-1", "note": "wet", "cartons": "2"}}
    assert data == {"delivery": {"asn_no": "ASN-1", "cartons": "1"}}


def test_complaints_can_be_said_in_another_language() -> None:
    part = a_part("number", "n", validate={"min": 1})

    found = complaints(a_form(part), {"n": "0"})["n"]

    assert found.message == "At least {least}."  # type: ignore[attr-defined]
    assert found.facts == {"least": "1"}  # type: ignore[attr-defined]


def test_more_text_than_a_form_may_hold_is_refused() -> None:
    parts = [a_part("textarea", f"a{n}") for n in range(120)]
    form = a_form(*parts)

    assert "" in complaints(form, {part["key"]: "x" * 5_000 for part in parts})
