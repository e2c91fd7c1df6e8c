"""Feeds: one's own inbox for a reader program, and what the city said to everybody."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kit import hashing
from madoguchi.trust.api import login_required

from ...models import Message, Recipient, Topic
from ...plugins.atom import MEDIA_TYPE, Feed, FeedEntry, write_feed
from ...selectors.inbox import inbox_of, published_at, recipient_of_account
from ...selectors.reading import read_message, sender_of, subject_of, topic_name
from ...services.inbox import feed_owner, feed_token, renew_feed
from ...services.recipients import recipient_of
from .common import city_of, crumbs, me, text_language
from .public import published

MOST_ENTRIES = 50
PUBLIC_SECONDS = 60


@never_cache
@require_safe
@login_required
def feed_page(request: HttpRequest) -> HttpResponse:
    """Show the secret address of one's feed, or how to get one."""
    recipient = recipient_of_account(me(request))
    token = "" if recipient is None else feed_token(recipient)
    context = {
        "address": request.build_absolute_uri(reverse("inbox:feed", args=[token])) if token else "",
        "public": request.build_absolute_uri(reverse("inbox:public_feed")),
        "breadcrumbs": crumbs(request, (_("フィード"), "")),
    }
    return render(request, "messaging/inbox/feed.html", context)


@never_cache
@require_POST
@login_required
def renew(request: HttpRequest) -> HttpResponse:
    """Give one's feed an address, or a new one."""
    account = me(request)
    recipient = recipient_of(account=account)
    was_new = not recipient.feed_serial
    renew_feed(actor=account, recipient=recipient)
    said = (
        _("フィードのアドレスを作りました。")
        if was_new
        else _("新しいアドレスにしました。前のアドレスは、もう使えません。")
    )
    messages.success(request, said)
    return redirect("inbox:feed_page")


@require_safe
def personal_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the subjects of somebody's inbox to the reader program that knows the token; texts are read after signing in."""
    owner = feed_owner(token)
    if owner is None:
        raise Http404
    with translation.override(owner.language or "ja"):
        feed = _personal(request, owner)
    response = _answer(request, feed)
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _personal(request: HttpRequest, owner: Recipient) -> Feed:
    city, language = city_of(request), owner.language or "ja"
    # The account was found with the token; the feed shows what its own pages show.
    account = owner.account
    entries = [] if account is None else list(inbox_of(account).order_by("-queued_at", "-id")[:MOST_ENTRIES])
    return Feed(
        id=f"tag:{_authority(request)},2026:inbox/{owner.key}",
        title=_("%(city)sの受信箱") % {"city": city.name},
        link=request.build_absolute_uri(reverse("inbox:index")),
        address=request.build_absolute_uri(),
        author=city.name,
        language=language,
        entries=[
            FeedEntry(
                id=f"tag:{_authority(request)},2026:inbox/{owner.key}/{entry.message.key}",
                title=subject_of(entry.message, language),
                link=request.build_absolute_uri(reverse("inbox:message", args=[entry.pk])),
                at=entry.queued_at,
                author=sender_of(entry.message).section,
                language=language,
            )
            for entry in entries
        ],
    )


@require_safe
def public_feed(request: HttpRequest) -> HttpResponse:
    """Return what the city said to everybody, of one topic with ``?topic=``, in the language of ``?in=``."""
    code = request.GET.get("topic", "").replace("\x00", "")[:40]
    topic = Topic.objects.filter(code=code).first() if code else None
    if code and topic is None:
        raise Http404
    response = _answer(request, _public(request, topic, text_language(request)))
    response["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    return response


def _public(request: HttpRequest, topic: Topic | None, language: str) -> Feed:
    city = city_of(request)
    title = _("%(city)sからのお知らせ") % {"city": city.name}
    if topic is not None:
        title = f"{title}：{topic_name(topic, language)}"
    page = reverse("inbox:public") + (f"?topic={topic.code}" if topic is not None else "")
    return Feed(
        id=f"tag:{_authority(request)},2026:public/{topic.code if topic is not None else ''}",
        title=title,
        link=request.build_absolute_uri(page),
        address=request.build_absolute_uri(),
        author=city.name,
        language=language,
        entries=[
            _public_entry(request, message, language)
            for message in published(topic.code if topic is not None else "")[:MOST_ENTRIES]
        ],
    )


def _public_entry(request: HttpRequest, message: Message, language: str) -> FeedEntry:
    reading = read_message(message, language)
    topic = message.topic
    return FeedEntry(
        id=f"tag:{_authority(request)},2026:message/{message.key}",
        title=reading.subject,
        link=request.build_absolute_uri(reverse("inbox:public_message", args=[message.key])),
        at=published_at(message),
        author=reading.sender.section,
        language=reading.language,
        html=str(reading.html),
        topics=((topic.code, topic_name(topic, language)),) if topic is not None else (),
    )


def _authority(request: HttpRequest) -> str:
    """Return the host without its port: tags name who made them (RFC 4151)."""
    return request.get_host().split(":")[0]


def _answer(request: HttpRequest, feed: Feed) -> HttpResponse:
    """Return a feed, or that nothing has changed since the reader program asked last."""
    content = write_feed(feed)
    etag = quote_etag(hashing.digest_bytes(content)[:32])
    changed = int(_whole(feed.changed_at).timestamp())
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["ETag"], response["Last-Modified"] = etag, http_date(changed)
    found = get_conditional_response(request, etag=etag, last_modified=changed, response=response)
    return found if isinstance(found, HttpResponse | HttpResponseNotModified) else response


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)
