"""The hub of one's preferences, topics, language and children, quiet hours, and why something came."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit import clock
from madoguchi.trust.api import log_access
from madoguchi.trust.enums import AccessAction

from ...enums import SubscriptionSource
from ...forms.preferences import AboutForm, ChildrenForm, QuietForm
from ...models import Child
from ...selectors.audience import LANGUAGES
from ...selectors.preferences import (
    declared_births,
    export_of,
    needs_of,
    recent_reasons,
    topics_offered,
    ways_of,
)
from ...services.preferences import end_everything, set_children, set_preferences
from ...services.subscriptions import set_topics
from .frame import Visitor, crumbs, known_visitor, language_of, let_out, visitor_of


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show what is set, or to somebody unknown the two ways in."""
    visitor = visitor_of(request)
    if visitor is None:
        offered = topics_offered(None, language_of(request))
        context: dict[str, Any] = {"breadcrumbs": crumbs(), "topics": offered}
        return render(request, "messaging/preferences/welcome.html", context)
    context = {"breadcrumbs": crumbs(), "visitor": visitor, "rows": _rows(request, visitor)}
    return render(request, "messaging/preferences/index.html", context)


def _rows(request: HttpRequest, visitor: Visitor) -> list[dict[str, str]]:
    """Return what is set, each line with the page that changes it."""
    mine = visitor.recipient
    chosen = [topic["name"] for topic in topics_offered(mine, language_of(request)) if topic["is_chosen"]]
    ways = [way.label for way in ways_of(mine) if way.is_used and way.is_working]
    inbox = [] if visitor.is_guest else [_("受信箱")]
    needs = [need.get_code_display() for need in needs_of(mine).values()]
    language = LANGUAGES.get(mine.language, (mine.language, ""))[0]
    rows = [
        (_("知りたい分野"), "、".join(chosen) or _("選んでいません"), "preferences:topics"),
        (_("受け取る手段"), " → ".join(inbox + ways) or _("ありません"), "preferences:ways"),
        (_("言語とあなたのこと"), " ／ ".join([language, *_about(visitor)]), "preferences:about"),
        (_("お子さん"), _children(visitor), "preferences:children"),
        (_("鳴らさない時間と休止"), _quiet(visitor), "preferences:quiet"),
        (_("災害のときの助け"), "、".join(needs) or _("登録していません"), "preferences:needs"),
    ]
    return [{"term": term, "text": text, "change_url": reverse(page)} for term, text, page in rows]


def _about(visitor: Visitor) -> list[str]:
    mine = visitor.recipient
    if mine.resident_id is None:
        return [mine.town] if mine.town else []
    return [_("住民記録をもとに選んでよい") if mine.consented_at else _("住民記録は使わない")]


def _children(visitor: Visitor) -> str:
    mine = visitor.recipient
    declared, known = len(declared_births(mine)), Child.objects.filter(recipient=mine, is_declared=False).count()
    parts = [_("%(count)s人（ご自分で入力）") % {"count": declared}] if declared else []
    parts += [_("%(count)s人（住民記録）") % {"count": known}] if known else []
    return "、".join(parts) or _("入力していません")


def _quiet(visitor: Visitor) -> str:
    mine = visitor.recipient
    parts = []
    if mine.quiet_from is not None and mine.quiet_until is not None:
        parts.append(f"{mine.quiet_from:%H:%M}〜{mine.quiet_until:%H:%M}")
    if mine.paused_until is not None and mine.paused_until > clock.now():
        until = clock.local(mine.paused_until)
        parts.append(_("%(month)s月%(day)s日まで休止") % {"month": until.month, "day": until.day})
    return "、".join(parts) or _("決めていません（市の決まりに従います）")


