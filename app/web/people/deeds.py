"""The audit as a person reads it: when, who, what, about whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.identity.audit import AuditEntry
from app.kernel.errors import N_
from app.web.people import seen
from app.web.tongue import _
from app.web.words import name_of, role_title

_WORDS = {
    "person_added": N_("Account made"),
    "person_changed": N_("Name or language changed"),
    "person_activated": N_("Unlocked"),
    "person_deactivated": N_("Locked"),
    "role_granted": N_("Role given"),
    "role_revoked": N_("Role taken away"),
    "invited": N_("Invited"),
    "invitation_used": N_("Invitation used"),
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "sign_in_failed": N_("Wrong password"),
    "password_changed": N_("Password changed"),
    "sessions_revoked": N_("Signed out everywhere"),
    "key_issued": N_("Key for a program made"),
    "key_revoked": N_("Key for a program ended"),
    "substitute_named": N_("Somebody stands in"),
    "substitute_ended": N_("Nobody stands in any more"),
    "set_up_step_left_out": N_("Step of the beginning left out"),
    "company_founded": N_("Company set up"),
    "day_closed": N_("Day closed"),
    "day_opened": N_("Day with hours of its own"),
    "day_as_usual": N_("Day as usual again"),
    "week_changed": N_("Hours of the week changed"),
    "comment_erased": N_("Text of a comment erased"),
    "letter_sent_again": N_("Letter sent again"),
    "letter_dismissed": N_("Letter given up"),
    "message_dismissed": N_("Message given up"),
}


@dataclass(frozen=True)
class Deed:
    """One row of the audit."""

    id: int
    at: datetime
    words: str
    who: str
    instead_of: str
    about: str
    address: str
    details: str


def deeds(rows: Iterable[AuditEntry]) -> list[Deed]:
    """The rows in the reader's language."""
    return [_deed(row) for row in rows]


def _deed(row: AuditEntry) -> Deed:
    kind, _colon, number = row.subject.partition(":")
    about = int(number) if kind == "person" and number.isdecimal() else None
    return Deed(
        id=row.id,
        at=row.at,
        words=_(_WORDS[row.action]) if row.action in _WORDS else row.action.replace("_", " "),
        who=name_of(row.person_id),
        instead_of=name_of(row.for_person_id),
        about=name_of(about),
        address=url_for("people.show", person_id=about) if about else "",
        details=_details(row.details),
    )


def _details(details: Mapping[str, object]) -> str:
    if "role" in details:
        where = seen.where(str(details.get("scope", "*")))
        return f"{role_title(str(details['role']))} · {where}"
    substitute = details.get("substitute")
    if isinstance(substitute, int):
        return name_of(substitute)
    if "reason" in details:
        return " · ".join(filter(None, (str(details.get("what", "")), str(details["reason"]))))
    if "prefix" in details:
        return str(details.get("name", ""))
    changed = details.get("changed")
    if isinstance(changed, list):
        names = {"name": _("name"), "locale": _("language")}
        return _(", ").join(names.get(str(one), str(one)) for one in changed)
    return ""
