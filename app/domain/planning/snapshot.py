"""Making a plan: what every SKU needs at every site, from figures as they stand this instant."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.catalog.products import Sku
from app.domain.inventory.places import Site
from app.domain.planning import demand, history, plans, rules, stock, undecided
from app.domain.planning.assumptions import Assumptions, current
from app.domain.planning.demand import Pair
from app.domain.planning.history import History
from app.domain.planning.plans import PlanLine, PlanRun
from app.domain.planning.recommendation import Aim, Recommendation, Stock, Terms, recommend
from app.domain.planning.rules import Rate
from app.domain.planning.sources import Sources
from app.identity import people
from app.kernel import calendars, cause, clock
from app.kernel.db import db

EVERYWHERE = "*"


@dataclass(frozen=True)
class Asked:
    """Goods a case wants again, in stock units by SKU; `not_from` just failed to bring them."""

    document: str
    quantities: Mapping[int, Decimal]
    not_from: int | None = None


@dataclass(frozen=True)
class Cause:
    """Why a plan is made (a cause of `PlanRun`), and for where; `asked_by` is a username."""

    name: str
    scope: str = EVERYWHERE
    asked: Asked | None = None
    asked_by: str | None = None


@dataclass(frozen=True)
class Figures:
    """Everything a plan looks at, read once; the statements do not grow with the SKUs."""

    skus: Mapping[int, Sku]
    histories: Mapping[Pair, History]
    stocks: Mapping[Pair, Stock]
    sources: Sources
    under_review: Collection[Pair]


@dataclass(frozen=True)
class Candidate:
    """One SKU at one site, and what is recommended for it."""

    pair: Pair
    history: History | None
    terms: Terms
    stock: Stock
    found: Recommendation
    asked: Decimal

    @property
    def urgency(self) -> tuple[float, Pair]:
        """How many days the position lasts, the shortest first; what was asked for leads."""
        daily = self.history.demand.mean if self.history else 0.0
        lasts = float(self.found.position) / daily if daily else 0.0
        return (-1.0 if self.asked else lasts), self.pair


@dataclass
class Tally:
    """What a plan makes of all it looks at."""

    candidates: list[Candidate] = field(default_factory=list)
    considered: int = 0
    too_little: int = 0


def take(why: Cause) -> PlanRun:
    """A plan of one site or of all, written down; of what is asked for only, when something is.

    Two plans never see the same need, nor ask about the same goods: the sites are locked, what
    one plan proposes is planned already for the next, and under review until it is decided.
    """
    usual, sites, asked = current(), _locked_sites(why.scope), why.asked
    today = calendars.of_scope(why.scope).today(clock.now())
    figures = _figures(today, usual, sites, asked)
    tally = _tally(figures, usual, sites, asked)
    demand.note_empty(_empty(figures), today)
    due = sorted(tally.candidates, key=lambda one: one.urgency)
    new = PlanRun(
        scope=why.scope,
        cause=why.name,
        document=asked.document if asked else "",
        planned_on=today,
        considered=tally.considered,
        too_little=tally.too_little,
        rest=max(0, len(due) - usual.most_lines),
        assumptions=usual.stored,
        effect_key=cause.current().effect_key,
        person_id=people.named(why.asked_by).id if why.asked_by else None,
        made_at=clock.now(),
        lines=[_line(no, one, today) for no, one in enumerate(due[: usual.most_lines], start=1)],
    )
    db.session.add(new)
    db.session.flush()
    return new


def _locked_sites(scope: str) -> list[int]:
    """The sites of a plan; every plan locks all of them, without keeping out who books there."""
    query = select(Site).order_by(Site.id).with_for_update(key_share=True)
    found = db.session.scalars(query).all()
    return [one.id for one in found if scope in (EVERYWHERE, one.scope)]


def _figures(today: date, usual: Assumptions, sites: list[int], asked: Asked | None) -> Figures:
    wanted = list(asked.quantities) if asked else None
    rates = stock.measured_rates(
        clock.now() - timedelta(days=usual.yield_days), usual=usual.usual_good_rate
    )
    query = select(Sku).options(selectinload(Sku.conversions))
    if wanted is not None:
        query = query.where(Sku.id.in_(wanted))
    return Figures(
        skus={one.id: one for one in db.session.scalars(query)},
        histories=history.of_pairs(today, window=usual.history_days, sites=sites, skus=wanted),
        stocks=stock.positions(undecided.planned(usual.counts_days), rates),
        sources=Sources(today, usual, rates),
        under_review=undecided.under_review(usual.counts_days),
    )


def _tally(figures: Figures, usual: Assumptions, sites: list[int], asked: Asked | None) -> Tally:
    tally = Tally()
    aim = Aim(usual.cycle_service, usual.cover_days, usual.yield_confidence)
    for pair, wanted in _pairs(figures, sites, asked):
        known = figures.histories.get(pair)
        enough = known is not None and known.days >= usual.fewest_days
        tally.considered += 1
        tally.too_little += not enough
        if not (enough or wanted):
            continue
        sku, here = figures.skus[pair[0]], figures.stocks.get(pair, Stock())
        terms = figures.sources.of(sku, not_from=asked.not_from if asked else None)
        rate = known.demand if known and enough else Rate(0.0, 0.0)
        found = recommend(rate, terms, here, aim, step=sku.step, asked=wanted)
        if found.is_due:
            past = known if enough else None
            tally.candidates.append(Candidate(pair, past, terms, here, found, wanted))
    return tally


def _pairs(
    figures: Figures, sites: list[int], asked: Asked | None
) -> Iterator[tuple[Pair, Decimal]]:
    """Each SKU and site to look at, and how much of it a case asked for.

    What somebody reviews just now is looked at again when they have decided; what a case
    asked for does not wait.
    """
    if asked is None:
        free = figures.histories.keys() - figures.under_review
        yield from ((pair, Decimal(0)) for pair in sorted(free))
        return
    for sku_id, quantity in sorted(asked.quantities.items()):
        yield from (((sku_id, site), quantity) for site in sites)


def _empty(figures: Figures) -> list[Pair]:
    """Where somebody buys, and nothing is free just now."""
    free = {pair: one.on_hand - one.reserved for pair, one in figures.stocks.items()}
    return [pair for pair in figures.histories if free.get(pair, 0) <= 0]


def _line(line_no: int, one: Candidate, today: date) -> PlanLine:
    past, terms, found = one.history, one.terms, one.found
    daily = past.demand if past else Rate(0.0, 0.0)
    return PlanLine(
        line_no=line_no,
        sku_id=one.pair[0],
        site_id=one.pair[1],
        supplier_id=terms.supplier_id,
        source=terms.source,
        history_since=past.since if past else None,
        history_until=past.until if past else None,
        days=past.days if past else 0,
        censored_days=past.censored if past else 0,
        promotion_days=past.promotions if past else 0,
        wanted=past.wanted if past else Decimal(0),
        daily_mean=rules.figure(daily.mean),
        daily_sd=rules.figure(daily.sd),
        lead_days=rules.figure(terms.lead.mean),
        lead_sd=rules.figure(terms.lead.sd),
        **vars(found),
        **vars(one.stock),
        asked=one.asked,
        good_rate=terms.good_rate,
        moq=terms.moq,
        pack=terms.pack,
        required_on=today + timedelta(days=ceil(terms.lead.mean)),
        reason=plans.ASKED if one.asked else plans.REORDER,
    )
