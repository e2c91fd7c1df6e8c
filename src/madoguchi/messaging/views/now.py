"""What everybody reads in an emergency: the page of an alert, and the reply 「確認しました」 without signing in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.trust.api import account_of, municipality_in_scope

from ..enums import AlertMessageType, AlertState
from ..errors import StatusError
from ..models import Alert, SafetyCheck
from ..rules.alert_texts import stage_label
from ..rules.alerts import language_for
from ..selectors.alert_banners import look_of, where_of
from ..selectors.alerts import chain_of, find_alert, is_live
from ..services import alerts


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """Show an alert to everybody: where, what to do, since when; works without JavaScript and on paper."""
    alert = find_alert(key)
    if alert is None or alert.issued_at is None:
        raise Http404
    context = sheet(alert, translation.get_language() or "ja")
    account = account_of(request)
    token = alerts.reply_token(alert=alert, account=account) if account is not None else ""
    if account is not None and token:
        check = SafetyCheck.objects.filter(alert=alerts.origin_of(alert), recipient__account=account).first()
        context |= {"token": token, "check": check, "is_personal": True, "reply_language": translation.get_language()}
    response = render(request, "messaging/now/alert.html", context)
    response["Cache-Control"] = "private, max-age=5"
    return response


def sheet(alert: Alert, wanted: str) -> dict[str, Any]:
    """Return what a page says of an issued alert in a language, as far as it was said in it."""
    language, city = language_for(alert.contents, wanted), municipality_in_scope()
    chain, live = list(chain_of(alert)), is_live(alert)
    newest = chain[-1] if chain else alert
    return {
        "alert": alert,
        "said": alert.contents[language],
        "said_language": "ja" if language.startswith("ja") else language,
        "steps": [line.strip() for line in alert.contents[language]["instruction"].splitlines() if line.strip()],
        "where": where_of(alert, language, city.name_en if language == "en" and city.name_en else city.name),
        "stage": stage_label(alert.event_code, alert.evacuation_level, language),
        "look": look_of(alert) if live else ("drill" if alert.is_drill else "past"),
        "live": live,
        "is_end": alert.msg_type == AlertMessageType.CANCEL,
        "newest": newest if newest.pk != alert.pk else None,
        "has_ended": not live and alert.state in (AlertState.CANCELLED, AlertState.EXPIRED),
        "chain": chain,
    }


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """
    Let the person of a reply link say that they have read the alert: one button, no sign-in.

    The link alone does nothing, because mail programs open links by themselves. The token is the authority, so that no other
    site can send the form for somebody whose token it does not know.
    """
    delivery = alerts.find_by_token(token)
    if delivery is None:
        return render(request, "messaging/now/unknown.html", status=404)
    if request.method == "POST":
        try:
            alerts.acknowledge_by_token(token=token)
        except StatusError:
            return render(request, "messaging/now/unknown.html", status=404)
        language = request.GET.get("lang")
        return redirect(reverse("now:acknowledge", args=[token]) + (f"?lang={language}" if _known(language) else ""))
    alert = delivery.message.alert
    newest = chain_of(alert).last() or alert
    check = SafetyCheck.objects.filter(alert=alerts.origin_of(alert), recipient=delivery.recipient).first()
    wanted = request.GET.get("lang") if _known(request.GET.get("lang")) else delivery.language
    with translation.override(wanted):
        context = sheet(newest, wanted or "ja")
        context |= {"token": token, "check": check, "language": wanted, "is_personal": True, "reply_language": wanted}
        context["is_reply_first"] = True
        return render(request, "messaging/now/alert.html", context)


def _known(language: str | None) -> bool:
    return language in dict(settings.LANGUAGES)
