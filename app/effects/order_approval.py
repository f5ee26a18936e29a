"""Approving an order: whose approval it needs, what they said, and what follows from it."""

from app.domain.sourcing import order_approvals
from app.effects import order_papers
from app.effects.papers import Paper
from app.identity.people import Person
from app.kernel import cause
from app.kernel.db import db
from app.workflow import nudges
from app.workflow.effects import effect

ASKED = {
    "manager": (order_approvals.MANAGER,),
    "manager_and_finance": (order_approvals.MANAGER, order_approvals.FINANCE),
}


@effect
def check_amount(order: Paper) -> Paper:
    """What the order is worth in our currency, and whether it asks for more than was approved.

    Raises:
        NoRate: nobody entered what its currency is worth.
    """
    version = order_papers.version_of(order)
    amount = order_approvals.in_our_currency(version)
    return {
        "amount": f"{amount.amount:f}",
        "currency": amount.currency,
        "asks_for_more": order_approvals.asks_for_more(version),
        "outcome": None,
    }


@effect
def remind(step: str) -> int:
    """Put the step on top of its people's inboxes; how many tasks that were."""
    return nudges.nudge(step)


@effect
def record(order: Paper, level: str, decision: str, reason: str | None) -> Paper:
    """Keep one decision, and for whom it was taken.

    Raises:
        OwnOrder, DecidedAlready: four eyes.
        ReasonNeeded: it goes back without a word.
    """
    version = order_papers.version_of(order)
    order_approvals.decide(version, level, decision, reason=reason or "")
    person = db.session.get_one(Person, cause.current().person_id)
    return {"level": level, "decision": decision, "reason": reason or "", "by": person.name}


@effect
def see_silent(order: Paper, approvers: str) -> list[Paper]:
    """Who was asked and did not decide: what somebody above them answers for."""
    version = order_papers.version_of(order)
    asked = ASKED[approvers]
    return [{"level": level} for level in order_approvals.undecided(version, asked)]


@effect
def record_for(order: Paper, silent: list[Paper], decision: str, reason: str | None) -> Paper:
    """Keep one decision for each level that was silent.

    Raises:
        OwnOrder, DecidedAlready: four eyes.
        ReasonNeeded: it goes back without a word.
    """
    votes = [record(order, str(each["level"]), decision, reason) for each in silent]
    return votes[-1]


@effect
def turn_down(order: Paper, vote: Paper) -> Paper:
    """The order goes back to its buyer with the reason."""
    outcome = "refused" if vote["decision"] == order_approvals.REFUSE else "sent_back"
    return {**vote, "outcome": outcome, "version_id": order["version_id"]}


@effect
def finish(order: Paper) -> Paper:
    """Nobody's approval is missing any more.

    Raises:
        NotApproved: somebody's is, whatever the diagram says.
    """
    version = order_papers.version_of(order)
    order_approvals.check_complete(version)
    return {"outcome": "approved", "version_id": version.id}
