"""Who we buy from."""

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.inventory.places import SUPPLIER, Location
from app.domain.numbers import Code
from app.kernel.db import Model, RowId, db
from app.kernel.errors import N_, NotFound

STOPPED = "stopped"
STANDINGS = ("trial", "approved", STOPPED)


class Supplier(Model):
    """A company that sends us goods.

    `contact` is whom to ask for. Bills are due `payment_days` after their date. Nothing new is
    ordered from who is `stopped`.
    """

    __tablename__ = "supplier"
    __table_args__ = (
        CheckConstraint("standing IN ('trial', 'approved', 'stopped')", name="standing"),
        CheckConstraint("payment_days >= 0", name="payment_days"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    tax_number: Mapped[str] = mapped_column(String(40), default="")
    currency: Mapped[str] = mapped_column(String(3), default="TWD")
    payment_days: Mapped[int] = mapped_column(default=30)
    standing: Mapped[str] = mapped_column(String(10), default="approved")

    @property
    def scope(self) -> str:
        """How memberships and tasks name this supplier."""
        return f"supplier:{self.code}"


class UnknownSupplier(NotFound):
    """No supplier has this code."""

    code = "unknown_supplier"
    message = N_("There is no supplier {supplier}.")


def by_code(code: str) -> Supplier:
    """The supplier with this code.

    Raises:
        UnknownSupplier: there is none.
    """
    found = db.session.scalar(select(Supplier).filter_by(code=code))
    if found is None:
        raise UnknownSupplier(supplier=code)
    return found


def add(code: str, *, name: str, email: str = "", phone: str = "") -> Supplier:
    """A new supplier, with the place in the ledger its goods come from."""
    new = Supplier(code=code, name=name, email=email, phone=phone)
    db.session.add_all([new, Location(code=SUPPLIER + code, kind="supplier")])
    db.session.flush()
    return new
