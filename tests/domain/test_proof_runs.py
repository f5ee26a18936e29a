"""Quick runs find what full runs find, in what is new; full runs go on in the background."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.domain import proof, proof_runs
from app.domain.catalog import skus
from app.domain.proof_runs import ProofRun
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.scheduler.jobs import prove_asked
from tests.builders.books import in_stock, sold
from tests.builders.goods import a_sku
from tests.builders.steps import in_a_step
from tests.finance.test_book_proofs import FAULTS

OLD, NEW = "OLD", "FLOUR"
UNSEEN = (
    "UPDATE cost_pool SET value = value + 1 WHERE sku_id = (SELECT id FROM sku WHERE code = 'OLD')"
)
LOST = (
    "INSERT INTO stock_entry (move_id, sku_id, location_id, lot, quantity)"
    " SELECT MAX(move_id), MAX(sku_id), MAX(location_id), '', 1000000 FROM stock_entry"
)
_FRESH = {
    "I7 line": FAULTS["I7 line"],
    "I8 late": [
        "UPDATE period SET closed_at = (SELECT MIN(recorded_at) FROM journal), sealed_at = 0",
    ],
    "I1 lost": [LOST],
    "I2 more": ["UPDATE stock_balance SET quantity = quantity + 1"],
}


@pytest.fixture(autouse=True)
def _effects_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """These ledgers are written by tests, so no step is known to have written them."""
    asked = [each for each in proof.every() if each.code != "I9"]
    monkeypatch.setattr(proof, "every", lambda: asked)


@pytest.fixture
def proven(app: Flask) -> ProofRun:
    """OLD was bought and everything held, an hour ago."""
    in_a_step(lambda: in_stock(a_sku(OLD), 10, "5"))
    clock.turn(timedelta(hours=1))
    run = _full()
    assert run.status == "held"
    return run


def test_a_run_that_held_leaves_its_marks(proven: ProofRun) -> None:
    assert set(proven.marks) == {"moves", "vouchers", "costs", "entries", "lines"}
    assert min(proven.marks.values()) > 0


def test_what_is_new_is_looked_at(proven: ProofRun) -> None:
    in_a_step(lambda: _trade(NEW))
    assert _broken() == []

    _unguarded(*FAULTS["I6 value"])

    assert _broken() == ["I6", "I7"]


@pytest.mark.parametrize("fault", list(_FRESH))
def test_each_kind_of_row_is_looked_at(proven: ProofRun, fault: str) -> None:
    in_a_step(lambda: _trade(NEW))

    _unguarded(*_FRESH[fault])

    assert fault.split(maxsplit=1)[0] in _broken()


def test_what_nobody_touched_waits_for_the_full_run(proven: ProofRun) -> None:
    _unguarded(UNSEEN)
    assert _broken() == []

    assert _full().status == "broken"


def test_a_sku_is_looked_at_whole_once_it_moves(proven: ProofRun) -> None:
    _unguarded(UNSEEN)

    in_a_step(lambda: _sell(OLD))

    assert "I6" in _broken()


def test_rows_of_open_steps_are_looked_at_again(app: Flask) -> None:
    in_a_step(lambda: in_stock(a_sku(OLD), 10, "5"))

    run = _full()

    assert set(run.marks.values()) == {0}


def test_marks_move_only_over_what_holds(proven: ProofRun) -> None:
    in_a_step(lambda: _trade(NEW))
    _unguarded(*FAULTS["I6 value"])
    clock.turn(timedelta(hours=1))

    kept = in_transaction(proof_runs.keep_quick)

    assert kept is not None
    assert kept.status == "broken"
    assert _broken() == ["I6", "I7"]


def test_marks_move_on_with_what_is_new(proven: ProofRun) -> None:
    in_a_step(lambda: _trade(NEW))
    clock.turn(timedelta(hours=1))

    kept = in_transaction(proof_runs.keep_quick)

    assert kept is not None
    assert (kept.status, kept.marks["moves"] > proven.marks["moves"]) == ("held", True)
    assert in_transaction(proof_runs.keep_quick) is None


def test_a_full_run_is_asked_for_once_and_told_when_over(app: Flask) -> None:
    first, second = (in_transaction(lambda: proof_runs.ask(by=None).id) for _ in range(2))
    assert first == second

    assert prove_asked()
    assert not prove_asked()

    run = _last()
    assert (run.status, run.done) == ("held", len(proof.every()))
    assert [result.code for result in proof_runs.shown(run)] == [one.code for one in proof.every()]


def test_a_run_whose_process_died_is_done_by_another(app: Flask) -> None:
    asked = in_transaction(lambda: proof_runs.ask(by=None).id)
    in_transaction(proof_runs.begin)
    assert not prove_asked()

    clock.turn(timedelta(hours=2))

    assert prove_asked()
    assert (_last().id, _last().status) == (asked, "held")


def test_everything_is_proven_once_a_day(app: Flask) -> None:
    in_transaction(proof_runs.ask_daily)
    prove_asked()
    assert in_transaction(proof_runs.ask_daily) is None

    clock.turn(timedelta(hours=25))

    assert in_transaction(proof_runs.ask_daily) is not None


def _trade(code: str) -> None:
    sku = a_sku(code)
    in_stock(sku, 10, "5")
    sold(sku, 3)


def _sell(code: str) -> None:
    sold(skus.by_code(code), 1)


def _full() -> ProofRun:
    in_transaction(lambda: proof_runs.ask(by=None).id)
    assert prove_asked()
    return _last()


def _last() -> ProofRun:
    db.session.rollback()
    found = proof_runs.last_full()
    assert found is not None
    return found


def _broken() -> list[str]:
    db.session.rollback()
    return [result.code for result in proof_runs.quick() if not result.holds]


def _unguarded(*statements: str) -> None:
    def step() -> None:
        for statement in statements:
            db.session.execute(text(statement))

    in_transaction(step)
