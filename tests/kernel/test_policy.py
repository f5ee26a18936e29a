"""Numbers the business decides."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from app.kernel import clock, policy
from app.kernel.db import db, in_transaction

NAME = "receiving.count_reminder"


@pytest.fixture(autouse=True)
def _shipped(app: Flask) -> None:
    in_transaction(lambda: policy.seed(NAME, "PT4H"))


def test_a_shipped_default_holds_until_someone_decides_otherwise() -> None:
    assert policy.value(NAME) == "PT4H"

    _set("PT2H")

    assert policy.value(NAME) == "PT2H"
    assert policy.snapshot().version(NAME) == 2


def test_deploying_again_does_not_undo_a_decision() -> None:
    _set("PT2H")

    in_transaction(lambda: policy.seed(NAME, "PT8H"))

    assert policy.value(NAME) == "PT2H"
    assert policy.snapshot().version(NAME) == 2


def test_a_policy_can_be_decided_ahead_and_the_past_keeps_its_value() -> None:
    tomorrow = clock.now() + timedelta(days=1)
    in_transaction(
        lambda: policy.set_value(NAME, "PT1H", by=None, reason="New year", effective_from=tomorrow)
    )

    assert policy.value(NAME) == "PT4H"
    assert policy.value(NAME, at=tomorrow) == "PT1H"
    with clock.turned_to(tomorrow):
        assert policy.value(NAME) == "PT1H"


def test_an_unknown_policy_is_refused_by_name() -> None:
    with pytest.raises(policy.UnknownPolicy, match="called receiving"):
        policy.value("receiving.nothing")
    assert "receiving.nothing" not in policy.snapshot()


def test_the_step_that_sets_a_policy_sees_it() -> None:
    def step() -> object:
        assert policy.value(NAME) == "PT4H"
        policy.set_value(NAME, "PT2H", by=None, reason="Slower")
        return policy.value(NAME)

    assert in_transaction(step) == "PT2H"


def test_many_questions_in_one_transaction_cost_one_statement(app: Flask) -> None:
    policy.value(NAME)
    statements: list[str] = []
    event.listen(
        db.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )

    in_transaction(lambda: [policy.value(NAME) for _ in range(20)])

    assert len([line for line in statements if line.startswith("SELECT")]) == 1


def test_a_rolled_back_value_is_forgotten() -> None:
    def step() -> None:
        policy.set_value(NAME, "PT2H", by=None, reason="Slower")
        assert policy.value(NAME) == "PT2H"
        raise KeyError

    with pytest.raises(KeyError):
        in_transaction(step)

    assert policy.value(NAME) == "PT4H"


def test_two_decisions_at_the_same_moment_do_not_overwrite_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(policy, "_last_version", lambda _: 0)

    with pytest.raises(policy.PolicyJustChanged):
        _set("PT2H")


def _set(value: object) -> None:
    in_transaction(lambda: policy.set_value(NAME, value, by=None, reason="Slower"))
