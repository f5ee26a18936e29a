"""One line of a move: goods from one place to another, and what they cost if they become ours."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.catalog.products import Sku
from app.domain.finance.costs import Cost
from app.domain.inventory.places import Location


@dataclass(frozen=True)
class Line:
    """`quantity` (stock units) of one SKU goes from `source` to `target`.

    `cost` is given when goods become ours: from outside, or inside the house by a decision.
    `origin` is the receipt line they came with, so that they can go back at what they cost.
    `rejected` is how much of that line was rejected: these goods go back before the others.
    Goods that are not `is_ours` (nobody ordered them) move without any value.
    """

    sku: Sku
    source: Location
    target: Location
    quantity: Decimal
    lot: str = ""
    serials: tuple[str, ...] = ()
    cost: Cost | None = None
    origin: int | None = None
    is_ours: bool = True
    rejected: Decimal = Decimal(0)
