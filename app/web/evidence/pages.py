"""The evidence of a case as a download."""

from flask import Blueprint, Response, send_file
from flask.typing import ResponseReturnValue

from app.kernel.errors import N_, NotAllowed
from app.web import words
from app.web.cases import blind, naming, standing, visible
from app.web.evidence import packing

rooms = Blueprint("evidence", __name__)


class HiddenWhileCounted(NotAllowed):
    """It says what there should be."""

    code = "evidence_hidden"
    message = N_("The evidence stays closed to those who count until the count is in.")


@rooms.get("/cases/<int:case_id>/evidence")
def download(case_id: int) -> ResponseReturnValue:
    """Everything the reader may see of the case, in one archive.

    Raises:
        HiddenWhileCounted: the reader still has to count goods of it blindly.
    """
    case = visible.case(case_id)
    if blind.hides(case):
        raise HiddenWhileCounted
    name = packing.file_name(f"evidence-{naming.name(case)}-{case.id}.zip")
    with words.on_paper():
        packed = packing.packed(standing.of(case))
    answer: Response = send_file(
        packed, mimetype="application/zip", as_attachment=True, download_name=name
    )
    return answer
