"""The address at which pages listen."""

from datetime import UTC, datetime

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from app.kernel.errors import NotFound
from app.web.addresses import row_number
from app.web.cases import visible
from app.web.live import hub
from app.web.live.handover import Handover
from app.web.live.streams import Wishes
from app.web.rooms import is_outsider
from app.web.session import current_person, my_memberships

rooms = Blueprint("live", __name__)
_LATEST = 2**33


@rooms.get("/live")
def listen() -> ResponseReturnValue:
    person, case_id = current_person(), request.args.get("case", type=row_number)
    if case_id is not None and is_outsider():
        raise NotFound
    case = visible.case(case_id) if case_id is not None else None
    wishes = Wishes(
        person.id,
        my_memberships(),
        case_id=case.id if case else None,
        edition=request.args.get("edition", case.edition if case else 0, type=row_number),
        since=request.args.get("since", type=_instant),
    )
    return Handover(hub.of(current_app), wishes)


def _instant(seconds: str) -> datetime:
    """Whole seconds since 1970, as the page says when it was drawn."""
    return datetime.fromtimestamp(min(row_number(seconds), _LATEST), UTC)
