"""Lists of rows: those of the case stay what they are, answers are laid beside them."""

import copy
from typing import Any

import pytest

from app.workflow.forms import InvalidAnswers
from tests.forms.builders import a_form, a_list, a_part, complaints, required

SKU = a_part("textfield", "sku", readonly=True)
COUNTED = required(a_part("number", "counted", label="Counted"))
NOTE = a_part("textfield", "note", label="Note")
FIXED = a_form(a_list("lines", SKU, COUNTED, NOTE))
FREE = a_form(a_list("lines", a_part("textfield", "sku"), COUNTED, allowAddRemove=True))
TWO = {"lines": [{"id": 7, "sku": "BA-28", "ordered": "3"}, {"id": 8, "sku": "BA-20"}]}


def test_a_fixed_list_keeps_its_rows_and_what_they_hold() -> None:
    before = copy.deepcopy(TWO)

    clean = FIXED.validate({"lines.0.counted": "3", "lines.1.counted": "4"}, TWO)

    assert clean["lines"] == [
        {"id": 7, "sku": "BA-28", "ordered": "3", "counted": "3", "note": None},
        {"id": 8, "sku": "BA-20", "counted": "4", "note": None},
    ]
    assert before == TWO


def test_programs_may_send_rows_as_a_list() -> None:
    rows = [{"counted": 3}, {"counted": "4", "note": "wet"}]

    clean = FIXED.validate({"lines": rows}, TWO)

    assert [row["counted"] for row in clean["lines"]] == ["3", "4"]


def test_every_row_is_asked_for_even_when_nothing_is_sent() -> None:
    assert set(complaints(FIXED, {}, TWO)) == {"lines.0.counted", "lines.1.counted"}


def test_errors_stand_at_their_row() -> None:
    found = complaints(FIXED, {"lines.0.counted": "3", "lines.1.counted": "1,000"}, TWO)

    assert set(found) == {"lines.1.counted"}


@pytest.mark.parametrize(
    "answers",
    [
        {"lines.0.counted": "1", "lines.1.counted": "1", "lines.2.counted": "1"},
        {"lines": [{"counted": 1}] * 3},
        {"lines.0.counted": "1", "lines.1.counted": "1", "lines.-1.counted": "1"},
        {"lines.0.counted": "1", "lines.1.counted": "1", "lines.0.sku": "X"},
        {"lines.0.counted": "1", "lines.1.counted": "1", "lines.0.id": "9"},
        {"lines.0.counted": "1", "lines.1.counted": "1", "lines.foo": "1"},
        {"lines": [{"counted": 1}, 5]},
        {"lines": "all"},
    ],
)
def test_a_row_or_a_field_that_is_not_there_is_refused(answers: dict[str, Any]) -> None:
    assert complaints(FIXED, answers, TWO)


def test_rows_can_be_added_to_a_free_list() -> None:
    clean = FREE.validate(
        {"lines.0.sku": "A", "lines.0.counted": "1", "lines.7.sku": "B", "lines.7.counted": "2"}, {}
    )

    assert clean["lines"] == [{"sku": "A", "counted": "1"}, {"sku": "B", "counted": "2"}]


def test_rows_are_taken_in_the_order_of_their_numbers() -> None:
    answers = {f"lines.{n}.{key}": f"{n}" for n in (10, 9, 2) for key in ("sku", "counted")}

    assert [row["sku"] for row in FREE.validate(answers, {})["lines"]] == ["2", "9", "10"]


def test_blank_rows_of_a_free_list_do_not_count() -> None:
    answers = {
        "lines.0.sku": "",
        "lines.0.counted": " ",
        "lines.1.sku": "B",
        "lines.1.counted": "2",
    }

    assert FREE.validate(answers, {})["lines"] == [{"sku": "B", "counted": "2"}]


def test_a_row_with_only_its_default_is_blank() -> None:
    reason = a_part("textfield", "reason", defaultValue="late")
    form = a_form(a_list("lines", reason, a_part("number", "n"), allowAddRemove=True))

    assert form.validate({"lines.0.reason": "late", "lines.0.n": ""}, {})["lines"] == []
    assert len(form.validate({"lines.0.reason": "lost"}, {})["lines"]) == 1


