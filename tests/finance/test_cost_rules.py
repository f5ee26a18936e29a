"""What leaves a pool takes its part of the value, and a late cost finds what survived."""

import json
import random
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.finance import rules

FIXTURES = json.loads((Path(__file__).parents[1] / "data" / "costing.json").read_text())


def test_seven_units_leave_with_every_cent() -> None:
    case = FIXTURES["moving_average"]
    held = sum(quantity for quantity, _ in case["in"])
    value = round(sum(amount * 100 for _, amount in case["in"]))
    for expected in case["out_1x7"]:
        taken = rules.leaving(Decimal(1), of=Decimal(held), value=value)
        assert taken == round(expected * 100)
        held, value = held - 1, value - taken
    assert (held, value) == (0, 0)


def test_nothing_is_worth_something_and_something_is_worth_nothing_only_when_free() -> None:
    dice = random.Random(7)
    for _ in range(20_000):
        held, value = dice.randint(1, 50), dice.randint(0, 60)
        was_free = value == 0
        while held:
            quantity = dice.randint(1, held)
            value -= rules.leaving(Decimal(quantity), of=Decimal(held), value=value)
            held -= quantity
            assert value >= 0
            assert (value == 0) == (held == 0 or was_free)


def test_the_freight_of_a_receipt_partly_sold_raises_what_is_left() -> None:
    case = FIXTURES["late_cost_odoo71458"]
    part = rules.survival(Decimal(10), joined=[], now=Decimal(9))
    assert part == Fraction(str(case["S"]))
    kept = rules.still_there(1000, part, value=9900, quantity=Decimal(9))
    assert (kept, 1000 - kept) == (case["capitalise"] * 100, case["expense"] * 100)
    assert Fraction(9900 + kept, 9 * 100) == Fraction(str(case["new_avg"]))


@dataclass
class Step:
    """+ is received with a value, − is issued."""

    quantity: Decimal
    value: Fraction = Fraction(0)


def replayed(steps: list[Step], late: dict[int, Fraction]) -> tuple[Fraction, Fraction]:
    """Stock value and cost of sales, had every late cost been known at its receipt."""
    held, value, sold = Fraction(0), Fraction(0), Fraction(0)
    for at, step in enumerate(steps):
        if step.quantity > 0:
            held, value = held + Fraction(step.quantity), value + step.value + late.get(at, 0)
            continue
        out = value * Fraction(-step.quantity) / held
        held, value, sold = held + Fraction(step.quantity), value - out, sold + out
    return value, sold


def a_history(dice: random.Random) -> list[Step]:
    steps, held = [], Decimal(0)
    for _ in range(dice.randint(1, 25)):
        if not held or dice.random() < 0.5:
            quantity = Decimal(dice.randint(1, 10**9)).scaleb(-6)
            steps.append(Step(quantity, Fraction(dice.randint(0, 10**6))))
        else:
            quantity = held if dice.random() < 0.2 else held * dice.randint(1, 7) / 8
            quantity = -quantity.quantize(Decimal("0.000001"))
            if not quantity:
                continue
            steps.append(Step(quantity))
        held += quantity
    return steps


def surviving(steps: list[Step], at: int) -> Fraction:
    """What the books know: the pool just after the receipt, at later receipts, and now."""
    held, after, joined = Decimal(0), Decimal(0), []
    for now, step in enumerate(steps):
        before, held = held, held + step.quantity
        if now == at:
            after = held
        elif now > at and held == 0:
            return Fraction(0)
        elif now > at and step.quantity > 0:
            joined.append((before, held))
    return rules.survival(after, joined=joined, now=held)


@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_histories_of_late_costs_equal_their_replay(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(1_000):
        steps = a_history(dice)
        receipts = [at for at, step in enumerate(steps) if step.quantity > 0]
        late = {at: Fraction(dice.randint(-500, 10**5)) for at in receipts if dice.random() < 0.6}
        value, sold = replayed(steps, {})
        for at, amount in late.items():
            part = surviving(steps, at)
            value, sold = value + amount * part, sold + amount * (1 - part)
        assert (value, sold) == replayed(steps, late)


@pytest.mark.parametrize(
    ("amount", "value", "quantity", "kept"),
    [(-500, 300, 5, -299), (-500, 300, 0, -300), (-10, 0, 4, 0), (500, 0, 5, 500)],
)
def test_a_concession_never_makes_stock_worthless(
    amount: int, value: int, quantity: int, kept: int
) -> None:
    whole = Fraction(1)
    assert rules.still_there(amount, whole, value=value, quantity=Decimal(quantity)) == kept
