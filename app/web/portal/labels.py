"""Label sheets: one square code for each unit or carton, laid out to be printed on A4."""

from app.domain.sourcing import labels
from app.domain.sourcing.labels import LabelPrint
from app.domain.supply.asns import Asn
from app.web.labels.stickers import Sticker, picture
from app.web.tongue import _


def of(asn: Asn, printed: LabelPrint) -> list[Sticker]:
    """The labels of one printing."""
    return _units(asn) if printed.kind == "unit" else _cartons(asn, printed.labels)


def _units(asn: Asn) -> list[Sticker]:
    return [
        Sticker(picture(code), code, (sku, f"{asn.order.number} · {asn.number}"))
        for sku, code in labels.codes(asn)
    ]


def _cartons(asn: Asn, count: int) -> list[Sticker]:
    code = picture(asn.number)
    return [
        Sticker(
            code,
            asn.number,
            (
                _("Carton %(n)s of %(all)s", n=at, all=count),
                f"{asn.supplier.name} → {asn.site.name}",
                asn.order.number,
            ),
        )
        for at in range(1, count + 1)
    ]
