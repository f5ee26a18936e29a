"""Past demand and terms of purchase for tests; call them inside a step."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from app.domain.catalog.products import Sku
from app.domain.planning import demand
from app.domain.planning.demand import Day
from app.domain.sourcing import agreeing
from app.domain.sourcing.agreeing import Terms
from app.domain.sourcing.agreements import Agreement
from app.kernel import clock
from tests.builders.deliveries import a_supplier
from tests.builders.goods import a_site


def past_demand(sku: Sku, *wanted: int | str, days: int = 28, site: str = "MAIN") -> Sku:
    """`wanted` day after day, over and over, on each of the last `days` days until yesterday."""
    today, at = clock.now().date(), a_site(site)
    demand.record(
        Day(sku.id, at.id, today - timedelta(days=days - n), Decimal(wanted[n % len(wanted)]))
        for n in range(days)
    )
    return sku


def told(sku: Sku, day: date, wanted: int | str, **facts: bool) -> Sku:
    """What was wanted of a SKU on one day."""
    demand.record([Day(sku.id, a_site().id, day, Decimal(wanted), **facts)])
    return sku


def an_agreement(
    sku: Sku, *, supplier: str = "BOREA", price: int | str = 100, **terms: object
) -> Agreement:
    """A price agreed long ago, per stock unit and without limits, unless `terms` say otherwise."""
    breaks: Sequence[tuple[Decimal, Decimal]] = [(Decimal(1), Decimal(price))]
    facts = {"unit": "", "currency": "TWD", "lead_days": 6, **terms}
    agreed = Terms(sku=sku, valid_from=date(2026, 1, 1), valid_to=None, breaks=breaks, **facts)  # type: ignore[arg-type]
    return agreeing.agree(a_supplier(supplier), agreed, by="chloe")
