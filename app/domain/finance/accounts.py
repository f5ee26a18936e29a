"""What amounts are booked to; numbers and titles belong to the company, names to the product."""

from typing import Final

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Json, Model, db

STOCK: Final = "stock"
RECEIVED_NOT_BILLED: Final = "received_not_billed"
PAYABLES: Final = "payables"
SUPPLIER_CLAIMS: Final = "supplier_claims"
INPUT_TAX: Final = "input_tax"
OPENING_BALANCE: Final = "opening_balance"
COST_OF_SALES: Final = "cost_of_sales"
PURCHASE_VARIANCE: Final = "purchase_variance"
CURRENCY_DIFFERENCE: Final = "currency_difference"
STOCK_LOSS: Final = "stock_loss"
STOCK_GAIN: Final = "stock_gain"
INSPECTION_COST: Final = "inspection_cost"
# Holds a value between the two legs of one voucher, and nothing after it.
RELABELLING: Final = "relabelling"


class Account(Model):
    """One account; `name` is how the product calls it, `number` how the company does."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('asset', 'liability', 'equity', 'income', 'expense')", name="kind"
        ),
    )

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    number: Mapped[str] = mapped_column(String(10), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    titles: Mapped[dict[str, str]] = mapped_column(Json)


def every() -> list[Account]:
    """The chart of accounts, by number."""
    return list(db.session.scalars(select(Account).order_by(Account.number)))
