"""Deciding on the lines of a plan: what is ordered from whom, and what is left out and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.catalog.rules import plain
from app.domain.finance import rates
from app.domain.inventory.places import Site
from app.domain.planning import rules
from app.domain.planning.decisions import LAPSED, LEFT_OUT, ORDERED, PlanDecision
from app.domain.planning.errors import (
    DecidedAlready,
    NoQuantity,
    NoReasonForChange,
    NoReasonToLeaveOut,
    NoSupplier,
    TooEarly,
)
from app.domain.planning.plans import PlanLine, PlanRun
from app.domain.sourcing import agreements, order_drafts, order_prices
from app.domain.supply import supplier_stops, suppliers
from app.domain.supply.suppliers import Supplier
from app.kernel import calendars, cause, clock
from app.kernel.db import db


@dataclass(frozen=True)
class Choice:
    """What somebody says about one line; without a supplier it is left out."""

    line_no: int
    supplier: str = ""
    quantity: Decimal = Decimal(0)
    required_on: date | None = None
    reason: str = ""
    is_left_out: bool = False


@dataclass(frozen=True)
class Wanted:
    """What is to be bought of one supplier for one site, by the first day any of it is needed.

    An order is in one currency, so goods whose agreements name another are wanted apart.
    """

    key: str
    supplier: Supplier
    site: Site
    required_on: date
    lines: tuple[tuple[PlanLine, Choice], ...]


def decide(run: PlanRun, choices: Sequence[Choice], *, tolerance: Decimal) -> list[Wanted]:
    """Write down what becomes of every line; a change beyond `tolerance`, a share, has a reason.

    Raises:
        DecidedAlready: a line has its decision.
        NoReasonForChange, NoReasonToLeaveOut, NoQuantity, NoSupplier, TooEarly: a choice says
            too little.
        UnknownSupplier, SupplierStopped, NotAWholeStep, NotSoldLikeThat: a choice cannot be
            ordered.
        NoRate: nobody entered what an agreed currency is worth.
    """
    lines = _open_lines(run)
    today = calendars.of_scope(run.scope).today(clock.now())
    found: dict[tuple[str, str, str], list[tuple[PlanLine, Choice]]] = {}
    for choice in choices:
        line = lines[choice.line_no]
        if choice.is_left_out:
            _leave_out(line, choice)
            continue
        _check(line, choice, today=today, tolerance=tolerance)
        supplier = _supplier(line, choice)
        currency = _currency(supplier, line, today)
        group = found.setdefault((choice.supplier, line.site.code, currency), [])
        group.append((line, choice))
    return [_ordered(group, currency=key[-1]) for key, group in sorted(found.items())]


def lapse(run: PlanRun) -> int:
    """Note that nobody decided on what is left of a plan; how many lines that are."""
    lines = [line for line in run.lines if line.decision is None]
    for line in lines:
        _keep(line, LAPSED)
    return len(lines)


def _open_lines(run: PlanRun) -> Mapping[int, PlanLine]:
    query = select(PlanLine).filter_by(run_id=run.id).execution_options(populate_existing=True)
    found = {line.line_no: line for line in db.session.scalars(query)}
    decided = [line for line in found.values() if line.decision is not None]
    if decided:
        raise DecidedAlready(plan=run.number, line=decided[0].line_no)
    return found


def _leave_out(line: PlanLine, choice: Choice) -> None:
    if not choice.reason.strip():
        raise NoReasonToLeaveOut(sku=line.sku.code)
    _keep(line, LEFT_OUT, reason=choice.reason)


def _check(line: PlanLine, choice: Choice, *, today: date, tolerance: Decimal) -> None:
    if choice.quantity <= 0:
        raise NoQuantity(sku=line.sku.code)
    skus.in_stock_units(line.sku, choice.quantity)
    if not choice.supplier:
        raise NoSupplier(sku=line.sku.code)
    if choice.required_on is not None and choice.required_on < today:
        raise TooEarly(sku=line.sku.code, day=choice.required_on.isoformat())
    changed = rules.changed_by(line.quantity, choice.quantity)
    if changed > tolerance and not choice.reason.strip():
        raise NoReasonForChange(
            sku=line.sku.code,
            recommended=plain(line.quantity),
            quantity=plain(choice.quantity),
            unit=line.sku.unit,
            share=plain(round(tolerance * 100, 1)),
        )


def _supplier(line: PlanLine, choice: Choice) -> Supplier:
    """From whom the line is bought, in a quantity they sell."""
    supplier = suppliers.by_code(choice.supplier)
    supplier_stops.check(supplier)
    order_prices.check_wanted(supplier, [order_drafts.Wanted(line.sku, choice.quantity)])
    return supplier


def _currency(supplier: Supplier, line: PlanLine, today: date) -> str:
    """In what the line is paid: as agreed, else as usual with the supplier.

    Raises:
        NoRate: nobody could approve an order at the agreed price.
    """
    agreement = agreements.in_force(supplier.id, line.sku_id, today)
    if agreement is None:
        return supplier.currency
    rates.on(agreement.currency, today)
    return agreement.currency


def _ordered(group: Sequence[tuple[PlanLine, Choice]], *, currency: str) -> Wanted:
    first, choice = group[0]
    supplier = suppliers.by_code(choice.supplier)
    key = f"{cause.current().effect_key}:{supplier.code}:{first.site.code}:{currency}"
    for line, chosen in group:
        _keep(
            line,
            ORDERED,
            quantity=chosen.quantity,
            supplier_id=supplier.id,
            required_on=chosen.required_on or line.required_on,
            reason=chosen.reason,
            message_key=key,
        )
    days = [chosen.required_on or line.required_on for line, chosen in group]
    return Wanted(key, supplier, first.site, min(days), tuple(group))


def _keep(line: PlanLine, outcome: str, **facts: object) -> None:
    facts = {"quantity": Decimal(0), "reason": "", **facts}
    db.session.add(PlanDecision(line_id=line.id, outcome=outcome, **facts))
    db.session.flush()
