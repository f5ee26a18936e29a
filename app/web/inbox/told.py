"""How many lines wait above a person's inbox: shown on every page, and counted on as they come."""

from collections.abc import Sequence

from flask import Flask

from app.web.inbox.notices import Line
from app.web.session import current_person, person_or_none
from app.workflow import unseen


def register(app: Flask) -> None:
    """Let the frame of every page ask for the number."""
    app.jinja_env.globals.update(told_number=number)


def number() -> int:
    """Lines the person signed in has not looked at."""
    person = person_or_none()
    return unseen.number(person.id) if person else 0


def counted(lines: Sequence[Line]) -> int:
    """The same where all lines are at hand; a page that shows the latest few has to ask."""
    return len(lines) if len(lines) < unseen.MOST else number()


def newest(lines: Sequence[Line]) -> dict[str, int]:
    """The last of what stands on a page, as its address says it when it asks for news."""
    return {
        "told": max((one.told for one in lines), default=0),
        "called": max((one.called for one in lines), default=0),
    }


def since(told: int, called: int) -> int:
    """How many came after those."""
    return unseen.number(current_person().id, told=told, called=called)
