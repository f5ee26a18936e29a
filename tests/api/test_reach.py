"""Every route of the API × every role: what is another's does not exist, the rest is refused.

The routes come from the URL map, so a new one joins by itself; one with an argument that nobody
knows here fails until it is told what stands in it.
"""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from app.identity.api_keys import RESOURCES, SCOPES
from app.kernel.db import db, in_transaction
from app.web.addresses import API
from app.workflow.records import ProcessInstance, Task
from tests.api.program import Program, a_program
from tests.builders.deliveries import a_notice, an_order
from tests.builders.goods import a_sku
from tests.pages.conftest import a_visitor

GOODS = {
    "administrator", "operator", "analyst", "planner", "buyer", "purchasing_manager", "finance",
    "warehouse_keeper", "warehouse_manager", "inspector", "qc_manager",
}  # fmt: skip
ROLES = sorted(GOODS | {"supplier"})
OFFICE = {"administrator", "operator", "analyst"}
WHO_ENTERS = {
    "tasks": GOODS | {"supplier"},
    "attachments": GOODS | {"supplier"},
    "messages": {"administrator", "operator"},
    "incidents": {"administrator", "operator"},
    "imports": {"administrator", "planner", "buyer", "purchasing_manager", "warehouse_manager"},
}
BODIES = {
    "api_messages.send_message": {"name": "asn_announced", "about": "X", "key": "1"},
    "api_processes.publish_version": {"files": [{"name": "x.bpmn", "content": "<x/>"}]},
    "api_cases.cancel_case": {"reason": "X"},
    "api_incidents.dismiss_letter": {"reason": "X"},
    "api_incidents.dismiss_message": {"reason": "X"},
    "api_tasks.assign_task": {"username": "nobody"},
    "api_imports.preview_import": {"csv": "code\nX\n"},
    "api_imports.keep_import": {"csv": "code\nX\n"},
}
OF_ONE_SITE = {"tasks.task_id", "cases.case_id", "orders.number", "asns.number"}


@dataclass(frozen=True)
class Route:
    """One method at one address."""

    method: str
    rule: str
    endpoint: str
    arguments: frozenset[str]

    @property
    def resource(self) -> str:
        return self.rule.split("/")[1]

    @property
    def names(self) -> set[str]:
        return {f"{self.resource}.{one}" for one in self.arguments}

    def asked(self, program: Program, things: dict[str, str]) -> tuple[int, str]:
        """Status and text of the answer."""
        path = re.sub(
            r"<(?:[^:>]+:)?(\w+)>", lambda at: things[f"{self.resource}.{at[1]}"], self.rule
        )
        body = BODIES.get(self.endpoint, {}) if self.method in {"POST", "PUT"} else None
        answer = program.ask(self.method, path, body=body)
        return answer.status_code, answer.text


