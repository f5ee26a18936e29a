"""One recommendation, from figures to a quantity; nothing but what goes in decides."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.planning import rules
from app.domain.planning.rules import Rate

ONE = Decimal(1)


@dataclass(frozen=True)
class Terms:
    """How the goods can be had, in stock units: from whom, how fast, how many at least.

    `source` is where this is known from: an agreement, the last order, or nothing but defaults.
    `good_rate` is the measured share of good units; 1 where nothing was measured.
    """

    source: str
    supplier_id: int | None
    lead: Rate
    moq: Decimal
    pack: Decimal
    good_rate: Decimal = ONE


@dataclass(frozen=True)
class Stock:
    """Where a SKU stands at a site, in stock units.

    `on_order` is what is ordered and not judged yet, `coming` the part of it that will be good.
    """

    on_hand: Decimal = Decimal(0)
    on_order: Decimal = Decimal(0)
    coming: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    backorders: Decimal = Decimal(0)
    planned: Decimal = Decimal(0)

    @property
    def position(self) -> Decimal:
        return rules.position(
            good=self.on_hand,
            coming=self.coming,
            promised=self.reserved + self.backorders,
            planned=self.planned,
        )


@dataclass(frozen=True)
class Aim:
    """What the company wants: policies."""

    cycle_service: float
    cover_days: float
    yield_confidence: float


@dataclass(frozen=True)
class Recommendation:
    """Every figure between what went in and the quantity."""

    z: Decimal
    spread: Decimal
    safety_stock: Decimal
    reorder_point: Decimal
    order_up_to: Decimal
    position: Decimal
    need: Decimal
    with_yield: Decimal
    quantity: Decimal

    @property
    def is_due(self) -> bool:
        """Whether there is something to order now."""
        return self.quantity > 0


def recommend(
    demand: Rate, terms: Terms, stock: Stock, aim: Aim, *, step: Decimal, asked: Decimal
) -> Recommendation:
    """Order up to S when the position is at or below the reorder point; `asked` in any case."""
    z, lead = rules.factor(aim.cycle_service), terms.lead
    point = rules.figure(rules.reorder_point(demand, lead, z))
    up_to = rules.figure(rules.order_up_to(demand, lead, z, cover_days=aim.cover_days))
    due = stock.position <= point
    need = max(rules.need(up_to, stock.position, step) if due else Decimal(0), asked)
    good = rules.with_yield(
        int(need / step), float(terms.good_rate), confidence=aim.yield_confidence
    )
    spread = rules.spread(demand, lead)
    return Recommendation(
        z=rules.figure(z),
        spread=rules.figure(spread),
        safety_stock=rules.figure(rules.safety_stock(z, spread)),
        reorder_point=point,
        order_up_to=up_to,
        position=stock.position,
        need=need,
        with_yield=good * step,
        quantity=rules.in_packs(good * step, moq=terms.moq, pack=terms.pack)
        if good
        else Decimal(0),
    )
