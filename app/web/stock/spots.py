"""Places by the words people use: a bin by its code, a waiting area by its site and purpose."""

from app.domain.inventory import places
from app.kernel.errors import N_
from app.web.stock.words import kind_words
from app.web.tongue import _
from app.web.words import company, site

_OUTSIDE = {
    places.OPENING: N_("Opening stock"),
    places.GAIN_OR_LOSS: N_("gain or loss"),
    places.RELABELLING: N_("relabelled"),
    places.TESTED: N_("used up in a test"),
    places.SCRAPPED: N_("scrapped"),
    places.CUSTOMERS: N_("with a customer"),
}


def place_words(code: str) -> str:
    """A place by its code; a waiting area and what lies outside our walls by their meaning."""
    if code.startswith(places.SUPPLIER):
        return company(f"supplier:{code.removeprefix(places.SUPPLIER)}")
    outside = _OUTSIDE.get(code)
    return _(outside) if outside else _area(code) or code


def _area(code: str) -> str:
    """大園 Dayuan · waiting for a decision; nothing when it is no waiting area."""
    site_code, kind = places.purpose(code)
    name = site(f"site:{site_code}") if kind else ""
    return f"{name} · {kind_words(kind)}" if name else ""
