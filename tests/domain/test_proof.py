"""The proof page finds what is wrong with the books, and nothing when they are right."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import text

from app.domain import proof
from app.domain.inventory import ledger, places
from app.domain.supply import counting, quality
from app.kernel.db import db, in_transaction
from tests.builders.deliveries import a_receipt, counted
from tests.builders.goods import a_bin, a_sku, stock
from tests.builders.steps import in_a_step


def test_it_proves(app: Flask):
    for r in proof.run(): assert r.holds, r
