"""The door of the books, and what all their pages share."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for

from app.domain.finance.company import ours
from app.kernel import clock
from app.web.rooms import enter
from app.web.tongue import _

rooms = Blueprint("books", __name__, url_prefix="/books")


@rooms.before_request
def _door() -> None:
    enter("books")


@rooms.app_context_processor
def _shared() -> dict[str, object]:
    return {"book_tabs": tabs}


def tabs() -> list[tuple[str, str, bool]]:
    """The pages of the room: address, title, whether it is this one."""
    return [
        (url_for(name), title, request.endpoint in {name, *inner})
        for name, title, inner in _pages()
    ]


def chosen_day(name: str) -> date | None:
    """A day in the address; nonsense is none."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def end_of(day: date) -> datetime:
    """The instant at which a day of the books is over."""
    zone = ZoneInfo(ours().time_zone)
    return datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)


def today() -> date:
    """Today in the books."""
    return ours().day(clock.now())


def _pages() -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        ("books.index", _("Journal"), ("books.voucher",)),
        ("books.balance", _("Trial balance"), ()),
        ("books.stock", _("Stock value"), ("books.cost", "books.unit_cost", "books.issue_cost")),
        ("books.bills", _("Bills"), ("books.bill",)),
        ("books.rates", _("Rates"), ()),
        ("books.periods", _("Months"), ()),
    ]
