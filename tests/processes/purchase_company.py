"""The company that a play of the purchase line is about: goods, shelves, people, suppliers."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.imports import importing
from app.domain.sourcing import order_approvals
from app.domain.supply.criteria import Criterion, DefectCode, QualityClass
from app.domain.supply.suppliers import STOPPED, Supplier
from app.identity import memberships, people
from app.kernel import policy
from app.kernel.db import db
from app.workflow import instances
from tests.builders.deliveries import a_supplier
from tests.builders.demand import an_agreement, past_demand
from tests.builders.goods import a_bin, a_sku
from tests.processes import warehouse_people

GOODS = ("FLOUR", "MILK", "BA-28")
STAFF: Mapping[str, tuple[str, ...]] = {
    **warehouse_people.STAFF,
    "hugo": ("qc_manager",),
    "petra": ("purchasing_manager",),
    "paul": ("purchasing_manager",),
    "gus": ("general_manager",),
    "fiona": ("finance",),
    "wang": ("finance",),
    "finn": ("finance",),
    "pavel": ("planner",),
    "carla": ("customer_service",),
}
_MARKS = {"FLOUR": "none", "MILK": "lot", "BA-28": "unit", "PIPE": "none"}
_ROOM = {"A-01": Decimal(8), "A-02": Decimal(8), "B-01": Decimal(60)}
# So low that what is bought in a play exceeds them now and then.
_LIMITS = {
    order_approvals.WITHOUT: 100,
    order_approvals.WITH_MANAGER: 5_000,
    "supplier_bill.approval_above": 1_000,
    "supplier_bill.price_amount": 1,
    "quality_control.skip_above_percent": 92,
}
_OPENING = """location,sku,quantity,lot,serials,unit_cost
B-01,FLOUR,12,,,3
B-01,MILK,9,L0,,0.02
B-01,BA-28,4,,OLD-1 OLD-2 OLD-3 OLD-4,1000
"""


def found_company() -> None:
    """Three kinds of goods and one bought by agreement, three bins, suppliers, the staff."""
    for code, marks in _MARKS.items():
        a_sku(code, serial_policy=marks).product.category = code.lower()
    for code, room in _ROOM.items():
        a_bin(code, capacity=room)
    for name, value in _LIMITS.items():
        policy.set_value(name, value, by=None, reason="Small amounts")
    for name, roles in STAFF.items():
        _engage(name, roles, memberships.EVERYWHERE)
    for code in ("BOREA", "HONGSHENG", "ALTEA"):
        meet(code)
    _look_closely()
    _open_shelves()


def meet(code: str) -> Supplier:
    """A supplier, and who signs in for them."""
    found = a_supplier(code)
    found.email = f"orders@{code.lower()}.example"
    _engage(seller_of(found.scope), ("supplier",), found.scope)
    return found


def seller_of(scope: str) -> str:
    """The username of who answers for a supplier."""
    return f"seller-{scope.removeprefix('supplier:').lower()}"


def sellers() -> list[str]:
    """The suppliers that are not stopped, by code."""
    query = select(Supplier.code).where(Supplier.standing != STOPPED)
    return list(db.session.scalars(query.order_by(Supplier.id)))


def _engage(name: str, roles: Sequence[str], scope: str) -> None:
    person = people.add(name, name=name.title())
    for role in roles:
        memberships.grant(person, role, scope)


def _look_closely() -> None:
    """What inspectors look for: flour is dangerous, milk is usually good and spoils soon."""
    db.session.add_all(
        [
            QualityClass(category="flour", risk="high"),
            QualityClass(category="milk", risk="low", is_perishable=True),
            Criterion(category="flour", line_no=1, name="Moisture", at_most=Decimal(15)),
            Criterion(category="flour", line_no=2, name="No insects"),
            Criterion(category="milk", line_no=1, name="Taste", is_destructive=True),
            DefectCode(code="WET", category="flour", name="Wet"),
        ]
    )


def _open_shelves() -> None:
    """What lay there before anything was bought; and what customers want of it."""
    loaded = importing.load("opening_stock", _OPENING.encode(), by="maud")
    if loaded.start is not None:
        by = people.named("maud").id
        instances.start(loaded.start.process, loaded.start.data, by=by)
    past_demand(skus.by_code("FLOUR"), 10)
    past_demand(skus.by_code("PIPE"), 1, 0)
    an_agreement(skus.by_code("PIPE"), price=7)
