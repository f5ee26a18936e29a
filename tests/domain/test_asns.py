"""A notice announces what is expected, once, and tells the warehouse."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.numbers import NoSuchDocument
from app.domain.supply import asns
from app.domain.supply.asns import AlreadyAnnounced, Announced, Asn, MoreThanOrdered, OrderNotOpen
from app.domain.supply.purchase_orders import PurchaseOrder
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Message
from tests.builders.deliveries import an_order
from tests.builders.goods import a_sku
from tests.builders.seen import seen


def ordered(quantity: int = 10) -> PurchaseOrder:
    return an_order((a_sku(), quantity))


def announce(order: PurchaseOrder, quantity: int, number: str = "HS-1", line: int = 1) -> Asn:
    return asns.announce(number, order=order, lines=[Announced(line, Decimal(quantity))])


def test_the_warehouse_is_told(app: Flask) -> None:
    in_transaction(lambda: announce(ordered(), 10))
    message = db.session.scalars(select(Message)).one()
    payload = message.payload
    assert isinstance(payload, dict)
    assert seen(message.name, message.correlation) == ("asn_announced", "HS-1")
    assert seen(payload["scope"], payload["ordered_by"], payload["lines"]) == (
        "site:MAIN",
        "chloe",
        1,
    )


def test_all_notices_together_announce_no_more_than_is_expected(app: Flask) -> None:
    def step() -> None:
        order = ordered()
        announce(order, 6)
        announce(order, 5, "HS-2")

    with pytest.raises(MoreThanOrdered, match="expects 10 more of FLOUR; 11 would then be"):
        in_transaction(step)


def test_a_supplier_uses_a_number_once(app: Flask) -> None:
    def step() -> None:
        order = ordered()
        announce(order, 1)
        announce(order, 1)

    with pytest.raises(AlreadyAnnounced, match="Borea already announced a delivery HS-1"):
        in_transaction(step)


def test_two_suppliers_may_use_the_same_number(app: Flask) -> None:
    def step() -> None:
        first = ordered()
        announce(first, 1)
        other = an_order((first.lines[0].sku, 5), supplier="HONGSHENG")
        second = announce(other, 1)
        assert seen(second.number, asns.by_number("HS-1").order.number) == (
            "HS-1@HONGSHENG",
            first.number,
        )

    in_transaction(step)


def test_only_lines_of_an_open_order_are_announced(app: Flask) -> None:
    def no_line() -> None:
        announce(ordered(), 1, line=2)

    def closed() -> None:
        order = an_order((a_sku("SALT"), 1))
        order.status = "cancelled"
        announce(order, 1)

    with pytest.raises(NoSuchDocument, match=r"PO-\d+/2"):
        in_transaction(no_line)
    with pytest.raises(OrderNotOpen, match="is cancelled; nothing is expected"):
        in_transaction(closed)