def test_a_row_taken_from_the_case_keeps_what_it_holds_wherever_it_stands() -> None:
    answers = {"lines.0._from": "1", "lines.0.sku": "BA-20", "lines.0.counted": "4"}

    assert FREE.validate(answers, TWO)["lines"] == [{"id": 8, "sku": "BA-20", "counted": "4"}]


@pytest.mark.parametrize("place", ["2", "-1", "x", "1.0", "", True, None, {"a": 1}])
def test_a_row_cannot_claim_to_come_from_nowhere(place: object) -> None:
    answers = {"lines": [{"_from": place, "sku": "A", "counted": "1"}]}

    assert "lines" in complaints(FREE, answers, TWO)


def test_two_rows_cannot_come_from_the_same_row() -> None:
    row = {"_from": 0, "sku": "A", "counted": "1"}

    assert "lines" in complaints(FREE, {"lines": [row, row]}, TWO)


def test_a_list_keeps_to_its_number_of_rows() -> None:
    form = a_form(
        a_list(
            "lines",
            a_part("number", "n"),
            allowAddRemove=True,
            properties={"min_rows": 1, "max_rows": "2"},
        )
    )

    assert complaints(form, {}) == {"lines": "Rows: 0; at least 1 must be here."}
    assert complaints(form, {"lines": [{"n": n} for n in (1, 2, 3)]}) == {
        "lines": "Rows: 3; at most 2 may be here."
    }
    assert complaints(form, {"lines": [{"n": 1}]}) == {}


def test_ten_thousand_rows_are_refused_not_worked_through() -> None:
    assert "lines" in complaints(FREE, {"lines": [{"sku": "A", "counted": 1}] * 10_000})


def test_two_hundred_lines_are_checked_and_shown() -> None:
    data = {"lines": [{"sku": f"BA-{n}"} for n in range(200)]}
    answers = {f"lines.{n}.counted": str(n) for n in range(200)}

    clean = FIXED.validate(answers, data)

    assert [row["counted"] for row in clean["lines"]] == [str(n) for n in range(200)]
    [shown] = FIXED.view(data, answers)["components"]
    assert len(shown["rows"]) == 200


def test_lists_may_stand_in_rows() -> None:
    inner = a_list("units", a_part("textfield", "serial"), allowAddRemove=True)
    form = a_form(a_list("lines", SKU, inner))
    data = {"lines": [{"sku": "BA-28", "units": [{"serial": "old", "id": 1}]}]}
    answers = {
        "lines.0.units.0._from": "0",
        "lines.0.units.0.serial": "S1",
        "lines.0.units.3.serial": "S2",
    }

    clean = form.validate(answers, data)

    assert clean["lines"] == [
        {"sku": "BA-28", "units": [{"serial": "S1", "id": 1}, {"serial": "S2"}]}
    ]
    assert set(complaints(form, {"lines.0.units.0.colour": "red"}, data)) >= {
        "lines.0.units.0.colour"
    }


def test_refused_answers_are_kept_as_they_were_typed() -> None:
    with pytest.raises(InvalidAnswers) as refused:
        FIXED.validate({"lines.0.counted": "many", "lines.1.note": "wet"}, TWO)

    [shown] = FIXED.view(TWO, refused.value.answers, refused.value.errors)["components"]
    cells = [{cell["label"]: cell for cell in row["cells"]} for row in shown["rows"]]
    assert cells[0]["Counted"]["value"] == "many"
    assert cells[0]["Counted"]["error"] == "Write a number in digits."
    assert cells[1]["Note"]["value"] == "wet"


def test_the_rows_of_the_case_need_not_be_a_list() -> None:
    for odd in (None, "x", 5, {"a": 1}):
        assert FIXED.validate({}, {"lines": odd})["lines"] == []
    assert complaints(FIXED, {"lines.0.counted": "1"}, {"lines": [5]}) == {}
