"""A play tells what it reached, however its cases ended."""

from app.domain.catalog.products import Sku
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.workflow import instances
from tests.processes import reached
from tests.processes.ordering import a_purchase


def test_what_a_cancelled_case_had_reached_counts(flour: Sku, chloe: Person) -> None:
    case = a_purchase(flour, 100, "10", by=chloe)
    in_transaction(lambda: instances.cancel(case.id, "Begun twice", None))

    found = reached.counted()

    assert found["purchase/write_order"] == 1
    assert found.keys() <= reached.wanted()
    assert reached.ended() == {"purchase cancelled": 1}
