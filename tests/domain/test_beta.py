"""The rate of good units: equal to the figures of the design, and to what can be summed by hand."""

import math
from decimal import Decimal

import pytest

from app.domain.supply import beta


@pytest.mark.parametrize(
    ("good", "bad", "mean", "lower"),
    [(5, 0, 0.9727, 0.9299), (48, 2, 0.9650, 0.9306), (970, 30, 0.9700, 0.9609)],
)
def test_the_rate_is_what_the_design_says(good: int, bad: int, mean: float, lower: float) -> None:
    found = beta.posterior(Decimal(good), Decimal(bad), usual=0.97)

    assert (round(found.mean, 4), round(found.lower, 4)) == (mean, lower)


@pytest.mark.parametrize("x", [0.001, 0.2, 0.5, 0.8, 0.999])
@pytest.mark.parametrize(("a", "b"), [(1, 1), (3, 2), (2, 7), (40, 3), (150, 150)])
def test_whole_numbers_agree_with_the_binomial_sum(x: float, a: int, b: int) -> None:
    n = a + b - 1
    exact = sum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))

    assert beta.below(x, a, b) == pytest.approx(exact, rel=1e-10, abs=1e-13)


@pytest.mark.parametrize(("a", "b"), [(53.5, 1.5), (0.7, 0.2), (100_048.5, 1.5), (9_700, 300)])
def test_the_quantile_has_that_weight_below_it(a: float, b: float) -> None:
    for share in (0.05, 0.5, 0.95):
        assert beta.below(beta.quantile(share, a, b), a, b) == pytest.approx(share, abs=1e-7)


def test_outside_the_rates_there_is_nothing_or_all() -> None:
    assert (beta.below(0, 2, 3), beta.below(1, 2, 3)) == (0, 1)


def test_more_of_the_same_makes_us_surer() -> None:
    lowers = [beta.posterior(Decimal(n), Decimal(0), usual=0.97).lower for n in (0, 10, 100, 1000)]

    assert lowers == sorted(lowers)


@pytest.mark.parametrize("usual", [0, 1, 1.5])
def test_goods_that_are_always_good_are_not_believed_in(usual: float) -> None:
    with pytest.raises(ValueError, match="no usual rate"):
        beta.posterior(Decimal(1), Decimal(0), usual=usual)


@pytest.mark.parametrize(("good", "bad"), [(12, -60), (12, -1), (-60, 3), (-5, -5)])
def test_verdicts_taken_back_leave_fewer_than_none_as_none(good: int, bad: int) -> None:
    seen = beta.posterior(Decimal(max(good, 0)), Decimal(max(bad, 0)), usual=0.97)

    assert beta.posterior(Decimal(good), Decimal(bad), usual=0.97) == seen
    assert 0 < seen.lower < seen.mean < 1
