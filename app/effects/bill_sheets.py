"""Bills as people write them down: rows of a form become lines of a bill, and back."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.finance import origins
from app.domain.finance.company import ours
from app.domain.payables import bills, corrections, proposals, settling
from app.domain.payables.bills import Asked, Bill
from app.domain.payables.corrections import Standing
from app.domain.payables.proposals import Billable
from app.domain.payables.settling import Matched
from app.domain.supply import prices, suppliers
from app.domain.supply.purchase_orders import PurchaseOrderLine
from app.domain.supply.receipts import ReceiptLine
from app.effects import papers
from app.effects.papers import Paper
from app.kernel import money
from app.kernel.errors import N_, Refusal
from app.kernel.money import Money

Rows = list[dict[str, Any]]


class NothingBilled(Refusal):
    """A bill is for something."""

    code = "nothing_billed"
    message = N_("Say what the bill is for: every line is empty.")


class NothingToWeigh(Refusal):
    """A cost is carried by goods that weigh something."""

    code = "nothing_to_weigh"
    message = N_("The goods that bear this cost add up to nothing. Choose goods or another basis.")


def currency_of(bill: Mapping[str, Any]) -> str:
    """The bill's currency; ours when none is written down."""
    return str(bill.get("currency") or "").strip().upper() or ours().currency


def named(bill: Mapping[str, Any]) -> list[str]:
    """The orders and receipts that the bill names, one per line."""
    return str(bill.get("references") or "").replace(",", " ").split()


def proposal(found: Iterable[Billable], currency: str) -> Rows:
    """One row for each receipt line, filled as the order says."""
    return [_proposed(each, currency) for each in found]


def carriers(found: Iterable[ReceiptLine]) -> Rows:
    """One row for each receipt line that may bear a cost."""
    return [
        {
            **_about(line, prices.order_line(line)),
            "received": plain(line.quantity - line.returned),
            "bears": True,
        }
        for line in found
    ]


def keep(bill: Mapping[str, Any], sheet: Mapping[str, Any], before: Bill | None) -> Bill:
    """Write the bill down, lines and total; `before` is what it was recorded as first."""
    if bill["kind"] == "correction":
        return _correction(bill, before)
    currency, kind = currency_of(bill), bill["kind"]
    sign = -1 if kind == "credit" else 1
    tax, total = (_minor(bill.get(name), currency) for name in ("tax", "total"))
    lines = _carried(sheet, Money(total - tax, currency)) if kind == "freight" else []
    lines += _goods(sheet.get("goods") or [], sign) if kind != "freight" else []
    if kind == "goods":
        lines += _extra(sheet, lines, currency)
    if not lines:
        raise NothingBilled
    return bills.record(
        suppliers.by_code(bill["supplier"]),
        bill["number"],
        lines,
        currency=currency,
        billed_on=date.fromisoformat(bill["billed_on"]),
        tax=sign * tax,
        total=sign * total,
        instead_of=before,
    )


def corrected(bill: Mapping[str, Any], before: Bill | None) -> Paper:
    """What the bill to correct comes to by now, and what it should have come to."""
    old, should = _old(bill, before)
    now = Money(corrections.stands_at(old).total, old.currency)
    difference = Money(corrections.difference(old, should).total, old.currency)
    return {
        "corrected": f"{old.number} · {old.supplier_number}",
        "was": f"{now.amount:f}",
        "difference": f"{difference.amount:f}",
        "currency": old.currency,
    }


def compared(match: Matched, bill: Bill) -> Paper:
    """One goods line of the bill beside what we know, with the first thing that is wrong."""
    claim, received = match.claim, match.line.receipt_line
    if received is None:
        raise ValueError("only goods are matched")
    agreed = None if claim.agreed is None else Money(claim.agreed, bill.currency).amount
    return {
        **_about(received, prices.order_line(received)),
        "billed": plain(abs(claim.billed)),
        "billable": plain(max(claim.accepted - claim.already, Decimal(0))),
        "asked": f"{Money(claim.asked, bill.currency).amount:f}",
        "agreed": "" if agreed is None else f"{agreed:f}",
        "problem": match.wrong[0] if match.wrong else "none",
    }


