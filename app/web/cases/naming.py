"""What a case is called: its business number, its process, its state."""

from app.kernel.i18n import text_of
from app.web.language import locale_code
from app.web.tongue import _
from app.workflow import definitions
from app.workflow.records import CANCELLED, FINISHED, OPEN, Definition, ProcessInstance

TONES = {OPEN: "accent", FINISHED: "good", CANCELLED: ""}


def name(case: ProcessInstance) -> str:
    """Its business number, or its own when it has none."""
    return case.business_key or _("Case %(number)s", number=case.id)


def about(case: ProcessInstance) -> str:
    """What else its line says."""
    words = case.subject or ""
    return "" if words == case.business_key else words.removeprefix(f"{case.business_key} · ")


def process_title(definition: Definition) -> str:
    """What its process is called."""
    return text_of(definition.titles, locale_code()) or definition.key


def element_title(definition_id: int, element_id: str | None) -> str:
    """What a step is called."""
    if not element_id:
        return ""
    return definitions.title(definition_id, element_id, locale_code()) or element_id


def state_words(status: str) -> str:
    """Open, finished, cancelled."""
    return {OPEN: _("open"), FINISHED: _("finished"), CANCELLED: _("cancelled")}[status]
