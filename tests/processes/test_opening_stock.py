"""Opening stock promises: what was there before enters the ledger once, as a step of a case."""

from decimal import Decimal

import pytest

from app.domain.catalog.products import Sku
from app.domain.inventory import opening, places
from app.domain.inventory.opening import AlreadyPosted, OpeningLine
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.workflow import incidents
from app.workflow.rights import NotYourRole
from tests.processes.play import break_down, on_hand
from tests.workflow.play import Case


@pytest.fixture
def listed(flour: Sku, maud: Person) -> dict[str, str]:
    """A list that says 40 FLOUR lie at A-01."""
    return {"sheet_no": in_transaction(lambda: _sheet(flour, 40)), "scope": "site:MAIN"}


def test_the_list_is_on_its_shelves(listed: dict[str, str], flour: Sku, maud: Person) -> None:
    case = Case.start("opening_stock", listed, by=maud.id)

    assert case.status == "finished"
    assert on_hand(flour, "A-01") == Decimal(40)


def test_a_list_counts_once(listed: dict[str, str], flour: Sku, maud: Person) -> None:
    Case.start("opening_stock", listed, by=maud.id)

    with pytest.raises(AlreadyPosted):
        Case.start("opening_stock", listed, by=maud.id)

    assert on_hand(flour, "A-01") == Decimal(40)


def test_keepers_do_not_enter_opening_stock(listed: dict[str, str], bruno: Person) -> None:
    with pytest.raises(NotYourRole):
        Case.start("opening_stock", listed, by=bruno.id)


def test_a_list_that_could_not_be_posted_is_posted_later(
    listed: dict[str, str], flour: Sku, maud: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "post", break_down)
    case = Case.start("opening_stock", listed, by=maud.id)
    monkeypatch.undo()

    (incident,) = case.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert on_hand(flour, "A-01") == Decimal(40)


def _sheet(sku: Sku, quantity: int) -> str:
    shelf = places.location("A-01")
    line = OpeningLine(
        line_no=1,
        sku_id=sku.id,
        location_id=shelf.id,
        lot="",
        quantity=Decimal(quantity),
        serials=[],
    )
    return opening.write_down([line], given_by="maud").number
