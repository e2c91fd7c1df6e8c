"""Screens for staff: how they are, connecting devices, showing something now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit import clock
from madoguchi.trust.api import permission_required

from ...errors import MessagingError
from ...forms.signage import CodeForm, OverrideForm, ScreenForm, describe_schedule, read_target
from ...models import Screen
from ...permissions import screen_policy
from ...selectors.signage import (
    all_screens,
    groups,
    health_of,
    in_group,
    on_now,
    problems_first,
    records_between,
    schedules_of,
    with_state,
)
from ...services import signage
from .common import site_of
from .office import actor_of, asked, attempt, fill_errors, find_screen, office_address, page, paged

LATELY = 20


@require_safe
@permission_required(screen_policy, "list")
def index(request: HttpRequest) -> HttpResponseBase:
    """List the screens, those in trouble first, with a picture of what is on."""
    word, state, group = (request.GET.get(name, "").strip()[:80] for name in ("q", "state", "group"))
    found = paged(request, problems_first(_filtered(word, state, group)))
    rows = [_row(request, screen) for screen in found.object_list]
    context: dict[str, Any] = {
        "page": found,
        "rows": rows,
        "word": word,
        "state": state,
        "group": group,
        "states": [
            ("", _("すべて")), ("problem", _("連絡がない")), ("unpaired", _("機器がない")), ("ok", _("動いている")),
        ],
        "groups": [("", _("すべて")), *((name, name) for name in groups())],
        "is_filtered": bool(word or state or group),
        "troubled": with_state(all_screens(), "problem").count(),
    }  # fmt: skip
    return page(request, "index", "", tab="index", **context)


def _filtered(word: str, state: str, group: str) -> QuerySet[Screen]:
    rows = with_state(all_screens(), state)
    for part in word.split()[:5]:
        rows = rows.filter(Q(name__icontains=part) | Q(place__icontains=part) | Q(number__icontains=part))
    return rows.filter(pk__in=in_group(rows, group)) if group else rows


def _row(request: HttpRequest, screen: Screen) -> dict[str, Any]:
    return {
        "screen": screen,
        "health": health_of(screen),
        "now": on_now(screen, site_of(request), office_address) if screen.is_paired else None,
    }


@require_safe
@permission_required(screen_policy, "list")
def screen(request: HttpRequest, number: str) -> HttpResponseBase:
    """Show one screen: how it is, what is on, what is planned, what it showed today."""
    found = find_screen(number)
    today = clock.today()
    context: dict[str, Any] = {
        **_row(request, found),
        "schedules": [(schedule, describe_schedule(schedule)) for schedule in schedules_of(found)],
        "played": records_between(today, today).filter(screen=found).select_related("item")[:LATELY],
        "override_on": found.override_until is not None and found.override_until > clock.now(),
    }
    return page(request, "screen", found.name, tab="index", **context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def new(request: HttpRequest) -> HttpResponseBase:
    """Register a screen before its device is there."""
    form = ScreenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = signage.add_screen(actor=actor_of(request), **form.cleaned_data)
        messages.success(request, _("画面を登録しました。次に、機器をつなぎます。"))
        return redirect("signage_office:screen", made.number)
    return page(
        request, "settings", _("画面を登録する"), tab="index", form=form, status=422 if form.errors else 200,
        back=reverse("signage_office:index"), submit=_("登録する"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def settings(request: HttpRequest, number: str) -> HttpResponseBase:
    """Change what is known of a screen and how it plays."""
    found = find_screen(number)
    form = ScreenForm(request.POST or None, screen=found)
    if request.method == "POST" and form.is_valid():
        signage.change_screen(screen=found, actor=actor_of(request), **form.cleaned_data)
        messages.success(request, _("設定を保存しました。画面には数秒で反映されます。"))
        return redirect("signage_office:screen", found.number)
    return page(
        request, "settings", _("設定"), tab="index", form=form, status=422 if form.errors else 200,
        back=reverse("signage_office:screen", args=[found.number]), submit=_("設定を保存する"), trail=_trail(found),
    )  # fmt: skip


def _trail(found: Screen) -> list[dict[str, str]]:
    return [{"label": found.name, "url": reverse("signage_office:screen", args=[found.number])}]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def pair(request: HttpRequest) -> HttpResponseBase:
    """Connect the browser that shows a code: to a screen that is registered, or to a new one."""
    form = CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")[:20]})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            chosen = signage.claim_code(
                code=data["code"],
                actor=actor_of(request),
                screen=data["screen"],
                name=data["name"],
                place=data["place"],
            )
        except MessagingError as error:
            fill_errors(form, error, "code")
        else:
            return _paired(request, chosen)
    return page(
        request, "pair", _("画面をつなぐ"), tab="index", form=form, status=422 if form.errors else 200, screen=None
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def replace_device(request: HttpRequest, number: str) -> HttpResponseBase:
    """Connect another device to a screen; the former one is shut out."""
    found = find_screen(number)
    form = CodeForm(request.POST or None)
    form.fields["screen"].initial = found
    for name in ("screen", "name", "place"):
        del form.fields[name]
    form.clean = lambda: form.cleaned_data  # type: ignore[method-assign]
    if request.method == "POST" and form.is_valid():
        try:
            signage.claim_code(screen=found, code=form.cleaned_data["code"], actor=actor_of(request))
        except MessagingError as error:
            fill_errors(form, error, "code")
        else:
            return _paired(request, found)
    return page(
        request, "pair", _("機器をつなぐ"), tab="index", form=form, status=422 if form.errors else 200, screen=found,
        trail=_trail(found),
    )  # fmt: skip


def _paired(request: HttpRequest, found: Screen) -> HttpResponseBase:
    messages.success(request, _("「%(name)s」につなぎました。画面は数秒で切り替わります。") % {"name": found.name})
    return redirect("signage_office:screen", found.number)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def unpair(request: HttpRequest, number: str) -> HttpResponseBase:
    """Shut the device of a screen out."""
    found = find_screen(number)
    return asked(
        request,
        title=_("機器を切り離す"),
        text=_(
            "「%(name)s」の機器を切り離します。機器は保存した番組を消し、接続コードの表示に戻ります。なくした機器も、これで使えなくなります。"
        )
        % {"name": found.name},
        submit=_("切り離す"),
        back=reverse("signage_office:screen", args=[found.number]),
        doing=lambda: signage.unpair_screen(screen=found, actor=actor_of(request)),
        said=_("機器を切り離しました。"),
        tab="index",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def remove(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take a screen away."""
    found = find_screen(number)
    return asked(
        request,
        title=_("画面を撤去する"),
        text=_(
            "「%(name)s」を一覧から外し、機器を切り離します。この画面だけの放映予定は消えます。放映の記録は残ります。"
        )
        % {"name": found.name},
        submit=_("撤去する"),
        back=reverse("signage_office:screen", args=[found.number]),
        after=reverse("signage_office:index"),
        doing=lambda: signage.remove_screen(screen=found, actor=actor_of(request)),
        said=_("画面を撤去しました。"),
        tab="index",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def override(request: HttpRequest) -> HttpResponseBase:
    """Show something now, whatever is planned."""
    form = OverrideForm(request.POST or None, initial={"target": request.GET.get("target", ""), "minutes": 60})
    form.fields["target"].required = False
    if request.method == "POST" and form.is_valid():
        one, group = read_target(form.cleaned_data["target"])
        rows = all_screens()
        chosen = rows.filter(pk=one.pk) if one else rows.filter(pk__in=in_group(rows, group)) if group else rows
        try:
            count = signage.override_screens(
                screens=list(chosen),
                playlist=form.cleaned_data["playlist"],
                until=form.until(),
                actor=actor_of(request),
            )
        except MessagingError as error:
            fill_errors(form, error)
        else:
            messages.success(request, _("%(count)sつの画面で、いま表示しています。") % {"count": count})
            return redirect("signage_office:screen", one.number) if one else redirect("signage_office:index")
    return page(request, "override", _("いま表示する"), tab="index", form=form, status=422 if form.errors else 200)


@require_POST
@permission_required(screen_policy, "edit")
def end_override(request: HttpRequest, number: str) -> HttpResponseBase:
    """Go back to what is planned."""
    found = find_screen(number)
    attempt(
        request, lambda: signage.end_override(screen=found, actor=actor_of(request)), _("放映予定の番組に戻しました。")
    )
    return redirect("signage_office:screen", found.number)
