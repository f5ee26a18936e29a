"""How a counted delivery is divided: what the order has room for, and what is over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Room:
    """What one order line may still take in: what is open and, when so decided, all above it."""

    order_line_id: int
    open: Decimal
    lets_in_more: bool = False
    let_in: Decimal = Decimal(0)

    def take(self, wanted: Decimal) -> Decimal:
        """As much of `wanted` as is open."""
        taken = min(wanted, self.open)
        self.open -= taken
        return taken

    def stretch(self, wanted: Decimal) -> Decimal:
        """All of `wanted`, if more than was ordered is let in; otherwise nothing."""
        taken = wanted if self.lets_in_more else Decimal(0)
        self.let_in += taken
        return taken


@dataclass
class Division:
    """How much goes to which order line, and what is over."""

    parts: dict[int, Decimal] = field(default_factory=dict)
    over: Decimal = Decimal(0)


def divide(quantity: Decimal, rooms: Sequence[Room]) -> Division:
    """Fill what is open, line by line; then what may be let in above; the rest is over."""
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
