"""A person's own documents under ``/documents/``."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from madoguchi.trust.api import account_of, log_access, login_required

from ..errors import DocumentStateError
from ..models import IssuedDocument
from ..rules.codes import parse_number
from ..selectors.documents import own_documents
from ..services.issuing import download_document
from ..services.verifying import judge
from .framing import STATUS_TONES, address_of, crumbs, file_response, responsible

PER_PAGE = 20


@never_cache
@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """List the documents the visitor has received, newest first."""
    account = account_of(request)
    if account is None:
        raise Http404
    page = Paginator(own_documents(account), PER_PAGE).get_page(request.GET.get("page"))
    log_access(actor=account, subject=account, purpose="自分の文書の一覧", address=address_of(request) or None)
    context = {
        "page": page,
        "lines": [(document, judge(document)) for document in page.object_list],
        "tones": STATUS_TONES,
        "breadcrumbs": crumbs((_("受け取った文書"), "")),
        "responsible": responsible(request),
    }
    return render(request, "records/own/list.html", context)


@never_cache
@require_safe
@login_required
def download(request: HttpRequest, number: str) -> HttpResponseBase:
    """Hand out a document to its recipient, or to others who may see it."""
    canonical = parse_number(number)
    if canonical is None:
        raise Http404
    try:
        document = download_document(actor=account_of(request), number=canonical, address=address_of(request) or None)
        return file_response(document)
    except (IssuedDocument.DoesNotExist, FileNotFoundError):
        raise Http404(_("この文書はありません。")) from None
    except DocumentStateError as error:
        messages.info(request, str(error))
        return redirect("documents:index")
