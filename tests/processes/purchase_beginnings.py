"""What the people of the purchase line begin on any day, chosen by dice."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import select

from app.domain.imports import importing
from app.domain.inventory import ledger, places
from app.domain.inventory.balances import StockBalance
from app.domain.inventory.ledger import Line
from app.domain.inventory.places import Location
from app.domain.inventory.serials import Serial
from app.domain.payables import proposals as billable
from app.domain.planning import calling
from app.domain.sourcing import master_data, proposals
from app.domain.sourcing.order_versions import AMENDMENT, DRAFT, OrderVersion
from app.domain.sourcing.proposals import Proposal
from app.domain.supply import asns, suppliers
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.receipts import Receipt
from app.domain.supply.return_documents import SupplierReturn
from app.domain.supply.suppliers import STOPPED, Supplier
from app.effects import papers
from app.identity import people
from app.kernel import clock
from app.kernel.db import db
from app.workflow import completion, instances, messages
from app.workflow.records import MessageWait, Task
from tests.processes.purchase_company import GOODS, meet, seller_of, sellers

_MAIN = {"scope": "site:MAIN"}
_LONG_AGO = date(2026, 1, 1)
_FEWEST_SUPPLIERS = 3
_STOPPED_SINCE, _FILLED, _BEFORE_CHANGE = 0.1, 0.8, 0.6
# Mostly what was paid before; another price has to be approved.
_PRICES = {"FLOUR": "3.333333", "MILK": "0.01", "BA-28": "1234.5"}


def sell(seed: int) -> None:
    """A customer takes some of what lies on a shelf."""
    dice = Random(seed)
    query = (
        select(StockBalance)
        .join(Location)
        .where(Location.kind == "internal", StockBalance.quantity > StockBalance.held)
        .order_by(StockBalance.id)
    )
    found = list(db.session.scalars(query))
    if not found:
        return
    balance = dice.choice(found)
    units = select(Serial.code).filter_by(location_id=balance.location_id, sku_id=balance.sku_id)
    codes = tuple(db.session.scalars(units.order_by(Serial.code)))
    many = dice.randint(1, int(balance.quantity))
    away = places.location(places.CUSTOMERS)
    line = Line(
        balance.sku, balance.location, away, Decimal(many), balance.lot, tuple(codes[:many])
    )
    ledger.move([line], reason="issued", document=f"O-{seed}")


def one_of(model: Any, dice: Random, **facts: object) -> Any:
    """Any row of a table of which these facts are true; none when there is none."""
    found = list(db.session.scalars(select(model.id).filter_by(**facts).order_by(model.id)))
    return db.session.get(model, dice.choice(found)) if found else None


def soon(dice: Random) -> str:
    """A day from today on."""
    return (clock.now() + timedelta(days=dice.randint(0, 8))).date().isoformat()


def _buy(dice: Random) -> None:
    rows = [
        {"sku": code, "quantity": _many(code, dice), "unit_price": _price(code, dice)}
        for code in dice.sample(GOODS, dice.randint(1, 2))
    ]
    wish = {"supplier": dice.choice(sellers()), "required_on": soon(dice), "lines": rows}
    person = people.named(dice.choice(("chloe", "abel")))
    case = instances.start("purchase", _MAIN, by=person.id)
    task_id = db.session.scalars(select(Task.id).filter_by(instance_id=case.id)).one()
    completion.complete_task(task_id, {"wish": wish}, by=person)


def _want(dice: Random) -> None:
    """A reviewed plan wants goods, now and then of a supplier who was stopped since."""
    number = f"PLAN-{dice.getrandbits(40)}"
    stopped = one_of(Supplier, dice, standing=STOPPED) if dice.random() < _STOPPED_SINCE else None
    lines = [{"sku": dice.choice(GOODS), "quantity": str(dice.randint(1, 9)), "reason": "low"}]
    wanted = {
        "supplier": stopped.code if stopped else dice.choice(sellers()),
        "site": "MAIN",
        **_MAIN,
        "required_on": soon(dice),
        "wanted_by": "pavel",
        "plan_no": number,
        "lines": lines,
    }
    messages.send("purchase_wanted", number, wanted, key=number)


def _plan(dice: Random) -> None:
    calling.call("site:MAIN", correlation="MAIN", key=f"plan:{dice.getrandbits(40)}")


def _ship(dice: Random) -> None:
    """A supplier announces what is on its way, often before a change is approved."""
    order = _in_change(dice) if dice.random() < _BEFORE_CHANGE else None
    order = order or one_of(PurchaseOrder, dice, status="open")
    if order is None or not any(
        line.open > asns.coming(line.id, _LONG_AGO) for line in order.lines
    ):
        return
    scope = order.supplier.scope
    data: dict[str, Any] = {"po_no": order.number, "scope": scope, "rows": []}
    instances.start("shipment_notice", data, by=people.named(seller_of(scope)).id)


def _in_change(dice: Random) -> PurchaseOrder | None:
    """An order whose next version waits for approval or for its supplier."""
    found = one_of(OrderVersion, dice, kind=AMENDMENT, state=DRAFT)
    is_open = found is not None and found.order.status == "open"
    return found.order if found is not None and is_open else None


def _reject_again(dice: Random) -> None:
    """Somebody tells a second time what was rejected: nothing of it is left to send back."""
    found = one_of(SupplierReturn, dice)
    if found is not None:
        lines = [each.receipt_line for each in found.lines]
        said = papers.to_return(found.receipt, lines, "inspection")
        key = f"again:{dice.getrandbits(40)}"
        messages.send("rejected", found.receipt.number, said, key=key)


def _bill(dice: Random) -> None:
    """A letter with a bill comes, seldom enough that others have to be asked for."""
    if any(billable.goods(suppliers.by_code(code)) for code in sellers()):
        by = people.named(dice.choice(("fiona", "wang"))).id
        instances.start("supplier_bill", {"scope": "*"}, by=by)


def _answer_bill(dice: Random) -> None:
    """A supplier writes what they think of a bill that is disputed."""
    found = db.session.scalars(select(MessageWait.correlation).filter_by(name="bill_answered"))
    numbers = sorted(found)
    if numbers:
        key = f"answer:{dice.getrandbits(40)}"
        messages.send("bill_answered", dice.choice(numbers), {"text": "Agreed"}, key=key)


def _move_in(dice: Random) -> None:
    """Milk that lay elsewhere before the books began fills some of the shelves."""
    shelves = db.session.scalars(select(Location).where(Location.capacity.is_not(None)))
    rows = [
        f"{each.code},MILK,{each.capacity - each.filled:f},L{dice.getrandbits(40)},,0.02"
        for each in sorted(shelves, key=lambda each: each.code)
        if each.capacity is not None and each.filled < each.capacity and dice.random() < _FILLED
    ]
    head = "location,sku,quantity,lot,serials,unit_cost"
    loaded = importing.load("opening_stock", "\n".join((head, *rows, "")).encode(), by="maud")
    if loaded.start is not None:
        by = people.named("maud").id
        instances.start(loaded.start.process, loaded.start.data, by=by)


def _recall(dice: Random) -> None:
    receipt, unit = one_of(Receipt, dice), one_of(Serial, dice)
    if receipt is None or unit is None:
        return
    lots = select(StockBalance.lot).where(StockBalance.lot != "", StockBalance.quantity > 0)
    lot = dice.choice(sorted(db.session.scalars(lots.distinct())) or ["L0"])
    kinds: list[dict[str, Any]] = [
        {"scope": "receipt", "receipt_no": receipt.number},
        {"scope": "units", "serials": [unit.code]},
        {"scope": "lot", "sku": "MILK", "lot": lot},
    ]
    suspicion = {**dice.choice(kinds), "reason": "It leaks"}
    data: dict[str, Any] = {"suspicion": suspicion, **_MAIN}
    instances.start("recall", data, by=people.named("lee").id)


def _begin(key: str, name: str, scope: str = "site:MAIN") -> Callable[[Random], None]:
    def begin(_dice: Random) -> None:
        instances.start(key, {"scope": scope}, by=people.named(name).id)

    return begin


def _stop(dice: Random) -> None:
    """A supplier fails; when few are left, another is met."""
    if len(sellers()) < _FEWEST_SUPPLIERS:
        meet(f"S{dice.getrandbits(32)}")
    else:
        _begin("supplier_stop", "petra")(dice)


def _propose_change(dice: Random) -> None:
    supplier = suppliers.by_code(dice.choice(sellers()))
    if dice.random() < 0.5:
        number = f"822-{dice.getrandbits(40)}"
        account = {"holder": supplier.name, "bank": "First Bank", "account": number}
        master_data.propose(supplier, master_data.BANK_DETAILS, account, by="fiona")
    else:
        master_data.propose(supplier, master_data.MASTER_DATA, _other_facts(dice), by="chloe")


def _other_facts(dice: Random) -> dict[str, str]:
    return {"contact": f"C{dice.getrandbits(20)}", "payment_days": str(dice.randint(0, 90))}


def _withdraw(dice: Random) -> None:
    """Who proposed something changes their mind."""
    found = one_of(Proposal, dice, status="open")
    if found is not None:
        proposals.ask_to_withdraw(found, by=found.proposed_by)


def _import(dice: Random) -> None:
    """An order that was given elsewhere is brought in."""
    code, number = dice.choice(GOODS), f"EXT-{dice.getrandbits(40)}"
    row = f"{number},{dice.choice(sellers())},MAIN,chloe,1,{code},{_many(code, dice)},"
    head = "po,supplier,site,ordered_by,line,sku,quantity,unit_price"
    price = _PRICES[code] if dice.random() < 0.7 else ""
    importing.load("purchase_orders", f"{head}\n{row}{price}\n".encode(), by="chloe")


def _many(code: str, dice: Random) -> str:
    few = code == "BA-28" or dice.random() < 0.7
    return str(dice.randint(1, 9) if few else dice.randint(20, 90))


def _price(code: str, dice: Random) -> str:
    """What was paid before, something else, or nothing: suppliers are asked then."""
    return dice.choice((*(_PRICES[code],) * 4, _PRICES[dice.choice(GOODS)], ""))


BEGINNINGS: Sequence[Callable[[Random], None]] = (
    *(_buy,) * 6,
    *(_want,) * 2,
    *(_ship,) * 12,
    *(_bill,) * 5,
    *(_import,) * 2,
    _plan,
    _answer_bill,
    _reject_again,
    _move_in,
    _recall,
    _stop,
    _propose_change,
    _withdraw,
    _begin("order_amendment", "chloe"),
    _begin("month_close", "wang", "*"),
    _begin("price_agreement", "abel", "*"),
    _begin("receiving", "bruno"),
)
