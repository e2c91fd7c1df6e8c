"""LINE as a way to reach people: the same words to up to 500 friends in one request, each request known by its key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.kit.registry import ConfigProblem, Severity

from ...enums import DeliveryStatus, EndpointStatus, LineChunkState
from ...models import LineChunk
from ...registry import Channel, Outcome, Outgoing, Preview
from ...rules.line import USER, chunks_of, unit_name
from ...selectors.line import shared_page
from ...services.line.chunks import (
    accepted_deliveries,
    find_chunks,
    is_too_old,
    note_accepted,
    note_refused,
    note_unsure,
    remember_chunk,
)
from .account import LineAccount, account_of
from .client import LineBusyError, LineClient, LineRefusedError, client_of
from .compose import messages_for, preview_of

NOT_SET_UP_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class _Member:
    delivery_id: int
    address: str


class LineChannel(Channel):
    """
    LINE official account (Messaging API). Friends are reached by multicast, or by push where a text is for one alone.

    No name is ever sent to LINE: ``takes_names`` has the texts written as for somebody without one. What goes to many leads to one
    page for all of them (``/line/read/…``), for a page of each person's own would make as many requests as people.
    """

    key = "line"
    label = N_("LINE")
    takes_names = False
    rings = True
    batch_size = 2000

    def is_ready(self) -> bool:
        """Tell whether the municipality in scope has an account."""
        return account_of() is not None

    def setup_words(self) -> str:
        """Name the account, or say that it is the simulator's."""
        account = account_of()
        if account is None or account.is_simulated:
            return _("模擬のLINEにつながっています（見本のため、本物には送られません）。")
        return _("チャネルID：%(channel)s") % {"channel": account.channel_id}

    def check_config(self) -> list[ConfigProblem]:
        """Report what is wrong with the settings of the accounts, without asking LINE."""
        from django.conf import settings

        problems = []
        if not settings.LINE_CHANNELS and not settings.LINE_SIMULATOR:
            message = _("LINEを使うには、MADOGUCHI_LINE に公式アカウントのチャネルを指定してください。")
            problems.append(ConfigProblem(self.key, Severity.INFO, message))
        for key, entry in settings.LINE_CHANNELS.items():
            problems += [
                ConfigProblem(self.key, Severity.ERROR, f"LINE（{key}）：{problem}") for problem in _faults(entry)
            ]
        return problems

    def preview(self, outgoing: Outgoing) -> Preview:
        """Show the balloons and the card."""
        return preview_of(_for_all(outgoing))

    def deliver(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        """
        Send a batch: first again, exactly as they were, the chunks that were on their way when a process died.

        Called outside a transaction, for a chunk must be written before it is sent.
        """
        account = account_of()
        if account is None:
            for outgoing in batch:
                yield _waiting(outgoing.delivery_id, _("LINEの設定がありません。"), NOT_SET_UP_SECONDS)
            return
        sender = _Sender(account)
        open_ids = {outgoing.delivery_id for outgoing in batch}
        for chunk in find_chunks(
            message_keys={outgoing.message_key for outgoing in batch}, delivery_ids=sorted(open_ids)
        ):
            for outcome in sender.again(chunk):
                if outcome.delivery_id in open_ids:
                    open_ids.discard(outcome.delivery_id)
                    yield outcome
        yield from sender.first([outgoing for outgoing in batch if outgoing.delivery_id in open_ids])

    def recover(self) -> Iterable[Outcome]:
        """Yield what LINE took of processes that died before they could note it."""
        for delivery_id, request_id in accepted_deliveries():
            yield Outcome(delivery_id, DeliveryStatus.SENT, provider_id=request_id)


class _Sender:
    """Sends chunks through one account. When LINE is busy, the chunks after that are not even tried."""

    def __init__(self, account: LineAccount) -> None:
        self._account = account
        self._client: LineClient = client_of(account)
        self._busy: LineBusyError | None = None

    def first(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Send what was never sent, grouped by what it says."""
        groups: dict[tuple[str, str], list[_Member]] = {}
        seen: dict[tuple[Any, ...], str] = {}
        for outgoing in batch:
            if not USER.fullmatch(outgoing.address):
                error = _("LINEの利用者の番号ではありません。")
                yield Outcome(outgoing.delivery_id, DeliveryStatus.FAILED, error=error, endpoint=EndpointStatus.BOUNCED)
                continue
            words = _words(outgoing)
            if words not in seen:
                seen[words] = json.dumps(messages_for(_for_all(outgoing)), ensure_ascii=False)
            member = _Member(outgoing.delivery_id, outgoing.address)
            groups.setdefault((outgoing.message_key, seen[words]), []).append(member)
        for (message_key, messages), members in groups.items():
            for part in chunks_of(members):
                yield from self._send_part(message_key, json.loads(messages), part)

    def again(self, chunk: LineChunk) -> Iterator[Outcome]:
        """Send a chunk once more with its key, or say what became of it."""
        if chunk.state == LineChunkState.ACCEPTED:
            yield from _sent(chunk.delivery_ids, chunk.request_id)
        elif is_too_old(chunk):
            error = _("LINEに送ったかどうかを24時間以内に確かめられませんでした。")
            note_refused(chunk=chunk, error=error)
            yield from _failed(chunk.delivery_ids, error)
        elif self._busy is not None:
            yield from _all_waiting(chunk.delivery_ids, self._busy)
        else:
            yield from self._send(chunk, [])

    def _send_part(self, message_key: str, messages: list[dict[str, Any]], members: list[_Member]) -> Iterator[Outcome]:
        if self._busy is not None:
            yield from _all_waiting([member.delivery_id for member in members], self._busy)
            return
        request: dict[str, Any] = {"to": [member.address for member in members], "messages": messages}
        if len(members) == 1:
            request["to"] = members[0].address
        if self._account.aggregation:
            request["customAggregationUnits"] = [unit_name(message_key)]
        delivery_ids = [member.delivery_id for member in members]
        chunk = remember_chunk(message_key=message_key, delivery_ids=delivery_ids, request=request)
        yield from self._send(chunk, members)

    def _send(self, chunk: LineChunk, members: list[_Member]) -> Iterator[Outcome]:
        try:
            request_id = self._client.send(chunk.request, key=str(chunk.key))
        except LineBusyError as error:
            self._busy = error
            if error.is_unsure:
                note_unsure(chunk=chunk, error=str(error))
            elif members:
                # It certainly was not taken, so whoever leaves in the meantime need not get it.
                note_refused(chunk=chunk, error=str(error))
            yield from _all_waiting(chunk.delivery_ids, error)
        except LineRefusedError as error:
            request = chunk.request
            note_refused(chunk=chunk, error=str(error))
            if len(members) > 1 and any(name.startswith("to") for name in error.properties):
                # Somebody in the list is wrong; LINE does not always say who.
                middle = len(members) // 2
                for half in (members[:middle], members[middle:]):
                    yield from self._send_part(chunk.message_key, request["messages"], half)
            else:
                yield from _failed(chunk.delivery_ids, str(error))
        else:
            note_accepted(chunk=chunk, request_id=request_id)
            yield from _sent(chunk.delivery_ids, request_id)


def _words(outgoing: Outgoing) -> tuple[Any, ...]:
    return (
        outgoing.message_key,
        outgoing.language,
        outgoing.subject,
        outgoing.body,
        outgoing.short,
        "" if _is_for_many(outgoing) else outgoing.page,
        outgoing.is_emergency,
        outgoing.is_drill,
    )


def _is_for_many(outgoing: Outgoing) -> bool:
    return outgoing.is_emergency or bool(outgoing.unsubscribe)


def _for_all(outgoing: Outgoing) -> Outgoing:
    return replace(outgoing, page=shared_page(outgoing.message_key)) if _is_for_many(outgoing) else outgoing


def _sent(delivery_ids: Sequence[int], request_id: str) -> Iterator[Outcome]:
    for delivery_id in delivery_ids:
        yield Outcome(delivery_id, DeliveryStatus.SENT, provider_id=request_id)


def _failed(delivery_ids: Sequence[int], error: str) -> Iterator[Outcome]:
    for delivery_id in delivery_ids:
        yield Outcome(delivery_id, DeliveryStatus.FAILED, error=error[:200])


def _all_waiting(delivery_ids: Sequence[int], error: LineBusyError) -> Iterator[Outcome]:
    for delivery_id in delivery_ids:
        yield _waiting(delivery_id, str(error), error.retry_seconds)


def _waiting(delivery_id: int, error: str, seconds: int) -> Outcome:
    return Outcome(delivery_id, DeliveryStatus.WAITING, error=error[:200], retry_seconds=seconds)


def _faults(entry: dict[str, Any]) -> list[str]:
    faults = []
    if len(str(entry.get("channel_secret", ""))) < 16:
        faults.append(_("channel_secret が短すぎます。LINE Developers の画面で確かめてください。"))
    for name in ("base_url", "data_url", "link_url", "friend_url"):
        address = str(entry.get(name, "https://"))
        if not address.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            faults.append(_("%(name)s は https:// で始まるアドレスにしてください。") % {"name": name})
    if not entry.get("friend_url"):
        faults.append(_("friend_url（友だち追加のアドレス）がありません。連携のページにQRコードを出せません。"))
    return faults