@require_http_methods(["GET", "HEAD", "POST"])
@known_visitor
def topics(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Choose topics."""
    if request.method == "POST":
        begun, ended = set_topics(
            recipient=visitor.recipient,
            codes=request.POST.getlist("topics"),
            source=SubscriptionSource.OWN,
            actor=visitor.account,
        )
        words = {"begun": begun, "ended": ended}
        messages.success(request, _("保存しました（始めた分野 %(begun)s件、やめた分野 %(ended)s件）。") % words)
        return redirect("preferences:index")
    offered = topics_offered(visitor.recipient, language_of(request))
    context = {"breadcrumbs": crumbs(_("知りたい分野")), "topics": offered}
    return render(request, "messaging/preferences/topics.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@known_visitor
def about(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Choose the language, say where one lives, agree or not that the registry is used."""
    mine = visitor.recipient
    initial = {name: getattr(mine, name) for name in ("language", "town", "postal_code", "birth_date")}
    form = AboutForm(mine, request.POST or None, initial=initial | {"has_consented": mine.consented_at is not None})
    if request.method == "POST" and form.is_valid():
        set_preferences(recipient=mine, actor=visitor.account, **form.cleaned_data)
        return _saved(request)
    return _form(request, "messaging/preferences/about.html", _("言語とあなたのこと"), form, visitor)


@require_http_methods(["GET", "HEAD", "POST"])
@known_visitor
def children(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say when one's children were born."""
    births = declared_births(visitor.recipient)
    form = ChildrenForm(births, request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_children(recipient=visitor.recipient, births=form.births(), actor=visitor.account)
        return _saved(request)
    known = Child.objects.filter(recipient=visitor.recipient, is_declared=False)
    return _form(request, "messaging/preferences/children.html", _("お子さん"), form, visitor, known=list(known))


@require_http_methods(["GET", "HEAD", "POST"])
@known_visitor
def quiet(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say when nothing may ring, and pause."""
    mine = visitor.recipient
    is_paused = mine.paused_until is not None and mine.paused_until > clock.now()
    initial = {"quiet_from": mine.quiet_from, "quiet_until": mine.quiet_until, "pause": "keep" if is_paused else ""}
    form = QuietForm(mine, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_preferences(
            recipient=mine,
            actor=visitor.account,
            quiet_from=form.cleaned_data["quiet_from"],
            quiet_until=form.cleaned_data["quiet_until"],
            paused_until=form.paused_until(),
        )
        return _saved(request)
    return _form(request, "messaging/preferences/quiet.html", _("鳴らさない時間と休止"), form, visitor)


@require_safe
@known_visitor
def why(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say why the last messages came."""
    rows = recent_reasons(visitor.recipient, language_of(request))
    return render(request, "messaging/preferences/why.html", {"breadcrumbs": crumbs(_("届いた理由")), "rows": rows})


@require_safe
@known_visitor
def export(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Hand out everything that is held, as JSON."""
    log_access(
        actor=visitor.account,
        subject=visitor.recipient.resident or visitor.recipient,
        purpose="ご本人による取り出し",
        action=AccessAction.EXPORT,
        address=request.META.get("REMOTE_ADDR") or None,
    )
    content = json.dumps(export_of(visitor.recipient), ensure_ascii=False, indent=2)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="preferences.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@known_visitor
def end(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """End everything, after a page that says what that means."""
    if request.method == "POST":
        end_everything(recipient=visitor.recipient, actor=visitor.account)
        let_out(request)
        messages.success(request, _("すべて終了しました。連絡先と、入力していただいたことを消しました。"))
        return redirect("preferences:index")
    context = {"breadcrumbs": crumbs(_("すべてやめる")), "visitor": visitor}
    return render(request, "messaging/preferences/end.html", context)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("保存しました。"))
    return redirect("preferences:index")


def _form(request: HttpRequest, page: str, title: str, form: Any, visitor: Visitor, **more: Any) -> HttpResponse:
    context = {"breadcrumbs": crumbs(title), "form": form, "visitor": visitor, **more}
    return render(request, page, context, status=422 if form.errors else 200)
