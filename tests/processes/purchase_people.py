"""Everybody of the purchase line, and what they begin and answer on any day, chosen by dice."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import select

from app.domain.inventory import ledger, places
from app.domain.inventory.balances import StockBalance
from app.domain.inventory.ledger import Line
from app.domain.inventory.places import Location
from app.domain.inventory.serials import Serial
from app.domain.payables import proposals
from app.domain.sourcing import order_approvals
from app.domain.supply import asns, suppliers
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.receipts import Receipt
from app.identity import memberships, people
from app.kernel import clock, money, policy
from app.kernel.db import db
from app.kernel.errors import Refusal
from app.workflow import completion, instances, messages, opened
from app.workflow.records import Task
from tests.builders.deliveries import a_supplier
from tests.builders.goods import a_bin, a_sku
from tests.processes import any_answers, warehouse_people
from tests.processes.any_answers import GOODS, SUPPLIERS, Answers, Data

STAFF: Mapping[str, tuple[str, ...]] = {
    **warehouse_people.STAFF,
    "hugo": ("qc_manager",),
    "petra": ("purchasing_manager",),
    "gus": ("general_manager",),
    "fiona": ("finance",),
    "wang": ("finance",),
    "pavel": ("planner",),
    "carla": ("customer_service",),
}
SELLERS = {"BOREA": "sven", "HONGSHENG": "mei"}
# Mostly what was paid before; another price has to be approved.
_PRICES = {"FLOUR": "3.333333", "MILK": "0.01", "BA-28": "1234.5"}
_RECENT = 25
_LONG_AGO = date(2026, 1, 1)


def found_company() -> None:
    """Three kinds of goods, three bins, two suppliers who sign in, and the staff."""
    for code, marks in zip(GOODS, ("none", "lot", "unit"), strict=True):
        a_sku(code, serial_policy=marks)
    for code in ("A-01", "A-02", "B-01"):
        a_bin(code)
    policy.seed(order_approvals.WITHOUT, 500)
    policy.seed(order_approvals.WITH_MANAGER, 5_000)
    for name, roles in STAFF.items():
        _engage(name, roles, memberships.EVERYWHERE)
    for code, name in SELLERS.items():
        a_supplier(code)
        _engage(name, ("supplier",), f"supplier:{code}")


def a_deed(dice: Random) -> Callable[[], object]:
    """Something somebody does next, each in one transaction: most often a task of the inbox."""
    if dice.random() < 0.75:
        job = a_completion(dice)
        if job is not None:
            return job
    return partial(dice.choice(BEGINNINGS), Random(dice.getrandbits(32)))


def a_completion(dice: Random) -> Callable[[], object] | None:
    """Somebody answers one of the open tasks, a young one more often."""
    query = select(Task.id).order_by(Task.id.desc())
    found = list(db.session.scalars(query.limit(_RECENT if dice.random() < 0.7 else 1_000)))
    if not found:
        return None
    task_id = dice.choice(found)
    name = _someone_for(task_id, dice)
    answers = _answers_to(task_id, name, dice)
    return partial(_complete, task_id, name, answers)


def task_of(deed: Callable[[], object]) -> int | None:
    """The task a deed completes; none when it begins something."""
    is_completion = isinstance(deed, partial) and deed.func is _complete
    return int(deed.args[0]) if is_completion and isinstance(deed, partial) else None


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


def _buy(dice: Random) -> None:
    rows = [
        {"sku": code, "quantity": str(dice.randint(1, 9)), "unit_price": _price(code, dice)}
        for code in dice.sample(GOODS, dice.randint(1, 2))
    ]
    wish = {"supplier": dice.choice(SUPPLIERS), "required_on": _soon(dice), "lines": rows}
    _begin("purchase", dice.choice(("chloe", "abel")), {"scope": "site:MAIN"}, wish=wish)


def _plan(dice: Random) -> None:
    """A reviewed plan wants goods."""
    number, supplier = f"PLAN-{dice.getrandbits(40)}", dice.choice(SUPPLIERS)
    lines = [{"sku": dice.choice(GOODS), "quantity": str(dice.randint(1, 9)), "reason": "low"}]
    wanted = {
        "supplier": supplier,
        "site": "MAIN",
        "scope": "site:MAIN",
        "required_on": _soon(dice),
        "wanted_by": "pavel",
        "plan_no": number,
        "lines": lines,
    }
    messages.send("purchase_wanted", number, wanted, key=number)


def _ship(dice: Random) -> None:
    """A supplier announces what is on its way."""
    order = _one_of(PurchaseOrder, dice, status="open")
    if order is None or not any(
        line.open > asns.coming(line.id, _LONG_AGO) for line in order.lines
    ):
        return
    name, scope = SELLERS[order.supplier.code], order.supplier.scope
    instances.start(
        "shipment_notice",
        {"po_no": order.number, "scope": scope, "rows": []},
        by=people.named(name).id,
    )


def _bill(dice: Random) -> None:
    if not any(proposals.goods(suppliers.by_code(code)) for code in SUPPLIERS):
        return
    instances.start("supplier_bill", {"scope": "*"}, by=people.named(_finance(dice)).id)


def _recall(dice: Random) -> None:
    receipt, unit = _one_of(Receipt, dice), _one_of(Serial, dice)
    if receipt is None or unit is None or dice.random() < 0.5:
        return
    kinds: list[Answers] = [
        {"scope": "receipt", "receipt_no": receipt.number},
        {"scope": "units", "serials": [unit.code]},
        {"scope": "lot", "sku": "MILK", "lot": f"L{dice.randint(1, 3)}"},
    ]
    suspicion = {**dice.choice(kinds), "reason": "It leaks"}
    data = {"suspicion": suspicion, "scope": "site:MAIN"}
    instances.start("recall", data, by=people.named("lee").id)


def _amend(dice: Random) -> None:
    instances.start("order_amendment", {"scope": "site:MAIN"}, by=people.named("chloe").id)


def _close_month(dice: Random) -> None:
    instances.start("month_close", {"scope": "*"}, by=people.named(_finance(dice)).id)


def _stop(dice: Random) -> None:
    if dice.random() < 0.05:
        instances.start("supplier_stop", {"scope": "site:MAIN"}, by=people.named("petra").id)


BEGINNINGS: Sequence[Callable[[Random], None]] = (
    *(_buy,) * 3,
    *(_plan,) * 2,
    *(_ship,) * 5,
    *(_bill,) * 3,
    _recall,
    _amend,
    _close_month,
    _stop,
)


def _announce(data: Data, dice: Random) -> Answers:
    rows = [_shipped(row, dice) for row in data["notice"]["lines"]]
    notice = {"number": f"N{dice.getrandbits(40)}", "expected_on": _soon(dice), "lines": rows}
    return {"notice": notice, "shipping": "announce" if dice.random() < 0.95 else "give_up"}


def _shipped(row: Data, dice: Random) -> Answers:
    most = int(Decimal(row["open"]))
    return {"quantity": str(dice.choice((most, most, dice.randint(0, most + 1))))}


def _record_bill(_data: Data, dice: Random) -> Answers:
    """A bill for all that is not billed, now and then with another total; or a carrier's."""
    owed = [code for code in SUPPLIERS if proposals.goods(suppliers.by_code(code))]
    supplier = dice.choice(owed or SUPPLIERS)
    head: Answers = {"supplier": supplier, "number": f"H{dice.getrandbits(40)}", "tax": "0"}
    head |= {"billed_on": clock.now().date().isoformat(), "currency": "TWD"}
    receipt = _one_of(Receipt, dice, status="settled")
    if receipt is not None and dice.random() < 0.25:
        total = str(dice.randint(1, 400))
        bill = {**head, "kind": "freight", "total": total, "references": receipt.number}
    else:
        kind = "goods" if dice.random() < 0.8 else "credit"
        bill = {**head, "kind": kind, "total": _total(supplier, kind)}
    return {"bill": bill, "record_way": "record" if dice.random() < 0.9 else "drop"}


