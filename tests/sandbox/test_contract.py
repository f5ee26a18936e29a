"""The data contract: what may be kept with a case, and that what may be kept survives."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workflow.spiff.sandbox import limits
from app.workflow.spiff.sandbox.contract import CONVERTERS, check_value, plain
from app.workflow.spiff.sandbox.errors import (
    BrokenText,
    NameIsNotText,
    NestedTooDeeply,
    NotFinite,
    NumberTooLarge,
    ReservedName,
    TooManyValues,
    TooMuchText,
    UnkeepableValue,
    UnknownKind,
)

EXACT = [
    Decimal("1.50"),
    date(2026, 1, 2),
    datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    time(8, 30),
    timedelta(days=-1, hours=2, microseconds=7),
]


def _cycle() -> list[object]:
    cycle: list[object] = []
    cycle.append(cycle)
    return cycle


def _bomb() -> list[object]:
    bomb: list[object] = ["x"] * 10
    for _ in range(12):
        bomb = [bomb] * 10
    return bomb


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        (float("nan"), NotFinite),
        (float("-inf"), NotFinite),
        ("a\x00", BrokenText),
        ("\ud800", BrokenText),
        ({"a\x00": 1}, BrokenText),
        (10**301, NumberTooLarge),
        ({"a": {"typename": 1}}, ReservedName),
        ({"__sw": "date", "v": 1}, ReservedName),
        ({1: 2}, NameIsNotText),
        ({None: 2}, NameIsNotText),
        (_cycle(), NestedTooDeeply),
        (_bomb(), TooManyValues),
        ("x" * (limits.DATA_CHARS + 1), TooMuchText),
        ([0] * (limits.DATA_NODES + 1), TooManyValues),
        ({1, 2}, UnknownKind),
        ((1, 2), UnknownKind),
        (b"x", UnknownKind),
        (object(), UnknownKind),
        (type("Sneaky", (str,), {})("x"), UnknownKind),
        (type("Sneaky", (dict,), {})(), UnknownKind),
        *((value, UnknownKind) for value in EXACT),
    ],
)
def test_what_cannot_be_kept_is_refused(value: object, refusal: type[UnkeepableValue]) -> None:
    with pytest.raises(refusal):
        check_value(value)


def test_the_refusal_names_the_place() -> None:
    with pytest.raises(NotFinite, match=r"answers\.lines\[1\]\.qty is not a finite number"):
        check_value({"lines": [{}, {"qty": float("nan")}]}, "answers")


@pytest.mark.parametrize("value", EXACT, ids=lambda value: type(value).__name__)
def test_exact_values_pass_where_they_are_asked_for(value: object) -> None:
    assert check_value({"x": value}, exact=True) == {"x": value}


@pytest.mark.parametrize("digits", ["NaN", "Infinity", "1E+400", "1" * 400])
def test_monstrous_decimals_are_refused(digits: str) -> None:
    with pytest.raises(UnkeepableValue):
        check_value(Decimal(digits), exact=True)


@pytest.mark.parametrize("value", EXACT, ids=lambda value: type(value).__name__)
def test_exact_values_travel_as_text_and_come_back(value: object) -> None:
    _, to_text, from_text = next(row for row in CONVERTERS if row[0] is type(value))

    assert from_text(to_text(value)) == value
    assert plain({"x": [value]}) == {"x": [to_text(value)]}


@given(st.timedeltas(), st.datetimes(), st.decimals(allow_nan=False, allow_infinity=False))
def test_texts_of_exact_values_lose_nothing(
    length: timedelta, at: datetime, amount: Decimal
) -> None:
    for value in (length, at, amount):
        _, to_text, from_text = next(row for row in CONVERTERS if row[0] is type(value))
        assert from_text(to_text(value)) == value


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    )
)
def test_what_passes_survives_json(value: object) -> None:
    try:
        check_value(value)
    except UnkeepableValue:
        return

    assert json.loads(json.dumps(value, allow_nan=False)) == value
    json.dumps(value, ensure_ascii=False).encode("utf-8")
