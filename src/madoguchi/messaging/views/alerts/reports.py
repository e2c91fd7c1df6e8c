"""What became of an alert: whom it reached and did not reach, minute by minute; on the page, as CSV, on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from madoguchi.kit import clock, csvio
from madoguchi.kit.charts import Line, line_chart
from madoguchi.trust.api import permission_required

from ...enums import ChannelKey
from ...permissions import alert_policy, recipient_policy
from ...selectors.alert_reports import SCREENS, report_of, rows_by_minute, whole_story
from .common import actor_of, frame, get_alert, look, previews

MOST_POINTS = 24
SHOWN_MINUTES = 60


@require_safe
@permission_required(alert_policy, "view")
def alert(request: HttpRequest, key: str) -> HttpResponse:
    """Show an alert: what was said, what it reached, who in need is safe, what can be done now."""
    found, actor = get_alert(key), actor_of(request)
    reach = report_of(found)
    channels, rows = rows_by_minute(reach)
    context = {
        **frame(found, str(found)),
        "look": look(found),
        "reach": reach,
        "heads": [_name(channel) for channel in channels],
        "rows": rows[:SHOWN_MINUTES],
        "more_rows": max(len(rows) - SHOWN_MINUTES, 0),
        "chart": _chart(channels, rows),
        "story": whole_story(found),
        "previews": previews(found) if found.issued_at is None else [],
        "may": alert_policy.actions_for(actor, found),
        "may_people": recipient_policy.actions_for(actor),
    }
    return render(request, "messaging/alerts/alert.html", context)


def _name(channel: str) -> str:
    return _("画面（台）") if channel == SCREENS else str(ChannelKey(channel).label)


def _chart(channels: list[str], rows: list[list[Any]]) -> Markup | None:
    """Draw the three ways that carried most, and the acknowledgements; screens are no people and stay in the table."""
    if len(rows) < 2:
        return None
    step = -(-len(rows) // MOST_POINTS)
    shown = rows[::step] if (len(rows) - 1) % step == 0 else [*rows[::step], rows[-1]]
    ways = [at for at, channel in enumerate(channels) if channel != SCREENS]
    most = sorted(ways, key=lambda at: -rows[-1][at + 1])[:3]
    lines = [Line(name=_name(channels[at]), values=tuple(float(row[at + 1]) for row in shown)) for at in sorted(most)]
    lines.append(Line(name=_("確認の返事"), values=tuple(float(row[-1]) for row in shown)))
    labels = [f"{row[0]:%H:%M}" if place % 4 == 0 else "" for place, row in enumerate(shown)]
    return line_chart(
        labels,
        lines,
        key="alert-reach",
        title=_("届いた数の移り変わり"),
        description=_("発表からの時刻ごとの、手段別の送信済み・到達の累計と、確認の返事の累計"),
        unit=_("件"),
        width=640,
    )


@require_safe
@permission_required(alert_policy, "view")
def export(request: HttpRequest, key: str) -> HttpResponse:
    """Hand the table by minute out as CSV (UTF-8 with BOM); it names nobody."""
    found = get_alert(key)
    reach = report_of(found)
    channels, rows = rows_by_minute(reach)
    head = [_("時刻"), *(_name(channel) for channel in channels), _("確認の返事"), _("対象の人数")]
    body = [[_minute(row[0]), *row[1:], reach.people] for row in rows]
    response = HttpResponse(csvio.write_csv(head, body), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="alert-{found.key}.csv"'
    return response


def _minute(moment: datetime) -> str:
    return clock.local(moment).isoformat(timespec="minutes")
