"""The people one can be in the practice company; nobody anywhere else."""

from flask import current_app

from app.domain import founding
from app.identity import memberships, people
from app.identity.people import Person
from app.kernel.errors import N_, NotFound
from app.web.tongue import _
from app.web.words import role_title

_WHY = {
    "buyer": N_("Sees what was counted against her orders; decides on what came too much"),
    "warehouse_keeper": N_("Checks trucks in, counts blindly, puts goods on the shelf"),
    "warehouse_manager": N_("Decides on late counts and full bins; imports opening stock"),
    "inspector": N_("Accepts or rejects what was counted; identifies duplicate codes"),
    "qc_manager": N_("Gets what no inspector judged in time"),
    "finance": N_("Opens the proof and follows a number down to its step"),
    "administrator": N_("Sees every room; retries what failed"),
    "supplier": N_("Sees their own orders and nothing else; confirms, ships, prints labels"),
    "analyst": N_("Reads every case beside its diagram"),
    "planner": N_("Reads what the plan recommends, and why"),
    "purchasing_manager": N_("Approves orders and odd prices; decides when goods do not come"),
    "general_manager": N_("Decides where a manager or finance did not in time"),
    "customer_service": N_("Tells customers of recalled goods they have"),
}


def people_to_be() -> list[dict[str, str]]:
    """A card for each person of the practice company: name, job, why look."""
    return [_card(person) for person in people.everyone()] if is_practice() else []


def person_to_be(username: str) -> Person:
    """The person behind a card.

    Raises:
        NotFound: this is no practice company, or nobody there is called that.
    """
    if not is_practice():
        raise NotFound
    return people.named(username)


def is_practice() -> bool:
    """A company that somebody set up as their own is none, whatever the settings say."""
    return bool(current_app.config["HOUTAI"].demo) and not founding.is_founded()


def _card(person: Person) -> dict[str, str]:
    roles = sorted({role for role, _scope in memberships.of(person.id)})
    why = next((_WHY[role] for role in roles if role in _WHY), "")
    return {
        "username": person.username,
        "name": person.name,
        "job": _(", ").join(role_title(role) for role in roles[:2]),
        "why": _(why) if why else "",
    }
