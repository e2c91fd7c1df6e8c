"""The list of the inbox: what came, the unread first; choosing many, and taking it back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.trust.api import Account, login_required

from ...enums import MessageKind
from ...models import Delivery
from ...selectors.inbox import (
    InboxFilter,
    gathered,
    inbox_of,
    narrowed,
    ordered,
    sources_in,
    thread_counts,
    topics_in,
    unread_count,
)
from ...selectors.reading import sender_of, subject_of, topic_name
from ...services.inbox import MOST_AT_ONCE, Sorting, same_matter, sort_deliveries
from .common import crumbs, me, source_choices, text_language

PER_PAGE = 20
SHOWS = ("all", "unread", "archived")


@never_cache
@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Show one's inbox: ``?show=`` unread or archived, ``?topic=``, ``?source=`` (a kind of matter), ``?q=`` words."""
    account = me(request)
    wanted = _filter(request)
    entries = narrowed(inbox_of(account), wanted)
    found = gathered(entries) if wanted.is_plain else ordered(entries)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    language = text_language(request)
    context = {
        "page": page,
        "rows": _rows(account, list(page.object_list), language, is_gathered=wanted.is_plain),
        "wanted": wanted,
        "topics": [(topic.code, topic_name(topic, language)) for topic in topics_in(account)],
        "sources": source_choices(sources_in(account)),
        "unread": unread_count(account),
        "address": request.get_full_path(),
        "undo": _undo(request),
        "breadcrumbs": crumbs(request),
    }
    return render(request, "messaging/inbox/index.html", context)


def _filter(request: HttpRequest) -> InboxFilter:
    show = request.GET.get("show", "")
    return InboxFilter(
        show=show if show in SHOWS else "all",
        topic=request.GET.get("topic", "").replace("\x00", "")[:40],
        source=request.GET.get("source", "").replace("\x00", "")[:60],
        text=request.GET.get("q", "").replace("\x00", "").strip()[:80],
    )


def _rows(account: Account, entries: list[Delivery], language: str, *, is_gathered: bool) -> list[dict[str, Any]]:
    counts = thread_counts(account, [entry.message.thread for entry in entries]) if is_gathered else {}
    return [_row(entry, language, counts.get(entry.message.thread, 1)) for entry in entries]


def _row(entry: Delivery, language: str, number: int) -> dict[str, Any]:
    message = entry.message
    is_thread = number > 1
    address = reverse("inbox:thread", args=[message.thread]) if is_thread else reverse("inbox:message", args=[entry.pk])
    return {
        "id": entry.pk,
        "subject": subject_of(message, language, entry.recipient),
        "url": address,
        "sender": sender_of(message),
        "at": entry.queued_at,
        "topic": topic_name(message.topic, language),
        "is_unread": bool(getattr(entry, "is_unread", entry.read_at is None)),
        "is_emergency": message.kind == MessageKind.EMERGENCY,
        "is_urgent": bool(getattr(entry, "is_urgent", False)),
        "is_drill": message.is_drill,
        "is_archived": entry.archived_at is not None,
        "number": number,
    }


@never_cache
@require_POST
@login_required
def sort(request: HttpRequest) -> HttpResponse:
    """Mark the chosen entries as read or unread, put them away or take them out; where nothing was chosen, say so."""
    account = me(request)
    back = _back(request)
    try:
        sorting = Sorting(request.POST.get("sorting", ""))
        chosen = [int(value) for value in request.POST.getlist("id")[:MOST_AT_ONCE] if value.isascii()]
    except ValueError:
        messages.error(request, _("操作を読み取れませんでした。もう一度お試しください。"))
        return redirect(back)
    if not chosen:
        messages.error(request, _("お知らせが選ばれていません。左の四角に印を付けてから、ボタンを押してください。"))
        return redirect(back)
    if request.POST.get("whole") == "1":
        chosen = same_matter(actor=account, delivery_ids=chosen)[:MOST_AT_ONCE]
    changed = sort_deliveries(actor=account, delivery_ids=chosen, sorting=sorting)
    messages.success(request, _said(sorting, changed))
    if changed and sorting in (Sorting.ARCHIVE, Sorting.RESTORE) and not request.POST.get("undone"):
        request.session["inbox_undo"] = {"ids": chosen, "sorting": str(sorting.opposite)}
    return redirect(back)


def _said(sorting: Sorting, number: int) -> str:
    if not number:
        return _("変わったものはありませんでした。")
    words = {
        Sorting.READ: ngettext("%(n)s件を既読にしました。", "%(n)s件を既読にしました。", number),
        Sorting.UNREAD: ngettext("%(n)s件を未読に戻しました。", "%(n)s件を未読に戻しました。", number),
        Sorting.ARCHIVE: ngettext("%(n)s件をしまいました。", "%(n)s件をしまいました。", number),
        Sorting.RESTORE: ngettext("%(n)s件を受信箱に戻しました。", "%(n)s件を受信箱に戻しました。", number),
    }
    return words[sorting] % {"n": number}


def _undo(request: HttpRequest) -> dict[str, Any] | None:
    """Return what the last putting away can be undone with, once."""
    kept = request.session.pop("inbox_undo", None)
    return kept if isinstance(kept, dict) else None


def _back(request: HttpRequest) -> str:
    """Return where the visitor came from, within the inbox."""
    wanted = request.POST.get("back", "")
    home = reverse("inbox:index")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and urlsplit(wanted).path.startswith(home)
    return wanted if is_ours else home