def _total(supplier: str, kind: str) -> str:
    own = suppliers.by_code(supplier)
    found = proposals.goods(own) if kind == "goods" else proposals.returns(own)
    worth = [
        money.priced(
            each.quantity,
            each.ordered.unit_price or Decimal(0) if each.ordered else Decimal(0),
            "TWD",
            per=each.ordered.priced_for if each.ordered else Decimal(1),
        ).amount
        for each in found
    ]
    return f"{sum(worth, Decimal(0)):f}"


def _match(data: Data, dice: Random) -> Answers:
    """As proposed; now and then somebody corrects or drops it."""
    names = ("quantity", "unit_price")
    goods = [{name: row[name] for name in names} for row in data["proposal"]["goods"]]
    carried = [{"bears": dice.random() < 0.8} for _ in data["proposal"]["carried"]]
    way = dice.choice(("compare",) * 8 + ("correct", "drop"))
    extra = data["bill"]["total"] if data["bill"]["kind"] == "freight" else ""
    answers = {"goods": goods, "carried": carried, "extra": extra, "basis": "quantity"}
    return {"proposal": answers, "match_way": way}


def _choose_month(_data: Data, _dice: Random) -> Answers:
    last = clock.now().replace(day=1) - timedelta(days=1)
    return {"month": f"{last:%Y-%m}", "month_way": "go"}


