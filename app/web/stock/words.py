"""What goods, kinds of places and states of units are called."""

from app.domain.catalog.products import UNIDENTIFIED_NAME
from app.web.tongue import _


def goods_words(name: str) -> str:
    """Goods by the name somebody gave them; those that nobody knows, in the reader's language."""
    return _(UNIDENTIFIED_NAME) if name == UNIDENTIFIED_NAME else name


def kind_words(kind: str) -> str:
    """What a kind of location is for."""
    return {
        "internal": _("shelf"),
        "qc": _("waiting for inspection"),
        "hold": _("waiting for a decision"),
        "reject": _("rejected"),
        "transit": _("waiting for a shelf"),
        "custody": _("with a worker"),
        "supplier": _("with the supplier"),
        "customer": _("with a customer"),
        "loss": _("gain or loss"),
    }.get(kind, kind)


def status_words(status: str) -> str:
    """Where a unit stands in its life."""
    return {
        "in_stock": _("in stock"),
        "received": _("to inspect"),
        "held": _("on hold"),
        "rejected": _("rejected"),
        "moving": _("on the way to a shelf"),
        "in_custody": _("with a worker"),
        "sent_back": _("at the supplier"),
        "sold": _("sold"),
        "lost": _("lost"),
    }.get(status, status)


def link_words(kind: str, *, came_first: bool) -> str:
    """What another unit is to this one."""
    first = {
        "contains": _("is contained in"),
        "replaces": _("replaces"),
        "relabels": _("was once"),
        "duplicates": _("came with the code of"),
    }
    later = {
        "contains": _("contains"),
        "replaces": _("is replaced by"),
        "relabels": _("is now"),
        "duplicates": _("its code came again as"),
    }
    return (first if came_first else later).get(kind, kind)
