"""Checklists: saved under an address of their own, ticked off, printed, mailed, carried to the counter, begun together."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import permission_required

from ...errors import ProceduresError
from ...models import Checklist
from ...permissions import checklist_policy
from ...rules.definition import Assurance
from ...selectors.finding import answers_of, catalogue, find_checklist
from ...services.finding import access_checklist, can_mail, mail_checklist, save_checklist, start_bundle, tick_items
from ..applying.keys import browser_secret, remember
from .asking import address_of, read_answers, result_context
from .common import frame, language, optional_url, reader, say
from .starting import begin_url


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the result of the finder and lead to its own address."""
    found, event, answers = catalogue(), request.POST.get("event", ""), read_answers(request.POST)
    if event not in found.events:
        raise Http404
    try:
        checklist = save_checklist(
            catalogue=found, event=event, answers=answers, language=language(), account=reader(request)
        )
    except ProceduresError as error:
        messages.error(request, str(error))
        return redirect(address_of(event, answers, result="1"))
    messages.success(request, _("保存しました。このページのアドレスか番号があれば、あとで開けます。"))
    return redirect("procedures:checklist", checklist.key)


@never_cache
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Show a saved checklist: what is done, what is left, its number and QR code."""
    return _page(request, _found(key))


def _found(key: str) -> Checklist:
    checklist = find_checklist(key)
    if checklist is None:
        raise Http404
    return checklist


def _page(request: HttpRequest, checklist: Checklist, **more: Any) -> HttpResponse:
    found, answers = catalogue(), answers_of(checklist)
    address = request.build_absolute_uri(reverse("procedures:checklist", args=[checklist.key]))
    items = {item.procedure.code: item for item in checklist.items.all()}
    context = result_context(found, checklist.life_event, answers)
    listed = {entry.definition.code for entry in context["entries"]}
    account = reader(request)
    startable = [entry.definition for entry in context["entries"] if begin_url(found.offers[entry.definition.code])]
    context |= {
        "checklist": checklist,
        "items": items,
        "gone": [item for code, item in items.items() if code not in listed],
        "new": [entry for entry in context["entries"] if entry.definition.code not in items],
        "done": sum(item.done_at is not None for item in items.values()),
        "qr": qr_code(address),
        "address": address,
        "can_mail": can_mail(),
        "startable": [one for one in startable if account or one.assurance == Assurance.NONE],
        "needs_sign_in": [one for one in startable if not account and one.assurance != Assurance.NONE],
        "sign_in_url": f"{optional_url('account_login')}?next={reverse('procedures:checklist', args=[checklist.key])}",
        "again_url": address_of(checklist.life_event, answers, result="1"),
        "mail_error": "",
        "mail_address": "",
    }
    steps = [(_("手続を探す"), reverse("procedures:finder")), (_("わたしの手続リスト"), "")]
    status = 422 if more.get("mail_error") else 200
    return render(request, "procedures/finding/checklist.html", frame(request, steps) | context | more, status=status)


def qr_code(address: str) -> Markup:
    """Return the QR code of an address as SVG for a page."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=4, border=4, omitsize=True)
    return Markup(drawn)  # noqa: S704 - drawn by the library from squares alone


@require_POST
def tick(request: HttpRequest, key: str) -> HttpResponse:
    """Take over which procedures are done."""
    checklist = _found(key)
    done = [pk for value in request.POST.getlist("done") if (pk := plain_integer(value)) is not None]
    changed = tick_items(checklist=checklist, done=done, actor=reader(request))
    messages.success(request, _("済んだ手続を保存しました。") if changed else _("変わったところはありません。"))
    return redirect("procedures:checklist", checklist.key)


@require_POST
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """Mail the checklist to the address typed in; the address is not kept."""
    checklist = _found(key)
    address = request.POST.get("address", "")[:254]
    own = request.build_absolute_uri(reverse("procedures:checklist", args=[checklist.key]))
    try:
        mail_checklist(
            checklist=checklist,
            address=address,
            title=_("手続リスト（番号 %(number)s）") % {"number": checklist.number},
            body=_mail_text(request, checklist, own),
            actor=reader(request),
        )
    except ProceduresError as error:
        return _page(request, checklist, mail_error=str(error), mail_address=address)
    messages.success(request, _("メールを送りました。アドレスは残していません。"))
    return redirect("procedures:checklist", checklist.key)


def _mail_text(request: HttpRequest, checklist: Checklist, address: str) -> str:
    context = result_context(catalogue(), checklist.life_event, answers_of(checklist))
    lines = [f"・{say(entry.definition.name)}" for entry in context["entries"]]
    bring = [f"・{say(item.document.name)}" for item in context["documents"]]
    parts = [
        _("%(city)sの手続リストです。番号：%(number)s") % {"city": request.municipality, "number": checklist.number},  # type: ignore[attr-defined]
        address,
        _("することは次のとおりです。") + "\n" + "\n".join(lines),
        _("持ち物は次のとおりです。") + "\n" + "\n".join(bring) if bring else "",
        _("このメールに心当たりがないときは、捨ててください。お名前やメールアドレスは保存していません。"),
    ]
    return "\n\n".join(part for part in parts if part)


@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Begin the chosen online applications together and lead to the first."""
    checklist = _found(key)
    account = reader(request)
    secret = browser_secret(request)
    try:
        drafts = start_bundle(
            catalogue=catalogue(),
            checklist=checklist,
            codes=request.POST.getlist("code"),
            account=account,
            browser_secret=secret,
            language=language(),
        )
    except ProceduresError as error:
        messages.error(request, str(error))
        return redirect("procedures:checklist", checklist.key)
    response = redirect("procedures:draft", drafts[0].key)
    if account is None:
        remember(request, response, *[draft.resume_code for draft in drafts if getattr(draft, "resume_code", "")])
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(checklist_policy, "open")
def open_by_number(request: HttpRequest) -> HttpResponseBase:
    """Let staff open the list of a resident at the counter by its number; logged."""
    number, error = request.POST.get("number", "")[:40], ""
    if request.method == "POST":
        found = access_checklist(actor=reader(request), number=number, purpose="窓口での案内")
        if found is not None:
            return redirect("procedures:checklist", found.key)
        error = _(
            "この番号のリストはありません。番号をもう一度確かめてください。保存から6か月を過ぎたリストは開けません。"
        )
    context = {"number": number, "error": error}
    page = frame(request, [(_("手続リストを番号で開く"), "")])
    return render(request, "procedures/finding/open.html", page | context, status=422 if error else 200)
