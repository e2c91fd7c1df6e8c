"""One matter: the conversation, who has to act, the answers, the receipt, messages, withdrawal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit import era
from madoguchi.messaging.api import read_thread
from madoguchi.records.api import documents_of, render_pdf
from madoguchi.records.enums import DocumentStatus
from madoguchi.trust.api import FileRefusedError, account_of, open_file

from ...enums import Side
from ...errors import ProceduresError
from ...models import Application, Attachment
from ...rules.forms import describe
from ...selectors.timeline import coming, deadlines_of, documents, timeline
from ...services.applying import mark_read, send_message, withdraw
from ...services.telling import thread_of
from ..applying.frame import language_of
from ..applying.keys import secrets_of
from .frame import matter_context, open_application


@never_cache
@require_safe
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """Show a matter as a conversation."""
    application = open_application(request, number)
    if isinstance(application, HttpResponse):
        return application
    return _show(request, application)


def _show(request: HttpRequest, application: Application, *, typed: str = "", problem: str = "") -> HttpResponse:
    context = matter_context(request, application)
    context |= {
        "entries": timeline(application),
        "coming": coming(application, language_of(request))[1:],
        "documents": documents(application),
        "deadlines": deadlines_of(application),
        "is_own": account_of(request) is not None,
        "typed": typed,
        "problem": problem,
    }
    response = render(request, "procedures/mine/matter.html", context, status=422 if problem else 200)
    if context["may_act"]:
        mark_read(application=application, side=Side.APPLICANT)
    if context["is_own"] and (account := account_of(request)) is not None:
        read_thread(account=account, thread=thread_of(application))
    return response


@never_cache
@require_POST
def message(request: HttpRequest, number: str) -> HttpResponse:
    """Send a message, with files."""
    application = open_application(request, number)
    if isinstance(application, HttpResponse):
        return application
    text = request.POST.get("text", "")
    try:
        send_message(
            application=application,
            side=Side.APPLICANT,
            text=text,
            files=request.FILES.getlist("files"),
            actor=account_of(request),
            secret=secrets_of(request),
        )
    except (ProceduresError, FileRefusedError) as error:
        return _show(request, application, typed=text, problem=str(error))
    messages.success(request, _("メッセージを送りました。返信が届くと、このページに表示されます。"))
    return redirect(reverse("mine:matter", args=[application.number]) + "#talk")


@never_cache
@require_safe
def answers(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was answered, with its files and where prefilled values came from."""
    application = open_application(request, number)
    if isinstance(application, HttpResponse):
        return application
    sections = describe(application.version.definition, application.answers, language_of(request), empty=False)
    files = Attachment.objects.filter(application=application, message=None).select_related("stored")
    context = matter_context(request, application, _("送った内容"), sections=sections, files=list(files))
    return render(request, "procedures/mine/answers.html", context)


@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Show the receipt as a page to print."""
    application = open_application(request, number)
    if isinstance(application, HttpResponse):
        return application
    language = language_of(request)
    sections = describe(application.version.definition, application.answers, language, empty=False)
    context = matter_context(request, application, _("控え"), sections=sections, coming=coming(application, language))
    return render(request, "procedures/mine/receipt.html", context)


@never_cache
@require_safe
def receipt_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """Return the receipt as a PDF."""
    application = open_application(request, number)
    if isinstance(application, HttpResponse):
        return application
    context = matter_context(request, application)
    content = receipt_content(context, language_of(request))
    pdf = render_pdf(template="receipt", content=content, language=language_of(request))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{application.number}.pdf"'
    return response


def receipt_content(context: dict[str, Any], language: str) -> dict[str, Any]:
    """Return what the template "receipt" of the records room prints."""
    from madoguchi.kit import clock

    application = context["application"]
    at = clock.local(application.submitted_at)
    when = f"{at.date().isoformat()} {at:%H:%M}" if language == "en" else f"{era.format_date(at.date())} {at:%H:%M}"
    sections = describe(application.version.definition, application.answers, language, empty=False)
    name = context["name"] + (
        _("（%(name)sさんの代理）") % {"name": context["on_behalf"]} if context["on_behalf"] else ""
    )
    return {
        "title": _("申請の控え"),
        "reference": application.number,
        "received": _("%(when)s 受付") % {"when": when},
        "lead": _("「%(name)s」の申請を受け付けました。") % {"name": name},
        "next": [_line(entry, language) for entry in coming(application, language)],
        "sections": [
            {"title": section.title, "rows": [[row.label, row.value] for row in section.rows]} for section in sections
        ],
    }


def _line(entry: Any, language: str) -> str:
    if entry.day is None:
        return str(entry.title)
    day = entry.day.isoformat() if language == "en" else era.format_date(entry.day)
    return _("%(what)s（%(day)sまで）") % {"what": entry.title, "day": day}


@never_cache
@require_safe
def attached_file(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """Hand out a file of a matter to who may see the matter; always as a download."""
    application = open_application(request, number)
    if isinstance(application, HttpResponse):
        return application
    found = Attachment.objects.filter(application=application, pk=pk).select_related("stored").first()
    if found is None:
        raise Http404
    try:
        content = open_file(found.stored)
    except FileNotFoundError:
        raise Http404(_("このファイルはありません。")) from None
    response = FileResponse(
        content, as_attachment=True, filename=found.stored.name, content_type=found.stored.media_type
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@never_cache
@require_safe
def document(request: HttpRequest, number: str, issued: str) -> HttpResponseBase:
    """Hand out a document of a matter: by the records room to who has an account, here to who shows the secret."""
    application = open_application(request, number)
    if isinstance(application, HttpResponse):
        return application
    if account_of(request) is not None:
        return redirect("documents:download", issued)
    found = documents_of(application).filter(number=issued, status=DocumentStatus.ISSUED).select_related("file").first()
    if found is None or found.file is None:
        raise Http404
    return FileResponse(
        open_file(found.file), as_attachment=True, filename=f"{found.number}.pdf", content_type="application/pdf"
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest, number: str) -> HttpResponse:
    """Ask, then take an application back."""
    application = open_application(request, number)
    if isinstance(application, HttpResponse):
        return application
    problem, reason = "", request.POST.get("reason", "")
    if request.method == "POST":
        try:
            withdraw(application=application, actor=account_of(request), reason=reason, secret=secrets_of(request))
        except ProceduresError as error:
            problem = str(error)
        else:
            messages.success(request, _("申請を取り下げました。"))
            return redirect("mine:matter", application.number)
    context = matter_context(request, application, _("取下げ"), problem=problem, reason=reason)
    return render(request, "procedures/mine/withdraw.html", context, status=422 if problem else 200)
