"""Cases begun by hand: the same page sent twice begins one case."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.kernel import outbox
from app.kernel.db import db
from app.kernel.outbox import Message
from app.workflow import instances
from app.workflow.messages import CONSUMED
from app.workflow.records import ProcessInstance

NAME = "begun_by_hand"
_LONGEST = 60


def once(
    key: str, data: Mapping[str, Any], *, at: str | None, by: int, token: str
) -> ProcessInstance:
    """As `instances.start`; with a token of the same person seen before, the case it began.

    The token is kept like a message's key, so that of two clicks at once only one wins.
    """
    own_key = f"{NAME}:{by}:{token[:_LONGEST]}"
    message_id = outbox.keep(own_key, name=NAME, status=CONSUMED)
    if message_id is None:
        return instances.get(_begun(own_key))
    case = instances.start(key, data, at=at, by=by)
    db.session.get_one(Message, message_id).consumer_id = case.id
    return case


def _begun(own_key: str) -> int:
    return db.session.scalar(select(Message.consumer_id).filter_by(key=own_key)) or 0