def _choose_order(_data: Data, dice: Random) -> Answers:
    order = _one_of(PurchaseOrder, dice, status="open")
    number = order.number if order else "PO-0"
    return {"po_no": number, "amendment_reason": "Wanted otherwise"}


def _propose_stop(_data: Data, _dice: Random) -> Answers:
    return {"stop": {"supplier": "HONGSHENG", "cause": "bankrupt", "reason": "Court order"}}


ANSWERS: Mapping[str, Callable[[Data, Random], Answers]] = {
    **warehouse_people.ANSWERS,
    "announce_shipment": _announce,
    "record_bill": _record_bill,
    "match_lines": _match,
    "choose_month": _choose_month,
    "choose_order": _choose_order,
    "propose_stop": _propose_stop,
}


def _engage(name: str, roles: Sequence[str], scope: str) -> None:
    person = people.add(name, name=name.title())
    for role in roles:
        memberships.grant(person, role, scope)


def _begin(key: str, name: str, data: dict[str, Any], **answers: object) -> None:
    person = people.named(name)
    case = instances.start(key, data, by=person.id)
    task_id = db.session.scalars(select(Task.id).filter_by(instance_id=case.id)).one()
    completion.complete_task(task_id, answers, by=person)


def _someone_for(task_id: int, dice: Random) -> str:
    found = db.session.execute(select(Task.role, Task.scope).filter_by(id=task_id)).first()
    role, scope = found or ("", "")
    if role == "supplier":
        return SELLERS[scope.removeprefix("supplier:")]
    able = [name for name, roles in STAFF.items() if role in roles]
    return dice.choice(able if able and dice.random() < 0.95 else list(STAFF))


def _answers_to(task_id: int, name: str, dice: Random) -> Answers:
    """What `name` would write into the task; nothing when it is not for their eyes."""
    try:
        task = opened.task(task_id, people.named(name))
    except Refusal:
        return {}
    own = ANSWERS.get(task.element.id)
    if own is not None:
        return own(task.data, dice)
    return any_answers.answers(task.form, task.data, dice) if task.form else {}


def _complete(task_id: int, name: str, answers: Answers) -> None:
    completion.complete_task(task_id, answers, by=people.named(name))


def _finance(dice: Random) -> str:
    return dice.choice(("fiona", "wang"))


def _price(code: str, dice: Random) -> str:
    return _PRICES[code if dice.random() < 0.8 else dice.choice(GOODS)]


def _soon(dice: Random) -> str:
    return (clock.now() + timedelta(days=dice.randint(0, 8))).date().isoformat()


def _one_of(model: Any, dice: Random, **facts: object) -> Any:
    found = list(db.session.scalars(select(model).filter_by(**facts).order_by(model.id)))
    return dice.choice(found) if found else None
