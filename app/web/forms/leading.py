"""Where a number or a code that stands in a form leads, for whoever may read it there."""

from typing import Any

from flask import url_for

from app.web.rooms import is_open

# What the last part of a field's key names, and the page of it.
_WAYS = {
    "po_no": ("documents.order", "number"),
    "asn_no": ("documents.notice", "number"),
    "receipt_no": ("documents.receipt", "number"),
    "receipt_line": ("documents.receipt", "number"),
    "sku": ("stock.sku", "code"),
}
_UNNUMBERED = "DRAFT-"


def way(key: str, text: object) -> str | None:
    """The page of what `text` names, when its field is called so."""
    name = key.rpartition(".")[2]
    said = str(text or "")
    if name not in _WAYS or not said or said.startswith(_UNNUMBERED) or not is_open("stock"):
        return None
    endpoint, parameter = _WAYS[name]
    number = said.partition("/")[0] if name == "receipt_line" else said
    named: dict[str, Any] = {parameter: number}
    return url_for(endpoint, **named)
