"""The plans' pages: who sees which lines, and that a line tells all it was computed from."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.planning import calling
from app.domain.planning.plans import PlanRun
from app.kernel.db import db, in_transaction
from tests.builders.demand import an_agreement, past_demand, told
from tests.builders.goods import a_site, a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Visitor
from tests.processes.play import the_case

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
PAGES = ("/plans", "/plans/PL-000001", "/plans/PL-000001/lines/1")


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.kernel.clock._ahead_by", MONDAY - datetime.now(UTC))


@pytest.fixture
def flour() -> Sku:
    """Ten to twelve a day at MAIN, three a day in the north; to be had from Borea."""
    sku = in_transaction(lambda: a_sku("FLOUR"))
    in_transaction(lambda: (past_demand(sku, 10, 12), past_demand(sku, 3, site="NORTH")))
    in_transaction(lambda: told(sku, date(2026, 5, 20), 0, was_available=False))
    in_transaction(lambda: told(sku, date(2026, 5, 21), 90, is_promotion=True))
    in_transaction(lambda: an_agreement(sku, moq=Decimal(20), pack=Decimal(20)).id)
    return sku


@pytest.fixture
def planned(flour: Sku) -> PlanRun:
    """The plan of the day, of both sites."""
    in_transaction(calling.call_for_the_day)
    return db.session.scalars(select(PlanRun)).one()


@pytest.fixture
def lin(app: Flask) -> Visitor:
    """Buys for all sites."""
    return a_visitor(app, "lin", "buyer", scope="*")


def test_a_plan_leads_to_each_line_and_to_its_step(planned: PlanRun, lin: Visitor) -> None:
    listed, plan = lin.get("/plans"), lin.get("/plans/PL-000001")

    assert "PL-000001" in listed.text
    assert "to review" in listed.text
    assert plan.links("/plans/PL-000001/lines/")[0] == "/plans/PL-000001/lines/1"
    assert lin.get(plan.links(f"/cases/{the_case('purchase_plan').id}")[0]).status == 200


def test_a_line_tells_every_figure_it_was_computed_from(planned: PlanRun, lin: Visitor) -> None:
    line = next(one for one in planned.lines if one.site.code == "MAIN")

    page = lin.get(f"/plans/PL-000001/lines/{line.line_no}")

    for told_on_page in (
        "26 days from May 4, 2026 to May 31, 2026; left out: 1 with an empty shelf",
        "d̄ = 286 / 26",
        "from the agreement with Borea",
        "E[L] = 6, σ(L) = 1.5",
        "1.645 × √(6 × 1.02² + 11² × 1.5²)",
        "so that an order lasts 14 days",
        "least 20, packs of 20",
        "A forecast will take its place.",
    ):
        assert told_on_page in page.text
    assert page.source.count("<rect") == 28
    assert page.source.count('<rect class="gone"') == 1
    assert page.source.count('<rect class="promotion"') == 1
    assert 'aria-label="Demand of FLOUR from May 4, 2026' in page.source


@pytest.mark.parametrize(("language", "words"), [("zh_Hant", "安全庫存"), ("zh_Hans", "安全库存")])
def test_the_explanation_speaks_the_language_of_the_page(
    planned: PlanRun, lin: Visitor, language: str, words: str
) -> None:
    lin.post("/language", locale=language, next="/plans")

    page = lin.get("/plans/PL-000001/lines/1")

    assert words in page.text
    assert "Safety stock" not in page.text


def test_who_buys_for_one_site_sees_its_lines_and_no_others(
    app: Flask, planned: PlanRun, chloe: Visitor
) -> None:
    north = a_visitor(app, "nora", "buyer", scope="site:NORTH")
    mine = {one.site.code: one.line_no for one in planned.lines}

    for visitor, own, other in ((chloe, "MAIN", "NORTH"), (north, "NORTH", "MAIN")):
        plan = visitor.get("/plans/PL-000001")
        assert plan.links("/plans/PL-000001/lines/")[0].endswith(f"/{mine[own]}")
        assert other.title() not in plan.text
        assert visitor.get(f"/plans/PL-000001/lines/{mine[own]}").status == 200
        assert visitor.get(f"/plans/PL-000001/lines/{mine[other]}").status == 404


def test_a_plan_of_other_sites_does_not_exist(app: Flask, planned: PlanRun) -> None:
    west = a_visitor(app, "wes", "buyer", scope="site:WEST")

    assert "PL-000001" not in west.get("/plans").text
    assert [west.get(page).status for page in PAGES[1:]] == [404, 404]
    assert west.get("/plans/PL-999999").status == 404


def test_plans_are_closed_to_those_who_neither_buy_nor_pay(
    app: Flask, planned: PlanRun, bruno: Visitor, dov: Visitor
) -> None:
    sven = a_visitor(app, "sven", "supplier", scope="supplier:BOREA")

    for page in PAGES:
        assert (bruno.get(page).status, dov.get(page).status) == (403, 403)
        assert sven.get(page).status == 404
    assert "PL-000001" not in bruno.get("/search?q=PL-000001").links("/plans/PL-000001")


def test_a_buyer_makes_a_plan_with_one_click(flour: Sku, lin: Visitor) -> None:
    token = lin.get("/plans").source.split('name="token" value="')[1].split('"')[0]

    pages = [lin.post("/plans", scope="site:NORTH", token=token) for _ in range(2)]

    assert "The plan is made." in pages[0].text
    (run,) = db.session.scalars(select(PlanRun))
    assert (run.scope, run.cause) == ("site:NORTH", "hand")
    assert "asked for by Lin" in pages[1].text


def test_nobody_makes_plans_for_other_sites_or_without_the_role(
    app: Flask, flour: Sku, chloe: Visitor
) -> None:
    fin = a_visitor(app, "fin", "finance", scope="*")
    in_transaction(lambda: a_site("NORTH").id)

    assert "Make a plan now" not in fin.get("/plans").text
    assert fin.post("/plans", scope="*", token="1").status == 403
    assert chloe.post("/plans", scope="site:NORTH", token="2").status == 403
    assert db.session.scalars(select(PlanRun)).all() == []


def test_the_review_is_found_and_done_on_its_page(planned: PlanRun, lin: Visitor) -> None:
    case = the_case("purchase_plan")
    page = lin.get(f"/tasks/{case.task('review_plan')}")
    assert "Recommended by the simple rule" in page.text
    assert "PL-000001" in lin.get("/search?q=FLOUR").text

    answers = {
        f"plan.lines.{at}.{name}": line[name]
        for at, line in enumerate(case.data["plan"]["lines"])
        for name in ("decision", "quantity", "supplier", "required_on")
    }
    answers |= {"plan.lines.0.decision": "leave_out", "plan.lines.0.reason": "Season is over"}
    lin.post(f"/tasks/{case.task('review_plan')}/completion", answers)

    settled = lin.get("/plans/PL-000001")
    assert "left out · Season is over" in settled.text
    assert case.status == "finished"
