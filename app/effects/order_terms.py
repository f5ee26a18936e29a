"""The terms of an order as papers carry them: what we offer, what the supplier answers."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.sourcing import answers
from app.domain.sourcing.answers import Answer, Offer
from app.domain.sourcing.order_versions import OrderVersion, OrderVersionLine
from app.domain.supply.promises import Promised
from app.effects import order_papers, papers
from app.effects.papers import Paper
from app.identity import people
from app.kernel import calendars, clock

Rows = list[dict[str, Any]]


def offered(version: OrderVersion) -> Rows:
    """Our terms, each row with the answer a supplier gives who agrees to all of it."""
    today = today_at(version.order.site.scope)
    return [_row(line, today) for line in version.lines if line.quantity]


def choices(rows: Rows) -> Rows:
    """The lines, to choose one of them."""
    return [
        {"value": str(row["line_no"]), "label": f"{row['sku']} · {row['name']}"} for row in rows
    ]


def offers(rows: Rows) -> list[Offer]:
    """What we ask for, line by line."""
    return [
        Offer(
            row["line_no"], row["sku"], Decimal(row["wanted"]), amount(row["price"]),
            day(row["wanted_on"]),
        )
        for row in rows
    ]  # fmt: skip


def answered(confirmation: Paper) -> list[Answer]:
    """What the supplier said of each line.

    Raises:
        PartsExceed, DayMissing: it cannot be understood like that.
    """
    return [_answer(row, confirmation.get("parts") or []) for row in confirmation["lines"]]


def check_ahead(confirmation: Paper) -> None:
    """Refuse an answer that cannot be understood, or promises for a day that has passed.

    Raises:
        PartsExceed, DayMissing, DayPassed: it cannot be kept like that.
    """
    today = today_at(confirmation["scope"])
    for row, answer in zip(confirmation["lines"], answered(confirmation), strict=True):
        answers.check_ahead(row["sku"], answer, today)


def amount(text: object) -> Decimal | None:
    """A number somebody wrote, if they did."""
    return None if text in (None, "") else Decimal(str(text))


def day(text: object) -> date | None:
    """A day somebody wrote, if they did."""
    return None if text in (None, "") else date.fromisoformat(str(text))


def today_at(scope: str) -> date:
    """Which day it is where the goods go."""
    return calendars.of_scope(scope).today(clock.now())


def who() -> str:
    """Who does the running step, by username; the product itself when nobody does."""
    person = people.acting()
    return person.username if person else ""


def price_text(line: OrderVersionLine) -> str | None:
    return None if line.unit_price is None else plain(line.unit_price)


def whole_price(line: OrderVersionLine) -> str:
    """1,850 TWD / 20 m."""
    return order_papers.price_text(
        line.unit_price, line.version.currency, line.priced_for, line.sku.unit
    )


def per_text(line: OrderVersionLine) -> str:
    """What the price buys: a piece, or 20 m."""
    unit = line.sku.unit
    return unit if line.priced_for == 1 else f"{plain(line.priced_for)} {unit}"


def _row(line: OrderVersionLine, today: date) -> dict[str, Any]:
    wanted_on = line.due_on or line.version.due_on or line.version.required_on
    return {
        **papers.goods(line.sku),
        "line_no": line.line_no,
        "wanted": plain(line.quantity),
        "price": price_text(line),
        "currency": line.version.currency,
        "per": per_text(line),
        "asked": f"{plain(line.quantity)} {line.sku.unit}",
        "price_text": whole_price(line),
        "wanted_on": wanted_on.isoformat() if wanted_on else None,
        "quantity": plain(line.quantity),
        "unit_price": price_text(line),
        "promised_on": wanted_on.isoformat() if wanted_on and wanted_on >= today else None,
    }


def _answer(row: Mapping[str, Any], parts: Rows) -> Answer:
    quantity = Decimal(row["quantity"])
    own = [
        Promised(date.fromisoformat(part["day"]), Decimal(part["quantity"]))
        for part in parts
        if part["line"] == str(row["line_no"])
    ]
    days = answers.spread(row["sku"], quantity, day(row.get("promised_on")), own)
    return Answer(row["line_no"], quantity, amount(row.get("unit_price")), days)
