"""A matter in the inbox: what the city said about it, the conversation of its room, and an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.trust.api import Account, RefusedError, login_required

from ...models import Delivery
from ...registry import InboxSource
from ...selectors.inbox import thread_of
from ...selectors.reading import Reading, read_message
from ...services.inbox import open_delivery
from .common import city_of, crumbs, file_items, links_of, me, responsible, source_of, text_language

LONGEST_REPLY = 4000


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a matter: something the city sent (``entry``), or something said in the conversation."""

    at: datetime
    side: str
    author: str
    text: str = ""
    title: str = ""
    reading: Reading | None = None
    entry: Delivery | None = None
    files: tuple[tuple[str, str], ...] = ()
    attachments: tuple[dict[str, Any], ...] = ()
    was_unread: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as its room tells it; ``source`` is None where no room answers for it any more."""

    thread: str
    source: InboxSource | None
    pk: str
    title: str
    lines: list[Line]
    entries: list[Delivery]

    @property
    def takes_replies(self) -> bool:
        """Tell whether an answer can be written."""
        return self.source is not None and self.source.reply is not None


def _matter(request: HttpRequest, account: Account, thread: str) -> Matter:
    """Return a matter of one's own; raises ``Http404`` where there is nothing of it in one's inbox."""
    entries = thread_of(account, thread)
    if not entries:
        raise Http404
    lines = [_sent(request, entry) for entry in entries]
    title = lines[-1].title
    found = source_of(thread)
    if found is None:
        return Matter(thread, None, "", title, lines, entries)
    source, pk = found
    try:
        title = source.title(account, pk) or title
        said = source.entries(account, pk)
    except RefusedError:
        # The matter is no longer this person's; what was sent to them stays theirs.
        return Matter(thread, None, pk, title, lines, entries)
    lines += [Line(one.at, one.side, one.author, one.text, files=one.files) for one in said]
    return Matter(thread, source, pk, title, sorted(lines, key=lambda line: line.at), entries)


def _sent(request: HttpRequest, entry: Delivery) -> Line:
    message = entry.message
    reading = read_message(
        message, text_language(request), recipient=entry.recipient, links=links_of(message, str(entry.channel))
    )
    return Line(
        at=entry.queued_at,
        side="city",
        author=reading.sender.section,
        title=reading.subject,
        reading=reading,
        entry=entry,
        attachments=tuple(file_items(reading, "inbox:file", entry.pk)),
        was_unread=entry.read_at is None,
    )


@never_cache
@require_safe
@login_required
def thread(request: HttpRequest, thread: str) -> HttpResponse:
    """Show a matter of one's own as a conversation; opening it marks its entries as read."""
    account = me(request)
    return _show(request, _matter(request, account, thread), account)


def _show(
    request: HttpRequest, matter: Matter, account: Account, *, typed: str = "", problem: str = ""
) -> HttpResponse:
    last = matter.entries[-1]
    context = {
        "matter": matter,
        "last": last,
        "typed": typed,
        "problem": problem,
        "longest": LONGEST_REPLY,
        "is_archived": all(entry.archived_at is not None for entry in matter.entries),
        "city": city_of(request),
        "responsible": responsible(last.message, request),
        "breadcrumbs": crumbs(request, (matter.title, "")),
    }
    response = render(request, "messaging/inbox/thread.html", context, status=422 if problem else 200)
    if request.method == "GET":
        for entry in matter.entries:
            if entry.read_at is None:
                open_delivery(delivery=entry, actor=account)
    return response


@never_cache
@require_POST
@login_required
def reply(request: HttpRequest, thread: str) -> HttpResponse:
    """Write an answer into the matter, through its room."""
    account = me(request)
    matter = _matter(request, account, thread)
    if matter.source is None or matter.source.reply is None:
        messages.error(request, _("この件には、ここから返信できません。担当の課に電話でお問い合わせください。"))
        return redirect("inbox:thread", thread)
    text = request.POST.get("text", "").strip()
    problem = _problem(text)
    if problem:
        return _show(request, matter, account, typed=text, problem=problem)
    try:
        matter.source.reply(account, matter.pk, text)
    except RefusedError as error:
        return _show(request, matter, account, typed=text, problem=str(error))
    messages.success(request, _("返信を送りました。担当から返事があると、受信箱に届きます。"))
    return redirect("inbox:thread", thread)


def _problem(text: str) -> str:
    if not text:
        return _("返信の内容を書いてください。")
    if len(text) > LONGEST_REPLY:
        return _("返信は%(limit)s文字までで書いてください（いま%(length)s文字）。") % {
            "limit": LONGEST_REPLY,
            "length": len(text),
        }
    return ""
