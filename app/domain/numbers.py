"""Codes and document numbers: what people write on things and read to each other."""

import re
from typing import ClassVar, Final, TypeVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model, RowId, db
from app.kernel.errors import N_, NotFound

# Sorted by code point on every database, as Python sorts.
Code: Final = String().with_variant(String(collation="C"), "postgresql")

_DIGITS = re.compile(r"[0-9]{1,15}")


class NoSuchDocument(NotFound):
    """Nothing has this number."""

    code = "no_such_document"
    message = N_("There is no document {number}.")


class Numbered(Model):
    """A document whose number is its key, so that it needs no counter to queue at."""

    __abstract__ = True

    PREFIX: ClassVar[str]

    id: Mapped[int] = mapped_column(RowId, primary_key=True, sort_order=-1)

    @property
    def number(self) -> str:
        return number(self.PREFIX, self.id)


Document = TypeVar("Document", bound=Numbered)


def number(prefix: str, row_id: int) -> str:
    """R-000012, as people read it to each other."""
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


def named(kind: type[Document], text: str) -> Document:
    """The document of this kind with this number, to be read.

    Raises:
        NoSuchDocument: there is none.
    """
    return _found(db.session.get(kind, row_id(kind.PREFIX, text)), text)


def locked(kind: type[Document], text: str) -> Document:
    """The document with this number, locked and read afresh: a decision rests on it.

    Raises:
        NoSuchDocument: there is none.
    """
    key, lock = row_id(kind.PREFIX, text), {"of": kind}
    return _found(db.session.get(kind, key, populate_existing=True, with_for_update=lock), text)


def _found(document: Document | None, text: str) -> Document:
    if document is None:
        raise NoSuchDocument(number=text)
    return document
