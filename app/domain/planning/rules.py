"""The simple rule: when to order and how much, from the mean and the spread of past demand.

Statistics are `float`, as they are estimates; what is ordered is `Decimal` and exact. Days are
calendar days. The service meant everywhere is the *cycle service*: the chance that nothing runs
out between an order and its arrival. It is not the fill rate, the share of demand served from
the shelf, which is higher: with z = 1.645 (95 %) some 99.8 % of the pieces are served.

Sources: Silver, Pyke, Thomas, Inventory and Production Management in Supply Chains, ch. 6
(reorder point, safety stock); the yield by the binomial distribution.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist


@dataclass(frozen=True)
class Rate:
    """Something that varies: its mean and its standard deviation."""

    mean: float
    sd: float


def of_days(days: int, total: float, squares: float) -> Rate:
    """Demand a day, from the sum over `days` and the sum of squares; days without demand count.

    d̄ = Σx / n, σ_d = √((Σx² − n·d̄²) / (n − 1)), both in stock units a day.
    """
    if not days:
        return Rate(0.0, 0.0)
    mean = total / days
    left = max(squares - days * mean * mean, 0.0)
    return Rate(mean, math.sqrt(left / (days - 1)) if days > 1 else 0.0)


def factor(cycle_service: float) -> float:
    """z, without unit: how many standard deviations cover a share `cycle_service` of all cycles."""
    return NormalDist().inv_cdf(cycle_service)


def spread(demand: Rate, lead: Rate) -> float:
    """σ_L = √(E[L]·σ_d² + d̄²·σ(L)²): how much the demand of a lead time varies, in stock units."""
    return math.sqrt(lead.mean * demand.sd**2 + demand.mean**2 * lead.sd**2)


def safety_stock(z: float, spread: float) -> float:
    """SS = z·σ_L, in stock units."""
    return z * spread


def reorder_point(demand: Rate, lead: Rate, z: float) -> float:
    """ROP = d̄·E[L] + z·σ_L, in stock units: at this position it is time to order."""
    return demand.mean * lead.mean + safety_stock(z, spread(demand, lead))


def order_up_to(demand: Rate, lead: Rate, z: float, *, cover_days: float) -> float:
    """S = ROP + d̄·cover, in stock units: an order then lasts `cover_days` above the ROP."""
    return reorder_point(demand, lead, z) + demand.mean * cover_days


def position(*, good: Decimal, coming: Decimal, promised: Decimal, planned: Decimal) -> Decimal:
    """IP = on hand + coming + planned − promised, in stock units.

    `coming` is what is on order times the share of it that will be good; `promised` is what
    is reserved or waited for; `planned` is what another plan proposes and nobody ordered yet.
    """
    return good + coming + planned - promised


def need(up_to: Decimal, position: Decimal, step: Decimal) -> Decimal:
    """D = max(0, S − IP), up to a whole step of the SKU."""
    return step * math.ceil(Fraction(max(Decimal(0), up_to - position)) / Fraction(step))


def with_yield(need: int, good_rate: float, *, confidence: float) -> int:
    """The smallest Q with P(Bin(Q, Y) ≥ D) ≥ `confidence`, in whole units.

    Plain D/Y would fall short of D in about half of all deliveries.
    """
    if need <= 0 or good_rate >= 1:
        return max(need, 0)
    low, high = need, max(need + 1, math.ceil(need / good_rate))
    while _chance(need, high, good_rate) < confidence:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        if _chance(need, middle, good_rate) >= confidence:
            high = middle
        else:
            low = middle + 1
    return low


def in_packs(quantity: Decimal, *, moq: Decimal, pack: Decimal) -> Decimal:
    """The least whole number of packs that is neither below `quantity` nor below `moq`."""
    return pack * math.ceil(max(Fraction(quantity), Fraction(moq)) / Fraction(pack))


def changed_by(recommended: Decimal, quantity: Decimal) -> Decimal:
    """How much a person's quantity differs from the recommended one, as a share of it."""
    return abs(quantity - recommended) / recommended


def figure(value: float) -> Decimal:
    """An estimate as it is kept: six decimal places, so that a line can be computed again."""
    return Decimal(f"{value:.6f}")


def _chance(need: int, ordered: int, good_rate: float) -> float:
    """P(Bin(ordered, good_rate) ≥ need): the chance that at most ordered − need are bad."""
    bad = 1 - good_rate
    logs = math.lgamma(ordered + 1), math.log(bad), math.log(good_rate)
    return math.fsum(
        math.exp(
            logs[0]
            - math.lgamma(k + 1)
            - math.lgamma(ordered - k + 1)
            + k * logs[1]
            + (ordered - k) * logs[2]
        )
        for k in range(ordered - need + 1)
    )
