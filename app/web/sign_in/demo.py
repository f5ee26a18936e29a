"""The people one can be in the practice company; none anywhere else."""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from app.identity import people
from app.identity.people import Person
from app.kernel.errors import NotFound
from app.web.words import title


def people_to_be() -> list[dict[str, str]]:
    """A card for each person of the practice company: name, job, why look."""
    return [
        {
            "username": str(one["username"]),
            "name": str(one["name"]),
            "job": title(one.get("job")),
            "why": title(one.get("why")),
        }
        for one in _cast()
    ]


def person_to_be(username: str) -> Person:
    """The person behind a card.

    Raises:
        NotFound: this is no practice company, or nobody there is called that.
    """
    if username not in {one["username"] for one in _cast()}:
        raise NotFound
    return people.named(username)


def _cast() -> tuple[Mapping[str, Any], ...]:
    settings = current_app.config["HOUTAI"]
    return tuple(current_app.config.get("DEMO_PEOPLE", ())) if settings.demo else ()
