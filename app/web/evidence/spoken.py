"""What colleagues said about a case, as it stood when its evidence was made: beside the record."""

from app.web.cases.standing import Standing
from app.web.files.sheets import Sheet, Value
from app.web.tongue import _
from app.web.words import name_of
from app.workflow import comments
from app.workflow.comments import Said

NAME = "comments/comments"


def comments_of(standing: Standing) -> Sheet:
    """Every comment with its author; files by name and sum, since their author can erase them."""
    headings = [_("When"), _("Who"), _("Words"), _("Photographs and files")]
    return Sheet(NAME, headings, [_row(one) for one in comments.of(standing.case.id)])


def _row(one: Said) -> list[Value]:
    files = (f"{kept.name} (SHA-256 {kept.sha256})" for kept in one.files)
    words = _("The text was erased.") if one.text is None else one.text
    return [one.at, name_of(one.person_id), words, ", ".join(files)]
