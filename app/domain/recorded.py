"""Rows that lead back: to the step of a process that wrote them, to who caused it, and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import cause, clock
from app.kernel.db import Instant, Model


class Recorded(Model):
    """What a step wrote down; a row knows its step as soon as it is made, and needs one.

    The three columns stand behind a table's own.
    """

    __abstract__ = True

    effect_key: Mapped[str] = mapped_column(String(400), sort_order=1)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), sort_order=1)
    recorded_at: Mapped[datetime] = mapped_column(Instant, sort_order=1)

    def __init__(self, **facts: Any) -> None:
        by = cause.current()
        super().__init__(
            effect_key=by.effect_key, person_id=by.person_id, recorded_at=clock.now(), **facts
        )
