"""What cancelling a case would end, what is tidied, and who may do it."""

from app.kernel.i18n import text_of
from app.web.cases.standing import Standing
from app.web.language import locale_code
from app.web.problems import sentence
from app.web.session import current_person
from app.web.tongue import _, ngettext
from app.workflow import cancelling, definitions
from app.workflow.ending import refusal as refusal_to_cancel
from app.workflow.records import OPEN, ProcessInstance


def may(case: ProcessInstance) -> bool:
    """Whether the reader may end the open case by hand."""
    process = definitions.blueprint(case.definition_id).parsed.properties
    return case.status == OPEN and cancelling.may(case, process, current_person().id)


def effect(standing: Standing) -> str:
    """What ends, and what stays."""
    tasks = len(standing.tasks)
    if not tasks:
        return _("Ends the case; what was booked stays booked.")
    return ngettext(
        "Ends the case and its open task; what was booked stays booked.",
        "Ends the case and its %(num)d open tasks; what was booked stays booked.",
        tasks,
    )


def button(standing: Standing) -> str:
    """What the button that cannot be undone says it does."""
    tasks = len(standing.tasks)
    if not tasks:
        return _("Cancel the case")
    return ngettext("Cancel the case and its task", "Cancel the case and its %(num)d tasks", tasks)


def tidied(standing: Standing) -> str:
    """What its process puts away, in the process' own words."""
    said = cancelling.texts(standing.blueprint.parsed.properties, cancelling.SAYS)
    return text_of(said, locale_code())


def barred(case: ProcessInstance) -> str:
    """Why it cannot be cancelled, and what to do instead; empty when nothing stands against it."""
    refusal = refusal_to_cancel(case.id, current_person().id)
    return sentence(refusal) if refusal else ""
