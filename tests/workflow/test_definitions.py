"""Definitions: checked before they are published, frozen for the cases that run."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.config import ROOT
from app.identity.people import Person
from app.identity.roles import Role
from app.kernel import policy
from app.kernel.db import db, in_transaction
from app.workflow import definitions, inbox, shipping
from app.workflow.definitions import NoSuchProcess
from app.workflow.records import Definition
from app.workflow.spiff.findings import ParseRefused
from tests.diagrams import bpmn, call, rule, service, user
from tests.workflow.play import Case, deploy, form

COUNT = bpmn(
    "d",
    user("count"),
    flows="begin -> count -> done",
    lanes={"Warehouse keeper": "count"},
    policy__counting__within="PT2H",
)
RECOUNT = COUNT.replace(b'"count"', b'"recount"').replace(b">count<", b">recount<")


def test_a_running_case_keeps_the_version_it_began_with(bruno: Person) -> None:
    deploy(COUNT, "d", {"count": "counted"})
    old = Case.start("d")
    deploy(RECOUNT, "d")
    new = Case.start("d")

    assert (old.open, new.open) == (["count"], ["recount"])
    old.complete("count", by=bruno, counted="1")
    assert old.status == "finished"
    assert in_transaction(lambda: definitions.live("d").version) == 2


def test_deploying_the_same_again_changes_nothing(app: Flask) -> None:
    deploy(COUNT, "d")
    deploy(COUNT, "d")

    assert versions("d") == [(1, "published")]


def test_a_form_is_part_of_the_version(app: Flask) -> None:
    deploy(COUNT, "d", {"count": "counted"})
    deploy(COUNT, "d", {"count": "counted damaged"})

    assert versions("d") == [(1, "retired"), (2, "published")]


def test_deploying_brings_roles_and_policies(app: Flask) -> None:
    diagram = COUNT.replace(b"Warehouse keeper", b"Night porter")

    deploy(diagram, "d")

    role = db.session.get(Role, "night_porter")
    assert role
    assert role.title["en"] == "Night porter"
    assert policy.value("counting.within") == "PT2H"


@pytest.mark.parametrize(
    ("name", "said"),
    [("resting", "nobody set it"), ("weighing", "'soon' is not a duration")],
)
def test_a_task_due_after_a_policy_that_says_nothing_is_refused(
    app: Flask, name: str, said: str
) -> None:
    diagram = bpmn(
        "d",
        user("count"),
        user("weigh", due="policy:weighing.within"),
        flows="begin -> count -> weigh -> done",
        lanes={"Warehouse keeper": "count weigh"},
        policy__weighing__within="soon",
    ).replace(b'"policy.weighing', f'"policy.{name}'.encode())

    with pytest.raises(ParseRefused, match=f"weigh: The policy weighing.within .* {said}"):
        deploy(diagram, "d")


def test_an_unknown_process_cannot_be_started(app: Flask) -> None:
    with pytest.raises(NoSuchProcess):
        Case.start("nothing")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"sku": "'S'"}, "effects.book needs the parameter quantity."),
        ({"sku": "'S'", "quantity": "1", "colour": "'red'"}, "knows no parameter colour"),
    ],
)
def test_a_service_task_gives_exactly_what_its_effect_takes(
    app: Flask, parameters: dict[str, str], said: str
) -> None:
    diagram = bpmn(
        "d", service("book", "effects.book", **parameters), flows="begin -> book -> done"
    )

    with pytest.raises(ParseRefused, match=said):
        deploy(diagram, "d")


def test_a_service_task_names_an_effect_that_exists(app: Flask) -> None:
    diagram = bpmn("d", service("book", "nowhere.at_all"), flows="begin -> book -> done")

    with pytest.raises(ParseRefused, match=r"no effect nowhere\.at_all"):
        deploy(diagram, "d")


def test_a_task_outside_the_lanes_is_nobodys(app: Flask) -> None:
    diagram = bpmn("d", user("count"), flows="begin -> count -> done")

    with pytest.raises(ParseRefused, match="Nobody does it"):
        deploy(diagram, "d")


def test_a_form_without_its_task_or_with_mistakes_is_refused(app: Flask) -> None:
    with pytest.raises(ParseRefused, match="belongs to no step"):
        deploy(COUNT, "d", {"cuont": "counted"})
    framed = form("a").replace(b"textfield", b"iframe")
    files = {"d.bpmn": COUNT, "forms/d/count.json": framed}
    with pytest.raises(ParseRefused, match="not offered"):
        in_transaction(lambda: definitions.deploy("d", files, by=None))


def test_a_called_process_is_frozen_with_its_caller(bruno: Person) -> None:
    caller = bpmn("caller", call("counting", "d"), flows="begin -> counting -> done")
    files = {"caller.bpmn": caller, "d.bpmn": COUNT, "forms/d/count.json": form("counted")}
    in_transaction(lambda: definitions.deploy("caller", files, by=None))
    deploy(RECOUNT, "d")
    case = Case.start("caller")
    (row,) = inbox.page(bruno).rows
    assert row.title("en") == "count"

    case.complete("count", by=bruno, counted="4")

    assert case.status == "finished"


def test_a_definition_is_parsed_once_in_a_process(app: Flask) -> None:
    deploy(COUNT, "d")
    Case.start("d")
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    Case.start("d")

    assert not any("definition_file" in each for each in statements)


def test_shipped_processes_are_published_once(app: Flask, tmp_path: Path) -> None:
    ship(tmp_path, COUNT)

    assert shipped(tmp_path) == ["published"]
    assert shipped(tmp_path) == ["unchanged"]
    ship(tmp_path, RECOUNT)
    assert shipped(tmp_path) == ["published"]
    assert versions("d") == [(1, "retired"), (2, "published")]


def test_over_a_version_of_the_companys_own_a_shipped_one_is_a_draft(
    app: Flask, tmp_path: Path
) -> None:
    ship(tmp_path, COUNT)
    shipped(tmp_path)
    deploy(COUNT.replace(b'name="count"', b'name="count twice"'), "d")
    assert shipped(tmp_path) == ["unchanged"]
    ship(tmp_path, RECOUNT)

    assert shipped(tmp_path) == ["drafted"]
    assert shipped(tmp_path) == ["unchanged"]
    assert versions("d") == [(1, "retired"), (2, "published"), (3, "draft")]


def test_only_the_decisions_a_process_asks_belong_to_it(app: Flask, tmp_path: Path) -> None:
    decision = (ROOT / "processes/supply/receiving_outcome.dmn").read_bytes()
    asking = bpmn("asking", rule("judge", "receiving_outcome"), flows="begin -> judge -> done")
    folder = tmp_path / "processes" / "supply"
    folder.mkdir(parents=True)
    (folder / "asking.bpmn").write_bytes(asking)
    (folder / "d.bpmn").write_bytes(COUNT)
    (folder / "receiving_outcome.dmn").write_bytes(decision)
    shipped(tmp_path)

    db.session.rollback()
    assert files_of("asking") == ["asking.bpmn", "receiving_outcome.dmn"]
    assert files_of("d") == ["d.bpmn"]


def test_what_this_repository_ships_can_be_published(app: Flask) -> None:
    outcomes = {each.outcome for each in in_transaction(lambda: shipping.deploy_folder(ROOT))}

    assert outcomes == {"published"}


def ship(root: Path, diagram: bytes) -> None:
    folder = root / "processes" / "supply"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "d.bpmn").write_bytes(diagram)


def shipped(root: Path) -> list[str]:
    return [each.outcome for each in in_transaction(lambda: shipping.deploy_folder(root))]


def versions(key: str) -> list[tuple[int, str]]:
    db.session.rollback()
    query = select(Definition.version, Definition.status).where(Definition.key == key)
    return [(row.version, row.status) for row in db.session.execute(query.order_by("version"))]


def files_of(key: str) -> list[str]:
    return sorted(definitions.blueprint(definitions.live(key).id).files)
