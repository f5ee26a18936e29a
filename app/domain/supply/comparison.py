"""Counted beside announced beside ordered: what the buyer sees the moment a count is in."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from app.domain.catalog.products import Sku
from app.domain.catalog.rules import plain
from app.domain.supply.piles import Counted
from app.domain.supply.receipts import Receipt


@dataclass
class Compared:
    """One SKU of a delivery, in its stock unit; `open` is what the order still expects."""

    sku: str
    name: str
    unit: str
    is_coded: bool = False
    ordered: Decimal = Decimal(0)
    announced: Decimal = Decimal(0)
    counted: Decimal = Decimal(0)
    damaged: Decimal = Decimal(0)
    duplicate: Decimal = Decimal(0)
    over: Decimal = Decimal(0)
    wrong: Decimal = Decimal(0)
    open: Decimal = Decimal(0)

    @property
    def over_percent(self) -> Decimal:
        """How much of the order the surplus is; everything, when nothing was ordered."""
        return self.over * 100 / self.ordered if self.ordered else Decimal(100)

    @property
    def short(self) -> Decimal:
        """What was announced and did not come."""
        return max(Decimal(0), self.announced - self.counted)

    def as_text(self) -> dict[str, str | bool]:
        """For case data and pages: quantities as people write them."""
        figures = {**asdict(self), "short": self.short}
        return {
            name: plain(value) if isinstance(value, Decimal) else value
            for name, value in figures.items()
        }


class _Rows(dict[int, Compared]):
    """The SKUs of a delivery, in the order they were first met."""

    def of(self, sku: Sku) -> Compared:
        coded = sku.serial_policy == "unit"
        return self.setdefault(sku.id, Compared(sku.code, sku.name, sku.unit, coded))


def of(receipt: Receipt) -> list[Compared]:
    """Every SKU that was ordered and announced, or counted, in the order of the documents."""
    rows = _Rows()
    for announced in receipt.asn.lines if receipt.asn else []:
        rows.of(announced.sku).announced += announced.quantity
    for line in receipt.lines:
        if line.kind == "unidentified":
            continue
        counted = rows.of(line.sku)
        counted.counted += line.quantity
        if line.kind != "expected":
            setattr(counted, line.kind, getattr(counted, line.kind) + line.quantity)
    _add_order(receipt, rows)
    return list(rows.values())


def ahead(receipt: Receipt, counted: Sequence[Counted]) -> list[Compared]:
    """The same before the count is booked, so that a decision can say what to let in."""
    rows = _Rows()
    for announced in receipt.asn.lines if receipt.asn else []:
        rows.of(announced.sku).announced += announced.quantity
    for line in counted:
        rows.of(line.sku).counted += line.quantity
        rows.of(line.sku).damaged += line.damaged
    _add_order(receipt, rows)
    for row in rows.values():
        row.over = max(Decimal(0), row.counted - row.open)
        if not row.ordered:
            row.wrong, row.over = row.counted, Decimal(0)
    return list(rows.values())


def _add_order(receipt: Receipt, rows: _Rows) -> None:
    for line in receipt.order.lines if receipt.order else []:
        if line.sku_id in rows:
            rows[line.sku_id].ordered += line.ordered + line.amended
            rows[line.sku_id].open += line.open
