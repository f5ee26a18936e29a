"""A defect found after put-away: block the goods wherever they are, then decide."""

from decimal import Decimal
from typing import Any

from app.domain.catalog import skus
from app.domain.catalog.rules import plain
from app.domain.finance import company
from app.domain.inventory import moves, places, serials
from app.domain.inventory.serials import Serial, UnknownSerial
from app.domain.supply import correspondence, recalls, receipts, stranded, suppliers, withdrawals
from app.domain.supply.recalls import Recall, Spot, Suspects
from app.domain.supply.receipts import Receipt
from app.domain.supply.stranded import Stranded
from app.effects import letters, papers
from app.effects.papers import Paper
from app.kernel import cause, outbox
from app.kernel.errors import N_, Refusal
from app.workflow import nudges
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


class NoSuchLot(Refusal):
    """The lot is on no package we know."""

    code = "no_such_lot"
    message = N_("No {sku} of lot {lot} ever came. Look at the package again.")


@effect
def block_goods(suspicion: Paper) -> Paper:
    """Block what is suspected, and say where it lies.

    Raises:
        UnknownSerial, UnknownSku, NoSuchLot, NoSuchDocument: nothing like that ever came.
        NothingSuspected: nothing was named.
    """
    receipt, suspects = _suspects(suspicion)
    opened = recalls.open_for(suspects, reason=suspicion["reason"], receipt=receipt)
    lines, away = _lines(opened), _away(opened)
    return {
        "recall_no": opened.number,
        "goods": ", ".join(sorted({each.sku.code for each in suspects})),
        "reason": opened.reason,
        "reported_by": papers.who_does_this(),
        "reporter": papers.name_of_who_does_this(),
        "lines": lines,
        "away": away,
        "has_away": bool(away),
    }


@effect
def withdraw_goods(recall_no: str, lines: Rows) -> Paper:
    """Take the bad goods off their places and open a return for each delivery they came with.

    Raises:
        RecallOver: it was decided before.
        MoreThanBlocked, SerialsDoNotMatch: it cannot be what lies there.
    """
    recall = recalls.locked(recall_no)
    bad = {row["line_no"]: Decimal(row.get("bad") or 0) for row in lines}
    done = withdrawals.confirm(recall, bad)
    for found in done.lines.values():
        receipt = found[0].receipt
        key = f"{cause.current().effect_key}:{receipt.number}"
        payload = papers.to_return(receipt, found, "recall")
        outbox.announce("rejected", receipt.number, payload, key=key)
    return {"stranded": [_stranded(each) for each in done.stranded], "returns": len(done.lines)}


@effect
def part_with_goods(recall_no: str, withdrawn: Paper) -> str:
    """Scrap the goods no delivery brought, or hand them to a supplier; what they were worth.

    Raises:
        UnknownSupplier: there is no such supplier.
    """
    goods = [_left(row) for row in withdrawn["stranded"]]
    if withdrawn["way"] == "scrap":
        stranded.scrap(goods, document=recall_no)
        return ""
    supplier = suppliers.by_code(withdrawn["supplier"])
    worth = stranded.send_back(goods, supplier, document=recall_no)
    letter = letters.sent_back(recall_no, goods, company.written(worth))
    correspondence.send(supplier, letter)
    return company.written(worth)


@effect
def lift_block(recall_no: str) -> str:
    """Let the goods be used again."""
    recall = recalls.locked(recall_no)
    recalls.close(recall, "lifted")
    return recall.number


@effect
def remind_of_recall() -> int:
    """Put the recall that nobody has decided on top of the QC managers' inbox."""
    return nudges.nudge("review_recall")


def _suspects(suspicion: Paper) -> tuple[Receipt | None, list[Suspects]]:
    if suspicion["scope"] == "units":
        return None, recalls.of_units(_units(suspicion.get("serials") or []))
    if suspicion["scope"] == "lot":
        sku, lot = skus.scanned(suspicion["sku"]), (suspicion.get("lot") or "").strip()
        found = recalls.of_lot(sku, lot)
        if not found:
            raise NoSuchLot(sku=sku.code, lot=lot)
        return None, found
    receipt = receipts.by_number(suspicion["receipt_no"])
    return receipt, recalls.of_receipt(receipt)


def _units(codes: list[str]) -> list[Serial]:
    known = serials.known(codes)
    strange = [code for code in codes if code not in known]
    if strange:
        raise UnknownSerial(serial=strange[0])
    return [known[code] for code in sorted(known)]


def _lines(recall: Recall) -> Rows:
    return [_line(number, spot) for number, spot in enumerate(recalls.spots(recall), start=1)]


def _line(number: int, spot: Spot) -> Paper:
    """All that can be withdrawn is bad, unless the QC manager says less."""
    balance, quantity = spot.balance, plain(spot.quantity)
    site = balance.location.site
    return {
        **papers.goods(balance.sku),
        "line_no": number,
        "site": site.name if site else "",
        "place": balance.location.code,
        "place_kind": balance.location.kind,
        "lot": balance.lot,
        "blocked": quantity,
        "serials": ", ".join(unit.code for unit in spot.units),
        "can_be_withdrawn": spot.can_be_withdrawn,
        "bad": quantity if spot.can_be_withdrawn else "0",
    }


def _away(recall: Recall) -> Rows:
    units = recalls.away(recall)
    left = moves.last_of(unit.id for unit in units)
    return [
        {
            "serial": unit.code,
            "sku": unit.sku.code,
            "name": unit.sku.name,
            "place": unit.location.code,
            "left_with": left[unit.id].document,
            "left_at": left[unit.id].effective_at.isoformat(),
        }
        for unit in units
    ]


def _stranded(each: Stranded) -> Paper:
    return {
        **papers.goods(each.sku),
        "place": each.place.code,
        "lot": each.lot,
        "quantity": plain(each.quantity),
        "serials": ", ".join(each.serials),
    }


def _left(row: Paper) -> Stranded:
    codes = tuple(code for code in row["serials"].split(", ") if code)
    place = places.location(row["place"])
    return Stranded(skus.by_code(row["sku"]), place, row["lot"], Decimal(row["quantity"]), codes)
