"""Papers as one PDF: their facts, their lines under a head that repeats, counted pages."""

import io
import re
from collections.abc import Sequence
from urllib.parse import quote

from flask import Response
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, SimpleDocTemplate, Spacer

from app.domain.finance import company
from app.web.documents.papers import Paper
from app.web.language import locale_code
from app.web.printing import fonts
from app.web.printing.canvas import CountedPages
from app.web.printing.parts import Parts
from app.web.tongue import _

_SIDE, _TOP, _FOOT = 14 * mm, 14 * mm, 18 * mm
_INSIDE = 6  # the library keeps this much free on each side of a page's frame
_ROOM = A4[0] - 2 * _SIDE
_SIZE = 7.5


def answer(papers: Sequence[Paper]) -> Response:
    """The papers of one page as a file to look at, to print or to send."""
    response = Response(written(papers), content_type="application/pdf")
    name = quote(re.sub(r"[^\w-]+", "-", papers[0].number).strip("-") or "paper")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{name}.pdf"
    return response


def written(papers: Sequence[Paper]) -> bytes:
    """The papers on A4; the same papers give the same bytes."""
    locale, first = locale_code(), papers[0]
    faces, bold = fonts.faces(locale), fonts.faces(locale, bold=True)
    parts = Parts(faces, bold, _ROOM)
    title = f"{first.kind} {first.number}"
    content = io.BytesIO()
    document = SimpleDocTemplate(
        content,
        pagesize=A4,
        leftMargin=_SIDE - _INSIDE,
        rightMargin=_SIDE - _INSIDE,
        topMargin=_TOP,
        bottomMargin=_FOOT,
        title=title,
        author=company.ours().name,
        lang=locale.replace("_", "-"),
        invariant=1,
    )

    def foot(page: Canvas, number: int, count: int) -> None:
        _foot(page, title, _("Page %(n)s of %(all)s", n=number, all=count), faces[0])

    story = [parts.line(company.ours().name), *_story(papers, parts)]
    document.build(story, canvasmaker=lambda *args, **how: CountedPages(*args, foot=foot, **how))
    return content.getvalue()


def _story(papers: Sequence[Paper], parts: Parts) -> list[Flowable]:
    story: list[Flowable] = []
    for at, paper in enumerate(papers):
        story += [Spacer(0, 6 * mm)] if at else []
        story += parts.paper(paper, is_first=not at)
    return story


def _foot(page: Canvas, title: str, count: str, face: str) -> None:
    page.saveState()
    page.setFont(face, _SIZE)
    page.setFillGray(0.35)
    page.drawString(_SIDE, 10 * mm, fonts.clean(title))
    page.drawRightString(A4[0] - _SIDE, 10 * mm, count)
    page.restoreState()
