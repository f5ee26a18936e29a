"""What comes through the gate is counted once, and every unit has a place and a fate."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask

from app.domain.inventory import ledger, places, serials
from app.domain.supply import comparison, counting, discrepancies, purchase_orders, quality, receipts
from app.domain.supply.receipts import Receipt
from tests.builders.deliveries import a_receipt, counted
from tests.builders.goods import a_bin, a_site, a_sku, stock
from tests.builders.steps import in_a_step


def test_an_exact_count_waits_for_inspection(app: Flask) -> None:
    def arrive() -> Receipt:
        flour = a_sku()
        receipt = a_receipt((flour, 100))
        return counting.book(receipt, [counted(flour, 100)])

    receipt = in_a_step(arrive)
    (line,) = receipt.lines
    assert (line.kind, line.waiting, receipt.status) == ("expected", 100, "counted")
    assert ledger.on_hand(line.sku, places.waiting_for_inspection(receipt.site)) == 100
