"""Pages for those who look after the installation: state, queue of jobs, log of events."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .. import services
from ..models import Event
from ..permissions import account_of, operations_policy, permission_required
from ..registry import connections
from ..rules.findings import ERROR
from ..selectors import feed, jobs, status

PER_PAGE = 50
# A longer chain is walked by the worker: nobody waits that long for a page.
ROWS_AT_ONCE = 20_000
JOB_STATES = {
    "waiting": gettext_lazy("待機中"),
    "scheduled": gettext_lazy("開始待ち（時刻指定）"),
    "running": gettext_lazy("実行中"),
    "failed": gettext_lazy("失敗"),
    "done": gettext_lazy("完了"),
}


@never_cache
@require_safe
@permission_required(operations_policy, "view")
def show_status(request: HttpRequest) -> HttpResponse:
    """Show what runs, what waits and what needs attention."""
    findings = services.quick_checks()
    context = {
        "findings": findings,
        "connections": [(_(connection.label), connection.ask()) for connection in connections],
        "has_errors": any(finding.severity == ERROR for finding in findings),
        "workers": status.workers(),
        "seals": status.seal_states(),
        "verification": status.last_verification(),
        "jobs": _job_counts(),
        "versions": status.versions(),
        "disk": status.disk(),
        "may_verify": operations_policy.allows(account_of(request), "verify"),
    }
    return render(request, "trust/operations_status.html", context)


@never_cache
@require_safe
@permission_required(operations_policy, "view")
def list_jobs(request: HttpRequest) -> HttpResponse:
    """List the jobs: filter by ``state`` and ``kind``, in pages."""
    services.load_jobs()
    asked = {"state": request.GET.get("state", ""), "kind": request.GET.get("kind", "")}
    found = jobs.jobs_in_state(asked["state"])
    if asked["kind"]:
        found = jobs.jobs_of_kind(found, asked["kind"])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "lines": [jobs.job_line(queued) for queued in page.object_list],
        "states": JOB_STATES,
        "counts": _job_counts(),
        "kinds": jobs.kinds_in_scope(),
        "may_retry": operations_policy.allows(account_of(request), "retry_job"),
    }
    return render(request, "trust/operations_jobs.html", context)


@never_cache
@require_safe
@permission_required(operations_policy, "view")
def show_job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one job with everything that is known of its failure."""
    services.load_jobs()
    line = jobs.job_line(get_object_or_404(jobs.jobs_in_scope(), pk=pk))
    context = {
        "line": line,
        "state": JOB_STATES[line.state],
        "may_retry": line.state == "failed" and operations_policy.allows(account_of(request), "retry_job"),
    }
    return render(request, "trust/operations_job.html", context)


@require_POST
@permission_required(operations_policy, "retry_job")
def retry_job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Queue a failed job again."""
    queued = get_object_or_404(jobs.jobs_in_scope(), pk=pk)
    try:
        services.retry_job(queued=queued, actor=account_of(request))
    except ValueError as error:
        messages.error(request, str(error))
    except ImportError:
        messages.error(request, _("このジョブは、いまの版にはありません。やり直せません。"))
    else:
        messages.success(request, _("もう一度実行するように登録しました。"))
    return redirect("operations:jobs")


@never_cache
@require_safe
@permission_required(operations_policy, "view_events")
def list_events(request: HttpRequest) -> HttpResponse:
    """List the events: filter by ``key``, ``from``, ``to`` and ``actor``, in pages."""
    asked = {name: request.GET.get(name, "").strip() for name in ("key", "from", "to", "actor")}
    from_date, to_date = _day(asked["from"]), _day(asked["to"])
    found = feed.find_events(key=asked["key"], from_date=from_date, to_date=to_date, actor=asked["actor"])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "lines": feed.event_lines(list(page.object_list)),
        "kinds": [(key, _(label)) for key, label in feed.kinds_of_events()],
        "filtered": any(asked.values()),
        "unread": [name for name in ("from", "to") if asked[name] and _day(asked[name]) is None],
        "seals": status.seal_states(),
        "verification": status.last_verification(),
        "may_verify": operations_policy.allows(account_of(request), "verify"),
    }
    return render(request, "trust/operations_events.html", context)


@require_POST
@permission_required(operations_policy, "verify")
def verify(request: HttpRequest) -> HttpResponse:
    """Walk the chains and show what was found; a long one is left to the worker."""
    if Event.objects.order_by()[:ROWS_AT_ONCE].count() >= ROWS_AT_ONCE:
        services.enqueue_once("trust.tasks.verify_chains")
        messages.success(request, _("確認を始めました。終わると、結果が出来事の一覧に載ります。"))
        return redirect("operations:events")
    findings = services.verify_chains(actor=account_of(request))
    return render(request, "trust/operations_verification.html", {"findings": findings})


def _job_counts() -> list[tuple[str, Any, int]]:
    return [(state, JOB_STATES[state], count) for state, count in jobs.count_by_state().items()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
