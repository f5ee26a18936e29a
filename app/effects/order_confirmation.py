"""Confirming an order: the supplier's answer is agreed to, countered, or the order given up."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.sourcing import amending, answers, order_drafts, order_versions
from app.domain.sourcing.answers import Answer
from app.domain.sourcing.order_drafts import NothingOrdered, Wanted
from app.domain.sourcing.order_versions import OrderVersion
from app.domain.supply import cancelling, correspondence, promises, purchase_orders
from app.effects import letters, order_papers, order_terms, papers
from app.effects.papers import Paper
from app.kernel.errors import N_, Refusal
from app.workflow import nudges
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


class CounterNeedsReason(Refusal):
    """A counter-offer says what is wanted."""

    code = "counter_needs_reason"
    message = N_("Write to the supplier what you want instead.")


class ReasonMissing(Refusal):
    """Who gives an order up says why."""

    code = "reason_missing"
    message = N_("Say why the order is given up; the supplier and the planner read it.")


@effect
def open_confirmation(po_no: str) -> Paper:
    """Our terms, for the supplier to confirm; with their answer filled in as if they agreed."""
    order = purchase_orders.by_number(po_no)
    version = _in_force(order)
    rows = order_terms.offered(version)
    return {
        **papers.about_order(order),
        "title": version.title,
        "version_no": version.version_no,
        "site_name": order.site.name,
        "lines": rows,
        "parts": [],
        "choices": order_terms.choices(rows),
        "channel": "",
        "our_note": "",
        "is_countered": False,
        "has_note": False,
        "supplier_note": "",
        "outcome": "withdrawn",
        "as_offered": False,
    }


@effect
def remind_supplier(po_no: str) -> str:
    """Write to the supplier that we wait, and put the order on top of both inboxes."""
    order = purchase_orders.by_number(po_no)
    nudges.nudge("confirm_order")
    nudges.nudge("record_answer")
    return correspondence.send(order.supplier, letters.unconfirmed(order))


@effect
def compare_answer(confirmation: Paper) -> Paper:
    """Whether the supplier agrees to what we offered last, and what they changed."""
    rows = confirmation["lines"]
    both = zip(rows, order_terms.offers(rows), order_terms.answered(confirmation), strict=True)
    changes = [
        _change(row, answer) for row, offer, answer in both if answers.differs(offer, answer)
    ]
    return {
        **confirmation,
        "as_offered": not changes,
        "lines": [_with_counter(row) for row in rows],
        "changes": changes,
        "has_note": bool(confirmation["supplier_note"]),
    }


@effect
def note_counter(confirmation: Paper, reason: str | None) -> Paper:
    """Offer the buyer's terms to the supplier, in place of those before.

    Raises:
        CounterNeedsReason: nothing tells the supplier what we want.
    """
    if not (reason or "").strip():
        raise CounterNeedsReason
    rows = [
        {
            **row,
            "wanted": row["counter"],
            "price": row["counter_price"],
            "wanted_on": row["counter_day"],
            "quantity": row["counter"],
            "unit_price": row["counter_price"],
            "promised_on": row["counter_day"],
            "asked": f"{row['counter']} {row['unit']}",
            "price_text": _price_text(row, row["counter_price"]),
        }
        for row in confirmation["lines"]
    ]
    return {**confirmation, "lines": rows, "parts": [], "our_note": reason, "is_countered": True}


@effect
def draft_changes(order: Paper, confirmation: Paper) -> Paper:
    """Write the next version when quantities or prices are others than those we sent.

    Raises:
        NothingOrdered: the supplier delivers nothing; the order can only be given up.
        BelowWhatCame, PriceIsFixed: goods came that it would change.
    """
    own = purchase_orders.by_number(confirmation["po_no"])
    agreed = {answer.line_no: answer for answer in order_terms.answered(confirmation)}
    version = _in_force(own)
    if not any(answer.quantity for answer in agreed.values()):
        raise NothingOrdered
    if not _is_another(version, agreed):
        return order_papers.described(version, order)
    reason = confirmation["supplier_note"] or confirmation["our_note"] or confirmation["title"]
    lines = [_line(line, agreed[line.line_no]) for line in version.lines if line.quantity]
    new = amending.draft(own, lines, by=order_terms.who() or own.ordered_by, reason=reason)
    return order_papers.described(new, order)


@effect
def drop_changes(order: Paper, confirmation: Paper) -> Paper:
    """Give the new version up; the buyer decides again."""
    version = order_papers.version_of(order)
    order_drafts.abandon(version, reason=version.reason)
    return {**confirmation, "as_offered": False}


@effect
def issue_changes(order: Paper) -> Paper:
    """Put the agreed version in force.

    Raises:
        BelowWhatCame, PriceIsFixed: more came since it was written.
        SupplierStopped: nothing is ordered from the supplier any more.
    """
    version = order_papers.version_of(order)
    amending.issue(version)
    return order_papers.described(version, order)


@effect
def keep_promises(order: Paper, confirmation: Paper) -> Paper:
    """Keep what comes on which day; the order is followed by it."""
    promised = {
        answer.line_no: answer.days
        for answer in order_terms.answered(confirmation)
        if answer.quantity
    }
    promises.keep(
        purchase_orders.by_number(confirmation["po_no"]),
        order["version_no"],
        promised,
        channel=confirmation["channel"],
        note=confirmation["supplier_note"] or "",
    )
    return {**confirmation, "version_no": order["version_no"], "outcome": "confirmed"}


@effect
def cancel_order(confirmation: Paper, decision: str, reason: str | None) -> Paper:
    """Take back what did not come and is not on the way; the goods to plan again.

    Raises:
        ReasonMissing: nobody would know why.
    """
    if not (reason or "").strip():
        raise ReasonMissing
    order = purchase_orders.by_number(confirmation["po_no"])
    why = "terms" if confirmation["channel"] else "no_answer"
    gone = cancelling.cancel_rest(order, why, reason=reason or "")
    correspondence.send(order.supplier, letters.taken_back(order, gone))
    outcome = "elsewhere" if decision == "elsewhere" else "cancelled"
    return {
        **confirmation,
        "outcome": outcome,
        "replan": papers.to_plan_again(order, cancelling.by_sku(gone)),
    }


def _in_force(order: purchase_orders.PurchaseOrder) -> OrderVersion:
    version = order_versions.in_force(order)
    if version is None:
        raise order_drafts.NotIssued(order=order.number)
    return version


def _with_counter(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the counter-offer a buyer would begin with: our own terms."""
    return {
        **row,
        "counter": row["wanted"],
        "counter_price": row["price"],
        "counter_day": row["wanted_on"],
    }


