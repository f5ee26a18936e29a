"""A small company whose people shelve flour: real cases, real ledger, nothing faked."""

import secrets
from decimal import Decimal
from functools import partial
from pathlib import Path

from app.domain.catalog import skus
from app.domain.inventory import ledger, places
from app.domain.inventory.ledger import Line
from app.identity import memberships, people, roles
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.workflow import definitions, instances
from app.workflow.effects import effect
from tests.builders.goods import a_bin, a_sku, stock

WORKERS = ("bruno", "ines")
# Set by the harness in a worker that is to be caught: the effect then happens in a
# transaction of its own, before the completion it belongs to.
faults = {"planted": False}


@effect
def fill_dock(bags: int) -> dict[str, int]:
    """What lay on the dock before the first day."""
    stock(skus.by_code("FLOUR"), bags, at=places.location("DOCK"))
    return {"bags": bags}


@effect
def carry(unit: str, source: str, target: str) -> dict[str, str]:
    """One bag goes from `source` to `target`."""
    if not faults["planted"]:
        carry_now(unit, source, target)
    return {"at": target}


def carry_now(unit: str, source: str, target: str) -> None:
    """Book one bag; `unit` is the case's own number."""
    line = Line(skus.by_code("FLOUR"), places.location(source), places.location(target), Decimal(1))
    ledger.move([line], reason="moved", document=unit)


def found(bags: int) -> None:
    """Two people, a dock with `bags` of flour, and the process; cases come from the workers."""
    in_transaction(_people)
    in_transaction(_places)
    for key in ("founding", "shelving"):
        diagram = Path(__file__).with_name(f"{key}.bpmn")
        files = {diagram.name: diagram.read_bytes()}
        in_transaction(partial(definitions.deploy, key, files, by=None))
    in_transaction(lambda: instances.start("founding", {"bags": bags}))


def a_case() -> int:
    """A new case, open at its first task; its number."""
    unit = f"U-{secrets.token_hex(6)}"
    return in_transaction(lambda: instances.start("shelving", {"unit": unit}).id)


def worker(name: str) -> Person:
    """One of `WORKERS`."""
    return people.named(name)


def _people() -> None:
    roles.ensure("warehouse_keeper", {"en": "Warehouse keeper"})
    for name in WORKERS:
        person = people.add(name, name=name.title())
        memberships.grant(person, "warehouse_keeper", by=None)


def _places() -> None:
    a_sku("FLOUR")
    for code in ("DOCK", "SHELF", "VAN"):
        a_bin(code)
