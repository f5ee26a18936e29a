"""Label sheets: one square code for each unit or carton, laid out to be printed on A4."""

from dataclasses import dataclass

import segno
from markupsafe import Markup

from app.domain.sourcing import labels
from app.domain.sourcing.labels import LabelPrint
from app.domain.supply.asns import Asn
from app.web.tongue import _


@dataclass(frozen=True)
class Label:
    """One label: its code as a picture, and the same in words."""

    picture: Markup
    title: str
    lines: tuple[str, ...]


def of(asn: Asn, printed: LabelPrint) -> list[Label]:
    """The labels of one printing."""
    return _units(asn) if printed.kind == "unit" else _cartons(asn, printed.labels)


def _units(asn: Asn) -> list[Label]:
    return [
        Label(_picture(code), code, (sku, f"{asn.order.number} · {asn.number}"))
        for sku, code in labels.codes(asn)
    ]


def _cartons(asn: Asn, count: int) -> list[Label]:
    picture = _picture(asn.number)
    return [
        Label(
            picture,
            asn.number,
            (
                _("Carton %(n)s of %(all)s", n=at, all=count),
                f"{asn.supplier.name} → {asn.site.name}",
                asn.order.number,
            ),
        )
        for at in range(1, count + 1)
    ]


def _picture(text: str) -> Markup:
    """The code as a drawing that scales; `text` is encoded, never written into the page."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(scale=1, omitsize=True, border=1)
    return Markup(drawn)  # noqa: S704 - segno draws paths, whatever the text
