"""The archive: a page that opens without a network, the lists beside it, the files, their sums."""

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO

from flask import render_template

from app.domain.finance.company import ours
from app.kernel import attachments, clock
from app.web.cases import drawn, listing, naming, papers, photographs, picture, story, twin
from app.web.cases.photographs import Photograph
from app.web.cases.standing import Standing
from app.web.evidence import deeds, drawing, goods, spoken
from app.web.files import sheets
from app.web.files.sheets import Sheet, Value
from app.web.language import locale_code
from app.web.session import current_person
from app.web.tongue import _
from app.web.words import quantity

_UNSAFE = re.compile(r"[^\w.-]+")
_IN_MEMORY = 8_000_000


@dataclass(frozen=True)
class File:
    """One file that came with an answer, by its name in the archive."""

    path: str
    name: str
    step: str
    person: str
    at: str
    is_picture: bool


def packed(standing: Standing) -> IO[bytes]:
    """The archive, at its beginning; large ones wait on the disk."""
    out: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - who sends it closes it
    sums = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in _contents(standing):
            archive.writestr(path, content)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {path}\n")
        archive.writestr("SHA256SUMS", "".join(sums))
    out.seek(0)
    return out


def file_name(text: str) -> str:
    """A name that any disk takes."""
    return _UNSAFE.sub("-", text).strip("-.") or "file"


def _contents(standing: Standing) -> Iterator[tuple[str, bytes]]:
    lists = [one for one in _lists(standing) if one]
    photos = photographs.of(standing.case)
    said = spoken.comments_of(standing)
    yield "index.html", _page(standing, lists, photos, said).encode()
    for one in (*lists, said):
        yield f"{one.name}.csv", sheets.as_csv(one)
    for name, content in sorted(standing.blueprint.files.items()):
        yield f"definition/{'/'.join(map(file_name, name.split('/')))}", content
    for process, drawing_of in _drawings(standing):
        yield f"definition/{file_name(process)}.svg", drawing_of.encode()
    for photo in photos:
        yield _path(photo), attachments.get(photo.id).content


def _lists(standing: Standing) -> list[Sheet | None]:
    return [
        deeds.approvals(standing),
        deeds.story(standing),
        goods.ledger(standing),
        goods.journal(standing),
    ]


def _page(standing: Standing, lists: list[Sheet], photos: list[Photograph], said: Sheet) -> str:
    definition = listing.definition(standing.case.definition_id)
    return render_template(
        "evidence/index.html",
        name=naming.name(standing.case),
        about=naming.about(standing.case),
        process=naming.process_title(definition),
        sentence=story.sentence(standing),
        company=ours().name,
        definition=definition,
        begun=sheets.instant(standing.case.started_at),
        ended=sheets.instant(standing.case.ended_at) if standing.case.ended_at else "",
        made=sheets.instant(clock.now()),
        made_by=current_person().name,
        papers=[(one.kind, one.number) for one in papers.of(standing.case)],
        lists=[(one.name, _title(one), one.headings, _rows(one)) for one in lists],
        files=[_file(one) for one in photos],
        said=(said.headings, _rows(said)),
        drawings=[one for _process, one in _drawings(standing)],
        locale=locale_code(),
    )


def _title(sheet: Sheet) -> str:
    return {
        "approvals": _("Who decided what, and why"),
        "history": _("Everything that happened"),
        "ledger": _("Stock ledger"),
        "journal": _("Journal"),
    }[sheet.name]


def _drawings(standing: Standing) -> Iterator[tuple[str, str]]:
    """The case's own diagram, and those of called processes it has been in."""
    for one in picture.of(standing, twin.of(standing)):
        content = drawn.diagram(standing.blueprint, one.process)
        if content is not None:
            marks = {"here": one.marks["here"] + one.marks["bad"], "done": one.marks["done"]}
            yield one.process, drawing.svg(content, one.titles, marks)


def _file(photo: Photograph) -> File:
    at = sheets.instant(photo.at)
    return File(_path(photo), photo.name, photo.step, photo.person, at, photo.is_picture)


def _path(photo: Photograph) -> str:
    return f"files/{photo.id}-{file_name(photo.name)}"


def _rows(sheet: Sheet) -> list[list[str]]:
    return [[_shown(cell) for cell in row] for row in sheet.rows]


def _shown(value: Value) -> str:
    if isinstance(value, datetime):
        return sheets.instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Decimal, int)):
        return quantity(value)
    return value or ""
