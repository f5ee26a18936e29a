"""What inspectors look for in a category of goods: criteria with limits, defects, and its risk."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.catalog.rules import plain
from app.domain.numbers import Code
from app.kernel.db import Model, Quantity, RowId, db

RISKS = ("low", "normal", "high")
# Of a category nobody described.
USUALLY_GOOD = Decimal("0.97")


class QualityClass(Model):
    """How careful we are with a category; `usual_good` is the usual rate of good units in it."""

    __tablename__ = "quality_class"
    __table_args__ = (CheckConstraint("risk IN ('low', 'normal', 'high')", name="risk"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    category: Mapped[str] = mapped_column(String(100), unique=True)
    risk: Mapped[str] = mapped_column(String(10), default="normal")
    usual_good: Mapped[Decimal] = mapped_column(Quantity, default=USUALLY_GOOD)
    is_perishable: Mapped[bool] = mapped_column(default=False)


class Criterion(Model):
    """Something to measure or to look at; one without limits is met or not.

    A destructive one uses its samples up.
    """

    __tablename__ = "quality_criterion"
    __table_args__ = (UniqueConstraint("category", "line_no"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    category: Mapped[str] = mapped_column(String(100))
    line_no: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(20), default="")
    at_least: Mapped[Decimal | None] = mapped_column(Quantity)
    at_most: Mapped[Decimal | None] = mapped_column(Quantity)
    is_destructive: Mapped[bool] = mapped_column(default=False)

    @property
    def is_measured(self) -> bool:
        return self.at_least is not None or self.at_most is not None

    @property
    def limits(self) -> str:
        """0.6–0.9 mm, ≥ 5 bar, ≤ 3 %; empty for what is only looked at."""
        least, most = self.at_least, self.at_most
        if least is not None and most is not None:
            text = f"{plain(least)}–{plain(most)}"
        elif least is not None:
            text = f"≥ {plain(least)}"
        else:
            text = f"≤ {plain(most)}" if most is not None else ""
        return f"{text} {self.unit}".strip() if text else ""

    def is_met_by(self, measured: Decimal) -> bool:
        """Whether the value lies within the limits; the limits themselves do."""
        return (self.at_least is None or measured >= self.at_least) and (
            self.at_most is None or measured <= self.at_most
        )


class DefectCode(Model):
    """A defect by its short name; one without a category is known in all."""

    __tablename__ = "defect_code"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True)
    category: Mapped[str] = mapped_column(String(100), default="")
    name: Mapped[str] = mapped_column(String(200))


def class_of(category: str) -> QualityClass:
    """The class of a category; the usual one when nobody described it."""
    found = db.session.scalar(select(QualityClass).filter_by(category=category))
    return found or QualityClass(
        category=category, risk="normal", usual_good=USUALLY_GOOD, is_perishable=False
    )


def of(category: str) -> list[Criterion]:
    """What is looked for in the category, in its order."""
    query = select(Criterion).filter_by(category=category).order_by(Criterion.line_no)
    return list(db.session.scalars(query))


def defects_of(category: str) -> list[DefectCode]:
    """The defects of the category, and those known in all."""
    query = select(DefectCode).where(or_(DefectCode.category.in_((category, ""))))
    return list(db.session.scalars(query.order_by(DefectCode.code)))
