"""What a process says about its cases being cancelled by hand: by whom, what is tidied, why not."""

from collections.abc import Mapping

from sqlalchemy import exists, select

from app.identity import memberships
from app.kernel import cause
from app.kernel.db import db
from app.kernel.errors import N_, Refusal
from app.workflow import effects, looking, rights
from app.workflow.cases import Case
from app.workflow.records import EffectRow, HistoryRow, ProcessInstance
from app.workflow.spiff.sandbox import contract
from app.workflow.steps import STARTED, Step

# Properties of a process. `cancel` names the effect that tidies, or says that nothing is held; the
# effect is given the reason, and of the case's data what its parameters are called.
TIDY, SAYS, INSTEAD, BY = "cancel", "cancel.says", "cancel.instead", "cancel.by"
NOTHING = "nothing"
PLACE = "cancellation"
REASON = "reason"


class NotByHand(Refusal):
    """Goods or money would be left that nobody looks after; `instead` says what to do."""

    code = "not_cancelled_by_hand"
    message = N_("This case is not cancelled by hand. {instead}")


class NobodySaysHow(Refusal):
    """Something was done already, and the process does not say how it is undone."""

    code = "nobody_says_how"
    message = N_(
        "This case has already changed something, and its process does not say what to tidy when it"
        " is cancelled. Complete its tasks instead."
    )


def may(case: Case | ProcessInstance, process: Mapping[str, str], person_id: int) -> bool:
    """Whether the person runs the house there, or has a role the process names."""
    roles = rights.OPERATORS | frozenset(process.get(BY, "").split())
    held = memberships.of(person_id)
    return any(rights.holds(held, role, case.scope) for role in roles)


def check(case_id: int, process: Mapping[str, str]) -> None:
    """Refuse where only the process itself can close what is open.

    What somebody began by hand and what changed nothing yet may always be given up.
    """
    is_changed = _changed_something(case_id)
    if not is_changed and _began_by_hand(case_id):
        return
    if INSTEAD in process:
        raise NotByHand(instead=texts(process, INSTEAD))
    if is_changed and TIDY not in process:
        raise NobodySaysHow


def tidy(step: Step, reason: str) -> list[str]:
    """Let the process put away what the case holds; the marks of what happened, for its history."""
    name = step.case.blueprint.parsed.properties.get(TIDY, NOTHING)
    if name == NOTHING:
        return []
    key = f"{step.case.id}:{PLACE}:0"
    why = cause.Cause(key, step.case.id, PLACE, step.trigger.person_id)
    known = {**contract.plain(looking.data(step.case)), REASON: reason}
    given = {each: known.get(each) for each in effects.parameters(name)}
    effects.happen(effects.Run(name, given, why, step.edition, step.at))
    return [PLACE]


def texts(process: Mapping[str, str], name: str) -> Mapping[str, str]:
    """A sentence of the process in every language it has."""
    if name not in process:
        return {}
    start = f"{name}."
    other = {key: text for key, text in process.items() if key.startswith(start)}
    return {"en": process[name], **{key.removeprefix(start): other[key] for key in other}}


def _changed_something(case_id: int) -> bool:
    own = (EffectRow.key >= f"{case_id}:", EffectRow.key < f"{case_id};")
    return bool(db.session.scalar(select(exists().where(*own))))


def _began_by_hand(case_id: int) -> bool:
    first = select(HistoryRow.kind).filter_by(instance_id=case_id, edition=1, n=0)
    return db.session.scalar(first) == STARTED
