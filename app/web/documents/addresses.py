"""Where a document named in the ledger can be read."""

import re

from flask import url_for

_RECEIPT = re.compile(r"R-\d+(?=/|$)")


def of(document: str | None) -> str | None:
    """The page of a document, when it has one."""
    found = _RECEIPT.match(document or "")
    return url_for("documents.receipt", number=found[0]) if found else None
