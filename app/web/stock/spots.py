"""Places by the words people use: a bin by its code, a waiting area by its site and purpose."""

from app.domain.inventory import places
from app.web.stock.words import kind_words
from app.web.tongue import _
from app.web.words import company, site


def place_words(code: str) -> str:
    """A place by its code; a waiting area and what lies outside our walls by their meaning."""
    if code.startswith(places.SUPPLIER):
        return company(f"supplier:{code.removeprefix(places.SUPPLIER)}")
    return _outside().get(code) or _area(code) or code


def _area(code: str) -> str:
    """大園 Dayuan · waiting for a decision; nothing when it is no waiting area."""
    site_code, kind = places.purpose(code)
    name = site(f"site:{site_code}") if kind else ""
    return f"{name} · {kind_words(kind)}" if name else ""


def _outside() -> dict[str, str]:
    return {
        places.OPENING: _("Opening stock"),
        places.GAIN_OR_LOSS: _("gain or loss"),
        places.RELABELLING: _("relabelled"),
        places.TESTED: _("used up in a test"),
        places.SCRAPPED: _("scrapped"),
        places.CUSTOMERS: _("with a customer"),
    }
