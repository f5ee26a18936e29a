"""What people of the purchase line write where the form alone would not tell what makes sense."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.finance import periods
from app.domain.inventory.serials import Serial
from app.domain.supply import receipts
from app.domain.supply.purchase_orders import PurchaseOrder
from app.identity import people
from app.kernel import attachments, clock
from app.kernel.db import db, in_transaction
from tests.processes import seldom, warehouse_people
from tests.processes.any_answers import Answers, Data
from tests.processes.play import PNG
from tests.processes.purchase_beginnings import one_of, soon
from tests.processes.purchase_bills import BILLS
from tests.processes.purchase_company import GOODS, sellers


def _announce(data: Data, dice: Random) -> Answers:
    rows = [_shipped(row, dice) for row in data["notice"]["lines"]]
    notice = {"number": f"N{dice.getrandbits(40)}", "expected_on": soon(dice), "lines": rows}
    return {"notice": notice, "shipping": "announce" if dice.random() < 0.95 else "give_up"}


def _shipped(row: Data, dice: Random) -> Answers:
    most = int(Decimal(row["open"]))
    return {"quantity": str(dice.choice((most, most, dice.randint(0, most + 1))))}


def _count(data: Data, dice: Random) -> Answers:
    """Mostly what was announced; sometimes less, more, damaged, or something else."""
    notice = receipts.by_number(data["receipt"]["receipt_no"]).asn
    rows = [
        _counted(line.sku, int(line.quantity), dice) for line in (notice.lines if notice else ())
    ]
    wrong = [
        {"sku": "BA-28", "quantity": "2", **_marks(2, dice)},
        {"sku": "FLOUR", "quantity": "3"},
    ]
    return {"receipt": {"lines": rows}, "wrong_goods": wrong if dice.random() < 0.15 else []}


def _counted(sku: Sku, announced: int, dice: Random) -> Answers:
    quantity = dice.choice((announced, announced, announced, dice.randint(0, announced + 2)))
    row: Answers = {"counted": str(quantity), **_marks(quantity, dice)}
    if sku.serial_policy != "unit" and dice.random() < 0.3:
        row["damaged"] = str(dice.randint(0, min(quantity, 5)))
    return row


def _marks(quantity: int, dice: Random) -> Answers:
    """New codes, now and then one that is in the house already; a lot."""
    codes = [f"S{dice.getrandbits(40)}" for _ in range(quantity)]
    if codes and dice.random() < 0.25:
        known = list(db.session.scalars(select(Serial.code).limit(50)))
        codes[0] = dice.choice(known or codes)
    return {"serials": "\n".join(codes), "lot": f"L{dice.randint(1, 3)}"}


def _report_arrival(_data: Data, dice: Random) -> Answers:
    by = people.named("bruno").id
    photo = in_transaction(lambda: attachments.keep("gate.png", PNG, by=by).id)
    gate = {"supplier": dice.choice(sellers()), "cartons": "3", "description": "?"}
    return {"gate": {**gate, "photos": [photo]}}


def _identify_arrival(_data: Data, dice: Random) -> Answers:
    order = one_of(PurchaseOrder, dice, status="open")
    decision = seldom.choice(dice, "arrival", ("adopt", "send_back") if order else ("send_back",))
    number = order.number if order and decision == "adopt" else ""
    return {"arrival_decision": decision, "po_no": number}


def _inspect(data: Data, dice: Random) -> Answers:
    """Good, partly bad, all of it bad, or used up by looking at it."""
    sheet, way = data["inspection"], dice.choice(("good", "good", "part", "bad", "used"))
    rows = [_judged(line, way, dice) for line in sheet["lines"]]
    criteria = [
        {"measured": str(dice.randint(10, 16)), "outcome": seldom.choice(dice, "met", _MET)}
        for _ in sheet.get("criteria") or []
    ]
    return {"inspection": {"lines": rows, "criteria": criteria}}


_MET = ("met", "missed")
_DEFECTS = ("transport", "cosmetic", "function", "wrong_item", "expiry", "documents")


def _judged(line: Data, way: str, dice: Random) -> Answers:
    waiting, looked = int(Decimal(line["waiting"])), int(Decimal(line["looked_at"]))
    gone = {"part": dice.choice((0, 1)), "used": waiting}.get(way, 0)
    destroyed = gone if line["is_destructive"] else 0
    most = max(looked - destroyed, 0)
    rejected = {"part": dice.randint(0, most), "bad": waiting}.get(way, 0)
    units = line.get("serials") or []
    codes = dice.sample(units, min(rejected, len(units)))
    return {
        "looked_at": str(waiting if way in {"bad", "used"} else looked),
        "accepted": str(waiting - rejected - destroyed),
        "rejected": str(rejected),
        "destroyed": str(destroyed),
        "defect": seldom.choice(dice, "defect", _DEFECTS) if rejected else "",
        "rejected_serials": "\n".join(codes),
    }


def _identify(data: Data, dice: Random) -> Answers:
    ways = ("relabel", "reject", "fraud")
    rows = [
        {
            "decision": seldom.choice(dice, "duplicate", ways),
            "new_serial": f"NEW-{dice.getrandbits(40)}",
        }
        for _ in data["booking"]["duplicates"]
    ]
    return {"booking": {"duplicates": rows}}


def _sort(data: Data, dice: Random) -> Answers:
    rows = [_parted(line, dice) for line in data["verdict"]["failed"]]
    return {"verdict": {"failed": rows}}


def _rework(data: Data, dice: Random) -> Answers:
    work = {"cost": str(dice.randint(0, 9)), "note": "Mended"}
    return {**_sort(data, dice), "rework": work}


def _parted(line: Data, dice: Random) -> Answers:
    waiting = int(Decimal(line["waiting"]))
    rejected = dice.choice((0, waiting, dice.randint(0, waiting)))
    units = line.get("serials") or []
    codes = dice.sample(units, min(rejected, len(units)))
    row = {"accepted": str(waiting - rejected), "rejected": str(rejected)}
    return {**row, "rejected_serials": "\n".join(codes)}


def _ship_back(data: Data, dice: Random) -> Answers:
    """As authorised, or not at all."""
    rows = [
        {"shipped": line["quantity"], "scanned": "\n".join(line.get("serials") or [])}
        for line in data["goods"]["lines"]
    ]
    way = "shipped" if dice.random() < 0.8 else "not_as_authorised"
    return {"goods": {"lines": rows}, "shipping": way, "shipping_note": "One is missing"}


def _reinspect(data: Data, dice: Random) -> Answers:
    """All, some or none of what was rejected is good after all."""
    rows = []
    for line in data["dispute"]["lines"]:
        most = int(Decimal(line["quantity"]))
        good = dice.choice((0, most, dice.randint(0, most)))
        codes = dice.sample(line.get("serials") or [], good) if line.get("serials") else []
        rows.append({"good": str(good), "good_serials": "\n".join(codes)})
    note = {"attended_by": "Chou", "reinspection_note": "Seen together"}
    return {"dispute": {"lines": rows}, **note}


def _decide_lot(_data: Data, dice: Random) -> Answers:
    ways = ("return", "sort", "rework", "concession", "scrap")
    return {
        "disposition": seldom.choice(dice, "disposition", ways),
        "disposition_reason": "Too many are bad",
        "price_cut_percent": str(dice.choice((0, 10))),
        "bearer": seldom.choice(dice, "bearer", ("us", "supplier")),
        "rework_instruction": "Mend them",
    }


def _choose_month(_data: Data, dice: Random) -> Answers:
    """Mostly the month whose turn it is; else the last one."""
    last = clock.now().replace(day=1) - timedelta(days=1)
    due = periods.over_and_open()[:1] if dice.random() < 0.8 else []
    way = "go" if dice.random() < 0.8 else "drop"
    return {"month": next(iter(due), f"{last:%Y-%m}"), "month_way": way}


def _choose_order(_data: Data, dice: Random) -> Answers:
    order = one_of(PurchaseOrder, dice, status="open")
    number = order.number if order else "PO-0"
    return {"po_no": number, "amendment_reason": "Wanted otherwise"}


def _change_order(data: Data, dice: Random) -> Answers:
    """A little more or less of everything, or the change is dropped."""
    rows = [
        {
            "quantity": str(max(Decimal(row["quantity"]) + dice.choice((-1, 0, 1, 2)), Decimal(0))),
            "unit_price": row["unit_price"] or "",
            "due_on": row["due_on"] or "",
        }
        for row in data["amendment"]["lines"]
    ]
    way = "propose" if dice.random() < 0.8 else "drop"
    changed = {"lines": rows, "added": [], "reason": "Wanted otherwise"}
    return {"amendment": changed, "amendment_decision": way}


def _offer_prices(_data: Data, dice: Random) -> Answers:
    """A price for some weeks."""
    today = clock.now().date() + timedelta(days=dice.randint(0, 9))
    row = {
        "sku": dice.choice(GOODS),
        "unit": "",
        "min_quantity": "1",
        "unit_price": str(dice.randint(1, 9)),
        "moq": "1",
        "pack": "1",
        "lead_days": str(dice.randint(1, 9)),
    }
    offer = {
        "supplier": dice.choice(sellers()),
        "currency": "TWD",
        "valid_from": today.isoformat(),
        "valid_to": (today + timedelta(days=dice.randint(5, 20))).isoformat(),
        "lines": [row],
    }
    return {"offer": offer, "intent": "propose" if dice.random() < 0.8 else "give_up"}


def _ask_for_offers(_data: Data, dice: Random) -> Answers:
    found = dice.sample(sellers(), 2)
    return {"pricing": {"asked": [{"supplier": code} for code in found]}}


def _propose_stop(_data: Data, dice: Random) -> Answers:
    """Two suppliers never fail: somebody has to deliver."""
    why = seldom.choice(dice, "cause of a stop", ("bankrupt", "banned"))
    supplier = dice.choice(sellers()[2:] or ["NOBODY"])
    return {"stop": {"supplier": supplier, "cause": why, "reason": "Court order"}}


ANSWERS: Mapping[str, Callable[[Data, Random], Answers]] = {
    **warehouse_people.ANSWERS,
    "announce_shipment": _announce,
    "count_delivery": _count,
    "record_blind_arrival": _report_arrival,
    "identify_arrival": _identify_arrival,
    "identify_duplicates": _identify,
    "inspect_lot": _inspect,
    "inspect_overdue_lot": _inspect,
    "reinspect_goods": _reinspect,
    "decide_dispute": _reinspect,
    "decide_lot": _decide_lot,
    "sort_lot": _sort,
    "rework_lot": _rework,
    "ship_return": _ship_back,
    **BILLS,
    "choose_month": _choose_month,
    "choose_order": _choose_order,
    "change_order": _change_order,
    "propose_prices": _offer_prices,
    "mend_prices": _offer_prices,
    "request_quotation": _ask_for_offers,
    "propose_stop": _propose_stop,
}
