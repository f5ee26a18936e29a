"""Ninety days of demand, with a heat wave in the last two weeks: what today's plan rests on."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from importlib import resources
from random import Random

from app.demo import company
from app.demo.acting import TAIPEI
from app.domain.catalog.products import Sku
from app.domain.planning import calling
from app.kernel import clock, policy
from app.kernel.db import db, in_transaction

PLANNER = "cheng"
DAYS, HEAT_WAVE = 90, 14
_WEEK = (0.7, 0.9, 1.0, 1.0, 1.1, 1.3, 1.0)
_HEADER = "site,sku,day,quantity,unit,available,promotion"
# Days ago on which nothing was to be had, and on which a promotion ran.
_EMPTY = {("DAYUAN", "BA-28"): {3, 4}}
_PROMOTION = {("DAYUAN", "RC-PP5"): {40, 41, 42}, ("DAYUAN", "RC-CTO"): {40, 41, 42}}


def tell() -> None:
    """The planner tells what was wanted; in the season an order shall last five days."""
    in_transaction(
        lambda: (
            policy.set_value(
                "purchase_plan.cover_days", "5", by=None, reason="Often and little in the season"
            ).id
        )
    )
    steps = dict(db.session.execute(db.select(Sku.code, Sku.step)).all())
    db.session.rollback()
    today = clock.now().astimezone(TAIPEI).date()
    company.bring("demand", "\n".join([_HEADER, *rows(today, steps)]), by=PLANNER)


def plan() -> None:
    """The plan of the day, as the clockwork calls for it."""
    in_transaction(calling.call_for_the_day)


def rows(today: date, steps: Mapping[str, Decimal]) -> Iterator[str]:
    """The lines of the file; `steps` are those the SKUs are counted in."""
    for level in _levels():
        site, sku = level["site"], level["sku"]
        dice = Random(f"{site}/{sku}")  # noqa: S311 - the same practice data for everybody
        for ago in range(DAYS, 0, -1):
            usual = float(level["heat" if ago <= HEAT_WAVE else "usual"])
            wanted = _wanted(usual * _WEEK[ago % 7], dice, steps[sku])
            is_empty = ago in _EMPTY.get((site, sku), ())
            is_promotion = ago in _PROMOTION.get((site, sku), ())
            wanted *= 0 if is_empty else 3 if is_promotion else 1
            day = (today - timedelta(days=ago)).isoformat()
            yield f"{site},{sku},{day},{wanted},,{_yes(not is_empty)},{_yes(is_promotion)}"


def _levels() -> Iterator[Mapping[str, str]]:
    """What is usually wanted a day of each SKU, and what in a heat wave."""
    text = resources.files("app.demo").joinpath("data/demand_levels.csv").read_text("utf-8")
    return csv.DictReader(text.splitlines())


def _wanted(usual: float, dice: Random, step: Decimal) -> Decimal:
    """About the usual; whole steps, and of rare goods now and then one."""
    steps = usual * dice.uniform(0.6, 1.4) / float(step)
    return step * int(steps + dice.random())


def _yes(is_so: bool) -> str:  # noqa: FBT001 - the word for one fact
    return "yes" if is_so else "no"
