"""Forms of user tasks: the form-js dialect parsed, shown by templates, checked by the server."""

from app.workflow.forms.errors import Complaint, Finding, FormRefused, InvalidAnswers
from app.workflow.forms.form import Form
from app.workflow.forms.occasion import Occasion
from app.workflow.forms.schema import load, parse

__all__ = [
    "Complaint",
    "Finding",
    "Form",
    "FormRefused",
    "InvalidAnswers",
    "Occasion",
    "load",
    "parse",
]
