"""A purchase order as its supplier was last told: the version in force, with what it comes to."""

from app.domain.finance import company
from app.domain.sourcing import order_versions
from app.domain.sourcing.order_versions import OrderVersion, OrderVersionLine
from app.domain.supply.purchase_orders import PurchaseOrder
from app.web.documents import order_history, papers
from app.web.documents.papers import Cell, Paper
from app.web.tongue import _

_LINES = ("line", "sku", "name", "quantity", "unit", "price", "amount")


def of(order: PurchaseOrder, *, address: str) -> list[Paper]:
    """The paper, at this address; none while the order is a draft. It names nobody of the house."""
    version = order_versions.in_force(order)
    return [_paper(version, address)] if version else []


def _paper(version: OrderVersion, address: str) -> Paper:
    order = version.order
    return Paper(
        kind=_("Purchase order"),
        number=order.number,
        address=address,
        status=papers.status_words(order.status) if order.status == "cancelled" else "",
        head=papers.head(
            supplier=f"{order.supplier.name} ({order.supplier.code})",
            site=f"{order.site.name} ({order.site.code})",
            version=str(version.version_no),
            issued_at=version.issued_at,
            ordered_on=order.ordered_on,
            due_on=version.due_on or version.required_on,
            currency=version.currency,
        ),
        columns=papers.columns(*_LINES),
        lines=[_line(each) for each in version.lines if each.quantity],
        total=company.written(version.total) if version.total_minor else "",
    )


def _line(each: OrderVersionLine) -> dict[str, Cell]:
    priced = each.unit_price is not None
    return {
        **papers.named_goods(each),
        "quantity": each.quantity,
        "price": order_history.price(each) if priced else None,
        "amount": company.written(each.amount(each.version.currency)) if priced else None,
    }
