"""What data holds as text is read as people say it: days, places, numbers."""

import pytest
from flask import Flask

from app.kernel.db import in_transaction
from app.web.reading import as_read, grouped, readable
from tests.builders.deliveries import a_supplier


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("2026-12-14", "Dec 14, 2026"),
        ("OS-000001 · 2026-12-14 · A-01", "OS-000001 · Dec 14, 2026 · A-01"),
        ("site:MAIN", "Main"),
        ("supplier:BOREA", "Borea"),
        ("MAIN-HOLD", "Main · waiting for a decision"),
        ("NOWHERE-HOLD", "NOWHERE-HOLD"),
        ("A-01", "A-01"),
    ],
)
def test_days_and_places_read_as_people_say_them(app: Flask, kept: str, read: str) -> None:
    in_transaction(lambda: a_supplier("BOREA").name)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert as_read(kept) == read


@pytest.mark.parametrize(
    ("kept", "read"),
    [("4800.00", "4,800"), ("12.50", "12.50"), ("-1234.5", "-1,234.5"), ("228", "228"), ("", "")],
)
def test_numbers_are_grouped_and_lose_no_digit_that_counts(
    app: Flask, kept: str, read: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert grouped(kept) == read


def test_facts_of_every_kind_have_words(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert readable(True) == "Yes"
        assert readable({"en": "Lot", "zh_Hant": "批號"}) == "Lot"
        assert readable([{"line": 1, "lot": "L1"}, {"line": 2}]) == "Line 1, Lot L1, Line 2"
