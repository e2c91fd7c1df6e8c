"""Proof of play for staff: what was shown where, how often and how long; also as CSV."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Min, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madoguchi.kit import clock, csvio, era
from madoguchi.trust.api import permission_required

from ...models import Alert, PlayRecord, Screen
from ...permissions import screen_policy
from ...selectors.signage import records_between
from .office import page, paged

USUAL_DAYS = 7
LONGEST = timedelta(days=400)


@require_safe
@permission_required(screen_policy, "list")
def index(request: HttpRequest) -> HttpResponseBase:
    """Show what was played between two days, by screen and item."""
    first, last, problem = _span(request)
    number = request.GET.get("screen", "")
    screens = Screen.objects.order_by("name", "pk")
    found = paged(request, _totals(first, last, number))
    totals = _filtered(first, last, number).aggregate(plays=Sum("plays"), seconds=Sum("seconds"))
    context: dict[str, Any] = {
        "page": found,
        "rows": _named(list(found.object_list)),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "problem": problem,
        "number": number,
        "screens": [("", _("すべて")), *((one.number, one.name) for one in screens)],
        "plays": totals["plays"] or 0,
        "hours": round((totals["seconds"] or 0) / 3600, 1),
    }
    return page(request, "plays", _("放映の記録"), tab="plays", status=422 if problem else 200, **context)


def _span(request: HttpRequest) -> tuple[date, date, str]:
    today = clock.today()
    first, last = (_day(request.GET.get(name, "")) for name in ("from", "to"))
    typed = [text for name in ("from", "to") if (text := request.GET.get(name, "").strip())]
    usual = today - timedelta(days=USUAL_DAYS - 1), today
    if len(typed) != sum(day is not None for day in (first, last)):
        return *usual, _("日付を読み取れません。2026-12-10 や 令和8年12月10日 のように入力してください。")
    last = last or today
    first = first or min(last, usual[0])
    if first > last or last - first > LONGEST:
        return *usual, _("期間は、初日から最終日まで400日以内で入力してください。")
    return first, last, ""


def _day(text: str) -> date | None:
    parsed = era.parse_date(text.strip()[:40]) if text.strip() else None
    return parsed.date if parsed is not None and parsed.precision == era.Precision.DAY else None


def _filtered(first: date, last: date, number: str) -> QuerySet[PlayRecord]:
    rows = records_between(first, last)
    return rows.filter(screen__number=number) if number else rows


def _totals(first: date, last: date, number: str) -> QuerySet[Any, Any]:
    return (
        _filtered(first, last, number)
        .order_by()
        .values("screen__name", "screen__number", "subject", "item__name", "item__playlist__name")
        .annotate(total=Sum("plays"), seconds=Sum("seconds"), first=Min("first_at"), last=Max("last_at"))
        .order_by("screen__name", "screen__number", "-seconds", "subject")
    )


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = [row["subject"].removeprefix("alert:") for row in rows if row["subject"].startswith("alert:")]
    alerts = {f"alert:{alert.key}": str(alert) for alert in Alert.objects.filter(key__in=keys)} if keys else {}
    return [
        {
            **row,
            "what": row["item__name"] or alerts.get(row["subject"]) or _("日付と時刻（番組がないときの表示）"),
            "is_alert": row["subject"].startswith("alert:"),
            "minutes": round(row["seconds"] / 60, 1),
        }
        for row in rows
    ]


@require_safe
@permission_required(screen_policy, "list")
def export(request: HttpRequest) -> HttpResponseBase:
    """Give the same as a file: one line for each screen and item, with exact times."""
    first, last, _problem = _span(request)
    heads = [_("画面番号"), _("画面"), _("番組"), _("内容"), _("回数"), _("秒数"), _("最初"), _("最後")]
    rows = _named(list(_totals(first, last, request.GET.get("screen", ""))))
    cells = (
        [
            row["screen__number"], row["screen__name"], row["item__playlist__name"] or "", row["what"], row["total"],
            row["seconds"], _local(row["first"]), _local(row["last"]),
        ]
        for row in rows
    )  # fmt: skip
    response = HttpResponse(csvio.write_csv(heads, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="signage-plays-{first:%Y%m%d}-{last:%Y%m%d}.csv"'
    return response


def _local(moment: Any) -> str:
    return f"{clock.local(moment):%Y-%m-%d %H:%M:%S}"
