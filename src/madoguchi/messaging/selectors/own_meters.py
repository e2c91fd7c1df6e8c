"""The messaging room's own meters, for the plan's indicators. Drills count nowhere."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as N_

from madoguchi.kit import clock
from madoguchi.trust.api import Meter, Municipality, Share, count_events, sum_events
from madoguchi.trust.enums import MeterKind

from .. import events
from ..enums import ChannelKey, MessageKind
from ..models import Endpoint, Need, Recipient
from .signage import play_rows, plays, screens_online

REAL = {"drill": False}


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=clock.TOKYO)


def subscribers_on(day: date) -> QuerySet[Recipient]:
    """Return the people who had subscribed to any topic at the end of a day."""
    end = _end_of(day)
    return (
        Recipient.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=end), subscriptions__subscribed_at__lt=end)
        .filter(Q(subscriptions__ended_at__isnull=True) | Q(subscriptions__ended_at__gte=end))
        .distinct()
    )


def count_subscribers(municipality: Municipality, day: date) -> int:
    """Return how many people had subscribed to any topic at the end of a day."""
    return subscribers_on(day).count()


def friends_on(day: date) -> QuerySet[Endpoint]:
    """Return the LINE accounts that were friends of the city's at the end of a day, those who had blocked it included."""
    end = _end_of(day)
    friends = Endpoint.objects.filter(channel=ChannelKey.LINE, confirmed_at__lt=end)
    return friends.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=end))


def count_friends(municipality: Municipality, day: date) -> int:
    """Return how many friends the city's LINE account had at the end of a day."""
    return friends_on(day).count()


def needs_on(day: date) -> QuerySet[Need]:
    """Return the needs that were registered at the end of a day."""
    end = _end_of(day)
    return Need.objects.filter(registered_at__lt=end).filter(Q(ended_at__isnull=True) | Q(ended_at__gte=end))


def count_in_need(municipality: Municipality, day: date) -> int:
    """Return how many people in need were registered at the end of a day."""
    return needs_on(day).values("recipient_id").distinct().count()


def count_confirmed(municipality: Municipality, day: date) -> int:
    """Return of how many people a need had been confirmed by staff at the end of a day."""
    return needs_on(day).filter(confirmed_at__lt=_end_of(day)).values("recipient_id").distinct().count()


def _friend_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Endpoint]:
    return friends_on(to_date).order_by("pk")


def _subscriber_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Recipient]:
    return subscribers_on(to_date).order_by("pk")


def _need_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Need]:
    return needs_on(to_date).order_by("pk")


OWN_METERS: tuple[Meter, ...] = (
    Meter(
        key="messaging.subscribers",
        unit="人",
        kind=MeterKind.STOCK,
        label=N_("お知らせの購読者数"),
        description=N_("お知らせの分野を1つ以上購読している人の数です。同じ人は1人と数えます。"),
        source=count_subscribers,
        evidence=_subscriber_rows,
    ),
    Meter(
        key="messaging.line_friends",
        unit="人",
        kind=MeterKind.STOCK,
        label=N_("LINEの友だち登録数"),
        description=N_("市のLINE公式アカウントの友だちの数です。ブロックした人も、LINEの数え方と同じく含みます。"),
        source=count_friends,
        evidence=_friend_rows,
    ),
    Meter(
        key="messaging.sent",
        unit="通",
        kind=MeterKind.FLOW,
        label=N_("送信したお知らせの数"),
        description=N_("メール、LINEなどで送り出した数です。手段ごとの内訳があります。訓練は含みません。"),
        source=sum_events(events.DELIVERIES_SENT.key, where=REAL, by="channel"),
    ),
    Meter(
        key="messaging.delivered",
        unit="通",
        kind=MeterKind.FLOW,
        label=N_("届いたお知らせの数"),
        description=N_("相手先が受け取ったと分かった数です。手段ごとの内訳があります。訓練は含みません。"),
        source=sum_events(events.DELIVERIES_DELIVERED.key, where=REAL, by="channel"),
    ),
    Meter(
        key="messaging.opened",
        unit="通",
        kind=MeterKind.FLOW,
        label=N_("受信箱で読まれたお知らせの数"),
        description=N_("受信箱で初めて開かれた数です。メールの開封は追跡しません。"),
        source=count_events(events.DELIVERY_OPENED.key),
    ),
    Meter(
        key="messaging.clicked",
        unit="回",
        kind=MeterKind.FLOW,
        label=N_("お知らせのリンクが使われた回数"),
        description=N_("お知らせに書いたリンクが開かれた回数です。だれが開いたかは記録しません。"),
        source=count_events(events.LINK_FOLLOWED.key, by="channel"),
    ),
    Meter(
        key="messaging.unreached_share",
        unit="%",
        kind=MeterKind.RATIO,
        label=N_("お知らせが届かなかった人の割合"),
        description=N_(
            "送り終えたお知らせの対象者のうち、どの手段でも届けられなかった人の割合です。訓練は含みません。"
        ),
        source=Share(
            numerator=sum_events(events.PEOPLE_UNREACHED.key, where=REAL),
            denominator=sum_events(
                events.MESSAGE_FINISHED.key, where={**REAL, "kind": (MessageKind.BROADCAST, MessageKind.EMERGENCY)}
            ),
        ),
    ),
    Meter(
        key="messaging.alert_seconds",
        unit="秒",
        kind=MeterKind.RATIO,
        label=N_("緊急情報の発表から最後の送信までの秒数"),
        description=N_(
            "緊急情報のもとになった電文を受けてから、最後の1人に送り終えるまでの秒数の平均です。訓練は含みません。"
        ),
        source=Share(
            numerator=sum_events(events.ALERT_DELIVERED.key, where=REAL),
            denominator=count_events(events.ALERT_DELIVERED.key, where=REAL),
        ),
    ),
    Meter(
        key="messaging.people_in_need",
        unit="人",
        kind=MeterKind.STOCK,
        label=N_("配慮が必要な方の登録者数"),
        description=N_("災害のときに助けが必要だと登録している人の数です。"),
        source=count_in_need,
        evidence=_need_rows,
    ),
    Meter(
        key="messaging.people_in_need_confirmed",
        unit="人",
        kind=MeterKind.STOCK,
        label=N_("配慮が必要な方のうち確認が済んだ人数"),
        description=N_("登録の内容を職員が確認した人の数です。"),
        source=count_confirmed,
        evidence=_need_rows,
    ),
    Meter(
        key="messaging.screens_online",
        unit="台",
        kind=MeterKind.STOCK,
        label=N_("放映したサイネージの台数"),
        description=N_("その日に1回でも放映したと報告した画面の数です。"),
        source=screens_online,
        evidence=play_rows,
    ),
    Meter(
        key="messaging.signage_plays",
        unit="回",
        kind=MeterKind.FLOW,
        label=N_("サイネージの放映回数"),
        description=N_("画面が放映したと報告した回数です。オフラインの間の分は、つながった日に遡って数えます。"),
        source=plays,
        evidence=play_rows,
    ),
)
"""What the room counts for the plan's indicators."""
