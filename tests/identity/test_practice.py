"""The people of the practice company."""

import pytest

from app.demo import people as cast
from app.identity import people, roles
from app.kernel.db import in_transaction


@pytest.mark.usefixtures("app")
def test_who_sells_to_the_practice_company_is_none_of_ours() -> None:
    in_transaction(_engage)

    parties = {person.username: person.party for person in people.everyone() if person.party}

    assert parties == {"yeh": "supplier:BOREA", "chou": "supplier:HONGSHENG"}


def _engage() -> None:
    for each in cast.CAST:
        for role, _ in each.roles:
            roles.ensure(role, {})
    cast.engage()
