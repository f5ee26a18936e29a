"""Giving every move of goods its value, in the same step: the ledger calls this for each one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from app.domain.catalog.products import Sku
from app.domain.catalog.rules import plain
from app.domain.finance import accounts, costs, journal, origins, periods, pools, rules
from app.domain.finance.costs import Cost
from app.domain.finance.journal import Voucher
from app.domain.finance.pools import Change, CostEntry, CostPool
from app.kernel import batches
from app.kernel.db import db
from app.kernel.errors import N_, Refusal
from app.kernel.money import split


@dataclass(frozen=True)
class Moved:
    """The move of goods that is to be valued."""

    id: int
    reason: str
    document: str
    effective_at: datetime


@dataclass(frozen=True)
class Crossing:
    """Goods that become ours (+) or cease to be (−), and the account that bears the other side.

    Goods that move inside the house do not cross, and goods that are not ours never do.
    `rejected` of those that came with `origin` were never accepted.
    """

    sku: Sku
    quantity: Decimal
    against: str
    serials: tuple[int, ...] = ()
    origin: int | None = None
    cost: Cost | None = None
    rejected: Decimal = Decimal(0)


class NotOurs(Refusal):
    """Goods without a place in the books leave without a value; somebody mistook them for ours."""

    code = "not_ours"
    message = N_("{quantity} of {sku} are to leave, but the books know only {owned} as ours.")


def post(crossings: Sequence[Crossing], *, move: Moved) -> None:
    """Book what `crossings` are worth, pool by pool in the order of their SKUs."""
    if not crossings:
        return
    day = periods.day_for(move.effective_at)
    voucher = journal.begin(move.reason, move.document, day=day, move_id=move.id)
    by_sku: dict[int, list[Crossing]] = defaultdict(list)
    for crossing in crossings:
        by_sku[crossing.sku.id].append(crossing)
    for sku_id in sorted(by_sku):
        _post(pools.locked(sku_id), by_sku[sku_id], voucher)
    voucher.write()


def _post(pool: CostPool, crossings: Sequence[Crossing], voucher: Voucher) -> None:
    """A unit under a new code is worth what left under the old one."""
    carried: list[int] = []
    for crossing in crossings:
        if crossing.quantity < 0:
            carried.append(_leave(pool, crossing, voucher))
        elif crossing.against == accounts.RELABELLING and carried:
            _enter(pool, crossing, Cost("relabelled", carried.pop()), voucher)
        else:
            _enter(pool, _from_outside(crossing), _known(pool, crossing), voucher)


def _from_outside(crossing: Crossing) -> Crossing:
    """A unit that was not ours under its old code is its supplier's until now."""
    if crossing.against != accounts.RELABELLING:
        return crossing
    return replace(crossing, against=accounts.RECEIVED_NOT_BILLED)


def _known(pool: CostPool, crossing: Crossing) -> Cost:
    cost = crossing.cost or costs.ESTIMATED
    return costs.estimate(pool, crossing.quantity) if cost.minor is None else cost


def _enter(pool: CostPool, crossing: Crossing, cost: Cost, voucher: Voucher) -> None:
    value = cost.minor or 0
    units: Sequence[int | None] = sorted(crossing.serials) or [None]
    each = crossing.quantity / len(units)
    parts = split(value, [1] * len(units))
    changes = [
        Change(each, part, cost.basis, crossing.origin, unit)
        for unit, part in zip(units, parts, strict=True)
    ]
    pools.record(pool, changes, voucher)
    voucher.transfer(value, debit=accounts.STOCK, credit=crossing.against, sku_id=crossing.sku.id)


def _leave(pool: CostPool, crossing: Crossing, voucher: Voucher) -> int:
    """Take goods out at what they are worth; a supplier bears what they once cost."""
    quantity, sku = -crossing.quantity, crossing.sku
    if quantity > pool.quantity:
        raise NotOurs(quantity=plain(quantity), sku=sku.code, owned=plain(pool.quantity))
    values = _values(pool, crossing)
    worth = sum(values.values())
    agreed = _agreed(crossing, worth)
    pools.record(pool, _changes(crossing, values, agreed), voucher)
    borne = worth if agreed is None else agreed
    voucher.transfer(borne, debit=crossing.against, credit=accounts.STOCK, sku_id=sku.id)
    voucher.transfer(
        worth - borne, debit=accounts.PURCHASE_VARIANCE, credit=accounts.STOCK, sku_id=sku.id
    )
    return worth


def _agreed(crossing: Crossing, worth: int) -> int | None:
    if crossing.against != accounts.RECEIVED_NOT_BILLED or crossing.origin is None:
        return None
    known = origins.agreed(crossing.origin, -crossing.quantity, rejected=crossing.rejected)
    return worth if known is None else known


def _values(pool: CostPool, crossing: Crossing) -> dict[int | None, int]:
    """What leaves is worth: each unit with a code its own cost, anything else its part."""
    if not crossing.serials:
        quantity = -crossing.quantity
        return {None: rules.leaving(quantity, of=pool.quantity, value=pool.value)}
    found: dict[int | None, int] = {}
    ordered = sorted(crossing.serials)
    for some in batches.of(ordered):
        query = (
            select(CostEntry.serial_id, func.sum(CostEntry.value).label("value"))
            .where(CostEntry.serial_id.in_(some))
            .group_by(CostEntry.serial_id)
        )
        found |= {row.serial_id: row.value for row in db.session.execute(query)}
    return {serial_id: found.get(serial_id, 0) for serial_id in ordered}


def _changes(
    crossing: Crossing, values: Mapping[int | None, int], agreed: int | None
) -> list[Change]:
    basis = "unit" if crossing.serials else "average"
    if crossing.against == accounts.RELABELLING:
        basis = "relabelled"
    borne = [None] * len(values) if agreed is None else split(agreed, [1] * len(values))
    each = crossing.quantity / len(values)
    return [
        Change(each, -value, basis, crossing.origin, unit, part)
        for (unit, value), part in zip(values.items(), borne, strict=True)
    ]
