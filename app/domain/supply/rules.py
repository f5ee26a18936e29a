"""How a counted delivery is divided: what the order has room for, and what is over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.catalog.rules import whole_steps


@dataclass
class Room:
    """What one order line may still take in: what is open, then a tolerance above it."""

    order_line_id: int
    open: Decimal
    extra: Decimal = Decimal(0)

    def take(self, wanted: Decimal) -> Decimal:
        """As much of `wanted` as is open."""
        taken = min(wanted, self.open)
        self.open -= taken
        return taken

    def stretch(self, wanted: Decimal) -> Decimal:
        """As much of `wanted` as the tolerance lets in."""
        taken = min(wanted, self.extra)
        self.extra -= taken
        return taken


@dataclass
class Division:
    """How much goes to which order line, and what is over."""

    parts: dict[int, Decimal] = field(default_factory=dict)
    over: Decimal = Decimal(0)


def room(
    line_id: int, *, ordered: Decimal, open_: Decimal, tolerance: Decimal, step: Decimal
) -> Room:
    """The room of an order line; of a tolerance only whole steps count, and only what is unused."""
    allowed = whole_steps(ordered * tolerance, step)
    return Room(line_id, max(open_, Decimal(0)), max(Decimal(0), min(allowed, allowed + open_)))


def divide(quantity: Decimal, rooms: Sequence[Room]) -> Division:
    """Fill what is open, line by line, then the tolerances; the rest is over."""
    division = Division()
    left = quantity
    for take in (Room.take, Room.stretch):
        for each in rooms:
            part = take(each, left)
            if part:
                division.parts[each.order_line_id] = (
                    division.parts.get(each.order_line_id, Decimal(0)) + part
                )
            left -= part
    division.over = left
    return division
