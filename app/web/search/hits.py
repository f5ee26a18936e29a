"""What a search found, grouped, each with its address."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.domain.inventory import stock
from app.web.bins import mine
from app.web.cases import naming
from app.web.documents import finding
from app.web.inbox import cards
from app.web.language import locale_code
from app.web.rooms import is_open, my_sites
from app.web.serials.pages import matching
from app.web.session import current_person
from app.web.stock.spots import place_words
from app.web.stock.words import goods_words, status_words
from app.web.tongue import _
from app.web.words import title
from app.workflow import inbox, search

MOST = 12


@dataclass(frozen=True)
class Hit:
    """One thing that carries the text."""

    title: str
    sub: str
    address: str
    due_at: datetime | None = None


@dataclass(frozen=True)
class Group:
    """Hits of one kind."""

    title: str
    hits: list[Hit]


def groups(text: str) -> list[Group]:
    """Tasks, cases, papers, units, bins, SKUs; empty groups are left out."""
    if not text:
        return []
    person = current_person()
    found = search.search(text, person, locale=locale_code())
    tasks = cards.cards(found.tasks, person, view=inbox.ROLES)
    every = [
        Group(_("Tasks"), [_task(card) for card in tasks]),
        Group(_("Cases"), [_case(hit) for hit in found.cases]),
        Group(_("Papers"), list(_papers(text))),
        Group(_("Units"), list(_units(text))),
        Group(_("Bins"), list(_bins(text))),
        Group(_("SKUs"), list(_skus(text))),
    ]
    return [Group(one.title, one.hits[:MOST]) for one in every if one.hits]


def _task(card: cards.Card) -> Hit:
    return Hit(card.title, card.sub, card.address, card.due_at)


def _case(hit: search.CaseHit) -> Hit:
    sub = " · ".join(filter(None, (hit.subject, naming.state_words(hit.status))))
    name = f"{title(hit.titles)} {hit.business_key or f'#{hit.id}'}"
    return Hit(name, sub, url_for("cases.show", case_id=hit.id))


def _papers(text: str) -> Iterator[Hit]:
    for paper in finding.named(text):
        sub = " · ".join(str(value) for _name, value in paper.head if isinstance(value, str))
        yield Hit(f"{paper.kind} {paper.number}", sub, paper.address)


def _units(text: str) -> Iterator[Hit]:
    if is_open("serials"):
        for unit in matching(text)[:MOST]:
            where = place_words(unit.location.code)
            sub = f"{unit.sku.code} · {where} · {status_words(unit.status)}"
            yield Hit(unit.code, sub, url_for("serials.show", code=unit.code))


def _bins(text: str) -> Iterator[Hit]:
    """A bin by its whole code when there is one, else those with the text in it."""
    if is_open("stock"):
        found = mine.bins(text=text, limit=MOST)
        exact = [one for one in found if one.code.lower() == text.lower()]
        for one in exact or found:
            site = one.site.name if one.site else ""
            yield Hit(one.code, site, url_for("bins.show", code=one.code))


def _skus(text: str) -> Iterator[Hit]:
    if is_open("stock"):
        for one in stock.overview(sites=my_sites(), text=text, limit=MOST):
            way = url_for("stock.sku", code=one.sku.code)
            yield Hit(one.sku.code, goods_words(one.sku.name), way)
