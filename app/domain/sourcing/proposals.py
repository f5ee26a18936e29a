"""Changes about a supplier that wait for a second person: proposed, then approved or not."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.numbers import Numbered
from app.domain.sourcing.errors import NotYourProposal, ProposalDecided, ProposedAlready
from app.domain.supply.suppliers import Supplier
from app.identity import people
from app.kernel import clock, outbox
from app.kernel.db import Instant, Model, db

OPEN = "open"


class Proposal(Numbered):
    """One proposal; what it is about lies in `fields` (master data, bank) or in its case (prices).

    `proposed_by` and `decided_by` are usernames.
    """

    PREFIX = "SP"
    __tablename__ = "supplier_proposal"
    __table_args__ = (
        CheckConstraint("kind IN ('prices', 'master_data', 'bank_details')", name="kind"),
        CheckConstraint("status IN ('open', 'approved', 'refused', 'withdrawn')", name="status"),
        Index("ix_supplier_proposal_supplier_id", "supplier_id"),
    )

    kind: Mapped[str] = mapped_column(String(15))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    status: Mapped[str] = mapped_column(String(10), default=OPEN)
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(Text, default="")

    supplier: Mapped[Supplier] = relationship(lazy="joined")
    fields: Mapped[list["ProposalField"]] = relationship(
        order_by="ProposalField.name", lazy="selectin"
    )

    @property
    def is_open(self) -> bool:
        return self.status == OPEN


class ProposalField(Model):
    """One fact that shall change; it may hold personal data, so that its rows can be erased."""

    __tablename__ = "supplier_proposal_field"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("supplier_proposal.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    was: Mapped[str] = mapped_column(Text)
    wanted: Mapped[str] = mapped_column(Text)


def open_one(
    kind: str,
    supplier: Supplier,
    *,
    by: str,
    fields: Mapping[str, tuple[str, str]] | None = None,
) -> Proposal:
    """A new proposal; `fields` are what each was and shall be.

    Raises:
        ProposedAlready: one about the same facts waits; two people would overwrite each other.
    """
    waiting = _waiting(kind, supplier) if kind != "prices" else None
    if waiting is not None:
        raise ProposedAlready(number=waiting.number, person=_name(waiting.proposed_by))
    new = Proposal(
        kind=kind,
        supplier_id=supplier.id,
        proposed_by=by,
        proposed_at=clock.now(),
        fields=[
            ProposalField(name=name, was=was, wanted=wanted)
            for name, (was, wanted) in (fields or {}).items()
        ],
    )
    db.session.add(new)
    db.session.flush()
    return new


def by_number(number: str) -> Proposal:
    """The proposal with this number.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.named(Proposal, number)


def of_supplier(supplier: Supplier, limit: int = 20) -> list[Proposal]:
    """The supplier's proposals, the newest first."""
    query = select(Proposal).filter_by(supplier_id=supplier.id).order_by(Proposal.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def ask_to_withdraw(proposal: Proposal, *, by: str) -> None:
    """Tell the case that waits for an answer: who proposed wants no answer any more.

    Raises:
        NotYourProposal: somebody else proposed it.
        ProposalDecided: it has its answer.
    """
    check_open(proposal)
    if by != proposal.proposed_by:
        raise NotYourProposal(person=_name(proposal.proposed_by))
    number = proposal.number
    outbox.announce("proposal_withdrawn", number, {}, key=f"proposal_withdrawn:{number}")


def decide(proposal: Proposal, status: str, *, reason: str = "") -> str:
    """Write down what became of a proposal, and by whom: the person whose step this is."""
    check_open(proposal)
    person = people.acting()
    proposal.status, proposal.reason = status, reason
    proposal.decided_by, proposal.decided_at = person.username if person else None, clock.now()
    db.session.flush()
    return status


def give_up(number: str, *, reason: str) -> str:
    """Withdraw a proposal that nobody answered yet; what it is now."""
    found = by_number(number)
    if found.is_open:
        decide(found, "withdrawn", reason=reason)
    return found.status


def check_open(proposal: Proposal) -> None:
    """Refuse what comes too late."""
    if not proposal.is_open:
        raise ProposalDecided(number=proposal.number, status=proposal.status)


def _name(username: str) -> str:
    found = people.by_username(username)
    return found.name if found else username


def _waiting(kind: str, supplier: Supplier) -> Proposal | None:
    """The open proposal about the same facts; the supplier stays locked until ours is there."""
    db.session.execute(select(Supplier.id).filter_by(id=supplier.id).with_for_update())
    query = select(Proposal).filter_by(kind=kind, supplier_id=supplier.id, status=OPEN)
    return db.session.scalars(query).first()