def _change(row: dict[str, Any], answer: Answer) -> dict[str, str | None]:
    """What a buyer compares: ours, an arrow, theirs."""
    price = None if answer.unit_price is None else plain(answer.unit_price)
    days = [one.day.isoformat() for one in answer.days]
    parts = [f"{one.day.isoformat()}: {plain(one.quantity)}" for one in answer.days]
    return {
        "sku": row["sku"],
        "name": row["name"],
        "quantity": _arrow(row["asked"], f"{plain(answer.quantity)} {row['unit']}"),
        "price": _arrow(row["price_text"], _price_text(row, price)),
        "wanted_on": row["wanted_on"],
        "promised": ", ".join(days if len(days) == 1 else parts),
    }


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _price_text(row: dict[str, Any], price: str | None) -> str:
    """The price of a row as ours is written."""
    amount = order_terms.amount(price)
    return order_papers.price_text(amount, row["currency"], Decimal(1), row["per"])


def _is_another(version: OrderVersion, agreed: Mapping[int, Answer]) -> bool:
    return any(
        (line.quantity, line.unit_price)
        != (agreed[line.line_no].quantity, agreed[line.line_no].unit_price)
        for line in version.lines
        if line.quantity
    )


def _line(line: order_versions.OrderVersionLine, answer: Answer) -> Wanted:
    kept = Wanted(
        line.sku,
        answer.quantity,
        line.line_no,
        unit_price=answer.unit_price,
        priced_for=line.priced_for,
        due_on=line.due_on,
        price_source=line.price_source,
        price_document=line.price_document,
    )
    if answer.unit_price == line.unit_price:
        return kept
    return replace(kept, price_source="stated", price_document="")
