"""What people answer when a task is theirs, chosen by dice: mostly sensible, sometimes refused."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.numbers import named
from app.domain.supply import put_away
from app.domain.supply.releases import Release
from app.identity import memberships, people
from app.kernel import attachments
from app.kernel.db import db, in_transaction
from app.kernel.errors import Refusal
from app.workflow import completion, instances, opened
from app.workflow.records import Task
from tests.builders.deliveries import a_notice, a_supplier, an_order
from tests.builders.goods import a_bin, a_site, a_sku
from tests.processes.play import PNG

Answers = dict[str, Any]
Data = Mapping[str, Any]
STAFF = {
    "bruno": ("warehouse_keeper",),
    "ines": ("warehouse_keeper",),
    "lee": ("inspector", "warehouse_keeper"),
    "kai": ("inspector",),
    "maud": ("warehouse_manager", "qc_manager"),
    "chloe": ("buyer", "warehouse_keeper"),
    "abel": ("buyer", "qc_manager"),
}
OPERATOR = "olga"
_GOODS = ("FLOUR", "MILK", "BA-28")
_REASONS = {"decided": {"reason": "Counted again"}}
_BINS = ("A-01", "A-02", "B-01")


def open_warehouse() -> None:
    """Three kinds of goods, two small bins and a large one, and everybody who works there."""
    a_sku("FLOUR")
    a_sku("MILK", serial_policy="lot")
    a_sku("BA-28", serial_policy="unit")
    a_bin(_BINS[0], capacity=Decimal(8))
    a_bin(_BINS[1], capacity=Decimal(8))
    a_bin(_BINS[2])
    a_supplier()
    for name, roles in STAFF.items():
        person = people.add(name, name=name.title())
        for role in roles:
            memberships.grant(person, role, "site:MAIN")
    memberships.grant(people.add(OPERATOR, name=OPERATOR.title()), "operator")


def announce(dice: Random) -> int:
    """A supplier announces what was ordered, or a little less; the notice."""
    chosen = dice.sample(_GOODS, dice.randint(1, 2))
    wanted = {code: dice.randint(1, 6) for code in chosen}
    order = an_order(*((skus.by_code(code), wanted[code]) for code in chosen))
    said = {code: max(1, quantity + dice.choice((-1, 0, 0))) for code, quantity in wanted.items()}
    return a_notice(order, **said).id


def arrive_unannounced(dice: Random) -> int:
    """A truck nobody expected stands at the gate; its case."""
    bruno, cartons = people.named("bruno"), str(dice.randint(1, 4))
    photo = attachments.keep("gate.png", PNG, by=bruno.id).id
    case = instances.start("receiving", {"scope": f"site:{a_site().code}"}, by=bruno.id)
    task = db.session.scalars(select(Task.id).filter_by(instance_id=case.id)).one()
    gate = {"supplier": "BOREA", "cartons": cartons, "description": "?", "photos": [photo]}
    completion.complete_task(task, {"gate": gate}, by=bruno)
    return case.id


def someone_for(task_id: int, dice: Random) -> str:
    """Most often somebody whose role it is; sometimes anybody."""
    role = db.session.scalar(select(Task.role).filter_by(id=task_id))
    able = [name for name, roles in STAFF.items() if role in roles]
    return dice.choice(able if able and dice.random() < 0.9 else list(STAFF))


def answers_to(task_id: int, name: str, dice: Random) -> Answers:
    """What `name` would write into the task; nothing when it is not for their eyes."""
    try:
        task = opened.task(task_id, people.named(name))
    except Refusal:
        return {}
    return ANSWERS.get(task.element.id, _nothing)(task.data, dice)


def complete(task_id: int, name: str, answers: Answers) -> None:
    """Send the answers."""
    in_transaction(lambda: completion.complete_task(task_id, answers, by=people.named(name)))


def _nothing(_data: Data, _dice: Random) -> Answers:
    return {}


def _check_in(_data: Data, dice: Random) -> Answers:
    return {"gate": {"vehicle": "KLA-2207", "cartons": str(dice.randint(0, 9))}}


def _count(data: Data, dice: Random) -> Answers:
    lines = [_counted(line, dice) for line in data["receipt"]["lines"]]
    wrong = [{"sku": dice.choice(_GOODS), "quantity": "2", **_marks(2, dice)}]
    return {
        "receipt": {"lines": lines},
        "wrong_goods": wrong if dice.random() < 0.15 else [],
    }


def _counted(line: Data, dice: Random) -> Answers:
    quantity = dice.randint(0, 7)
    row: Answers = {"counted": str(quantity), **_marks(quantity, dice)}
    if skus.by_code(line["sku"]).serial_policy != "unit" and dice.random() < 0.3:
        row["damaged"] = str(dice.randint(0, quantity))
    return row


def _marks(quantity: int, dice: Random) -> Answers:
    """Codes that often came before, and a lot; goods without them ignore both."""
    codes = [f"S-{dice.randint(1, 30)}" for _ in range(quantity)]
    return {"serials": "\n".join(codes), "lot": f"L{dice.randint(1, 3)}"}


def _decide_over(data: Data, dice: Random) -> Answers:
    kinds = ("keep", "return", "keep_free")
    return {
        "booking": {"over": [{"decision": dice.choice(kinds)} for _ in data["booking"]["over"]]}
    }


def _identify(data: Data, dice: Random) -> Answers:
    kinds = ("relabel", "reject", "fraud")
    rows = [
        {"decision": dice.choice(kinds), "new_serial": f"NEW-{dice.randint(1, 40)}"}
        for _ in data["booking"]["duplicates"]
    ]
    return {"booking": {"duplicates": rows}}


def _judge_forgery(_data: Data, dice: Random) -> Answers:
    return {"fraud_note": "Two labels", "fraud_decision": dice.choice(("return", "keep"))}


def _adopt(_data: Data, dice: Random) -> Answers:
    if dice.random() < 0.4:
        return {"arrival_decision": "send_back", "po_no": ""}
    order = an_order((skus.by_code(dice.choice(_GOODS)), dice.randint(1, 6)))
    return {"arrival_decision": "adopt", "po_no": order.number}


def _late_count(_data: Data, dice: Random) -> Answers:
    decision = "count" if dice.random() < 0.8 else "turn_away"
    return {"late_count_reason": "Too few hands", "late_count_decision": decision}


def _inspect(data: Data, dice: Random) -> Answers:
    return {"inspection": {"lines": [_judged(line, dice) for line in data["inspection"]["lines"]]}}


def _judged(line: Data, dice: Random) -> Answers:
    waiting = int(line["waiting"])
    rejected = dice.choice((0, 0, dice.randint(0, waiting)))
    bad = dice.sample(line.get("serials") or [], rejected) if line.get("serials") else []
    return {
        "accepted": str(waiting - rejected),
        "rejected": str(rejected),
        "defect": "transport" if rejected else "",
        "rejected_serials": "\n".join(bad),
    }


def _decide_lot(_data: Data, dice: Random) -> Answers:
    return {
        "disposition": dice.choice(("return", "sort", "rework", "concession", "scrap")),
        "disposition_reason": "Too many are bad",
        "price_cut_percent": str(dice.choice((0, 10))),
        "bearer": dice.choice(("us", "supplier")),
        "rework_instruction": "Mend them",
    }


def _concede(_data: Data, dice: Random) -> Answers:
    answer = dice.choice(("agree", "object"))
    return {
        "concession_answer": answer,
        "agreed_with": "Chou",
        "concession_objection": "Too little",
    }


def _part(data: Data, dice: Random) -> Answers:
    rows = [_judged(line, dice) for line in data["verdict"]["failed"]]
    work = {"cost": str(dice.randint(0, 9)), "note": "Mended"}
    return {"verdict": {"failed": rows}, "rework": work}


def _put_away(data: Data, dice: Random) -> Answers:
    left = int(data["rest"]["left"])
    quantity = dice.choice((left, left, dice.randint(0, left + 1)))
    proposed = data["proposal"].get("bin") or _BINS[2]
    return {
        "scanned_item": data["goods"]["sku"],
        "scanned_bin": dice.choice((proposed, proposed, dice.choice(_BINS))),
        "proposal": {"quantity": str(quantity)},
        "put_away_outcome": dice.choice(("placed", "placed", "bin_full", "quantity_differs")),
        "placed_serials": "",
    }


def _name_bin(_data: Data, dice: Random) -> Answers:
    return {"proposal": {"bin": dice.choice(_BINS)}, "named_bin_reason": ""}


def _find(which: str) -> Callable[[Data, Random], Answers]:
    def answers(data: Data, dice: Random) -> Answers:
        codes = put_away.units_remaining(named(Release, data["release_no"]))
        found = [serial.code for serial in codes][dice.randint(0, 1) :]
        quantity = len(found) if codes else dice.randint(0, 3)
        row = {"quantity": str(quantity), **({"serials": "\n".join(found)} if found else {})}
        return {"counts": {which: {**row, **_REASONS.get(which, {})}}}

    return answers


ANSWERS: Mapping[str, Callable[[Data, Random], Answers]] = {
    "check_in_truck": _check_in,
    "count_delivery": _count,
    "decide_over_delivery": _decide_over,
    "identify_duplicates": _identify,
    "decide_fraud": _judge_forgery,
    "identify_arrival": _adopt,
    "decide_late_count": _late_count,
    "inspect_lot": _inspect,
    "inspect_overdue_lot": _inspect,
    "decide_lot": _decide_lot,
    "agree_concession": _concede,
    "sort_lot": _part,
    "rework_lot": _part,
    "put_away_goods": _put_away,
    "name_bin": _name_bin,
    "count_first": _find("first"),
    "count_second": _find("second"),
    "decide_count": _find("decided"),
}
