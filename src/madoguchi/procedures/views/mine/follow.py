"""Following an application without an account: by its number and the secret on the receipt. And applying again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit import ids
from madoguchi.trust.api import RefusedError, record_refusal

from ...models import Application
from ...rules import codes
from ...services.applying import access_application
from ..applying.keys import remember
from .frame import PURPOSE, crumbs, open_application


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_form(request: HttpRequest) -> HttpResponse:
    """Ask for the number and the confirmation code."""
    number, code = request.POST.get("number", "").strip()[:40], request.POST.get("code", "").strip()[:80]
    problem = ""
    if request.method == "POST":
        if (found := _find(number, code)) is not None:
            return _opened(request, found, codes.read_code(code))
        problem = _("受付番号と確認コードの組み合わせが正しくありません。控えに書いてある2つの番号をご確認ください。")
    context = {
        "number": number,
        "code": code,
        "problem": problem,
        "breadcrumbs": crumbs(request, (_("申請の状況を見る"), "")),
    }
    return render(request, "procedures/mine/follow.html", context, status=422 if problem else 200)


@never_cache
@require_safe
def follow(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Open the matter of a secret link or a QR code."""
    found = _find(number, code)
    if found is None:
        messages.warning(request, _("このリンクでは申請を開けません。受付番号と確認コードを入力してください。"))
        return redirect("mine:follow_form")
    return _opened(request, found, codes.read_code(code))


def _find(number: str, code: str) -> Application | None:
    plain = codes.read_code(code)
    if not plain or ids.parse_case_number(number) is None:
        return None
    try:
        return access_application(actor=None, number=number, purpose=PURPOSE, secret=plain)
    except Application.DoesNotExist:
        return None
    except RefusedError as error:
        record_refusal(error=error)
        return None


def _opened(request: HttpRequest, application: Application, code: str) -> HttpResponse:
    response = redirect("mine:matter", application.number)
    remember(request, response, code)
    return response


@never_cache
@require_safe
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Lead to a new application that begins with the answers of this one."""
    application = open_application(request, number)
    if isinstance(application, HttpResponse):
        return application
    address = reverse("procedures:apply", args=[application.procedure.code])
    return redirect(f"{address}?from={application.number}")
