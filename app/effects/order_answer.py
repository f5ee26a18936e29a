"""The supplier's answer to an order: given on their own page, or told to a buyer."""

from app.domain.supply.promises import PORTAL, TELEPHONE
from app.effects import order_terms
from app.effects.papers import Paper
from app.workflow.effects import effect


@effect
def note_answer(confirmation: Paper) -> Paper:
    """Take the answer as the supplier wrote it."""
    order_terms.check_ahead(confirmation)
    return {**confirmation, "channel": PORTAL}


@effect
def note_call(confirmation: Paper) -> Paper:
    """Take the answer as the buyer heard it."""
    order_terms.check_ahead(confirmation)
    return {**confirmation, "channel": TELEPHONE}
