"""Going on later: saved with a code, taken up on another device, thrown away."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from madoguchi.trust.api import account_of

from ...rules import codes
from ...selectors.applying import draft_by_code
from ...services.applying import discard_draft
from .frame import crumbs, draft_context, first_open, language_of, open_draft, step_path
from .keys import remember, secrets_of


@never_cache
@require_safe
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Lead to where a draft goes on: the first step that is not done, or the review."""
    found = open_draft(request, key)
    if isinstance(found, HttpResponse):
        return found
    return redirect(step_path(found, first_open(found)))


@never_cache
@require_safe
def saved(request: HttpRequest, key: str) -> HttpResponse:
    """Say that the answers are kept, until when, and how to go on, here or on another device."""
    found = open_draft(request, key)
    if isinstance(found, HttpResponse):
        return found
    address = request.build_absolute_uri(reverse("procedures:resume_by_code", args=[found.resume_code]))
    context = draft_context(
        request,
        found,
        address=address,
        qr=qr_of(address),
        resume_address=request.build_absolute_uri(reverse("procedures:resume")),
        breadcrumbs=crumbs(found.version.definition, _("保存しました"), language_of(request)),
    )
    response = render(request, "procedures/applying/saved.html", context)
    if found.account_id is None:
        remember(request, response, *(secret for secret in secrets_of(request)[1:]))
    return response


def qr_of(text: str) -> Markup:
    """Return a QR code as a line drawing in SVG, without any script or style."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(scale=4, border=4, svgclass=None, lineclass=None, omitsize=True)
    return Markup(drawn)  # noqa: S704 - made of a matrix of squares, the text itself is not in it


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Ask for a resume code, or go on with the draft it opens."""
    typed, problem = request.POST.get("code", "").strip(), ""
    if request.method == "POST":
        found = draft_by_code(typed[:80])
        if found is not None:
            return _resumed(request, found.key, codes.read_code(typed))
        problem = _no_draft(typed)
    context = {"typed": typed, "problem": problem, "breadcrumbs": crumbs(here=_("続きから始める"))}
    return render(request, "procedures/applying/resume.html", context, status=422 if problem else 200)


def _no_draft(typed: str) -> str:
    if not typed:
        return _("再開コードを入力してください。")
    if not codes.read_code(typed):
        return _("再開コードは16文字です。4文字ずつに区切った、数字とアルファベットを入力してください。")
    return _("このコードの申請は見つかりません。送信したか、保存期限が過ぎたときは、コードを使えません。")


@never_cache
@require_safe
def resume_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """Go on with the draft of a printed code or a QR code."""
    found = draft_by_code(code)
    if found is None:
        messages.warning(request, _no_draft(code))
        return redirect("procedures:resume")
    return _resumed(request, found.key, codes.read_code(code))


def _resumed(request: HttpRequest, key: str, code: str) -> HttpResponse:
    response = redirect("procedures:draft", key)
    remember(request, response, code)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then throw a draft away."""
    found = open_draft(request, key)
    if isinstance(found, HttpResponse):
        return found
    if request.method == "POST":
        name = found.version.definition.name.in_language(language_of(request))
        discard_draft(draft=found, actor=account_of(request))
        messages.success(request, _("「%(name)s」の入力を破棄しました。") % {"name": name})
        return redirect("mine:index" if account_of(request) is not None else "procedures:index")
    context = draft_context(
        request, found, breadcrumbs=crumbs(found.version.definition, _("破棄する"), language_of(request))
    )
    return render(request, "procedures/applying/discard.html", context)
