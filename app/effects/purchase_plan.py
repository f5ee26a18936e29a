"""The purchase plan: recommended, reviewed by the buyer, ordered supplier by supplier."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.catalog import skus
from app.domain.catalog.rules import plain
from app.domain.inventory import places
from app.domain.planning import calling, ordering, plans, snapshot
from app.domain.planning.errors import NoPlaceAsked
from app.domain.planning.ordering import Choice, Wanted
from app.domain.planning.plans import PlanLine, PlanRun
from app.domain.planning.snapshot import EVERYWHERE, Asked, Cause
from app.domain.supply import suppliers
from app.effects.papers import Paper
from app.identity import people
from app.kernel import cause, outbox, policy
from app.workflow import nudges
from app.workflow.effects import effect

Rows = list[dict[str, Any]]
_NAMED = 3


@effect
def take_snapshot(scope: str, asked_by: str | None) -> Paper:
    """What every SKU needs just now, at one site or everywhere; one row to review for each."""
    why = plans.HAND if asked_by else plans.DAY
    return _described(snapshot.take(Cause(why, scope, asked_by=asked_by)))


@effect
def plan_again(scope: str, supplier: str, po_no: str, lines: Rows) -> Paper:
    """The same for goods that were ordered from `supplier` and will not come.

    Raises:
        NoPlaceAsked: nobody says which site misses them.
    """
    if not scope.startswith("site:"):
        raise NoPlaceAsked(scope=scope)
    quantities: dict[int, Decimal] = {}
    for row in lines:
        sku = skus.by_code(row["sku"])
        quantities[sku.id] = quantities.get(sku.id, Decimal(0)) + Decimal(row["quantity"])
    asked = Asked(po_no, quantities, suppliers.by_code(supplier).id)
    return _described(snapshot.take(Cause(plans.AGAIN, scope, asked=asked)))


@effect
def remind_of_plan() -> int:
    """Put the plan that nobody reviewed on top of the buyers' inbox."""
    return nudges.nudge("review_plan")


@effect
def order_lines(plan_no: str, rows: Rows) -> Paper:
    """Keep the decisions and say what is to be bought (message `purchase_wanted`).

    What did not fit into the plan is planned next.
    """
    run = plans.by_number(plan_no)
    tolerance = Decimal(str(policy.value("purchase_plan.change_needs_reason")))
    wanted = ordering.decide(run, [_choice(row) for row in rows], tolerance=tolerance)
    for one in wanted:
        correlation = f"{plan_no}/{one.supplier.code}/{one.site.code}"
        outbox.announce("purchase_wanted", correlation, _wanted(run, one), key=one.key)
    if run.rest:
        calling.call(run.scope, correlation=run.number, key=f"{cause.current().effect_key}:rest")
    return {
        "orders": len(wanted),
        "ordered": sum(len(one.lines) for one in wanted),
        "left_out": sum(row["decision"] == "leave_out" for row in rows),
    }


@effect
def lapse_plan(plan_no: str) -> int:
    """End a plan that nobody decided on; its needs are found again by the next."""
    return ordering.lapse(plans.by_number(plan_no))


@effect
def give_up(plan: Paper | None) -> int:
    """The case is cancelled: nobody decides on the plan; its needs are found again by the next."""
    return ordering.lapse(plans.by_number(plan["plan_no"])) if plan else 0


def _described(run: PlanRun) -> Paper:
    place = "" if run.scope == EVERYWHERE else places.site(run.scope.partition(":")[2]).name
    return {
        "plan_no": run.number,
        "planned_on": run.planned_on.isoformat(),
        "place": place,
        "document": run.document,
        "goods": _goods(run),
        "lines": [_row(line) for line in run.lines],
    }


def _goods(run: PlanRun) -> str:
    """The first SKUs and how many more: what tells one plan from another in a list."""
    codes = list(dict.fromkeys(line.sku.code for line in run.lines))
    more = f" +{len(codes) - _NAMED}" if len(codes) > _NAMED else ""
    return ", ".join(codes[:_NAMED]) + more


def _row(line: PlanLine) -> Paper:
    tolerance = Decimal(str(policy.value("purchase_plan.change_needs_reason")))
    return {
        "line_no": line.line_no,
        "sku": line.sku.code,
        "name": line.sku.name,
        "unit": line.sku.unit,
        "site": line.site.code,
        "site_name": line.site.name,
        "position": plain(round(line.position, 1)),
        "reorder_point": plain(round(line.reorder_point, 1)),
        "recommended": plain(line.quantity),
        "least": plain(line.quantity * (1 - tolerance)),
        "most": plain(line.quantity * (1 + tolerance)),
        "decision": "order",
        "quantity": plain(line.quantity),
        "supplier": line.supplier.code if line.supplier else None,
        "required_on": line.required_on.isoformat(),
        "reason": None,
    }


def _choice(row: dict[str, Any]) -> Choice:
    day = row.get("required_on")
    return Choice(
        line_no=row["line_no"],
        supplier=(row.get("supplier") or "").strip(),
        quantity=Decimal(row.get("quantity") or 0),
        required_on=date.fromisoformat(day) if day else None,
        reason=row.get("reason") or "",
        is_left_out=row["decision"] == "leave_out",
    )


def _wanted(run: PlanRun, one: Wanted) -> Paper:
    person = people.acting()
    return {
        "supplier": one.supplier.code,
        "site": one.site.code,
        "scope": one.site.scope,
        "required_on": one.required_on.isoformat(),
        "wanted_by": person.username if person else None,
        "plan_no": run.number,
        "lines": [
            {
                "sku": line.sku.code,
                "quantity": plain(choice.quantity),
                "reason": choice.reason or f"{run.number}/{line.line_no}",
            }
            for line, choice in one.lines
        ],
    }
