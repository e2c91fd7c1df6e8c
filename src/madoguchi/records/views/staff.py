"""Issued documents for the staff: list, record, revocation, replacement, batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit import clock
from madoguchi.kit.csvio import write_csv
from madoguchi.trust.api import account_of, log_access, municipality_in_scope, permission_required
from madoguchi.trust.enums import AccessAction

from ..enums import DocumentKind, DocumentStatus
from ..errors import RecordsError
from ..forms.documents import ReplaceForm, RevokeForm
from ..forms.templates import as_text
from ..models import DocumentBatch, IssuedDocument
from ..permissions import document_policy
from ..rules.codes import parse_number
from ..selectors.documents import batch_progress, find_documents
from ..services import issuing
from ..services.composing import verify_url
from .framing import STATUS_TONES, address_of, file_response, read_day, staff_crumbs

PER_PAGE = 50
MOST_ROWS = 100_000
COLUMNS = (
    "文書番号",
    "種類",
    "件名",
    "受取人",
    "状態",
    "作成日時",
    "発行日時",
    "有効期限",
    "取消し・差し替え日時",
    "受取日時",
)


@never_cache
@require_safe
@permission_required(document_policy, "list")
def index(request: HttpRequest) -> HttpResponse:
    """List the documents: search (``q``), ``status``, ``kind``, ``from``, ``to``, ``batch``; in pages."""
    asked, found = _found(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    if asked["q"]:
        actor = account_of(request)
        log_access(
            actor=actor,
            subject=municipality_in_scope(),
            purpose="発行した文書の検索",
            action=AccessAction.SEARCH,
            address=address_of(request) or None,
        )
    context = {
        "asked": asked,
        "filtered": any(asked.values()),
        "page": page,
        "statuses": DocumentStatus.choices,
        "kinds": DocumentKind.choices,
        "tones": STATUS_TONES,
        "may_export": document_policy.allows(account_of(request), "export"),
        "breadcrumbs": staff_crumbs(),
    }
    return render(request, "records/staff/list.html", context)


def _found(request: HttpRequest) -> tuple[dict[str, str], QuerySet[IssuedDocument]]:
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "status", "kind", "from", "to", "batch")}
    found = find_documents(
        text=asked["q"],
        status=asked["status"] if asked["status"] in DocumentStatus.values else "",
        kind=asked["kind"] if asked["kind"] in DocumentKind.values else "",
        from_date=read_day(asked["from"]),
        to_date=read_day(asked["to"]),
        batch=int(asked["batch"][:12]) if asked["batch"].isascii() and asked["batch"].isdecimal() else None,
    )
    return asked, found


@never_cache
@require_safe
@permission_required(document_policy, "export")
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand out the list as CSV, with the same filters; the export is logged."""
    _asked, found = _found(request)
    log_access(
        actor=account_of(request),
        subject=municipality_in_scope(),
        purpose="発行した文書の一覧の書き出し",
        action=AccessAction.EXPORT,
        address=address_of(request) or None,
    )
    rows = (_row(document) for document in found[:MOST_ROWS].iterator(chunk_size=2000))
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="documents-{clock.today():%Y%m%d}.csv"'
    return response


def _lines(rows: Iterator[list[str]]) -> Iterator[bytes]:
    yield write_csv(COLUMNS, [])
    head = len(write_csv(COLUMNS, [], encoding="utf-8"))
    for row in rows:
        yield write_csv(COLUMNS, [row], encoding="utf-8")[head:]


def _row(document: IssuedDocument) -> list[str]:
    moments = [document.created_at, document.issued_at]
    later = [document.closed_at, document.first_downloaded_at]
    return [
        document.number,
        document.get_kind_display(),
        document.title,
        document.recipient_name,
        document.get_status_display(),
        *(f"{clock.local(moment):%Y-%m-%d %H:%M}" if moment else "" for moment in moments),
        document.valid_until.isoformat() if document.valid_until else "",
        *(f"{clock.local(moment):%Y-%m-%d %H:%M}" if moment else "" for moment in later),
    ]


