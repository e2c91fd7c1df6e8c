"""Handling what LINE told: change first, in one transaction with the answer; then answer, as often as it takes."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock

from ...enums import LineEventState
from ...errors import MessagingError
from ...models import LineEvent
from ...rules.line import USER
from ...services.line import finish_link, follow, friend_of, meet, unfollow
from . import conversation
from .account import account_of
from .client import LineBusyError, LineClient, LineRefusedError, client_of

logger = logging.getLogger(__name__)
AT_ONCE = 500
GREETING_AGE = timedelta(hours=24)
_OPEN = (LineEventState.WAITING, LineEventState.ANSWERING)
Answer = list[dict[str, Any]]


def handle_waiting(limit: int = AT_ONCE) -> tuple[int, int]:
    """
    Handle events in the order in which they came; returns how many were handled and how many are left.

    Raises ``LineBusyError`` at the end where answers could not be sent, so that the job comes again.
    """
    waiting = list(LineEvent.objects.filter(state__in=_OPEN).order_by("id").values_list("pk", flat=True)[: limit + 1])
    busy: LineBusyError | None = None
    for pk in waiting[:limit]:
        try:
            handle(pk)
        except LineBusyError as error:
            busy = error
    if busy is not None:
        raise busy
    return min(limit, len(waiting)), max(0, len(waiting) - limit)


def handle(pk: int) -> None:
    """Handle one event, once; where only its answer is missing, send that."""
    event = _decide(pk)
    if event is not None and event.state == LineEventState.ANSWERING:
        _send_answer(event)


def _decide(pk: int) -> LineEvent | None:
    """Do what an event asks for and keep the answer, in one transaction; what cannot be handled says why."""
    try:
        with transaction.atomic():
            event = LineEvent.objects.select_for_update().filter(pk=pk, state__in=_OPEN).first()
            if event is None or event.state == LineEventState.ANSWERING:
                return event
            answer = _answer_to(event)
            if answer:
                event.state, event.answer, event.payload = LineEventState.ANSWERING, answer, _address(event.payload)
            else:
                _close(event, LineEventState.DONE if answer is not None else LineEventState.IGNORED)
            event.save()
            return event
    except (MessagingError, KeyError, TypeError, ValueError, AttributeError) as error:
        logger.warning("LINE event %s could not be handled: %r", pk, error)
        with transaction.atomic():
            failed = LineEvent.objects.select_for_update().get(pk=pk)
            _close(failed, LineEventState.FAILED, error=f"{type(error).__name__}: {error}")
            failed.save()
        return None


def _answer_to(event: LineEvent) -> Answer | None:
    """Return the messages to answer with, none of them, or None for what is nothing to us."""
    payload: Mapping[str, Any] = event.payload
    user = _user(payload)
    if user == "" or payload.get("mode", "active") != "active":
        return None
    if event.kind == "unfollow":
        return [] if unfollow(user=user, at=event.happened_at) else None
    if event.kind == "follow":
        known = friend_of(user)
        endpoint = follow(user=user, at=event.happened_at)
        if endpoint is None:
            return None
        return conversation.greet(endpoint) if known is None else conversation.answer_postback(endpoint, "do=menu", {})
    if event.kind == "postback":
        content = payload["postback"]
        params = {str(key): str(value) for key, value in (content.get("params") or {}).items()}
        return conversation.answer_postback(meet(user=user, at=event.happened_at), str(content["data"]), params)
    if event.kind == "message":
        endpoint = meet(user=user, at=event.happened_at)
        content = payload["message"]
        if content["type"] == "text":
            return conversation.answer_text(endpoint, str(content["text"])[:500])
        return conversation.answer_other(endpoint)
    if event.kind == "accountLink":
        return _linked(event, user)
    return None


def _linked(event: LineEvent, user: str) -> Answer | None:
    link = event.payload["link"]
    endpoint = meet(user=user, at=event.happened_at)
    if link.get("result") != "ok":
        return conversation.say(endpoint, lambda: _("連携できませんでした。もう一度はじめからお試しください。"))
    finish_link(endpoint=endpoint, nonce=str(link["nonce"]))
    endpoint = friend_of(user) or endpoint
    return conversation.say(endpoint, lambda: _("連携しました。ご自分の手続の連絡もLINEに届きます。"))


def _send_answer(event: LineEvent) -> None:
    account = account_of()
    if account is None:
        _finish(event, error=_("LINEの設定がありません。"))
        return
    client = client_of(account)
    try:
        messages = _with_link_token(client, event)
        token = str(event.payload.get("replyToken", ""))
        if token:
            client.reply(token, messages)
        _finish(event)
    except LineRefusedError as error:
        # A reply token is good for a minute only. Somebody who has just become a friend is greeted all the same.
        _finish(event, error=str(error) if not _is_greeting(event) else _greet_late(client, event))


def _greet_late(client: LineClient, event: LineEvent) -> str:
    key = str(uuid.uuid5(uuid.NAMESPACE_OID, event.event_id))
    try:
        client.send({"to": event.payload["userId"], "messages": event.answer}, key=key)
    except LineRefusedError as error:
        return str(error)
    return ""


def _is_greeting(event: LineEvent) -> bool:
    return event.kind == "follow" and clock.now() - event.happened_at < GREETING_AGE


def _with_link_token(client: LineClient, event: LineEvent) -> Answer:
    text = json.dumps(event.answer, ensure_ascii=False)
    if conversation.LINK_TOKEN not in text:
        return list(event.answer)
    token = client.link_token(str(event.payload["userId"]))
    return list(json.loads(text.replace(conversation.LINK_TOKEN, token)))


def _finish(event: LineEvent, error: str = "") -> None:
    _close(event, LineEventState.DONE, error=error)
    event.save()


def _close(event: LineEvent, state: LineEventState, error: str = "") -> None:
    """Note what became of an event; what somebody wrote or pressed is not kept."""
    event.state, event.error, event.handled_at = state, error[:200], clock.now()
    event.payload, event.answer = {}, []


def _address(payload: Mapping[str, Any]) -> dict[str, str]:
    return {"replyToken": str(payload.get("replyToken", "")), "userId": _user(payload)}


def _user(payload: Mapping[str, Any]) -> str:
    source = payload.get("source")
    user = source.get("userId") if isinstance(source, Mapping) and source.get("type") == "user" else ""
    return user if isinstance(user, str) and USER.fullmatch(user) else ""
