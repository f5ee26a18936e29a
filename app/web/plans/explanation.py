"""How a line was computed: each step with its formula, its numbers and its result."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.planning.plans import PlanLine
from app.web.plans.words import number, source
from app.web.tongue import _, ngettext
from app.web.words import shown


@dataclass(frozen=True)
class Step:
    """One step: what it is, how it is found in words, with numbers, and what comes out."""

    name: str
    how: str
    formula: str
    result: str


def of(line: PlanLine) -> list[Step]:
    """Every step from past demand to the quantity."""
    return [*_past(line), *_point(line), *_stock(line), *_order(line)]


def _past(line: PlanLine) -> Iterator[Step]:
    unit, n = line.sku.unit, number
    if line.days:
        yield Step(
            _("Demand a day"),
            _days(line),
            f"d̄ = {n(line.wanted)} / {n(line.days)}",
            f"{n(line.daily_mean)} {unit}",
        )
        how = _("standard deviation of the same days")
        yield Step(_("It varies by"), how, "σ_d", f"{n(line.daily_sd)} {unit}")
    spread = f"E[L] = {n(line.lead_days)}, σ(L) = {n(line.lead_sd)}"
    days = ngettext("%(num)d day", "%(num)d days", round(line.lead_days))
    yield Step(_("Delivery takes"), source(line), spread, days)


def _days(line: PlanLine) -> str:
    told = _(
        "%(days)s days from %(since)s to %(until)s",
        days=number(line.days),
        since=shown(line.history_since),
        until=shown(line.history_until),
    )
    left_out = _(
        "left out: %(empty)s with an empty shelf, %(promotions)s of promotions",
        empty=number(line.censored_days),
        promotions=number(line.promotion_days),
    )
    return f"{told}; {left_out}" if line.censored_days or line.promotion_days else told


def _point(line: PlanLine) -> Iterator[Step]:
    unit, n, assumed = line.sku.unit, number, line.run.assumptions
    lead, daily = n(line.lead_days), n(line.daily_mean)
    service = n(assumed["cycle_service"] * 100)
    yield Step(
        _("Safety stock"),
        _(
            "so that %(service)s %% of all deliveries come before the shelf is empty",
            service=service,
        ),
        f"z·√(E[L]·σ_d² + d̄²·σ(L)²) = {n(line.z)} × √({lead} × {n(line.daily_sd)}²"
        f" + {daily}² × {n(line.lead_sd)}²)",
        f"{n(line.safety_stock)} {unit}",
    )
    yield Step(
        _("Reorder point"),
        _("demand until an order comes, and the safety stock"),
        f"d̄·E[L] + SS = {daily} × {lead} + {n(line.safety_stock)}",
        f"{n(line.reorder_point)} {unit}",
    )
    cover = n(assumed["cover_days"])
    yield Step(
        _("Order up to"),
        _("so that an order lasts %(days)s days", days=cover),
        f"S = {n(line.reorder_point)} + {daily} × {cover}",
        f"{n(line.order_up_to)} {unit}",
    )


def _stock(line: PlanLine) -> Iterator[Step]:
    n = number
    parts = [
        (_("good on hand"), line.on_hand, "+"),
        (_("on order (%(ordered)s) and good", ordered=n(line.on_order)), line.coming, "+"),
        (_("in another plan"), line.planned, "+"),
        (_("promised"), line.reserved, "−"),
        (_("waited for"), line.backorders, "−"),
    ]
    told = [(name, value, sign) for name, value, sign in parts if value]
    formula = " ".join(f"{sign} {n(value)}" for _name, value, sign in told) or "0"
    yield Step(
        _("At hand and on the way"),
        ", ".join(f"{sign} {name}" for name, _value, sign in told),
        f"IP = {formula.removeprefix('+ ')}",
        f"{n(line.position)} {line.sku.unit}",
    )


def _order(line: PlanLine) -> Iterator[Step]:
    unit, n, assumed = line.sku.unit, number, line.run.assumptions
    asked = _("at least the %(asked)s that are wanted again", asked=n(line.asked))
    yield Step(
        _("Needed"),
        asked if line.asked else _("what is missing, up to a whole step"),
        f"D = S − IP = {n(line.order_up_to)} − {n(line.position)}",
        f"{n(line.need)} {unit}",
    )
    if line.good_rate < 1:
        yield Step(
            _("With those that are not good"),
            _(
                "%(rate)s %% were good of late; enough good ones come with %(sure)s %% confidence",
                rate=n(line.good_rate * 100),
                sure=n(assumed["yield_confidence"] * 100),
            ),
            f"P(Bin(Q; {n(line.good_rate)}) ≥ {n(line.need)}) ≥ {n(assumed['yield_confidence'])}",
            f"{n(line.with_yield)} {unit}",
        )
    yield Step(
        _("Recommended"),
        _("whole packs, at least what the supplier sells"),
        _("least %(moq)s, packs of %(pack)s", moq=n(line.moq), pack=n(line.pack)),
        f"{n(line.quantity)} {unit}",
    )
