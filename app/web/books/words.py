"""What accounts, reasons and bases of cost are called by people."""

from app.domain.finance.accounts import Account
from app.domain.finance.pools import CostEntry
from app.domain.inventory.moves import REASONS
from app.domain.payables.bills import Bill
from app.kernel.db import db
from app.web import words
from app.web.tongue import _


def account(name: str) -> str:
    """An account with its number."""
    found = db.session.get(Account, name)
    return f"{found.number} {words.title(found.titles)}" if found else name


def reason(code: str) -> str:
    """Why something was booked."""
    own = {
        "bill": _("bill"),
        "freight": _("freight"),
        "concession": _("price concession"),
        "correction": _("correction"),
        "charge": _("charge to a supplier"),
        "claim": _("claim against a stopped supplier"),
    }
    return own.get(code) or _(REASONS.get(code, code))


def basis(entry: CostEntry) -> str:
    """What the value of a row rests on."""
    return {
        "order": _("price of the order"),
        "opening": _("opening list"),
        "free": _("free of charge"),
        "estimate": _("estimated: no price was known"),
        "unknown": _("unknown: no price, and no such goods before"),
        "average": _("average of the goods we had"),
        "unit": _("the unit's own cost"),
        "relabelled": _("the same unit under another code"),
        "freight": _("freight"),
        "bill": _("difference of a bill"),
        "concession": _("price concession"),
        "correction": _("correction"),
    }.get(entry.basis, entry.basis)


def bill_state(bill: Bill) -> tuple[str, str]:
    """Where a bill stands, and in which tone to say it."""
    if bill.dropped_at is not None:
        return _("dropped"), ""
    return {
        "recorded": (_("recorded"), "warn"),
        "disputed": (_("asked the supplier"), "bad"),
        "accepted": (_("booked"), "good"),
    }[bill.status]
