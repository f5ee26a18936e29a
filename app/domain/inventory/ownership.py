"""Which lines of a move change what is ours, and which account bears the other side."""

from collections.abc import Mapping, Sequence

from app.domain.finance import accounts
from app.domain.finance.books import Crossing
from app.domain.inventory import places
from app.domain.inventory.lines import Line
from app.domain.inventory.places import Location

_AGAINST = {"supplier": accounts.RECEIVED_NOT_BILLED, "customer": accounts.COST_OF_SALES}
_OF_PLACE = {
    places.OPENING: accounts.OPENING_BALANCE,
    places.RELABELLING: accounts.RELABELLING,
    places.TESTED: accounts.INSPECTION_COST,
}


def crossings(lines: Sequence[Line], units: Mapping[str, int]) -> list[Crossing]:
    """What the lines bring into our books or take out of them; `units` are serial ids by code.

    Goods become ours when they come from outside, or inside the house by a decision that gives
    them a cost (an over-delivery that is kept). Goods that are not ours cross nothing.
    """
    return [
        Crossing(
            sku=line.sku,
            quantity=line.quantity * sign,
            against=against,
            serials=tuple(units[code] for code in line.serials),
            origin=line.origin,
            cost=line.cost,
            rejected=line.rejected,
        )
        for line in lines
        if line.is_ours
        for sign, against in _sides(line)
    ]


def _sides(line: Line) -> list[tuple[int, str]]:
    comes, goes = line.source.is_virtual, line.target.is_virtual
    if comes and not goes:
        return [(1, _against(line.source, comes=True))]
    if goes and not comes:
        return [(-1, _against(line.target, comes=False))]
    if not comes and line.cost is not None:
        return [(1, accounts.RECEIVED_NOT_BILLED)]
    return []


def _against(place: Location, *, comes: bool) -> str:
    if place.code in _OF_PLACE:
        return _OF_PLACE[place.code]
    return _AGAINST.get(place.kind, accounts.STOCK_GAIN if comes else accounts.STOCK_LOSS)
