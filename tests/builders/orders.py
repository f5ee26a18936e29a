"""Orders that are being written, for tests; call these inside a step."""

from datetime import date
from decimal import Decimal

from app.domain.catalog.products import Sku
from app.domain.sourcing import order_approvals, order_drafts
from app.domain.sourcing.order_drafts import Wanted
from app.domain.sourcing.order_versions import OrderVersion
from app.kernel import policy
from tests.builders.deliveries import a_supplier
from tests.builders.goods import a_site

REQUIRED = date(2026, 7, 1)


def limits(*, without: int = 20_000, by_manager: int = 200_000) -> None:
    """Whose approval an amount asks for."""
    policy.seed(order_approvals.WITHOUT, without)
    policy.seed(order_approvals.WITH_MANAGER, by_manager)


def a_draft(*lines: Wanted, by: str = "chloe", supplier: str = "BOREA") -> OrderVersion:
    """A draft for the warehouse MAIN."""
    return order_drafts.write(a_supplier(supplier), a_site(), lines, by=by, required_on=REQUIRED)


def wanted(
    sku: Sku, quantity: int | str, price: int | str | None = 10, line_no: int | None = None
) -> Wanted:
    """A line at a price somebody named."""
    cost = None if price is None else Decimal(price)
    source = "" if price is None else "stated"
    return Wanted(sku, Decimal(quantity), line_no, unit_price=cost, price_source=source)
