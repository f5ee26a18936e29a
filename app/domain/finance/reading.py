"""Reading the journal: vouchers by what they are about, and what each account holds."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select

from app.domain import numbers
from app.domain.catalog.products import Sku
from app.domain.finance.accounts import Account
from app.domain.finance.journal import Journal, JournalLine
from app.domain.finance.late_costs import LateCost
from app.domain.finance.pools import CostEntry
from app.kernel.db import db


@dataclass(frozen=True)
class Posting:
    """One line of the journal with its voucher and SKU."""

    line: JournalLine
    voucher: Journal
    sku: Sku | None


@dataclass(frozen=True)
class Wanted:
    """What of the journal somebody looks for; empty is everything."""

    account: str = ""
    sku: str = ""
    document: str = ""
    reason: str = ""
    since: date | None = None
    until: date | None = None


def postings(wanted: Wanted, *, before: int | None = None, limit: int) -> list[Posting]:
    """Lines of the journal, the latest first; `before` is the last one of the page before."""
    query = _narrowed(_postings(), wanted)
    if before is not None:
        query = query.where(JournalLine.seq < before)
    rows = db.session.execute(query.order_by(JournalLine.seq.desc()).limit(limit))
    return [Posting(*row) for row in rows]


def voucher(number: str) -> Journal:
    """The voucher with this number.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.named(Journal, number)


def lines_of(found: Journal) -> list[Posting]:
    """The lines of a voucher, as they were written."""
    query = _postings().where(JournalLine.journal_id == found.id).order_by(JournalLine.seq)
    return [Posting(*row) for row in db.session.execute(query)]


def of_case(instance_id: int) -> list[Posting]:
    """Every line that the steps of a case wrote, in that order."""
    query = _postings().where(Journal.instance_id == instance_id).order_by(JournalLine.seq)
    return [Posting(*row) for row in db.session.execute(query)]


def costs_of(found: Journal) -> list[CostEntry]:
    """What a voucher changed in the pools."""
    query = select(CostEntry).filter_by(journal_id=found.id).order_by(CostEntry.seq)
    return list(db.session.scalars(query))


def late_costs_of(found: Journal) -> list[LateCost]:
    """The late costs a voucher brought."""
    query = select(LateCost).filter_by(journal_id=found.id).order_by(LateCost.id)
    return list(db.session.scalars(query))


def balances(until: date | None = None) -> list[tuple[Account, int]]:
    """What each account holds at the end of a day of the books: all of them add up to nothing."""
    sums = select(JournalLine.account, func.sum(JournalLine.amount).label("amount"))
    if until is not None:
        sums = sums.join(Journal, Journal.id == JournalLine.journal_id).where(Journal.day <= until)
    held = sums.group_by(JournalLine.account).subquery()
    query = select(Account, func.coalesce(held.c.amount, 0))
    query = query.outerjoin(held, held.c.account == Account.name).order_by(Account.number)
    return [(account, int(amount)) for account, amount in db.session.execute(query)]


def _postings() -> Select[JournalLine, Journal, Sku]:
    return (
        select(JournalLine, Journal, Sku)
        .join(Journal, Journal.id == JournalLine.journal_id)
        .outerjoin(Sku, Sku.id == JournalLine.sku_id)
    )


def _narrowed(
    query: Select[JournalLine, Journal, Sku], wanted: Wanted
) -> Select[JournalLine, Journal, Sku]:
    exact = {JournalLine.account: wanted.account, Sku.code: wanted.sku}
    exact |= {Journal.reason: wanted.reason}
    for column, value in exact.items():
        if value:
            query = query.where(column == value)
    if wanted.document:
        query = query.where(Journal.document.istartswith(wanted.document, autoescape=True))
    if wanted.since:
        query = query.where(Journal.day >= wanted.since)
    return query.where(Journal.day <= wanted.until) if wanted.until else query
