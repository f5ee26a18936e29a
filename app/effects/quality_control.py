"""Quality control of a counted lot: how closely each tranche is looked at, and for what."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.supply import criteria, receipts, yields
from app.domain.supply.criteria import Criterion
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.effects import verdicts
from app.effects.papers import Paper
from app.kernel import policy
from app.workflow.effects import effect

Rows = list[dict[str, Any]]
_OF_EACH_LINE = ("has_defect_codes", "is_destructive")


@effect
def open_inspection(receipt_no: str, line_nos: list[int]) -> Paper:
    """The tranches of the lot (goods of one SKU and lot), with what decides how to look at them."""
    receipt = receipts.by_number(receipt_no)
    lines = [receipts.line(receipt, number) for number in line_nos]
    return {"tranches": [_tranche(receipt, some) for some in _by_goods(lines)]}


@effect
def prepare_tranches(tranches: Rows, methods: list[str], samples: Rows) -> Rows:
    """Each tranche with its plan, ready to be looked at."""
    return [
        {**tranche, "plan": _plan(method, sample), "lines": _to_look_at(tranche, method, sample)}
        for tranche, method, sample in zip(tranches, methods, samples, strict=True)
    ]


def _by_goods(lines: Iterable[ReceiptLine]) -> list[list[ReceiptLine]]:
    found: dict[tuple[int, str], list[ReceiptLine]] = {}
    for line in lines:
        found.setdefault((line.sku_id, line.lot), []).append(line)
    return list(found.values())


def _tranche(receipt: Receipt, lines: list[ReceiptLine]) -> Paper:
    sku = lines[0].sku
    category = sku.product.category
    careful = criteria.class_of(category)
    sound = [line for line in lines if line.kind != "damaged"]
    lot_size = sum((line.waiting for line in sound), Decimal(0))
    kind = "_perishable" if careful.is_perishable else ""
    return {
        "sku": sku.code,
        "name": sku.name,
        "lot": lines[0].lot,
        "goods": "serial" if sku.serial_policy == "unit" else "bulk",
        "found_as": "sound" if sound else "damaged",
        "risk": careful.risk,
        "reminder": str(policy.value(f"quality_control.reminder{kind}")),
        "escalation": str(policy.value(f"quality_control.escalation{kind}")),
        "lower_percent": _percent(yields.of(receipt.supplier_id, category).lower),
        "lot_size": plain(lot_size),
        "aql": str(policy.value(f"quality_control.aql_{careful.risk}")),
        **_looked_for(category),
        "lines": [verdicts.row(line) for line in lines],
    }


def _looked_for(category: str) -> Paper:
    wanted, defects = criteria.of(category), criteria.defects_of(category)
    return {
        "criteria": [_criterion(one) for one in wanted],
        "has_criteria": bool(wanted),
        "is_destructive": any(one.is_destructive for one in wanted),
        "defect_codes": [
            {"value": one.code, "label": f"{one.code} · {one.name}"} for one in defects
        ],
        "has_defect_codes": bool(defects),
    }


def _criterion(one: Criterion) -> Paper:
    return {
        "line_no": one.line_no,
        "criterion": one.name,
        "limits": one.limits,
        "is_measured": one.is_measured,
        "unit": one.unit,
    }


def _plan(method: str, sample: dict[str, Any]) -> Paper:
    if method != "sample":
        return {"method": method, "letter": "", "size": "", "accept": ""}
    return {"method": method, **{name: str(sample[name]) for name in ("letter", "size", "accept")}}


def _to_look_at(tranche: Paper, method: str, sample: dict[str, Any]) -> Rows:
    """How many of each line: damaged goods wholly, of the others as many as the plan says."""
    left = Decimal(str(sample["size"])) if method == "sample" else Decimal(0)
    rows: Rows = []
    for row in tranche["lines"]:
        waiting = Decimal(row["waiting"])
        part = waiting if method != "sample" or row["kind"] == "damaged" else min(left, waiting)
        left -= part if row["kind"] != "damaged" else Decimal(0)
        shared = {name: tranche[name] for name in _OF_EACH_LINE}
        rows.append({**row, **shared, "method": method, "looked_at": plain(part)})
    return rows


def _percent(rate: float) -> str:
    """In hundredths of a percent, rounded down: a bound is not beaten by rounding."""
    return f"{int(rate * 10_000) / 100:.2f}"
