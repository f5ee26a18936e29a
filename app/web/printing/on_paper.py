"""Papers as PDF files; what draws them is loaded with the first one."""

from collections.abc import Sequence

from flask import Response, request

from app.web.documents.papers import Paper

_KIND = "pdf"


def is_wanted() -> bool:
    """Whether the address asks for the page as a PDF."""
    return request.args.get("as") == _KIND


def answer(papers: Sequence[Paper]) -> Response:
    """The papers of one page as a file to look at, to print or to send."""
    from app.web.printing import pdf  # noqa: PLC0415 - slow to load, and few pages need it

    return pdf.answer(papers)