def in_our_currency(bill: Bill) -> Money:
    """What the bill asks for in all, in our currency."""
    return Money(settling.worth(bill, bill.total), ours().currency)


def _correction(bill: Mapping[str, Any], before: Bill | None) -> Bill:
    old, should = _old(bill, before)
    day = date.fromisoformat(bill["billed_on"])
    number = bill["number"]
    return corrections.record(old, number, billed_on=day, should=should, instead_of=before)


def _old(bill: Mapping[str, Any], before: Bill | None) -> tuple[Bill, Standing]:
    """The bill to correct, and what it should have come to."""
    supplier = suppliers.by_code(bill["supplier"])
    old = corrections.wrong(bill.get("corrects") or "", supplier, instead_of=before)
    total, tax = (_minor(bill.get(name), old.currency) for name in ("total", "tax"))
    return old, Standing(total, tax)


def _proposed(each: Billable, currency: str) -> Paper:
    ordered = each.ordered
    price = None if ordered is None else ordered.unit_price
    theirs = currency if ordered is None else ordered.order.currency
    per = Decimal(1) if ordered is None else ordered.priced_for
    return {
        **_about(each.line, ordered),
        "open": plain(each.quantity),
        "agreed": "" if price is None else f"{plain(price)} {theirs}",
        "per": plain(per),
        "quantity": plain(each.quantity),
        "unit_price": plain(price) if price is not None and theirs == currency else "",
    }


def _about(line: ReceiptLine, ordered: PurchaseOrderLine | None) -> Paper:
    goods = papers.goods(line.sku)
    return {
        "receipt_line": line.number,
        "po_no": ordered.order.number if ordered else "",
        "sku": goods["sku"],
        "name": goods["name"],
        "unit": goods["unit"],
    }


def _goods(rows: Rows, sign: int) -> list[Asked]:
    return [_asked(row, sign) for row in rows if Decimal(row.get("quantity") or 0)]


def _asked(row: dict[str, Any], sign: int) -> Asked:
    return Asked(
        quantity=sign * Decimal(row["quantity"]),
        unit_price=Decimal(row.get("unit_price") or 0),
        receipt_line_id=proposals.line_named(row["receipt_line"]).id,
        priced_for=Decimal(row.get("per") or 1),
    )


def _extra(sheet: Mapping[str, Any], lines: Iterable[Asked], currency: str) -> list[Asked]:
    """Freight and the like on the bill of the goods: borne by them, by their price."""
    amount = Money(_minor(sheet.get("extra"), currency), currency)
    if not amount.minor:
        return []
    over = {
        line.receipt_line_id: line.quantity * line.unit_price / line.priced_for
        for line in lines
        if line.receipt_line_id is not None
    }
    return [_spread(amount, {origin: round(weight, 6) for origin, weight in over.items()})]


def _carried(sheet: Mapping[str, Any], amount: Money) -> list[Asked]:
    rows = [row for row in sheet.get("carried") or [] if row.get("bears")]
    lines = {row["receipt_line"]: proposals.line_named(row["receipt_line"]) for row in rows}
    basis = sheet.get("basis") or "value"
    over = {
        line.id: _weight(line, row, basis) for row, line in zip(rows, lines.values(), strict=True)
    }
    return [_spread(amount, over)]


def _spread(amount: Money, over: dict[int, Decimal]) -> Asked:
    if not sum(over.values()):
        raise NothingToWeigh
    return Asked(Decimal(1), amount.amount, spread=over)


def _weight(line: ReceiptLine, row: dict[str, Any], basis: str) -> Decimal:
    if basis == "weight":
        return Decimal(row.get("weight") or 0)
    if basis == "quantity":
        return line.quantity - line.returned
    return Decimal(max(origins.taken(line.id).value, 0))


def _minor(text: object, currency: str) -> int:
    return money.of(Decimal(str(text or 0)), currency).minor
