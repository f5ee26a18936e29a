"""Codes and document numbers: what people write on things and read to each other."""

import re
from typing import Final

from sqlalchemy import String

from app.kernel.errors import N_, NotFound

# Sorted by code point on every database, as Python sorts.
Code: Final = String().with_variant(String(collation="C"), "postgresql")

_DIGITS = re.compile(r"[0-9]{1,15}")


class NoSuchDocument(NotFound):
    """Nothing has this number."""

    code = "no_such_document"
    message = N_("There is no document {number}.")


def number(prefix: str, row_id: int) -> str:
    """R-000012: the number of a document is its key, so that it needs no counter to queue at."""
    return f"{prefix}-{row_id:06d}"


def row_id(prefix: str, text: str) -> int:
    """The key behind a number.

    Raises:
        NoSuchDocument: it is not a number of this kind.
    """
    start, _, digits = text.strip().partition("-")
    if start.upper() != prefix or not (_DIGITS.fullmatch(digits)):
        raise NoSuchDocument(number=text)
    return int(digits)
