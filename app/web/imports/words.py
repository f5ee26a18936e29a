"""What each import unlocks."""

from app.web.tongue import _


def unlocks(kind: str) -> str:
    """Why a company would import this."""
    return {
        "products": _("Products and SKUs with their units: everything else names them."),
        "suppliers": _("Who you buy from."),
        "locations": _("Warehouses, outlets and their bins: where goods can lie."),
        "quality_classes": _("How careful quality control is with each category of goods."),
        "criteria": _("What inspectors measure and look at, category by category, with limits."),
        "defects": _("The defects inspectors tell apart."),
        "opening_stock": _("What lies on the shelves today; a process writes it into the ledger."),
        "purchase_orders": _("What is on order: what deliveries are compared with."),
        "asns": _("What suppliers announced: each starts receiving at the gate."),
    }.get(kind, "")
