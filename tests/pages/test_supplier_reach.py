"""Route by route and object by object: what is one supplier's does not exist for another."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app.domain.catalog.products import Sku
from app.domain.sourcing import labels, master_data
from app.domain.supply import suppliers
from app.domain.supply.asns import Asn
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.receipts import Receipt
from app.domain.supply.return_documents import SupplierReturn
from app.identity import passwords, people
from app.kernel import attachments
from app.kernel.db import db, in_transaction
from app.workflow.records import ProcessInstance, Task
from tests.builders.goods import a_bin, a_sku
from tests.builders.office import a_person
from tests.pages.conftest import a_visitor
from tests.pages.visitor import PASSWORD, Visitor
from tests.processes.play import PNG
from tests.processes.returning import authorise, three_rejected
from tests.workflow.play import Case

# What is everybody's: the door, one's own page and inbox, the search over what is one's own.
OWN = frozenset(
    {"sign_in", "language", "me", "keys", "more", "inbox", "search", "static", "live"}
    | {"welcome", "start", "api_page"}
)
# Programs bring a key of their own; without one they are not even told what there is.
NO_KEY = "/api"
CODE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
Objects = Mapping[str, list[str]]


@pytest.fixture
def flour(app: Flask) -> Sku:
    return in_transaction(lambda: (a_sku("FLOUR"), a_bin("A-01"))[0])


@pytest.fixture
def theirs(app: Flask, flour: Sku, bruno: Visitor, lee: Visitor, chloe: Visitor) -> Objects:
    """Everything Borea has: orders, a notice, labels, a receipt, a return, a task, a proposal."""
    sven = a_person("sven", "supplier", scope="supplier:BOREA")
    case = three_rejected(flour, counted_by=bruno.person, inspected_by=lee.person)
    authorise(case, chloe.person, "ask", quantity="3")
    order = case.data["po_no"]
    asked = {"po_no": order, "scope": "supplier:BOREA", "rows": []}
    in_transaction(lambda: setattr(_order(order), "status", "open"))
    Case.start("shipment_notice", asked, by=sven.id)
    in_transaction(lambda: _leave(sven.id, chloe.username))
    return _objects()


@pytest.fixture
def nora(app: Flask) -> Visitor:
    """Sells for another supplier."""
    in_transaction(lambda: suppliers.add("OTHER", name="Other").id)
    return a_visitor(app, "nora", "supplier", scope="supplier:OTHER")


def test_what_is_anothers_does_not_exist(app: Flask, nora: Visitor, theirs: Objects) -> None:
    answers = {
        f"{method} {path}": _asked(nora, method, path) for method, path in _addresses(app, theirs)
    }

    assert len(answers) > 150
    assert {
        asked: status for asked, status in answers.items() if status not in _refusals(asked)
    } == {}


def test_the_objects_are_all_there(theirs: Objects) -> None:
    """An empty list would prove nothing."""
    assert {name for name, found in theirs.items() if not found} == set()


def test_what_is_everybodys_tells_nothing_of_anothers(nora: Visitor, theirs: Objects) -> None:
    words = [word for name in ("number", "q") for word in theirs[name]]
    pages = [nora.get("/inbox"), nora.get("/portal"), nora.get("/me")]
    for word in words:
        found = nora.get(f"/search?q={word}")
        assert found.links("/tasks") == found.links("/portal/") == found.links("/cases") == []
    for page, word in product(pages, words):
        assert word not in page.text


def test_borea_itself_reaches_its_own_order_and_notice(app: Flask, theirs: Objects) -> None:
    sven = Visitor(app)
    hashed = passwords.hashed(PASSWORD)
    in_transaction(lambda: setattr(people.named("sven"), "password_hash", hashed))
    sven.sign_in("sven")

    assert [sven.get(f"/portal/orders/{one}").status for one in theirs["order"]] == [200]
    assert [sven.get(f"/portal/notices/{one}").status for one in theirs["notice"]] == [200]


def _addresses(app: Flask, objects: Objects) -> Iterator[tuple[str, str]]:
    """Every address that names a thing or belongs to a room of the house, filled with theirs."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in OWN or rule.rule.endswith("/openapi.json"):
            continue
        is_own_page = rule.endpoint == "portal.index"
        names_nothing = not CODE.search(rule.rule)
        if is_own_page or (names_nothing and rule.endpoint in {"forms.upload", "health"}):
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield from ((method, path) for path in _filled(rule, objects))


def _filled(rule: Rule, objects: Objects) -> Iterator[str]:
    names = [found[2] for found in CODE.finditer(rule.rule)]
    for values in product(*(objects.get(name) or objects["number"] for name in names)):
        yield CODE.sub(partial(_next, iter(values)), rule.rule)


def _refusals(asked: str) -> set[int]:
    """How an address that is not theirs may answer."""
    return {401, 404} if f" {NO_KEY}/" in asked else {404}


def _next(values: Iterator[str], _found: re.Match[str]) -> str:
    return next(values)


def _asked(visitor: Visitor, method: str, path: str) -> int:
    if method == "GET":
        return visitor.get(path).status
    return visitor.post(path, {"kind": "carton", "cartons": "1", "agreement": "agree"}).status


def _objects() -> Objects:
    def keys(column: Any) -> list[str]:
        return [str(one) for one in db.session.scalars(select(column))]

    orders = keys(PurchaseOrder.number)
    notices = keys(Asn.number)
    receipts = [one.number for one in db.session.scalars(select(Receipt))]
    returns = [one.number for one in db.session.scalars(select(SupplierReturn))]
    tasks = [
        str(one)
        for one in db.session.scalars(select(Task.id).where(Task.scope == "supplier:BOREA"))
    ]
    numbers = [*orders, *notices, *receipts, *returns]
    return {
        "order": orders,
        "notice": notices,
        "number": numbers,
        "q": [*orders, *notices],
        "task_id": tasks,
        "case_id": keys(ProcessInstance.id),
        "print_id": keys(labels.LabelPrint.id),
        "attachment_id": keys(attachments.Attachment.id),
        "file_id": keys(attachments.Attachment.id),
        "code": ["BOREA", "FLOUR"],
        "kind": ["supplier", "master_data", "purchase_order"],
    }


def _leave(seller: int, buyer: str) -> None:
    """Labels, a file and a proposal of theirs."""
    notice = db.session.scalars(select(Asn)).one()
    labels.write_down(notice, "carton", 2, reason="", by=seller)
    attachments.keep("gate.png", PNG, by=seller)
    changed = {"phone": "02 1234"}
    master_data.propose(suppliers.by_code("BOREA"), "master_data", changed, by=buyer)


def _order(number: str) -> PurchaseOrder:
    return db.session.scalars(select(PurchaseOrder).filter_by(number=number)).one()