@never_cache
@require_safe
@permission_required(document_policy, "list")
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Show everything about one document; the look is logged."""
    document = _document(request, number)
    context = {
        "document": document,
        "tone": STATUS_TONES[DocumentStatus(document.status)],
        "revisions": document.revisions.select_related("file"),
        "before": document.replaces.first(),
        "verify_url": verify_url(document.municipality, document=document),
        "actions": document_policy.actions_for(account_of(request), document),
        "is_open": document.status in (DocumentStatus.PREPARING, DocumentStatus.ISSUED, DocumentStatus.FAILED)
        and document.replaced_by_id is None,
        "breadcrumbs": staff_crumbs((document.number, "")),
    }
    return render(request, "records/staff/document.html", context)


def _document(request: HttpRequest, number: str) -> IssuedDocument:
    canonical = parse_number(number)
    try:
        return issuing.access_document(
            actor=account_of(request), number=canonical or "", address=address_of(request) or None
        )
    except IssuedDocument.DoesNotExist:
        raise Http404(_("この番号の文書はありません。")) from None


@never_cache
@require_safe
@permission_required(document_policy, "list")
def download(request: HttpRequest, number: str) -> HttpResponseBase:
    """Hand out the sealed PDF."""
    try:
        document = issuing.download_document(
            actor=account_of(request), number=parse_number(number) or "", address=address_of(request) or None
        )
        return file_response(document)
    except (IssuedDocument.DoesNotExist, FileNotFoundError):
        raise Http404 from None
    except RecordsError as error:
        messages.info(request, str(error))
        return redirect("records:document", number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(document_policy, "revoke")
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    """Revoke a document, with the reason."""
    document = _document(request, number)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            issuing.revoke_document(document=document, reason=form.cleaned_data["reason"], actor=account_of(request))
        except RecordsError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("文書を取り消しました。確認ページには、取り消されたことが表示されます。"))
            return redirect("records:document", document.number)
    context = {"form": form, "document": document, "breadcrumbs": _under(document, _("取り消す"))}
    return render(request, "records/staff/revoke.html", context, status=_status(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(document_policy, "replace")
def replace(request: HttpRequest, number: str) -> HttpResponse:
    """Issue a corrected document in place of one."""
    document = _document(request, number)
    initial = {
        "title": document.title,
        "recipient_name": document.recipient_name,
        "valid_until": document.valid_until,
        "content": as_text(document.content),
    }
    form = ReplaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            new = issuing.replace_document(document=document, actor=account_of(request), **form.cleaned_data)
        except RecordsError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("差し替える文書の作成を始めました。できあがると、元の文書は差し替え済みになります。")
            )
            return redirect("records:document", new.number)
    context = {"form": form, "document": document, "breadcrumbs": _under(document, _("差し替える"))}
    return render(request, "records/staff/replace.html", context, status=_status(form))


@require_POST
@permission_required(document_policy, "retry")
def retry(request: HttpRequest, number: str) -> HttpResponse:
    """Try again to make a document."""
    document = _document(request, number)
    try:
        issuing.retry_document(document=document, actor=account_of(request))
    except RecordsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("もう一度作成するように登録しました。"))
    return redirect("records:document", document.number)


@never_cache
@require_safe
@permission_required(document_policy, "list")
def batches(request: HttpRequest) -> HttpResponse:
    """List the batches with how far they are."""
    page = Paginator(DocumentBatch.objects.all(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(batch, batch_progress(batch)) for batch in page.object_list],
        "breadcrumbs": staff_crumbs((_("一括作成"), "")),
    }
    return render(request, "records/staff/batches.html", context)


@never_cache
@require_safe
@permission_required(document_policy, "list")
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one batch: progress, and what could not be made."""
    found = get_object_or_404(DocumentBatch, pk=pk)
    failed = found.documents.filter(status=DocumentStatus.FAILED)
    context = {
        "batch": found,
        "counts": batch_progress(found),
        "failed": failed[:100],
        "waiting_for": found.documents.exclude(waiting_for="").values_list("waiting_for", flat=True).first(),
        "breadcrumbs": staff_crumbs((_("一括作成"), reverse("records:batches")), (found.title, "")),
    }
    return render(request, "records/staff/batch.html", context)


def _under(document: IssuedDocument, label: str) -> list[dict[str, Any]]:
    return staff_crumbs((document.number, reverse("records:document", args=[document.number])), (label, ""))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
