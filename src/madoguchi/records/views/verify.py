"""Public pages under ``/verify/``: is this document good? Without sign-in, without JavaScript, in three languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit import clock

from ..enums import Verdict
from ..errors import TooManyAttemptsError, UnreadablePdfError
from ..forms.documents import FileForm, NumberForm
from ..selectors.templates import kind_label
from ..services.verifying import LARGEST, Outcome, verify_file, verify_number
from .framing import address_of, crumbs, responsible

TONES = {
    Verdict.VALID: "good",
    Verdict.EXPIRED: "caution",
    Verdict.REVOKED: "bad",
    Verdict.REPLACED: "caution",
    Verdict.PREPARING: "info",
    Verdict.ALTERED: "bad",
    Verdict.FOREIGN: "caution",
    Verdict.UNSIGNED: "caution",
    Verdict.UNKNOWN: "caution",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Ask for number and code, or for the PDF."""
    by_file = request.method == "POST" and "check-file" in request.POST
    numbers = NumberForm(request.POST if request.method == "POST" and not by_file else None)
    files = FileForm(request.POST, request.FILES) if by_file else FileForm()
    if by_file and files.is_valid():
        return _answer(request, lambda: verify_file(pdf=_content(files), address=address_of(request)), files, numbers)
    if numbers.is_bound and numbers.is_valid():
        found = numbers.cleaned_data
        return HttpResponseRedirect(reverse("verify:document", args=[found["number"], found["code"]]))
    return _ask(request, numbers, files)


def _content(form: FileForm) -> bytes:
    """Return the file, or so much of it that it shows to be too large."""
    content: bytes = form.cleaned_data["file"].read(LARGEST + 1)
    return content


@never_cache
@require_safe
def document(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Say whether a document is good, by what its QR code holds."""
    return _answer(
        request,
        lambda: verify_number(number=number, code=code, address=address_of(request)),
        FileForm(),
        NumberForm(initial={"number": number[:80]}),
    )


def _answer(request: HttpRequest, check: Callable[[], Outcome], files: FileForm, numbers: NumberForm) -> HttpResponse:
    try:
        outcome = check()
    except UnreadablePdfError as error:
        files.add_error("file", str(error))
        return _ask(request, numbers, files)
    except TooManyAttemptsError as error:
        response = _ask(request, numbers, files, refusal=str(error), status=429)
        response["Retry-After"] = str(error.seconds)
        return response
    return _show(request, outcome)


def _ask(
    request: HttpRequest, numbers: NumberForm, files: FileForm, *, refusal: str = "", status: int = 0
) -> HttpResponse:
    failed = bool(numbers.is_bound and numbers.errors) or bool(files.is_bound and files.errors)
    context = {
        "numbers": numbers,
        "files": files,
        "refusal": refusal,
        "breadcrumbs": crumbs((_("文書を確かめる"), "")),
        "responsible": responsible(request),
    }
    return render(request, "records/verify/index.html", context, status=status or (422 if failed else 200))


def _show(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    context: dict[str, Any] = {
        "outcome": outcome,
        "verdict": outcome.verdict.value,
        "tone": TONES[outcome.verdict],
        "checked_at": clock.now(),
        "kind": kind_label(outcome.document.kind) if outcome.document else "",
        "breadcrumbs": crumbs((_("文書を確かめる"), reverse("verify:index")), (_("確認の結果"), "")),
        "responsible": responsible(request),
    }
    response = render(request, "records/verify/result.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
