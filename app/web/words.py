"""How instants, quantities, titles and due times read on a page, in its language."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import dates, numbers
from flask import Flask, g
from flask_babel import format_timedelta, get_locale
from sqlalchemy import select

from app.domain.inventory import places
from app.domain.supply.suppliers import Supplier
from app.identity import people, roles
from app.kernel import calendars, clock, i18n
from app.kernel.db import connection
from app.web import agents
from app.web.fact_words import named
from app.web.language import locale_code
from app.web.session import my_roles
from app.web.tongue import _, ngettext

SOON = timedelta(hours=1)


class DueWords(NamedTuple):
    """A due time as a person says it; `tone` is late, soon or empty."""

    text: str
    tone: str
    moment: str
    instant: str


def register(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        moment=moment,
        day=day,
        quantity=quantity,
        title=title,
        plain=shown,
        browser=agents.browser,
    )
    app.jinja_env.globals.update(
        due_words=due_words, role_title=role_title, my_role_titles=my_role_titles, name_of=name_of
    )


def moment(instant: datetime | None) -> str:
    """14:30 today, 3 Jun 14:30 this year, with the year before that; on paper always the whole."""
    if instant is None:
        return ""
    if "is_on_paper" in g:
        return stamped(instant)
    here = zone()
    return _moment(instant.astimezone(here), clock.now().astimezone(here), locale_code())


def stamped(instant: datetime) -> str:
    """26 Nov 2026 14:30: an instant on paper, which is read on another day."""
    local = instant.astimezone(zone())
    return f"{_day('yMMMd', local.date(), locale_code())} {local:%H:%M}"


@contextmanager
def on_paper() -> Iterator[None]:
    """Whatever is written here is read on another day: every instant says its day and year."""
    g.is_on_paper = True
    try:
        yield
    finally:
        g.pop("is_on_paper")


def day(instant: datetime) -> str:
    """3 Jun this year, with the year before that; the day on the company's clock."""
    local, today = instant.astimezone(zone()), clock.now().astimezone(zone())
    pattern = "MMMd" if local.year == today.year else "yMMMd"
    return _day(pattern, local.date(), locale_code())


def month(code: str) -> str:
    """Nov 2026, of 2026-11."""
    year, number = code.split("-")
    return _day("yMMM", date(int(year), int(number), 1), locale_code())


def due_words(due: datetime) -> DueWords:
    """In 40 min; 3 h late."""
    return due_teller()(due)


def due_teller() -> Callable[[datetime], DueWords]:
    """`due_words` for a list: clock, zone and language are asked once for all its rows."""
    now, here, locale = clock.now(), zone(), locale_code()
    today = now.astimezone(here)

    def tell(due: datetime) -> DueWords:
        tone = "late" if due < now else "soon" if due - now < SOON else ""
        on_clock = _moment(due.astimezone(here), today, locale)
        return DueWords(i18n.due_in_words(due, now, locale), tone, on_clock, due.isoformat())

    return tell


def worked(amount: timedelta, scope: str) -> str:
    """Working time as people say it: 3 hours, or 2 working days of that place."""
    days = amount / calendars.of_scope(scope).day_length
    if days < 1:
        told = max(amount, timedelta(minutes=1))
        return str(format_timedelta(told, granularity="minute", threshold=1.2))
    return ngettext("%(num)d working day", "%(num)d working days", round(days))


def quantity(value: Decimal | str | int | None) -> str:
    """A quantity with the language's grouping and no digit lost."""
    if value is None:
        return ""
    return numbers.format_decimal(
        Decimal(str(value)), locale=get_locale(), decimal_quantization=False
    )


def title(texts: Mapping[str, str] | str | None) -> str:
    """A title kept in several languages, in this page's."""
    return i18n.text_of(texts, locale_code()) if texts else ""


def shown(value: object) -> str:
    """Any fact of a refusal or a case, as a person reads it."""
    if isinstance(value, Mapping):
        return title(value) if value.keys() <= set(i18n.LOCALES) else _pairs(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(shown(one) for one in value)
    return _plain(value)


def role_title(code: str) -> str:
    """What a role is called in this page's language."""
    if "role_titles" not in g:
        g.role_titles = roles.titles(locale_code())
    return str(g.role_titles.get(code, code.replace("_", " ")))


def my_role_titles() -> list[str]:
    """The signed-in person's roles by name."""
    return sorted(role_title(code) for code in my_roles())


def name_of(person_id: int | None) -> str:
    """A person's name; none for the product itself."""
    person = people.get(person_id) if person_id else None
    return person.name if person else ""


def place(scope: str) -> str:
    """The place of a scope as people say it: a site or a supplier by its name."""
    return site(scope) or company(scope) or scope.partition(":")[2]


def site(scope: str) -> str:
    """The name of the site a scope is about; nothing when it is about none."""
    return places.site_names().get(scope, "")


def company(scope: str) -> str:
    """The supplier of a scope by its name; none for our own places."""
    kind, _colon, code = scope.partition(":")
    if kind != "supplier":
        return ""
    return connection().scalar(select(Supplier.name).filter_by(code=code)) or code


def zone() -> ZoneInfo:
    """The clock of the company's calendar."""
    if "zone" not in g:
        g.zone = calendars.of_scope("*").zone
    found: ZoneInfo = g.zone
    return found


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return str(dates.format_date(value, "medium", locale=get_locale()))
    if isinstance(value, Decimal):
        return quantity(value)
    return "" if value is None else str(value)


def _pairs(facts: Mapping[str, object]) -> str:
    found = ((named(key), shown(value)) for key, value in facts.items())
    return _(", ").join(f"{name} {words}" for name, words in found if words)


def _moment(local: datetime, today: datetime, locale: str) -> str:
    time = f"{local.hour:02}:{local.minute:02}"
    if local.date() == today.date():
        return time
    pattern = "MMMd" if local.year == today.year else "yMMMd"
    return f"{_day(pattern, local.date(), locale)} {time}"


@lru_cache(maxsize=2048)
def _day(pattern: str, day: date, locale: str) -> str:
    return str(dates.format_skeleton(pattern, day, locale=locale))
