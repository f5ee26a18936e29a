"""One label: its code as a picture, and the same in words."""

from dataclasses import dataclass

from markupsafe import Markup

from app.domain.inventory.label_sheets import LabelSheet
from app.domain.inventory.places import Location
from app.domain.inventory.serials import Serial
from app.web.tongue import _


@dataclass(frozen=True)
class Sticker:
    """What is printed on one label."""

    picture: Markup
    title: str
    lines: tuple[str, ...]


def of(sheet: LabelSheet) -> list[Sticker]:
    """The labels of one printing, bins along the walk."""
    return [*map(_bin, sheet.bins), *map(_unit, sheet.units)]


def picture(text: str) -> Markup:
    """The code as a drawing that scales; `text` is encoded, never written into the page."""
    import segno  # noqa: PLC0415 - slow to load, and only labels need it

    drawn = segno.make(text, error="m", micro=False).svg_inline(scale=1, omitsize=True, border=1)
    return Markup(drawn)  # noqa: S704 - segno draws paths, whatever the text


def _bin(one: Location) -> Sticker:
    site = one.site.name if one.site else ""
    zone = _("Zone %(zone)s", zone=one.zone) if one.zone else ""
    kept_for = f"{one.fixed_sku.code} {one.fixed_sku.name}" if one.fixed_sku else ""
    lines = tuple(line for line in (site, zone, one.hazard, kept_for) if line)
    return Sticker(picture(one.code), one.code, lines)


def _unit(one: Serial) -> Sticker:
    return Sticker(picture(one.code), one.code, (one.sku.code, one.sku.name))
