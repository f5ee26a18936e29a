"""What cases keep has a name in words, so that history and evidence show no keys of data."""

from collections.abc import Iterator
from decimal import Decimal

from app.domain.catalog.products import Sku
from app.domain.inventory import ledger, places, serials
from app.domain.inventory.ledger import Line
from app.identity.people import Person
from app.web.fact_words import WORDS
from tests.builders.goods import a_site
from tests.builders.steps import in_a_step
from tests.processes.play import an_accepted_delivery
from tests.workflow.play import Case


def test_everything_a_recall_keeps_is_called_by_a_name(
    unit: Sku, bruno: Person, kai: Person, lee: Person
) -> None:
    an_accepted_delivery(unit, 2, by=bruno, inspected_by=kai, serials="A1\nA2")
    in_a_step(lambda: _sell("A2"))
    suspicion = {"scope": "units", "serials": ["A1", "A2"], "reason": "Fins bend"}

    kept = Case.start("recall", {"suspicion": suspicion, "scope": a_site().scope}, by=lee.id).data

    assert {"left_with", "place_kind"} < set(_keys(kept))
    assert set(_keys(kept)) - WORDS.keys() == set()


def _sell(code: str) -> None:
    found = serials.by_code(code)
    ends = found.location, places.location(places.CUSTOMERS)
    line = Line(found.sku, *ends, Decimal(1), "", (code,))
    ledger.move([line], reason="issued", document="SO-1")


def _keys(data: object) -> Iterator[str]:
    inner: list[object] = data if isinstance(data, list) else []
    if isinstance(data, dict):
        yield from data
        inner = list(data.values())
    for one in inner:
        yield from _keys(one)
