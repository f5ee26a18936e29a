"""Purchase plans: what was recommended, every figure it rests on, and what people made of it.

Nothing here is ever changed: a plan and its lines are written once, a decision on a line once.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.catalog.products import Sku
from app.domain.inventory.places import Site
from app.domain.numbers import NoSuchDocument, Numbered
from app.domain.planning.decisions import PlanDecision
from app.domain.supply.suppliers import Supplier
from app.kernel import append_only
from app.kernel.db import Instant, Json, Model, Quantity, RowId, db
from app.kernel.errors import N_

DAY, HAND, AGAIN = "day", "hand", "again"
REORDER, ASKED = "reorder", "asked"
# Why a line is there, in words; filled from the line.
REASONS: Final = {
    REORDER: N_(
        "{position} {unit} are at hand or on the way; from {reorder_point} on it is time to order."
    ),
    ASKED: N_("{document} closed {asked} {unit} that did not come: they are wanted again."),
}


class PlanRun(Numbered):
    """One plan: made for a day, of one site or of all, from `assumptions` that held then.

    `cause` is the day's schedule, a person, or the word of a case that goods are wanted `again`
    (`document` names it). `rest` lines were due and did not fit; `too_little` is how many SKUs
    had too short a history.
    """

    PREFIX = "PL"
    __tablename__ = "plan_run"
    __table_args__ = (
        CheckConstraint("cause IN ('day', 'hand', 'again')", name="cause"),
        {"info": append_only.MARK},
    )

    scope: Mapped[str] = mapped_column(String(100))
    cause: Mapped[str] = mapped_column(String(10))
    document: Mapped[str] = mapped_column(String(100), default="")
    planned_on: Mapped[date]
    considered: Mapped[int]
    too_little: Mapped[int]
    rest: Mapped[int]
    assumptions: Mapped[dict[str, float]] = mapped_column(Json)
    effect_key: Mapped[str] = mapped_column(String(400))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)

    lines: Mapped[list["PlanLine"]] = relationship(
        back_populates="run", order_by="PlanLine.line_no"
    )


class PlanLine(Model):
    """One recommendation with all that led to it, in stock units and days; as `rules` names it.

    `source` is where the terms are from (`sources`), `asked` what a case wanted again, `reason`
    a name of `REASONS`.
    """

    __tablename__ = "plan_line"
    __table_args__ = (
        UniqueConstraint("run_id", "line_no"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("source IN ('agreement', 'last_order', 'defaults')", name="source"),
        Index("ix_plan_line_sku_id", "sku_id"),
        Index("ix_plan_line_site_id", "site_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("plan_run.id"))
    line_no: Mapped[int]
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"))
    source: Mapped[str] = mapped_column(String(12))

    history_since: Mapped[date | None]
    history_until: Mapped[date | None]
    days: Mapped[int]
    censored_days: Mapped[int]
    promotion_days: Mapped[int]
    wanted: Mapped[Decimal] = mapped_column(Quantity)
    daily_mean: Mapped[Decimal] = mapped_column(Quantity)
    daily_sd: Mapped[Decimal] = mapped_column(Quantity)
    lead_days: Mapped[Decimal] = mapped_column(Quantity)
    lead_sd: Mapped[Decimal] = mapped_column(Quantity)
    z: Mapped[Decimal] = mapped_column(Quantity)
    spread: Mapped[Decimal] = mapped_column(Quantity)
    safety_stock: Mapped[Decimal] = mapped_column(Quantity)
    reorder_point: Mapped[Decimal] = mapped_column(Quantity)
    order_up_to: Mapped[Decimal] = mapped_column(Quantity)

    on_hand: Mapped[Decimal] = mapped_column(Quantity)
    on_order: Mapped[Decimal] = mapped_column(Quantity)
    coming: Mapped[Decimal] = mapped_column(Quantity)
    reserved: Mapped[Decimal] = mapped_column(Quantity)
    backorders: Mapped[Decimal] = mapped_column(Quantity)
    planned: Mapped[Decimal] = mapped_column(Quantity)
    position: Mapped[Decimal] = mapped_column(Quantity)

    asked: Mapped[Decimal] = mapped_column(Quantity)
    need: Mapped[Decimal] = mapped_column(Quantity)
    good_rate: Mapped[Decimal] = mapped_column(Quantity)
    with_yield: Mapped[Decimal] = mapped_column(Quantity)
    moq: Mapped[Decimal] = mapped_column(Quantity)
    pack: Mapped[Decimal] = mapped_column(Quantity)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    required_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(10))

    run: Mapped[PlanRun] = relationship(back_populates="lines")
    sku: Mapped[Sku] = relationship(lazy="joined")
    site: Mapped[Site] = relationship(lazy="joined")
    supplier: Mapped[Supplier | None] = relationship(lazy="joined")
    decision: Mapped[PlanDecision | None] = relationship(lazy="selectin")


def by_number(number: str) -> PlanRun:
    """The plan with this number.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.named(PlanRun, number)


def line(run: PlanRun, line_no: int) -> PlanLine:
    """One line of a plan.

    Raises:
        NoSuchDocument: it has no such line.
    """
    found = db.session.scalar(select(PlanLine).filter_by(run_id=run.id, line_no=line_no))
    if found is None:
        raise NoSuchDocument(number=f"{run.number}/{line_no}")
    return found
