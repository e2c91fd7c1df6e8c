"""Hours for staff: a week as a table, and putting playlists into it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit import clock
from madoguchi.trust.api import permission_required

from ...forms.signage import WEEKDAYS, ScheduleForm, describe_schedule, read_target, target_choices
from ...models import Schedule
from ...permissions import screen_policy
from ...services import signage
from .office import actor_of, asked, find_row, page, paged


@require_safe
@permission_required(screen_policy, "list")
def week(request: HttpRequest) -> HttpResponseBase:
    """Show what is planned in a week: weekdays as columns, playlists by their hours."""
    target = request.GET.get("target", "")
    rows = Schedule.objects.select_related("playlist", "screen").filter(playlist__removed_at__isnull=True)
    known = dict(target_choices())
    if target in known and target:
        one, group = read_target(target)
        rows = rows.filter(screen=one) if one else rows.filter(group=group)
    found = paged(request, rows.order_by("-priority", "hours_from", "id"))
    context: dict[str, Any] = {
        "page": found,
        "columns": [{"label": _("時間帯")}, *({"label": name} for _key, name in WEEKDAYS)],
        "rows": _table(list(found.object_list)),
        "listed": [(one, describe_schedule(one), _target_words(one), _is_over(one)) for one in found.object_list],
        "targets": list(known.items()),
        "target": target if target in known else "",
    }
    return page(request, "schedules", _("放映予定"), tab="schedules", **context)


def _table(schedules: list[Schedule]) -> list[dict[str, Any]]:
    """Return the rows of the week: one for each span of hours, its playlists by weekday."""
    spans: dict[tuple[str, str], list[Schedule]] = {}
    for schedule in schedules:
        first = f"{schedule.hours_from:%H:%M}" if schedule.hours_from else "0:00"
        last = f"{schedule.hours_until:%H:%M}" if schedule.hours_until else "24:00"
        spans.setdefault((first.zfill(5), last), []).append(schedule)
    return [
        {
            "hours": f"{first.removeprefix('0') if first != '00:00' else '0:00'}〜{last}",
            "days": [
                [(one, _target_words(one)) for one in found if not one.days or day in one.days] for day in range(7)
            ],
        }
        for (first, last), found in sorted(spans.items())
    ]


def _target_words(schedule: Schedule) -> str:
    if schedule.screen is not None:
        return schedule.screen.name
    return _("グループ：%(name)s") % {"name": schedule.group} if schedule.group else _("すべての画面")


def _is_over(schedule: Schedule) -> bool:
    return schedule.ends_on is not None and schedule.ends_on < clock.today()


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def new(request: HttpRequest) -> HttpResponseBase:
    """Let a playlist be shown."""
    form = ScheduleForm(request.POST or None, initial={"playlist": request.GET.get("playlist", ""), "priority": 10})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        one, group = read_target(data["target"])
        signage.add_schedule(
            playlist=data["playlist"],
            actor=actor_of(request),
            screen=one,
            group=group,
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            priority=data["priority"],
            **form.hours(),
        )
        messages.success(request, _("放映予定に入れました。画面には数秒で反映されます。"))
        return redirect("signage_office:schedules")
    return page(
        request, "form", _("放映予定に入れる"), tab="schedules", form=form, back=reverse("signage_office:schedules"),
        submit=_("放映予定に入れる"), status=422 if form.errors else 200,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(screen_policy, "edit")
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End the hours of a playlist."""
    found: Schedule = find_row(Schedule.objects.select_related("playlist", "screen"), pk)
    words = {"name": found.playlist.name, "hours": describe_schedule(found), "target": _target_words(found)}
    return asked(
        request,
        title=_("放映予定から外す"),
        text=_("「%(name)s」の放映予定（%(target)s、%(hours)s）を外します。") % words,
        submit=_("外す"),
        back=reverse("signage_office:schedules"),
        doing=lambda: signage.remove_schedule(schedule=found, actor=actor_of(request)),
        said=_("放映予定から外しました。"),
        tab="schedules",
    )
