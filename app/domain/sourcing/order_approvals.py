"""Who approved a version of an order, and whose approval its amount asks for."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.finance import rates
from app.domain.finance.company import ours
from app.domain.sourcing import order_versions
from app.domain.sourcing.order_versions import APPROVED, DRAFT, OrderVersion
from app.identity.people import Person
from app.kernel import append_only, cause, clock, money, policy
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, NotAllowed, Refusal
from app.kernel.money import Money

PRICE, MANAGER, FINANCE = "price", "manager", "finance"
APPROVE, REFUSE, SEND_BACK = "approve", "refuse", "send_back"
WITHOUT, WITH_MANAGER = "order_approval.without_approval", "order_approval.by_manager"


class OrderApproval(Model):
    """One decision about one edition of a version, by a person, perhaps for somebody else."""

    __tablename__ = "order_approval"
    __table_args__ = (
        CheckConstraint("level IN ('price', 'manager', 'finance')", name="level"),
        CheckConstraint("decision IN ('approve', 'refuse', 'send_back')", name="decision"),
        Index("ix_order_approval_version_id", "version_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"))
    edition: Mapped[int]
    level: Mapped[str] = mapped_column(String(10))
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    effect_key: Mapped[str] = mapped_column(String(400))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class OwnOrder(NotAllowed):
    """Four eyes: who wrote or priced an order does not approve it."""

    code = "own_order"
    message = N_("You wrote or priced {version}, so someone else must decide about it.")


class DecidedAlready(NotAllowed):
    """Four eyes: the manager's approval and finance's are two people's.

    One step may answer for both: who is above them, when both were silent.
    """

    code = "decided_already"
    message = N_("You approved {version} already, so someone else must decide here.")


class ReasonNeeded(Refusal):
    """Who turns an order down says why."""

    code = "reason_needed"
    message = N_("Say why {version} goes back, so that the buyer can act on it.")


class NotApproved(Refusal):
    """An amount asks for approvals that nobody gave."""

    code = "not_approved"
    message = N_("{version} over {amount} {currency} lacks an approval. Let it be approved first.")


class NotADraft(Refusal):
    """What was issued or abandoned is decided about no more."""

    code = "not_a_draft"
    message = N_("{version} was issued or given up meanwhile. Look at the order again.")


def levels(version: OrderVersion) -> frozenset[str]:
    """Whose approval the amount of a version asks for.

    A change that raises neither a quantity nor a price was approved with the version before.
    """
    if not asks_for_more(version):
        return frozenset()
    amount = in_our_currency(version).amount
    if amount <= limit(WITHOUT):
        return frozenset()
    return frozenset({MANAGER} if amount <= limit(WITH_MANAGER) else {MANAGER, FINANCE})


def asks_for_more(version: OrderVersion) -> bool:
    """Whether a quantity or a price is above the version in force, or there is none yet."""
    before = order_versions.in_force(version.order)
    if before is None or before.id == version.id:
        return True
    known = {line.line_no: line for line in before.lines}
    for line in version.lines:
        old = known.get(line.line_no)
        if old is None or old.sku_id != line.sku_id or line.quantity > old.quantity:
            return True
        if _price(line) > _price(old) or before.currency != version.currency:
            return True
    return False


def in_our_currency(version: OrderVersion) -> Money:
    """The total at the rate of today.

    Raises:
        NoRate: nobody entered one.
    """
    company = ours()
    rate = rates.on(version.currency, company.day(clock.now()))
    return money.priced(version.total.amount, Decimal(1), company.currency, rate=rate)


def limit(name: str) -> Decimal:
    """A limit of approval, in whole units of our currency."""
    return Decimal(str(policy.value(name)))


def decide(
    version: OrderVersion,
    level: str,
    decision: str,
    *,
    reason: str = "",
) -> OrderApproval:
    """Keep what the person of the running step decided; a version all agree to is approved.

    Raises:
        NotADraft: it is issued or abandoned by now.
        OwnOrder: they, or who they stand in for, wrote or priced it.
        DecidedAlready: they approved it on another level.
        ReasonNeeded: they turn it down and do not say why.
    """
    by = cause.current()
    person = db.session.get_one(Person, by.person_id)
    if version.state != DRAFT:
        raise NotADraft(version=version.title)
    _check_four_eyes(version, level, person)
    if decision != APPROVE and not reason.strip():
        raise ReasonNeeded(version=version.title)
    row = OrderApproval(
        version_id=version.id,
        edition=version.edition,
        level=level,
        decision=decision,
        reason=reason.strip(),
        person_id=person.id,
        for_person_id=by.for_person_id,
        effect_key=by.effect_key,
        recorded_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    approve_if_complete(version)
    return row


def approve_if_complete(version: OrderVersion) -> bool:
    """Mark a draft as approved once nobody's approval is missing."""
    if version.state == DRAFT and not missing(version):
        version.state = APPROVED
        db.session.flush()
    return version.state == APPROVED


def check_complete(version: OrderVersion) -> None:
    """Refuse a version that lacks an approval.

    Raises:
        NotApproved: its amount asks for one that nobody gave.
    """
    if missing(version):
        total = version.total
        raise NotApproved(version=version.title, amount=total.amount, currency=total.currency)
    approve_if_complete(version)


def missing(version: OrderVersion) -> frozenset[str]:
    """Whose approval the version as it now stands still lacks; a later no takes back a yes."""
    latest = {row.level: row.decision for row in of(version) if row.edition == version.edition}
    turned_down = {level for level, decision in latest.items() if decision != APPROVE}
    given = latest.keys() - turned_down
    return (levels(version) - given) | turned_down


def undecided(version: OrderVersion, asked: Iterable[str]) -> list[str]:
    """Which of the levels asked said nothing about the version as it now stands."""
    said = {row.level for row in of(version) if row.edition == version.edition}
    return [level for level in asked if level not in said]


def of(version: OrderVersion) -> list[OrderApproval]:
    """Every decision about a version, the first first."""
    query = select(OrderApproval).filter_by(version_id=version.id).order_by(OrderApproval.id)
    return list(db.session.scalars(query))


def _check_four_eyes(version: OrderVersion, level: str, person: Person) -> None:
    absent = db.session.get(Person, cause.current().for_person_id or 0)
    names = {person.username, absent.username if absent else person.username}
    if names & {version.written_by, version.priced_by}:
        raise OwnOrder(version=version.title)
    for row in of(version):
        is_other = row.level != level and PRICE not in {row.level, level}
        is_another_step = row.effect_key != cause.current().effect_key
        is_theirs = row.edition == version.edition and row.person_id == person.id
        if is_other and is_another_step and is_theirs:
            raise DecidedAlready(version=version.title)


def _price(line: order_versions.OrderVersionLine) -> Decimal:
    return (line.unit_price or Decimal(0)) / line.priced_for
