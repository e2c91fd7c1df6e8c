"""By which ways somebody is reached: their order, their addresses, how each is confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ...enums import ChannelKey, EndpointStatus
from ...errors import MessagingError
from ...forms.preferences import AddressForm, CodeForm
from ...models import Endpoint
from ...registry import channels
from ...rules.tokens import TokenError
from ...selectors.preferences import masked, order_of, ways_of
from ...services.confirming import check_code, send_code, send_confirmation
from ...services.endpoints import add_endpoint, confirm_endpoint, end_endpoint, endpoint_to_confirm
from ...services.preferences import set_preferences
from .frame import Visitor, crumbs, known_visitor, let_in

TYPED = (ChannelKey.EMAIL.value, ChannelKey.SMS.value)


@require_http_methods(["GET", "HEAD"])
@known_visitor
def ways(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the ways in their order, with every address."""
    return _page(request, visitor)


def _page(request: HttpRequest, visitor: Visitor, form: AddressForm | None = None) -> HttpResponse:
    found = ways_of(visitor.recipient)
    forms: dict[str, AddressForm] = {
        way.key: AddressForm(way.key, auto_id=f"{way.key}_%s") for way in found if way.key in TYPED
    }
    if form is not None:
        forms[form.channel] = form
    context = {
        "breadcrumbs": crumbs(_("受け取る手段")),
        "visitor": visitor,
        "ways": found,
        "forms": forms,
        "failed": form,
        "masked": masked,
        "usual": not visitor.recipient.channels,
    }
    return render(request, "messaging/preferences/ways.html", context, status=422 if form is not None else 200)


@require_POST
@known_visitor
def order(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Move a way up or down, use it, or use it in emergencies alone."""
    mine, key, step = order_of(visitor.recipient), request.POST.get("way", ""), request.POST.get("step", "")
    if key not in ChannelKey.values:
        raise Http404
    wanted = reordered(mine, key, step)
    if not wanted:
        messages.error(request, _("手段を1つは残してください。しばらく止めたいときは「休止」をお使いください。"))
    elif wanted != mine:
        set_preferences(recipient=visitor.recipient, actor=visitor.account, channels=wanted)
        messages.success(request, _("受け取る手段を保存しました。"))
    return redirect("preferences:ways")


def reordered(order: list[str], key: str, step: str) -> list[str]:
    """Return an order after one step: ``up``, ``down``, ``use``, ``leave``; the same where there is nothing to do."""
    rest = [one for one in order if one != key]
    if step == "leave":
        return rest
    if step == "use":
        return [*rest, key] if key not in order else order
    if key not in order or step not in ("up", "down"):
        return order
    at = order.index(key) + (-1 if step == "up" else 1)
    at = max(0, min(at, len(rest)))
    return [*rest[:at], key, *rest[at:]]


@require_POST
@known_visitor
def add(request: HttpRequest, visitor: Visitor, channel: str) -> HttpResponse:
    """Take in an address and send its confirmation."""
    found = channels.find(channel)
    if channel not in TYPED or found is None or not found.is_ready():
        raise Http404
    form = AddressForm(channel, request.POST, auto_id=f"{channel}_%s")
    if not form.is_valid():
        return _page(request, visitor, form)
    endpoint = add_endpoint(
        recipient=visitor.recipient, channel=channel, address=form.cleaned_data["address"], actor=visitor.account
    )
    return _confirm(request, endpoint)


@require_POST
@known_visitor
def again(request: HttpRequest, visitor: Visitor, pk: int) -> HttpResponse:
    """Send the confirmation once more."""
    return _confirm(request, _mine(visitor, pk))


def _confirm(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    if endpoint.status == EndpointStatus.ACTIVE:
        messages.info(request, _("この連絡先は、すでに登録されています。"))
        return redirect("preferences:ways")
    is_sms = endpoint.channel == ChannelKey.SMS
    was_sent = send_code(endpoint=endpoint) if is_sms else send_confirmation(endpoint=endpoint)
    if not was_sent:
        messages.warning(request, _("続けて送ったため、今は送れません。1時間ほど待ってから、もう一度お試しください。"))
    elif not is_sms:
        messages.success(
            request, _("確認のメールを送りました。2日以内に、メールのリンクを開いて「登録する」を押してください。")
        )
    return redirect("preferences:code", endpoint.pk) if is_sms else redirect("preferences:ways")


@require_http_methods(["GET", "HEAD", "POST"])
@known_visitor
def code(request: HttpRequest, visitor: Visitor, pk: int) -> HttpResponse:
    """Ask for the code that came by SMS."""
    endpoint = _mine(visitor, pk)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_code(endpoint=endpoint, code=form.cleaned_data["code"], actor=visitor.account)
        except MessagingError as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, _("登録しました。これからこの番号でもお知らせを受け取れます。"))
            return redirect("preferences:ways")
    context: dict[str, Any] = {"breadcrumbs": crumbs(_("確認コード")), "form": form, "endpoint": endpoint}
    context["address"] = masked(endpoint)
    page = "messaging/preferences/code.html"
    return render(request, page, context, status=422 if form.errors else 200)


@require_POST
@known_visitor
def remove(request: HttpRequest, visitor: Visitor, pk: int) -> HttpResponse:
    """Take an address away."""
    end_endpoint(endpoint=_mine(visitor, pk), status=EndpointStatus.ENDED, actor=visitor.account)
    messages.success(request, _("連絡先を消しました。この連絡先には、もう何も送りません。"))
    return redirect("preferences:ways")


def _mine(visitor: Visitor, pk: int) -> Endpoint:
    found = Endpoint.objects.filter(recipient=visitor.recipient, pk=pk, ended_at__isnull=True).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """
    Confirm the address a link was sent to, when its button is pressed.

    Opening the link changes nothing: programs that look at mails open links too.
    """
    try:
        if request.method != "POST":
            endpoint_to_confirm(token)
            return render(request, "messaging/preferences/confirm.html", {"token": token, "breadcrumbs": crumbs()})
        endpoint = confirm_endpoint(token=token)
    except TokenError as error:
        problem = (
            _("この確認のリンクは、期限（2日）が過ぎました。もう一度登録してください。")
            if error.is_expired
            else _("この確認のリンクは使えません。メールのリンクを、初めから終わりまで写したか確かめてください。")
        )
        return _refused(request, problem)
    except MessagingError as error:
        return _refused(request, str(error))
    if endpoint.recipient.account_id is None:
        let_in(request, endpoint.recipient)
    messages.success(request, _("登録しました。これからこのアドレスにお知らせが届きます。"))
    return redirect("preferences:index")


def _refused(request: HttpRequest, problem: str) -> HttpResponse:
    context = {"problem": problem, "breadcrumbs": crumbs()}
    return render(request, "messaging/preferences/refused.html", context, status=410)
