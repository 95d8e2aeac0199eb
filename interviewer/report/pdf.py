"""A page of HTML as PDF, by WeasyPrint: an extra that is told of where it is missing."""

from __future__ import annotations

from interviewer.errors import InterviewerError
from interviewer.extras import refuse_missing

_PANGO = "WeasyPrint needs Pango: apt install libpango-1.0-0 libpangoft2-1.0-0, or brew install pango."


def refuse_without_pdf() -> None:
    """Raise UsageError where WeasyPrint is not installed. Nothing is imported."""
    refuse_missing("pdf", purpose="a PDF")


def to_pdf(html: str) -> bytes:
    """`html`, a page of `interviewer.report.html`, as a tagged PDF. Nothing is fetched for it.

    Raises UsageError where WeasyPrint is not installed, InterviewerError where its libraries are not.
    """
    refuse_without_pdf()
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise InterviewerError("a PDF cannot be made: a library is missing", hint=_PANGO) from error
    nothing = URLFetcher(allowed_protocols=())
    made: bytes = HTML(string=html, url_fetcher=nothing).write_pdf(pdf_variant="pdf/ua-1")
    return made
