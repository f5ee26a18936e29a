"""Setting up a company of one's own: once, while nobody is there."""

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from sqlalchemy import select

from app.domain.finance.company import Company, keep_books_in
from app.identity import audit, memberships, people
from app.identity.audit import AuditEntry
from app.identity.people import Person
from app.identity.roles import ADMINISTRATOR, OPERATOR
from app.kernel import calendars, money
from app.kernel.db import db
from app.kernel.errors import N_, NotAllowed, Refusal

SUBJECT = "company:1"
_FOUNDED, _LEFT_OUT = "company_founded", "set_up_step_left_out"
_CURRENCY = re.compile(r"[A-Z]{3}")
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Plan:
    """What a new company says of itself, and who opens its doors."""

    name: str
    currency: str
    display_digits: int
    prices_include_tax: bool
    time_zone: str
    username: str
    person_name: str
    password: str
    locale: str


class SetUpAlready(Refusal):
    """A house with people in it is set up by them."""

    code = "set_up_already"
    message = N_("This company is set up already. Sign in.")


class WrongSetUpCode(NotAllowed):
    """Whoever can read the server's console may set it up."""

    code = "wrong_set_up_code"
    field = "code"
    message = N_("That is not the set-up code. The server printed it on its console as it started.")


class UnclearPlan(Refusal):
    """Something of the plan cannot be meant."""

    code = "unclear_plan"
    message = N_(
        "Give the company a name, a currency of three letters with at most {digits} digits shown, "
        "and a time zone such as Asia/Taipei."
    )
    status = 422


def code(secret_key: str) -> str:
    """What a stranger must know to set the house up; the server prints it while it is empty."""
    digest = hmac.new(secret_key.encode(), b"houtai set-up code", hashlib.sha256).hexdigest()
    return "-".join(digest[at : at + 5] for at in range(0, 25, 5))


def check_code(given: str, secret_key: str) -> None:
    """Refuse whoever does not know the code."""
    known = code(secret_key).encode()
    if not hmac.compare_digest(given.strip().lower().encode("utf-8", "replace"), known):
        raise WrongSetUpCode


def is_open() -> bool:
    """Whether the house has nobody in it yet."""
    return db.session.scalar(select(Person.id).limit(1)) is None


def found(plan: Plan) -> Person:
    """Give the company its name, money and clock, and its first administrator.

    Raises:
        SetUpAlready: somebody is there; of two who found at once, the second reads this.
    """
    company = db.session.get_one(Company, 1, with_for_update=True)
    if not is_open():
        raise SetUpAlready
    _check(plan)
    keep_books_in(plan.currency, display_digits=plan.display_digits)
    company.name, company.time_zone = plan.name.strip(), plan.time_zone
    company.prices_include_tax = plan.prices_include_tax
    hours = replace(calendars.DEFAULT, time_zone=plan.time_zone)
    calendars.save(calendars.DEFAULT_CODE, hours)
    first = people.add(
        plan.username, name=plan.person_name, password=plan.password, locale=plan.locale
    )
    for role in (ADMINISTRATOR, OPERATOR):
        memberships.grant(first, role, by=first.id)
    audit.record(_FOUNDED, by=first.id, subject=SUBJECT)
    return first


def is_founded() -> bool:
    """Whether somebody set this company up as their own, rather than as practice."""
    return _FOUNDED in _deeds()


def leave_out(step: str, *, by: Person) -> None:
    """A company may do without a step of its beginning; the checklist then stops asking."""
    audit.record(_LEFT_OUT, by=by.id, subject=SUBJECT, details={"step": step})


def left_out() -> frozenset[str]:
    """The steps this company does without."""
    query = select(AuditEntry.details).filter_by(subject=SUBJECT, action=_LEFT_OUT)
    return frozenset(str(details.get("step")) for details in db.session.scalars(query))


def _deeds() -> frozenset[str]:
    query = select(AuditEntry.action).filter_by(subject=SUBJECT)
    return frozenset(db.session.scalars(query))


def _check(plan: Plan) -> None:
    digits = money.digits(plan.currency)
    checks = {
        "company": 0 < len(plan.name.strip()) <= _LONGEST_NAME,
        "currency": bool(_CURRENCY.fullmatch(plan.currency)),
        "display_digits": 0 <= plan.display_digits <= digits,
        "time_zone": plan.time_zone in available_timezones(),
    }
    for field, is_clear in checks.items():
        if not is_clear:
            raise UnclearPlan(digits=digits).at(field)
