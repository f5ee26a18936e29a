"""Changing what we know of a supplier: a second person approves, refuses, or it is withdrawn."""

from app.domain.sourcing import master_data, proposals
from app.domain.supply import correspondence
from app.effects import price_letters
from app.kernel import clock
from app.workflow.effects import effect


@effect
def apply_change(proposal_no: str) -> str:
    """Let the supplier's facts be what was proposed."""
    found = proposals.by_number(proposal_no)
    master_data.apply(found)
    return found.status


@effect
def record_refusal(proposal_no: str, reason: str) -> str:
    """Write down that nothing changes, and why."""
    return proposals.decide(proposals.by_number(proposal_no), "refused", reason=reason)


@effect
def record_withdrawal(proposal_no: str) -> str:
    """Write down that who proposed wants no answer any more."""
    return proposals.decide(proposals.by_number(proposal_no), "withdrawn")


@effect
def give_up(proposal_no: str, reason: str) -> str:
    """The case is cancelled: what waits for an answer is withdrawn."""
    return proposals.give_up(proposal_no, reason=reason)


@effect
def warn_supplier(proposal_no: str) -> str:
    """Tell the supplier at the address we knew that their account changed; when, if we know one.

    Whoever redirects payments by a forged letter does not read this one.
    """
    supplier = proposals.by_number(proposal_no).supplier
    sent = correspondence.send(supplier, price_letters.new_account(supplier))
    return clock.now().isoformat() if sent else ""
