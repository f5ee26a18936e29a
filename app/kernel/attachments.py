"""Files people hand in: photographs and papers, kept once by what they hold."""

import hashlib
import re
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, NotFound, Refusal

MOST_BYTES = 10_000_000
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})  # by every browser
_LONGEST_NAME = 120
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\"\\/:*?<>|\ud800-\udfff]+")


class Attachment(Model):
    """One file as it was handed in; it never changes."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(_LONGEST_NAME))
    media_type: Mapped[str] = mapped_column(String(40))
    size_bytes: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    kept_at: Mapped[datetime] = mapped_column(Instant)


class FileTooLarge(Refusal):
    """Larger than what we keep."""

    code = "file_too_large"
    message = N_("“{name}” has more than {most} MB. Take a smaller picture.")
    status = 413


class FileNotKept(Refusal):
    """Not of a kind that is safe to show again."""

    code = "file_not_kept"
    message = N_("“{name}” is not a photograph (JPEG, PNG, WebP, HEIC) and not a PDF.")
    status = 415


class FileEmpty(Refusal):
    """Nothing arrived."""

    code = "file_empty"
    message = N_("“{name}” is empty. Choose it again.")
    status = 422


def keep(name: str, content: bytes, *, by: int | None) -> Attachment:
    """Keep `content`; the same file of the same person is kept once.

    Raises:
        FileEmpty, FileTooLarge, FileNotKept: with the name in the sentence.
    """
    plain = _plain_name(name)
    media_type = _checked(plain, content)
    sha256 = hashlib.sha256(content).hexdigest()
    before = select(Attachment).where(Attachment.sha256 == sha256, Attachment.person_id == by)
    found = db.session.scalars(before.limit(1)).first()
    if found:
        return found
    kept = Attachment(
        sha256=sha256,
        name=plain,
        media_type=media_type,
        size_bytes=len(content),
        content=content,
        person_id=by,
        kept_at=clock.now(),
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def get(attachment_id: int) -> Attachment:
    """The file; who may see it is decided by whoever asks."""
    found = db.session.get(Attachment, attachment_id)
    if found is None:
        raise NotFound
    return found


def unknown(ids: frozenset[int], by: int | None) -> frozenset[int]:
    """Those of `ids` that `by` did not hand in (any person's, when `by` is None)."""
    if not ids:
        return frozenset()
    known = select(Attachment.id).where(Attachment.id.in_(ids))
    if by is not None:
        known = known.where(Attachment.person_id == by)
    return ids - frozenset(db.session.scalars(known))


def names(ids: frozenset[int]) -> dict[int, str]:
    """The name of each file of `ids`."""
    if not ids:
        return {}
    rows = db.session.execute(select(Attachment.id, Attachment.name).where(Attachment.id.in_(ids)))
    return {row.id: row.name for row in rows}


def named(ids: frozenset[int]) -> dict[int, Attachment]:
    """The files of `ids` without what they hold."""
    found = db.session.scalars(select(Attachment).where(Attachment.id.in_(ids))) if ids else ()
    return {one.id: one for one in found}


def media_type_of(content: bytes) -> str | None:
    """What `content` is by its first bytes, or None when it is nothing we show."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"heif"):
        return "image/heic"
    return next((kind for start, kind in _STARTS if content.startswith(start)), None)


def _checked(name: str, content: bytes) -> str:
    if not content:
        raise FileEmpty(name=name)
    if len(content) > MOST_BYTES:
        raise FileTooLarge(name=name, most=MOST_BYTES // 1_000_000)
    media_type = media_type_of(content)
    if media_type is None:
        raise FileNotKept(name=name)
    return media_type


def _plain_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = " ".join(_UNSAFE.sub(" ", last).split()).strip(" .")
    return plain[-_LONGEST_NAME:] or "file"


_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
