"""From the finished draft to the last approval: a look at everything, who says yes, who says no."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.kit import clock
from madoguchi.trust.api import permission_required

from ...enums import ChannelKey, MessageStatus
from ...errors import AudienceError, ConfirmationError, ContentError, MessagingError
from ...forms.messages import ConfirmForm, ReturnForm
from ...models import Message
from ...permissions import message_policy
from ...rules.audience import parse_rule
from ...rules.content import FIELDS, LANGUAGES
from ...selectors.audience import describe_audience
from ...selectors.messages import (
    Plan,
    approvals_of,
    check_message,
    last_approved,
    others_to_the_same,
    plan_of,
    preview,
)
from ...services.messages import approve_message, cancel_message, return_message, submit_message
from .common import actor_of, editable, find_message, frame, language_label

FIELD_NAMES = {"subject": "件名", "body": "本文", "short": "短い文"}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(message_policy, "edit", subject=editable)
def check(request: HttpRequest, key: str) -> HttpResponse:
    """Show everything once more, and ask for approval."""
    message = editable(key)
    form = ConfirmForm(request.POST or None, initial={"revision": message.revision})
    if request.method == "POST" and form.is_valid():
        try:
            submit_message(
                message=message,
                actor=actor_of(request),
                seen_revision=form.cleaned_data["revision"],
                confirmed_count=form.cleaned_data["count"],
            )
        except MessagingError as error:
            _tell(form, error)
        else:
            notes.success(request, _("承認を求めました。別の人が承認すると送られます。"))
            return redirect("messages:record", key)
    status = 422 if form.errors else 200
    return render(request, "messaging/messages/check.html", _context(request, message) | {"form": form}, status=status)


def _tell(form: ConfirmForm, error: MessagingError) -> None:
    """Put a refusal where it belongs: at the number to be typed, or over everything with each reason."""
    if isinstance(error, ConfirmationError):
        form.add_error("count", str(error))
        return
    reasons = [text for _field, text in error.problems] if isinstance(error, ContentError) else []
    for text in reasons or [str(error)]:
        form.add_error(None, text)


def _plan(message: Message) -> Plan | None:
    try:
        return plan_of(message.audience) if message.audience else None
    except AudienceError:
        return None


def _context(request: HttpRequest, message: Message, *, is_sent_now: bool = False) -> dict[str, Any]:
    plan = _plan(message)
    return {
        **frame(request, message),
        "plan": plan,
        "sentence": describe_audience(parse_rule(message.audience)) if plan is not None else "",
        "checks": check_message(message, plan, is_sent_now=is_sent_now),
        "by_channel": _ways(plan),
        "others": others_to_the_same(message) if plan is not None else [],
        "variants": [(code, preview(message, language=code)) for code in LANGUAGES if code in message.contents],
        "attachments": list(message.attachments.select_related("stored")),
    }


def _ways(plan: Plan | None) -> list[tuple[str, int]]:
    if plan is None or plan.count.is_small:
        return []
    return [(str(ChannelKey(key).label), count) for key, count in plan.count.by_channel.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(message_policy, "approve", subject=editable)
def approval(request: HttpRequest, key: str) -> HttpResponse:
    """Show what would go out, to how many, by which ways, and what changed since it was approved last; take the decision."""
    message = editable(key)
    if message.status != MessageStatus.WAITING:
        notes.info(request, _("このお知らせは、いま承認を待っていません。"))
        return redirect("messages:record", key)
    decision = request.POST.get("decision", "")
    initial = {"revision": message.revision}
    forms: dict[str, Any] = {
        "approve": ConfirmForm(request.POST if decision == "approve" else None, initial=initial, prefix="approve"),
        "return": ReturnForm(request.POST if decision == "return" else None, initial=initial, prefix="return"),
    }
    if decision in forms and forms[decision].is_valid() and (done := _decide(request, message, decision, forms)):
        return done
    context = _context(request, message, is_sent_now=True) | {
        "forms": forms,
        "errors": next((form for form in forms.values() if form.errors), None),
        "asked_now": clock.now(),
        "given": approvals_of(message),
        "changes": _changes(message),
        "has_approved": any(one.actor_id == actor_of(request).pk for one in approvals_of(message)),
    }
    return render(request, "messaging/messages/approval.html", context, status=422 if context["errors"] else 200)


def _decide(request: HttpRequest, message: Message, decision: str, forms: dict[str, Any]) -> HttpResponse | None:
    data, actor = forms[decision].cleaned_data, actor_of(request)
    try:
        if decision == "return":
            return_message(message=message, actor=actor, seen_revision=data["revision"], reason=data["reason"])
            notes.success(request, _("差し戻しました。作成者が直して、もう一度承認を求めます。"))
        else:
            done = approve_message(
                message=message, actor=actor, seen_revision=data["revision"], confirmed_count=data["count"]
            )
            notes.success(request, _approved(done))
    except MessagingError as error:
        _tell(forms[decision], error)
        return None
    return redirect("messages:record", message.key)


def _approved(message: Message) -> str:
    if message.status == MessageStatus.WAITING:
        return _("承認しました。もう1人の承認を待っています。")
    if message.status == MessageStatus.SCHEDULED:
        return _("承認しました。決めた日時に送ります。")
    return _("承認しました。送り始めました。")


def _changes(message: Message) -> list[dict[str, Any]]:
    """Return the texts and settings beside those of the version that was approved last; empty without one."""
    before = last_approved(message)
    if before is None or not before.snapshot:
        return []
    old, rows = before.snapshot, []
    languages = [code for code in LANGUAGES if code in message.contents or code in old.get("contents", {})]
    for code in languages:
        for name in FIELDS:
            rows.append(
                {
                    "label": f"{_(FIELD_NAMES[name])}（{language_label(code)}）",
                    "before": old.get("contents", {}).get(code, {}).get(name, ""),
                    "after": message.contents.get(code, {}).get(name, ""),
                }
            )
    rows.append({"label": _("対象"), "before": _words(old.get("audience")), "after": _words(message.audience)})
    rows.append({"label": _("手段"), "before": _listed(old.get("channels", [])), "after": _listed(message.channels)})
    return [row for row in rows if row["before"] or row["after"]]


def _words(document: Any) -> str:
    try:
        return describe_audience(parse_rule(document))
    except AudienceError:
        return ""


def _listed(keys: list[str]) -> str:
    return "、".join(str(ChannelKey(key).label) for key in keys if key in ChannelKey.values) or _(
        "受け取る人が決めた順"
    )


@require_POST
@permission_required(message_policy, "cancel", subject=find_message)
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Stop a message."""
    message = editable(key)
    try:
        stopped = cancel_message(message=message, actor=actor_of(request))
        words = _("取り消しました。送信を待っていた%(n)s件を止めました。") % {"n": f"{stopped:,}"}
        notes.success(request, words if stopped else _("取り消しました。"))
    except MessagingError as error:
        notes.error(request, str(error))
    return redirect("messages:record", key)
