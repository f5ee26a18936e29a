"""What facts, measures and proposals about a supplier are called."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from babel import numbers
from flask_babel import get_locale

from app.domain.sourcing.measures import Share
from app.domain.sourcing.record import Record
from app.identity import people
from app.web.tongue import _, ngettext


@dataclass(frozen=True)
class Row:
    """One measure: its value, the numbers it comes from, and how it is computed."""

    name: str
    value: str
    numbers: str
    how: str


def standing_words(standing: str) -> str:
    """Whether we buy from them."""
    return {
        "trial": _("on trial"),
        "approved": _("approved"),
        "stopped": _("stopped"),
    }.get(standing, standing)


def standing_tone(standing: str) -> str:
    return {"trial": "warn", "approved": "good", "stopped": "bad"}.get(standing, "")


def kind_words(kind: str) -> str:
    """What a proposal is about."""
    return {
        "prices": _("Prices"),
        "master_data": _("Master data"),
        "bank_details": _("Bank account"),
    }.get(kind, kind)


def status_words(status: str) -> str:
    """What became of a proposal."""
    return {
        "open": _("waits for an answer"),
        "approved": _("approved"),
        "refused": _("refused"),
        "withdrawn": _("withdrawn"),
    }.get(status, status)


def measures(found: Record) -> Iterator[Row]:
    """The record, row by row."""
    yield _quality(found)
    yield Row(
        _("Fill rate"),
        percent(found.fill.rate),
        _of(found.fill, _("units")),
        _("Good units that came by the promised day, of all units due; lines never shipped count."),
    )
    yield Row(
        _("On-time rate"),
        percent(found.on_time.rate),
        _of(found.on_time, _("units")),
        _("Units that came by the day they were promised for, of all units due."),
    )
    yield Row(
        _("On time in full"),
        percent(found.in_full.rate),
        _of(found.in_full, _("lines")),
        _("Lines that were complete, good and on time, of all lines due."),
    )
    yield _lead_time(found)
    hours = found.confirm_hours
    yield Row(
        _("Time to confirm"),
        "–" if hours is None else _("%(n)s h", n=_decimal(hours)),
        "",
        _("From the order to the supplier's answer; half of the answers were faster."),
    )


def person(username: str | None) -> str:
    """Somebody by name; who left no account behind, as they were called."""
    found = people.by_username(username) if username else None
    return found.name if found else username or ""


def percent(rate: float | None) -> str:
    """A rate with one decimal place."""
    if rate is None:
        return "–"
    return str(numbers.format_percent(rate, format="0.0%", locale=get_locale()))


def _quality(found: Record) -> Row:
    quality = found.quality
    return Row(
        _("Quality rate"),
        percent(quality.rate),
        _(
            "%(good)s good of %(seen)s inspected; surely above %(lower)s",
            good=_decimal(float(quality.good)),
            seen=_decimal(float(quality.seen)),
            lower=percent(math.floor(quality.believed.lower * 1_000) / 1_000),  # no more than sure
        ),
        _(
            "Believed: %(mean)s, beginning at %(usual)s as usual for such goods; "
            "it is below the sure bound once in twenty times.",
            mean=percent(quality.believed.mean),
            usual=percent(quality.usual),
        ),
    )


def _lead_time(found: Record) -> Row:
    lead = found.lead
    half = _("never reached") if lead.median is None else _days(lead.median)
    nine = _("never reached") if lead.nine_in_ten is None else _days(lead.nine_in_ten)
    return Row(
        _("Lead time"),
        half,
        _("nine in ten: %(days)s", days=nine)
        + " · "
        + _("%(n)s units still open", n=_decimal(lead.waiting)),
        _("Calendar days from the order until half of the units are released; open units count."),
    )


def _days(days: int) -> str:
    return ngettext("%(num)d day", "%(num)d days", days)


def _of(share: Share, unit: str) -> str:
    facts = {"part": _decimal(share.part), "whole": _decimal(share.whole), "unit": unit}
    return _("%(part)s of %(whole)s %(unit)s, weighted by age", **facts)


def _decimal(value: float) -> str:
    return str(numbers.format_decimal(round(value, 1), locale=get_locale()))
