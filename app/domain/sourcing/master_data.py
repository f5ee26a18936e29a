"""What we know of a supplier: facts one person proposes and another approves."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.sourcing import proposals
from app.domain.sourcing.errors import (
    BadAccount,
    BadAddress,
    BadCurrency,
    BadDays,
    BadFact,
    BadTaxNumber,
    BadTelephone,
    ChangedMeanwhile,
    MayNotPropose,
    NothingChanges,
)
from app.domain.sourcing.proposals import Proposal
from app.domain.supply.suppliers import STANDINGS, Supplier
from app.identity import memberships, people
from app.kernel import clock, outbox
from app.kernel.db import Instant, Model, db
from app.kernel.errors import N_

PROPOSERS = frozenset({"buyer", "purchasing_manager", "finance"})
MASTER_DATA, BANK_DETAILS = "master_data", "bank_details"
_ANYTHING = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]+")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63}){1,6}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{3,23}")
_ACCOUNT = re.compile(r"[0-9A-Z][0-9A-Z -]{4,40}")


class BankAccount(Model):
    """Where we pay a supplier; a row can be erased, and changes only by an approved proposal."""

    __tablename__ = "supplier_bank_account"

    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(200))
    bank: Mapped[str] = mapped_column(String(200))
    account: Mapped[str] = mapped_column(String(60))
    approved_at: Mapped[datetime] = mapped_column(Instant)


@dataclass(frozen=True)
class Fact:
    """One field: its kind of proposal, what it is called, how it is written."""

    kind: str
    title: str
    pattern: re.Pattern[str] = _ANYTHING
    longest: int = 200
    required: bool = False
    refusal: type[BadFact] = BadFact
    choices: tuple[str, ...] = ()


FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        "name": Fact(MASTER_DATA, N_("Name"), required=True),
        "contact": Fact(MASTER_DATA, N_("Whom to ask for")),
        "email": Fact(MASTER_DATA, N_("E-mail"), _EMAIL, refusal=BadAddress),
        "phone": Fact(MASTER_DATA, N_("Telephone"), _PHONE, 60, refusal=BadTelephone),
        "tax_number": Fact(
            MASTER_DATA, N_("Tax number"), re.compile(r"[0-9A-Z-]{4,30}"), refusal=BadTaxNumber
        ),
        "currency": Fact(
            MASTER_DATA,
            N_("Currency"),
            re.compile(r"[A-Z]{3}"),
            required=True,
            refusal=BadCurrency,
        ),
        "payment_days": Fact(
            MASTER_DATA,
            N_("Days until bills are due"),
            re.compile(r"0|[1-9][0-9]{0,2}"),
            required=True,
            refusal=BadDays,
        ),
        "standing": Fact(
            MASTER_DATA,
            N_("Standing"),
            re.compile("|".join(STANDINGS)),
            required=True,
            choices=STANDINGS,
        ),
        "holder": Fact(BANK_DETAILS, N_("Account holder"), required=True),
        "bank": Fact(BANK_DETAILS, N_("Bank and branch"), required=True),
        "account": Fact(
            BANK_DETAILS, N_("Account number"), _ACCOUNT, 60, required=True, refusal=BadAccount
        ),
    }
)


def known(supplier: Supplier, kind: str) -> dict[str, str]:
    """What we know now, as text, by field."""
    source: object = supplier if kind == MASTER_DATA else bank_account(supplier)
    names = [name for name, fact in FACTS.items() if fact.kind == kind]
    return {name: "" if source is None else str(getattr(source, name)) for name in names}


def bank_account(supplier: Supplier) -> BankAccount | None:
    """Where we pay the supplier, as far as we know."""
    return db.session.get(BankAccount, supplier.id)


def propose(supplier: Supplier, kind: str, wanted: Mapping[str, str], *, by: str) -> Proposal:
    """Ask a second person to change facts; message `supplier_change_proposed` starts the review.

    Raises:
        MayNotPropose: `by` neither buys nor pays.
        BadFact, NothingChanges: what is wanted cannot be, or is so already.
        ProposedAlready: another proposal about the same facts waits.
    """
    check_may_propose(by)
    now = known(supplier, kind)
    clean = {name: _checked(name, wanted.get(name, was)) for name, was in now.items()}
    changes = {name: (now[name], clean[name]) for name in now if now[name] != clean[name]}
    if not changes:
        raise NothingChanges
    new = proposals.open_one(kind, supplier, by=by, fields=changes)
    payload = {
        "proposal_no": new.number,
        "about": kind,
        "supplier": supplier.code,
        "supplier_name": supplier.name,
        "proposed_by": by,
        "proposer": people.named(by).name,
    }
    outbox.announce("supplier_change_proposed", new.number, payload, key=f"proposed:{new.number}")
    return new


def check_may_propose(username: str) -> None:
    """Refuse who neither buys nor pays."""
    held = memberships.of(people.named(username).id)
    if not any(role in PROPOSERS for role, _ in held):
        raise MayNotPropose


def apply(proposal: Proposal) -> None:
    """Let the supplier's facts be what an approved proposal wants.

    Raises:
        ChangedMeanwhile: a fact is not what it was when this was proposed.
    """
    proposals.check_open(proposal)
    supplier = db.session.get_one(Supplier, proposal.supplier_id, with_for_update=True)
    now = known(supplier, proposal.kind)
    for field in proposal.fields:
        if now[field.name] != field.was:
            raise ChangedMeanwhile(now=now[field.name] or "–", was=field.was or "–")
    wanted = {**now, **{field.name: field.wanted for field in proposal.fields}}
    _WRITE[proposal.kind](supplier, wanted)
    proposals.decide(proposal, "approved")


def _checked(name: str, text: str) -> str:
    fact, clean = FACTS[name], " ".join(text.split())
    if not clean and not fact.required:
        return clean
    if len(clean) > fact.longest or fact.pattern.fullmatch(clean) is None:
        raise fact.refusal(text=clean[:40]).at(name)
    return clean


def _write_master_data(supplier: Supplier, wanted: Mapping[str, str]) -> None:
    for name, text in wanted.items():
        setattr(supplier, name, int(text) if name == "payment_days" else text)


def _write_bank_details(supplier: Supplier, wanted: Mapping[str, str]) -> None:
    account = bank_account(supplier)
    if account is None:
        account = BankAccount(supplier_id=supplier.id)
        db.session.add(account)
    for name, text in wanted.items():
        setattr(account, name, text)
    account.approved_at = clock.now()


_WRITE: Mapping[str, Callable[[Supplier, Mapping[str, str]], None]] = MappingProxyType(
    {MASTER_DATA: _write_master_data, BANK_DETAILS: _write_bank_details}
)
