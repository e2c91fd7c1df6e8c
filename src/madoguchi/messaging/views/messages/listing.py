"""The list of messages, and where a new one begins."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit import clock, csvio
from madoguchi.trust.api import account_of, permission_required

from ...enums import MessageKind, MessageStatus
from ...models import Message, MessageTemplate, Topic
from ...permissions import message_policy, sending_settings_policy, topic_policy
from ...selectors.messages import FILTERS, messages_by_status, search_messages, templates, waiting_for
from ...services.messages import allowed_units, create_message, retire_template, start_from_template
from .common import TONES, actor_of

PER_PAGE = 50
EXPORTED = ("キー", "件名", "状態", "分野", "担当", "作成者", "作成日時", "送信予定", "送信完了", "人数", "言語")


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").replace("\x00", "")[:100] for name in FILTERS}


@require_safe
@permission_required(message_policy, "list")
def index(request: HttpRequest) -> HttpResponse:
    """Show the messages that fit the filters, and what waits for this person."""
    actor, asked = account_of(request), _asked(request)
    page = Paginator(search_messages(asked, actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "asked": asked,
        "filtered": any(asked.values()),
        "waiting": waiting_for(actor),
        "tones": TONES,
        "tabs": _tabs(asked),
        "states": [("", _("すべての状態")), ("open", _("まだ送っていない")), *MessageStatus.choices],
        "kinds": [("", _("お知らせ")), (MessageKind.EMERGENCY.value, _("緊急のお知らせ"))],
        "topics": [("", _("すべての分野")), *((topic.code, str(topic)) for topic in Topic.objects.all())],
        "units": [("", _("すべての課")), *((unit.pk, unit.name) for unit in allowed_units(actor))],
        "people": [("", _("だれが作ったものも")), ("mine", _("私が関わった"))],
        "may": message_policy.actions_for(actor),
        "may_set": sending_settings_policy.allows(actor, "edit"),
        "may_see_line": message_policy.allows(actor, "approve") or topic_policy.allows(actor, "edit"),
    }
    return render(request, "messaging/messages/index.html", context)


def _tabs(asked: dict[str, str]) -> list[dict[str, Any]]:
    counts = messages_by_status()
    unsent = (MessageStatus.DRAFT, MessageStatus.RETURNED, MessageStatus.WAITING)
    rows = [
        ("", _("すべて"), sum(counts.values())),
        ("open", _("まだ送っていない"), sum(counts.get(state, 0) for state in unsent)),
        *(
            (state.value, str(state.label), counts.get(state, 0))
            for state in (MessageStatus.WAITING, MessageStatus.SCHEDULED, MessageStatus.SENDING, MessageStatus.SENT)
        ),
    ]
    address = reverse("messages:index")
    return [
        {
            "label": label,
            "url": f"{address}?state={state}" if state else address,
            "current": asked["state"] == state and not asked["kind"],
            "count": count,
        }
        for state, label, count in rows
    ]


@require_safe
@permission_required(message_policy, "list")
def export(request: HttpRequest) -> HttpResponse:
    """Hand the list out as CSV (UTF-8 with BOM)."""
    rows = search_messages(_asked(request), account_of(request))
    response = HttpResponse(
        csvio.write_csv(EXPORTED, (_exported(row) for row in rows.iterator(chunk_size=500))),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="messages-{clock.today()}.csv"'
    return response


def _exported(row: Message) -> list[object]:
    return [
        row.key,
        str(row),
        row.get_status_display(),
        str(row.topic or ""),
        row.unit.name if row.unit is not None else "",
        str(row.author or ""),
        *(
            clock.local(at).isoformat(timespec="minutes") if at else ""
            for at in (row.created_at, row.send_at, row.finished_at)
        ),
        "" if row.planned_count is None else row.planned_count,
        " ".join(row.contents),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(message_policy, "edit")
def new(request: HttpRequest) -> HttpResponse:
    """Let somebody begin with an empty sheet or a template."""
    actor = actor_of(request)
    if request.method == "POST":
        key = request.POST.get("template", "")
        if key:
            template = get_object_or_404(MessageTemplate, key=key[:26], retired_at__isnull=True)
            return redirect("messages:edit", start_from_template(template=template, actor=actor).key)
        return redirect("messages:edit", create_message(actor=actor).key)
    return render(request, "messaging/messages/new.html", {"templates": list(templates()[:200])})


@require_POST
@permission_required(message_policy, "edit")
def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Take a template out of use."""
    template = get_object_or_404(MessageTemplate, key=key[:26])
    retire_template(template=template, actor=actor_of(request))
    notes.success(request, _("ひな型「%(name)s」を使わなくしました。") % {"name": template.name})
    return redirect("messages:new")
