"""Everything that keeps a message from being sent or that is worth a look, each with its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from madoguchi.kit import clock

from ...enums import ChannelKey
from ...errors import AudienceError
from ...models import Message
from ...registry import channels
from ...rules.audience import parse_rule
from ...rules.content import check_contents
from ..audience.counting import small_group_sentence
from .planning import Plan


@dataclass(frozen=True, slots=True)
class Check:
    """One remark: ``field`` is ``contents.en.body``, ``audience``, ``send_at`` …; an error keeps the message from being sent."""

    field: str
    text: str
    is_error: bool
    code: str = ""


def check_message(message: Message, plan: Plan | None = None, *, is_sent_now: bool = False) -> list[Check]:
    """
    Return what is to be said of a message, errors first; ``plan`` spares the counting, and without one nobody is counted.

    With ``is_sent_now`` (the moment of approval) a time of sending that is over means at once.
    """
    found = [
        *_texts(message),
        *_audience(message, plan),
        *_times(message, is_sent_now),
        *_ways(message, plan),
    ]
    return sorted(found, key=lambda check: not check.is_error)


def errors_of(message: Message, plan: Plan | None = None, *, is_sent_now: bool = False) -> list[Check]:
    """Return what keeps a message from being sent."""
    return [check for check in check_message(message, plan, is_sent_now=is_sent_now) if check.is_error]


def _texts(message: Message) -> Iterator[Check]:
    for problem in check_contents(message.contents, channels=message.channels):
        text = _(problem.message) % problem.params if problem.params else _(problem.message)
        yield Check(f"contents.{problem.path}", text, problem.is_error, problem.code)


def _audience(message: Message, plan: Plan | None) -> Iterator[Check]:
    try:
        parse_rule(message.audience)
    except AudienceError as error:
        yield Check("audience", str(error), True, "audience")
        return
    if plan is None:
        return
    if plan.people == 0:
        yield Check("audience", nobody(), True, "nobody")
        return
    if plan.count.is_small:
        yield Check("audience", small_group_sentence(), True, "small_group")
        return
    if plan.is_broad:
        yield Check(
            "audience",
            _("%(total)s人のうち%(people)s人に届きます。2人の承認が要ります。")
            % {"people": f"{plan.people:,}", "total": f"{plan.total:,}"},
            False,
            "broad",
        )
    if plan.count.unreachable:
        yield Check(
            "audience",
            _("連絡先のない人が%(people)s人います。受信箱にも届かない人には、郵送などを考えてください。")
            % {"people": f"{plan.count.unreachable:,}"},
            False,
            "unreachable",
        )


def nobody() -> str:
    """Return why a message to nobody is refused, and what to do."""
    return _(
        "この条件に当てはまる人がいません。条件の組み合わせ（すべて・どれか）、分野の購読者がいるか、"
        "登録情報の利用に同意した人がいるかを確かめてください。"
    )


def _times(message: Message, is_sent_now: bool) -> Iterator[Check]:
    now = clock.now()
    if message.send_at is not None and message.send_at <= now and not is_sent_now:
        yield Check("send_at", _("送信予定の日時が過ぎています。これからの日時にしてください。"), True, "send_at_past")
    begins = max(now, message.send_at or now)
    if message.expires_at is not None and message.expires_at <= begins:
        yield Check(
            "expires_at",
            _("有効期限が、送信の日時より前です。送信より後の日時にしてください。"),
            True,
            "expires_before",
        )


def _ways(message: Message, plan: Plan | None) -> Iterator[Check]:
    for key in message.channels:
        channel = channels.find(key)
        if channel is None:
            yield Check("channels", _("「%(key)s」という手段はありません。") % {"key": key}, True, "channel_unknown")
        elif not channel.is_ready():
            yield Check(
                "channels",
                _("%(way)sは、まだ使える設定になっていません。") % {"way": _(channel.label)},
                len(message.channels) == 1,
                "channel_not_ready",
            )
    if message.attachments.exists() and message.channels and ChannelKey.EMAIL not in message.channels:
        yield Check(
            "attachments",
            _("メールを使わないので、添付ファイルは本文のページへのリンクで見てもらうことになります。"),
            False,
            "attachments_linked",
        )
    chosen = [key for key in message.channels if key != ChannelKey.INBOX]
    if (
        plan is not None
        and chosen
        and plan.people
        and not any(plan.count.by_channel.get(key) for key in message.channels)
    ):
        yield Check("channels", _("選んだ手段で届く人が、対象の中にいません。"), True, "nobody_by_channel")
