"""Where a document named in the ledger can be read."""

import re

from flask import url_for

from app.web.rooms import is_open

_BOOKS = re.compile(r"[BJ]-\d{6,15}")
_RECEIPT = re.compile(r"R-\d+(?=/|$)")
_RETURN = re.compile(r"RT-\d+(?=/|$)")
_PLAN = re.compile(r"PL-\d+(?=/|$)")


def of(document: str | None) -> str | None:
    """The page of a document; of one without a page, what the search finds under its number."""
    if is_open("books") and _BOOKS.fullmatch(document or ""):
        page = "books.bill" if str(document).startswith("B") else "books.voucher"
        return url_for(page, number=document)
    found = _RECEIPT.match(document or "")
    if found:
        return url_for("documents.receipt", number=found[0])
    back = _RETURN.match(document or "")
    if back:
        return url_for("documents.supplier_return", number=back[0])
    plan = _PLAN.match(document or "")
    if plan:
        return url_for("plans.show", number=plan[0])
    return url_for("search.index", q=document) if document else None
