"""Counted beside announced beside ordered: what the buyer sees the moment a count is in."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from decimal import Decimal

from app.domain.catalog.products import Sku
from app.domain.catalog.rules import plain
from app.domain.supply.receipts import Receipt


@dataclass
class Compared:
    """One SKU of a delivery, in its stock unit; `open` is what the order still expects."""

    sku: str
    name: str
    unit: str
    ordered: Decimal = Decimal(0)
    announced: Decimal = Decimal(0)
    counted: Decimal = Decimal(0)
    damaged: Decimal = Decimal(0)
    duplicate: Decimal = Decimal(0)
    over: Decimal = Decimal(0)
    wrong: Decimal = Decimal(0)
    open: Decimal = Decimal(0)

    @property
    def short(self) -> Decimal:
        """What was announced and did not come."""
        return max(Decimal(0), self.announced - self.counted)

    def as_text(self) -> dict[str, str]:
        """For case data and pages: quantities as people write them."""
        figures = {**asdict(self), "short": self.short}
        return {
            name: plain(value) if isinstance(value, Decimal) else value
            for name, value in figures.items()
        }


def of(receipt: Receipt) -> list[Compared]:
    """Every SKU that was ordered and announced, or counted, in the order of the documents."""
    rows: dict[int, Compared] = {}

    def row(sku: Sku) -> Compared:
        return rows.setdefault(sku.id, Compared(sku.code, sku.name, sku.unit))

    for announced in receipt.asn.lines if receipt.asn else []:
        row(announced.sku).announced += announced.quantity
    for line in receipt.lines:
        if line.kind == "unidentified":
            continue
        counted = row(line.sku)
        counted.counted += line.quantity
        if line.kind != "expected":
            setattr(counted, line.kind, getattr(counted, line.kind) + line.quantity)
    _add_order(receipt, rows)
    return list(rows.values())


def open_questions(receipt: Receipt) -> dict[str, list[int]]:
    """Line numbers by what they wait for: `inspect`, or the line's kind when on hold."""
    questions: dict[str, list[int]] = defaultdict(list)
    for line in receipt.lines:
        if line.waiting:
            questions["inspect" if line.place.kind == "qc" else line.kind].append(line.line_no)
    return dict(questions)


def missing_codes(receipt: Receipt) -> list[str]:
    """Codes the supplier announced that nobody scanned."""
    announced = {
        s.code for line in (receipt.asn.lines if receipt.asn else []) for s in line.serials
    }
    scanned = {s.serial.code for line in receipt.lines for s in line.serials}
    return sorted(announced - scanned)


def _add_order(receipt: Receipt, rows: dict[int, Compared]) -> None:
    for line in receipt.order.lines if receipt.order else []:
        if line.sku_id in rows:
            rows[line.sku_id].ordered += line.ordered + line.amended
            rows[line.sku_id].open += line.open
