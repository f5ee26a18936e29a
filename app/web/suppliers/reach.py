"""Who of the house sees what of a supplier: prices are for who buys, accounts for who pays."""

from app.domain.numbers import NoSuchDocument
from app.domain.sourcing import proposals
from app.domain.sourcing.proposals import Proposal
from app.web.session import current_person, my_roles

_PRICES = frozenset({"administrator", "planner", "buyer", "purchasing_manager", "finance"})
_BANK = frozenset({"finance"})


def tabs() -> frozenset[str]:
    """The parts of a supplier's page that are open to the reader."""
    every = {"record", "facts", "orders", "changes"}
    return frozenset(every | ({"agreements"} if _PRICES & my_roles() else set()))


def sees_bank() -> bool:
    return bool(_BANK & my_roles())


def sees(found: Proposal) -> bool:
    """Whether the reader may read what is proposed: their own, and what their roles decide on."""
    if found.proposed_by == current_person().username:
        return True
    if found.kind == "bank_details":
        return sees_bank()
    return found.kind != "prices" or bool(_PRICES & my_roles())


def proposal(number: str) -> Proposal:
    """A proposal the reader may read.

    Raises:
        NoSuchDocument: there is none, as far as they are concerned.
    """
    found = proposals.by_number(number)
    if not sees(found):
        raise NoSuchDocument(number=number)
    return found
