"""Addresses of the inbox."""

from __future__ import annotations

from django.urls import URLPattern, path

from ..views.inbox import feeds, listing, public, reading, threads
from ..views.push import public_key, subscribe, unsubscribe, worker

inbox_urls: list[URLPattern] = [
    path("", listing.index, name="index"),
    path("sort/", listing.sort, name="sort"),
    path("<int:delivery_id>/", reading.message, name="message"),
    path("<int:delivery_id>/print/", reading.printed, name="print"),
    path("<int:delivery_id>/stop/", reading.stop, name="stop"),
    path("<int:delivery_id>/files/<int:attachment_id>/", reading.file, name="file"),
    path("thread/<str:thread>/", threads.thread, name="thread"),
    path("thread/<str:thread>/reply/", threads.reply, name="reply"),
    path("m/<str:token>/", reading.by_token, name="delivery"),
    path("m/<str:token>/files/<int:attachment_id>/", reading.token_file, name="token_file"),
    path("public/", public.public_list, name="public"),
    path("public/<str:key>/", public.public_message, name="public_message"),
    path("public/<str:key>/files/<int:attachment_id>/", public.public_file, name="public_file"),
    path("public.atom", feeds.public_feed, name="public_feed"),
    path("feed/", feeds.feed_page, name="feed_page"),
    path("feed/renew/", feeds.renew, name="feed_renew"),
    path("feed/<str:token>.atom", feeds.personal_feed, name="feed"),
    path("push/key/", public_key, name="push_key"),
    path("push/subscribe/", subscribe, name="push_subscribe"),
    path("push/unsubscribe/", unsubscribe, name="push_unsubscribe"),
    path("push-worker.js", worker, name="push_worker"),
]
"""Under ``/inbox/``: what a resident was told, for them and for everybody, as pages and as Atom; browsers' notifications."""
