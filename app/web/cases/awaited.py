"""Whom a task waits for, for how long already, and how long that usually takes."""

from app.identity import memberships
from app.kernel import calendars, clock
from app.web.cases import naming
from app.web.cases.standing import Standing
from app.web.tongue import _
from app.web.words import company, name_of, role_title, worked
from app.workflow import rights, usual_times
from app.workflow.records import Task

# Roles that are called by their room: no article stands before those.
_ROOMS = frozenset({"finance", "customer_service"})


def since(task: Task) -> str:
    """Waiting 3 hours for Hongsheng to confirm order; in working time, like what is usual."""
    waited = calendars.of_scope(task.scope).between(task.opened_at, clock.now())
    title = naming.element_title(task.definition_id, task.element_id)
    return _(
        "Waiting %(long)s for %(who)s to %(what)s",
        long=worked(waited, task.scope),
        who=whose_is(task),
        what=_inside(title),
    )


def usually(standing: Standing, task: Task) -> str:
    """How long the step takes as a rule; nothing when too few were finished to say."""
    usual = usual_times.usual(standing.blueprint.parsed.key, task.element_id)
    return _("usually %(long)s", long=worked(usual, task.scope)) if usual is not None else ""


def whose_is(task: Task) -> str:
    """Who holds the task, or else who may do it."""
    return name_of(task.holder_id) or whose(task.role, task.scope, excluded=task.excluded)


def whose(role: str, scope: str, *, excluded: str | None = None) -> str:
    """The company, the one person who may act in the role there, or the role.

    `excluded` are those whom four eyes keep out, as a task's row keeps them.
    """
    if found := company(scope):
        return found
    holders = memberships.holders(role, scope)
    people = [one for one in holders if not rights.is_excluded(excluded, one.id)]
    if len(people) == 1:
        return people[0].name
    title = _inside(role_title(role))
    return title if role in _ROOMS else _("the %(role)s", role=title)


def _inside(title: str) -> str:
    """A title within a sentence: "Confirm order" begins small, "QC manager" does not."""
    is_word = title[1:2].islower() or title[1:2].isspace()
    return f"{title[:1].lower()}{title[1:]}" if is_word else title
