"""Days are those of the place where something happened, not of Greenwich."""

from datetime import UTC, datetime

from app.domain.catalog.products import Sku
from app.identity.people import Person
from app.kernel import calendars, clock
from app.kernel.calendars import Calendar
from app.kernel.db import in_transaction
from tests.processes.play import a_counted_delivery

TAIPEI = Calendar("Asia/Taipei", calendars.week_of({"mon": ["00:00-24:00"]}))


def test_a_unit_was_seen_on_the_day_its_warehouse_had(unit: Sku, bruno: Person) -> None:
    in_transaction(lambda: calendars.save("taipei", TAIPEI))
    in_transaction(lambda: calendars.assign("site:MAIN", "taipei"))
    with clock.turned_to(datetime(2026, 6, 1, 20, 0, tzinfo=UTC)):
        a_counted_delivery(unit, ordered=1, counted=1, by=bruno, serials="A1")

    again = a_counted_delivery(unit, ordered=1, counted=1, by=bruno, serials="A1")

    (row,) = again.data["booking"]["duplicates"]
    assert "2026-06-02" in row["seen"]
