"""One message: what was said to whom, who decided, and what became of it by way, language and minute."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from madoguchi.kit import charts, clock, csvio
from madoguchi.trust.api import permission_required

from ...enums import ApprovalDecision, ChannelKey, DeliveryStatus, MessageStatus
from ...errors import AudienceError
from ...forms.messages import TemplateForm
from ...models import Message
from ...permissions import message_policy
from ...rules.audience import parse_rule
from ...rules.content import LANGUAGES, to_html
from ...selectors.audience import describe_audience
from ...selectors.messages import (
    approvals_of,
    clicks_of,
    deliveries_by,
    minutes_of,
    others_to_the_same,
    plan_of,
    progress_of,
    unreached_of,
)
from ...selectors.messages.deliveries import Minutes
from ...selectors.post import letters_in
from .common import find_message, frame, language_label

SHOWN = (
    DeliveryStatus.WAITING,
    DeliveryStatus.SENDING,
    DeliveryStatus.SENT,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.FAILED,
    DeliveryStatus.BOUNCED,
    DeliveryStatus.SKIPPED,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.CANCELLED,
)
EXPORTED = ("手段", "言語", "状態", "件数", "開かれた件数")


@require_safe
@permission_required(message_policy, "view")
def record(request: HttpRequest, key: str) -> HttpResponse:
    """Show a message with its course."""
    message = find_message(key)
    context = {
        **frame(request, message),
        **_texts(message),
        **report(message),
        "timeline": _timeline(message),
        "template_form": TemplateForm(prefix="template"),
        "others": _others(message),
        "given": len(approvals_of(message)),
        "is_moving": message.status == MessageStatus.SENDING,
    }
    return render(request, "messaging/messages/record.html", context)


@require_safe
@permission_required(message_policy, "view")
def progress(request: HttpRequest, key: str) -> HttpResponse:
    """Return the report alone; the page asks for it again while the message is being sent."""
    message = find_message(key)
    context = {**frame(request, message), **report(message), "is_moving": message.status == MessageStatus.SENDING}
    return render(request, "messaging/messages/_report.html", context)


@require_safe
@permission_required(message_policy, "view")
def printed(request: HttpRequest, key: str) -> HttpResponse:
    """Show a message and its result to be printed."""
    message = find_message(key)
    context = {**frame(request, message), **_texts(message), **report(message), "timeline": _timeline(message)}
    return render(request, "messaging/messages/print.html", context)


@require_safe
@permission_required(message_policy, "view")
def export(request: HttpRequest, key: str) -> HttpResponse:
    """Hand out the deliveries by way, language and state as CSV; they are counts, nobody is named."""
    message = find_message(key)
    rows = [
        [
            ChannelKey(row["channel"]).label,
            row["language"],
            DeliveryStatus(row["status"]).label,
            row["n"],
            row["opened"],
        ]
        for row in _counted(message)
    ]
    response = HttpResponse(csvio.write_csv(EXPORTED, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="deliveries-{message.key}.csv"'
    return response


def _counted(message: Message) -> Any:
    return (
        message.deliveries.order_by()
        .values("channel", "language", "status")
        .annotate(n=Count("pk"), opened=Count("pk", filter=Q(read_at__isnull=False)))
        .order_by("channel", "language", "status")
    )


def _texts(message: Message) -> dict[str, Any]:
    plan = None
    try:
        rule = parse_rule(message.audience)
        sentence = describe_audience(rule)
        if message.fanned_out_at is None:
            plan = plan_of(message.audience)
    except AudienceError:
        sentence = ""
    return {
        "sentence": sentence,
        "plan": plan,
        "variants": [
            (code, variant, Markup(to_html(variant.get("body") or "")))  # noqa: S704 - escaped there
            for code in LANGUAGES
            if (variant := message.contents.get(code)) is not None
        ],
        "attachments": list(message.attachments.select_related("stored")),
        "channel_names": [str(ChannelKey(key).label) for key in message.channels if key in ChannelKey.values],
    }


def report(message: Message) -> dict[str, Any]:
    """Return what became of a message, for the page and for paper."""
    if message.fanned_out_at is None:
        return {"progress": None}
    ways, languages = deliveries_by(message, "channel"), deliveries_by(message, "language")
    used = {status for row in ways for status in row.by_status}
    minutes = minutes_of(message)
    return {
        "progress": progress_of(message),
        "has_letters": letters_in(message).exists(),
        "states": [(status.value, status.label) for status in SHOWN if status in used],
        "ways": [(str(ChannelKey(row.code).label), row) for row in ways],
        "spoken": [(language_label(row.code), row) for row in languages],
        "minutes": minutes,
        "chart": _chart(minutes) if minutes.steps else "",
        "step_words": _step(minutes.step),
        "unreached": unreached_of(message),
        "clicks": clicks_of(message),
        "channel_label": {key: str(ChannelKey(key).label) for key in ChannelKey.values} | {"": _("そのほか")},
        "asked_at": clock.now(),
    }


def _step(minutes: int) -> str:
    if minutes < 60:
        return _("%(n)s分ごと") % {"n": minutes}
    return _("%(n)s時間ごと") % {"n": minutes // 60} if minutes < 1440 else _("%(n)s日ごと") % {"n": minutes // 1440}


def _chart(found: Minutes) -> Markup:
    has_days = found.step >= 1440
    bars = [
        charts.Bar(
            label=f"{clock.local(at).month}/{clock.local(at).day}" if has_days else f"{clock.local(at):%H:%M}",
            value=count,
        )
        for at, count in found.steps
    ]
    return charts.bar_chart(
        bars,
        key="minutes",
        title=_("送った件数"),
        description=_("%(step)sに送った件数。いちばん多いときで%(n)s件。")
        % {"step": _step(found.step), "n": f"{max(count for _at, count in found.steps):,}"},
        unit=_("件"),
        height=200,
    )


def _others(message: Message) -> list[Any]:
    try:
        return others_to_the_same(message)
    except AudienceError:
        return []


def _timeline(message: Message) -> list[dict[str, Any]]:
    rows: list[tuple[Any, str, str]] = [(message.created_at, _("下書きを作りました"), str(message.author or ""))]
    if message.submitted_at is not None:
        rows.append((message.submitted_at, _("承認を求めました"), str(message.submitted_by or "")))
    for one in message.approvals.select_related("actor"):
        is_valid = one.revision == message.revision or one.decision == ApprovalDecision.RETURNED
        title = str(one.get_decision_display()) if is_valid else _("承認（その後、内容が変わったので無効）")
        rows.append((one.at, title, f"{one.actor}{'　' + one.note if one.note else ''}"))
    for at, title in (
        (message.fanned_out_at, _("送り始めました")),
        (message.finished_at, _("送り終えました")),
        (message.cancelled_at, _("取り消しました")),
    ):
        if at is not None:
            rows.append((at, title, ""))
    rows.sort(key=lambda row: row[0])
    return [{"title": title, "when": at, "text": text} for at, title, text in rows]
