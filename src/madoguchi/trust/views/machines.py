"""Pages for programs that work with the house: their tokens, and the addresses that are told of events."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit import clock

from ..errors import TrustError
from ..events import event_types
from ..forms.machines import TokenForm, WebhookForm, event_choices
from ..models import Account, MachineToken, WebhookSubscription
from ..permissions import account_of, machine_policy, permission_required
from ..registry import scopes
from ..services import machines, webhooks

PER_PAGE = 30
STATES = ("active", "all")


@permission_required(machine_policy, "view")
@never_cache
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens that work, or all there ever were, by name."""
    state = request.GET.get("state", "active")
    text = request.GET.get("q", "").strip()
    found = MachineToken.objects.select_related("created_by")
    if state != "all":
        state = "active"
        found = found.filter(revoked_at=None, expires_on__gte=clock.today())
    if text:
        found = found.filter(name__icontains=text)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [_token_line(token) for token in page.object_list],
        "state": state,
        "text": text,
        "states": [("active", _("使えるもの")), ("all", _("失効・期限切れも含む"))],
    }
    return render(request, "trust/machines/tokens.html", context)


def _token_line(token: MachineToken) -> dict[str, Any]:
    known = {scope.key: scope.label for scope in scopes}
    state = (_("使えます"), "good")
    if token.revoked_at is not None:
        state = (_("失効"), "idle")
    elif token.expires_on < clock.today():
        state = (_("期限切れ"), "idle")
    return {
        "token": token,
        "scopes": [_(known[key]) if key in known else key for key in token.scopes],
        "state": state[0],
        "tone": state[1],
        "works": state[1] == "good",
    }


@permission_required(machine_policy, "issue")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """Issue a token and show its secret, this once."""
    form = TokenForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "secret": ""}
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = machines.issue_token(actor=_actor(request), **form.cleaned_data)
        except TrustError as error:
            form.add_error(None, str(error))
        else:
            context = {"token": token, "secret": secret, "line": _token_line(token)}
    status = 422 if request.method == "POST" and not context["secret"] else 200
    return render(request, "trust/machines/issue.html", context, status=status)


@permission_required(machine_policy, "revoke")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then end a token at once."""
    token = get_object_or_404(MachineToken, pk=pk)
    if request.method == "POST":
        machines.revoke_token(token=token, actor=_actor(request))
        messages.success(request, _("トークンを失効させました。このトークンでは、もう何もできません。"))
        return redirect("operations:machines")
    return render(request, "trust/machines/revoke.html", {"line": _token_line(token)})


@permission_required(machine_policy, "view")
@never_cache
@require_safe
def webhook_list(request: HttpRequest) -> HttpResponse:
    """List the addresses that are told of events, with how the telling goes."""
    waiting = Count("deliveries", filter=Q(deliveries__delivered_at=None, deliveries__gave_up_at=None))
    given_up = Count("deliveries", filter=Q(deliveries__gave_up_at__isnull=False))
    found = WebhookSubscription.objects.annotate(waiting=waiting, given_up=given_up).order_by("name", "pk")
    text = request.GET.get("q", "").strip()
    if text:
        found = found.filter(Q(name__icontains=text) | Q(url__icontains=text))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "trust/machines/webhooks.html", {"page": page, "text": text, "hosts": sorted(settings.WEBHOOK_HOSTS)}
    )


@permission_required(machine_policy, "subscribe")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register an address that is told of events."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            made, _secret = webhooks.subscribe(
                name=facts["name"], url=facts["url"], keys=facts["events"], actor=_actor(request)
            )
        except TrustError as error:
            form.add_error("url", str(error))
        else:
            messages.success(request, _("配信先を登録しました。受け取る側に、署名の鍵を設定してください。"))
            return redirect("operations:webhook", pk=made.pk)
    context = {
        "form": form,
        "groups": event_choices(),
        "chosen": request.POST.getlist("events"),
        "hosts": sorted(settings.WEBHOOK_HOSTS),
    }
    return render(request, "trust/machines/register.html", context, status=422 if form.errors else 200)


@permission_required(machine_policy, "view")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one address: its events, its deliveries with the answers; the secret only when asked for (POST)."""
    found = get_object_or_404(WebhookSubscription.objects.select_related("created_by"), pk=pk)
    secret = ""
    if request.method == "POST":
        machine_policy.require(account_of(request), "subscribe")
        secret = webhooks.secret_of(found)
    state = request.GET.get("state", "")
    conditions = {
        "taken": Q(delivered_at__isnull=False),
        "waiting": Q(delivered_at=None, gave_up_at=None),
        "given_up": Q(gave_up_at__isnull=False),
    }
    deliveries = found.deliveries.filter(conditions.get(state, Q()))
    page = Paginator(deliveries, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "webhook": found,
        "secret": secret,
        "events": [(key, _event_label(key)) for key in found.events],
        "page": page,
        "lines": [(one, _event_label(one.key)) for one in page.object_list],
        "state": state,
        "states": [
            ("", _("すべて")),
            ("taken", _("届いたもの")),
            ("waiting", _("これから送るもの")),
            ("given_up", _("あきらめたもの")),
        ],
        "allowed": webhooks.may_go_to(found.url),
    }
    return render(request, "trust/machines/webhook.html", context)


def _event_label(key: str) -> str:
    kind = event_types.find(key)
    return key if kind is None else _(kind.label)


@permission_required(machine_policy, "subscribe")
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on telling an address after a pause."""
    found = get_object_or_404(WebhookSubscription, pk=pk)
    webhooks.resume_webhook(subscription=found, actor=_actor(request))
    messages.success(request, _("配信を再開しました。止まっていた間の出来事も、順に送ります。"))
    return redirect("operations:webhook", pk=pk)


@permission_required(machine_policy, "subscribe")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then stop telling an address."""
    found = get_object_or_404(WebhookSubscription, pk=pk)
    if request.method == "POST":
        webhooks.unsubscribe(subscription=found, actor=_actor(request))
        messages.success(request, _("配信先を取り除きました。もう何も知らせません。"))
        return redirect("operations:webhooks")
    return render(request, "trust/machines/remove.html", {"webhook": found})


def _actor(request: HttpRequest) -> Account:
    actor = account_of(request)
    if actor is None:
        raise AssertionError("the view lets only signed-in staff in")
    return actor
