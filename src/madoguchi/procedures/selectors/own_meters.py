"""The procedures room's own meters, for the plan's indicators."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import Meter, Municipality, Share, count_events, sum_events
from madoguchi.trust.enums import MeterKind

from .. import events
from ..enums import Channel
from ..models import Application, Procedure, SurveyAnswer


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=clock.TOKYO)


def published_on(day: date) -> QuerySet[Procedure]:
    """Return the procedures that could be applied for online at the end of a day."""
    end = _end_of(day)
    return (
        Procedure.objects.filter(versions__published_at__lt=end)
        .filter(Q(retired_at__isnull=True) | Q(retired_at__gte=end))
        .distinct()
    )


def count_published(municipality: Municipality, day: date) -> int:
    """Return how many procedures were published at the end of a day."""
    return published_on(day).count()


def published_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Procedure]:
    """Return the procedures published on the last day."""
    return published_on(to_date).order_by("code")


def count_new(municipality: Municipality, day: date) -> int:
    """Return how many procedures were published for the first time in the fiscal year of a day, up to it."""
    return new_procedures(fiscal.start_of(fiscal.fiscal_year(day)), day).count()


def new_procedures(from_date: date, to_date: date) -> QuerySet[Procedure]:
    """Return the procedures first published from a day to a day."""
    before = Procedure.objects.filter(versions__published_at__lt=_end_of(from_date - timedelta(days=1)))
    until = Procedure.objects.filter(versions__published_at__lt=_end_of(to_date))
    return until.exclude(pk__in=before.values("pk")).distinct()


def new_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Procedure]:
    """Return the procedures that were new in the fiscal year of the last day."""
    return new_procedures(fiscal.start_of(fiscal.fiscal_year(to_date)), to_date).order_by("code")


def sent_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Application]:
    """Return the applications sent from a day to a day, over every channel."""
    return _sent(from_date, to_date)


def online_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Application]:
    """Return the applications sent online from a day to a day."""
    return _sent(from_date, to_date).filter(channel=Channel.ONLINE)


def _sent(from_date: date, to_date: date) -> QuerySet[Application]:
    start = _end_of(from_date - timedelta(days=1))
    return Application.objects.filter(submitted_at__gte=start, submitted_at__lt=_end_of(to_date))


def decided_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[Application]:
    """Return the applications decided from a day to a day."""
    start = _end_of(from_date - timedelta(days=1))
    return Application.objects.filter(decided_at__gte=start, decided_at__lt=_end_of(to_date))


def answered_rows(municipality: Municipality, from_date: date, to_date: date) -> QuerySet[SurveyAnswer]:
    """Return the answer sheets received from a day to a day."""
    return SurveyAnswer.objects.filter(received_on__gte=from_date, received_on__lte=to_date).order_by("pk")


ONLINE = {"channel": Channel.ONLINE.value}
SUBMITTED = events.APPLICATION_SUBMITTED.key
OWN_METERS = (
    Meter(
        key="procedures.published",
        unit="手続",
        kind=MeterKind.STOCK,
        label="オンラインで申請できる手続の数",
        description="公開中で、受付を終えていない手続の数。",
        source=count_published,
        evidence=published_rows,
    ),
    Meter(
        key="procedures.newly_published",
        unit="種類",
        kind=MeterKind.STOCK,
        label="その年度に新しく公開した手続の数",
        description="年度の初めからその日までに、はじめて公開した手続の数。",
        source=count_new,
        evidence=new_rows,
    ),
    Meter(
        key="procedures.applications",
        unit="件",
        kind=MeterKind.FLOW,
        label="申請の件数",
        description="受け付けた申請の件数（すべての受付経路）。内訳は手続ごと。",
        source=count_events(SUBMITTED, by="procedure"),
        evidence=sent_rows,
    ),
    Meter(
        key="procedures.applications_online",
        unit="件",
        kind=MeterKind.FLOW,
        label="オンライン申請の件数",
        description="オンラインで届いた申請の件数。内訳は手続ごと。",
        source=count_events(SUBMITTED, where=ONLINE, by="procedure"),
        evidence=online_rows,
    ),
    Meter(
        key="procedures.online_share",
        unit="%",
        kind=MeterKind.RATIO,
        label="オンライン申請の割合",
        description="受け付けた申請のうち、オンラインで届いたものの割合。",
        source=Share(count_events(SUBMITTED, where=ONLINE), count_events(SUBMITTED)),
        evidence=sent_rows,
    ),
    Meter(
        key="procedures.days_to_decision",
        unit="日",
        kind=MeterKind.RATIO,
        label="申請から決定までの平均日数",
        description="決定した申請の、申請の日から決定の日までの日数の平均（暦日）。",
        source=Share(sum_events(events.APPLICATION_DECIDED.key), count_events(events.APPLICATION_DECIDED.key)),
        evidence=decided_rows,
    ),
    Meter(
        key="procedures.corrections",
        unit="件",
        kind=MeterKind.FLOW,
        label="補正をお願いした件数",
        description="申請した人に補正をお願いした件数。内訳は手続ごと。",
        source=count_events(events.CORRECTION_REQUESTED.key, by="procedure"),
    ),
    Meter(
        key="procedures.finder_uses",
        unit="件",
        kind=MeterKind.FLOW,
        label="手続探しの利用件数",
        description="手続探しで質問に答え、結果まで進んだ件数（同じ人が同じ日に同じ答えで見たものは1件。機械の巡回は除く）。内訳は出来事ごと。",
        source=count_events(events.FINDER_USED.key, by="life_event"),
    ),
    Meter(
        key="procedures.minutes_saved",
        unit="分",
        kind=MeterKind.FLOW,
        label="削減した事務の時間",
        description="終わった申請ごとの、紙のときの標準時間と実際にかかった時間の差の合計。内訳は手続ごと。",
        source=sum_events(events.MINUTES_SAVED.key, by="procedure"),
    ),
    Meter(
        key="procedures.survey_answers",
        unit="件",
        kind=MeterKind.FLOW,
        label="アンケートと意見公募の回答数",
        description="受け付けた回答の件数。内訳は回答方法（インターネット・郵送）ごと。",
        source=count_events(events.SURVEY_ANSWERED.key, by="mode"),
        evidence=answered_rows,
    ),
)