@pytest.fixture
def routes(app: Flask) -> list[Route]:
    found = [
        Route(method, rule.rule.removeprefix(API), rule.endpoint, frozenset(rule.arguments))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(API) and rule.endpoint != "api.openapi"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    assert {route.resource for route in found} == set(RESOURCES)
    return found


@pytest.fixture
def things(app: Flask) -> dict[str, str]:
    """What stands in an address: of the warehouse MAIN where it belongs to one."""

    def step() -> dict[str, str]:
        order = an_order((a_sku(), 10))
        return {"orders.number": order.number, "asns.number": a_notice(order, FLOUR=10).number}

    numbers = in_transaction(step)
    return {
        **numbers,
        "tasks.task_id": str(db.session.scalar(select(Task.id))),
        "cases.case_id": str(db.session.scalar(select(ProcessInstance.id))),
        "attachments.attachment_id": "1",
        "incidents.incident_id": "1",
        "incidents.letter_id": "1",
        "incidents.message_id": "1",
        "processes.key": "receiving",
        "products.sku": "FLOUR",
        "stock.sku": "FLOUR",
        "suppliers.code": "BOREA",
        "imports.kind": "products",
    }


def test_nothing_answers_without_a_key_that_lives(
    app: Flask, routes: list[Route], things: dict[str, str], stranger: Program
) -> None:
    forged = Program(app, "houtai_0123456789ab_x")

    for program in (stranger, forged):
        answers = {route.asked(program, things)[0] for route in routes}
        assert answers == {401}


def test_a_cookie_opens_nothing(app: Flask, routes: list[Route], things: dict[str, str]) -> None:
    olga = a_visitor(app, "olga", "administrator", scope="*")
    program = Program(app, "")
    program.client = olga.client

    assert {route.asked(program, things)[0] for route in routes} == {401}


def test_a_key_opens_what_its_scopes_name(
    app: Flask, routes: list[Route], things: dict[str, str]
) -> None:
    for scope in SCOPES:
        narrow = a_program(app, "olga", "administrator", scope="*", scopes=[scope])
        for route in routes:
            deed = "read" if route.method == "GET" else "write"
            if f"{route.resource}:{deed}" != scope and scope.endswith(":read"):
                status, text = route.asked(narrow, things)
                assert (status, "key_too_narrow" in text) == (403, True), (scope, route)


def test_a_room_is_closed_to_other_roles(
    app: Flask, routes: list[Route], things: dict[str, str]
) -> None:
    for role in ROLES:
        sam = a_program(app, role, role, scope="supplier:BOREA" if role == "supplier" else "*")
        closed = [one for one in routes if role not in WHO_ENTERS.get(one.resource, GOODS)]
        lists = [
            one for one in routes if one not in closed and one.method == "GET" and not one.arguments
        ]

        refused = {route: route.asked(sam, things)[0] for route in closed}
        read = {route: route.asked(sam, things)[0] for route in lists}

        wanted = 404 if role == "supplier" else 403
        assert {(role, route): told for route, told in refused.items() if told != wanted} == {}
        assert {(role, route): told for route, told in read.items() if told != 200} == {}


def test_what_belongs_to_another_site_does_not_exist(
    app: Flask, routes: list[Route], things: dict[str, str]
) -> None:
    numbers = (things["orders.number"], things["asns.number"])
    lists = [one for one in routes if not one.arguments and one.method == "GET"]
    for role in ROLES:
        elsewhere = "supplier:NOVA" if role == "supplier" else "site:NORTH"
        sam = a_program(app, role, role, scope=elsewhere)
        mine = [one for one in routes if role in WHO_ENTERS.get(one.resource, GOODS)]
        foreign = [one for one in mine if one.names & OF_ONE_SITE and not _is_read(one, role)]

        told = {route: route.asked(sam, things)[0] for route in foreign}
        listed = {one: one.asked(sam, things)[1] for one in lists if not _is_read(one, role)}

        assert {(role, route): status for route, status in told.items() if status != 404} == {}
        leaks = [one for one, text in listed.items() if any(each in text for each in numbers)]
        assert (role, leaks) == (role, [])


def test_what_is_at_one_s_own_site_is_there(
    routes: list[Route], things: dict[str, str], bruno: Program
) -> None:
    shown = [one for one in routes if one.method == "GET" and one.names & OF_ONE_SITE]

    assert {route.asked(bruno, things)[0] for route in shown} == {200}
    assert len(shown) >= 5


def test_a_task_of_another_role_is_not_touched(
    app: Flask, routes: list[Route], things: dict[str, str]
) -> None:
    deeds = [one for one in routes if one.resource == "tasks" and one.method != "GET"]
    assert len(deeds) >= 5
    for role in sorted(GOODS - {"warehouse_keeper"}):
        sam = a_program(app, role, role, scope="site:MAIN")

        told = {route: route.asked(sam, things)[0] for route in deeds}

        done = [one for one, status in told.items() if status not in {403, 404}]
        assert (role, [one for one in done if not _is_harmless(one, role)]) == (role, [])
        task = db.session.get_one(Task, int(things["tasks.task_id"]), populate_existing=True)
        assert (task.element_id, task.holder_id) == ("check_in_truck", None)


def _is_read(route: Route, role: str) -> bool:
    """The office reads every case, wherever it is."""
    return role in OFFICE and route.resource == "cases"


def _is_harmless(route: Route, role: str) -> bool:
    """Who oversees a task may keep a draft of their own, release what nobody holds, ask nobody."""
    overseers = OFFICE | {"warehouse_manager"}
    return role in overseers and route.rule.endswith(("/draft", "/release", "/assignment"))
