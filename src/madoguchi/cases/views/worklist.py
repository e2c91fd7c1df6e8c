"""The work list: filters as sentences, saved views, bulk actions with a way back, search, export."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kit import clock
from madoguchi.kit.csvio import write_csv
from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import Account, Unit, login_required, permission_required
from madoguchi.trust.enums import AccessAction

from ..enums import CaseStatus
from ..errors import CasesError, StaleError
from ..models import Case, SavedView
from ..permissions import case_policy, workflow_policy
from ..rules.ages import age_of
from ..selectors import worklist as selectors
from ..selectors.desks import narrowed, units_seen_by, units_to_choose
from ..selectors.worklist import COLUMNS, COUNTED, DUE, SHOWN, WHO, Question
from ..services import bulk, undoing
from ..services.access import log_listing
from ..services.desk import staff_of
from ..services.views import forget_view, save_view
from . import wording
from .common import UNPROCESSABLE, actor_of, address_of, frame

EXPORTED = 10_000
ASKED = ("who", "due", "status", "desk", "topic", "q", "closed", "after", "before", "c")


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponseBase:
    """Show a page of the work list; who only draws workflows is led to them."""
    actor = actor_of(request)
    if not case_policy.allows(actor, "list") and workflow_policy.allows(actor, "view"):
        return redirect("work:workflows")
    case_policy.require(actor, "list")
    asked = _asked(request, actor)
    units = units_seen_by(actor)
    question = question_of(asked)
    if question.text:
        purpose = _("案件の検索")
        log_listing(actor=actor, purpose=purpose, action=AccessAction.SEARCH, address=address_of(request))
    found = selectors.find_cases(question, account=actor, units=units)
    cases = narrowed(found.cases, actor)
    count = len(cases) if question.text else selectors.count_cases(question, account=actor, units=units)
    desks = list(units_to_choose(units)) if units is None or len(units) > 1 else []
    context = frame(
        request,
        rows=[(case, age_of(case.due_on, clock.today())) for case in cases],
        asked=asked,
        question=question,
        sentence=wording.sentence(question, desks),
        count=count,
        counted=COUNTED,
        next_query=_query(asked, after=found.next_cursor, before=""),
        previous_query=_query(asked, before=found.previous_cursor, after=""),
        has_next=bool(found.next_cursor),
        has_previous=bool(found.previous_cursor),
        first_query=_query(asked, after="", before=""),
        columns=_columns(asked),
        all_columns=[(key, wording.column(key)) for key in COLUMNS],
        views=_views(actor, asked),
        own_views=SavedView.objects.filter(account=actor),
        who_options=wording.who_options(),
        due_options=wording.due_options(),
        status_options=[("", _("問わない")), *((s.value, s.label) for s in CaseStatus if s != CaseStatus.CLOSED)],
        desk_options=[("", _("問わない")), *((unit.pk, unit.name) for unit in desks)],
        colleagues=staff_of(list(units)) if units else [actor],
        all_units=Unit.objects.in_year(clock.today().year).order_by("name"),
        undo=_undoable(actor),
    )
    return render(request, "cases/list.html", context)


def _asked(request: HttpRequest, actor: Account) -> QueryDict:
    """Return what the address asks; an empty one asks what the account's own first view says."""
    if any(name in request.GET for name in ASKED):
        return request.GET
    view = SavedView.objects.filter(account=actor, is_default=True).first()
    return request.GET if view is None else QueryDict(view.query)


def question_of(asked: QueryDict) -> Question:
    """Return the question of an address; what makes no sense is left out."""
    who, due = asked.get("who", ""), asked.get("due", "")
    return Question(
        who=who if who in WHO else "unit",
        due=due if due in DUE else "",
        status=asked.get("status", "") if asked.get("status") in CaseStatus.values else "",
        desk=plain_integer(asked.get("desk", "")),
        topic=asked.get("topic", "")[:80].replace("\x00", ""),
        text=asked.get("q", "").strip()[:100].replace("\x00", ""),
        closed=asked.get("closed") == "1",
        after=asked.get("after", ""),
        before=asked.get("before", ""),
    )


def _query(asked: QueryDict, **changes: str) -> str:
    changed = asked.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return f"?{changed.urlencode()}"


def _columns(asked: QueryDict) -> list[str]:
    chosen = [key for key in COLUMNS if key in asked.getlist("c")]
    return chosen or list(SHOWN)


def _views(actor: Account, asked: QueryDict) -> list[tuple[str, str, bool]]:
    now = {key: asked.get(key, "") for key in ("who", "due", "status", "desk", "topic", "closed")}
    found = [(label, urlencode(query)) for label, query in wording.standard_views()]
    found += [(view.name, view.query) for view in SavedView.objects.filter(account=actor)]
    return [(label, f"?{query}", _same(QueryDict(query), now)) for label, query in found]


def _same(query: QueryDict, now: dict[str, str]) -> bool:
    return all(query.get(key, "") == value for key, value in now.items())


def _undoable(actor: Account) -> Any:
    found = [undoing.undo_of(actor, kind=kind) for kind in ("assign", "transfer")]
    return max((undo for undo in found if undo), key=lambda undo: undo.at, default=None)


@require_POST
@permission_required(case_policy, "list")
def act(request: HttpRequest) -> HttpResponse:
    """Do one thing with all chosen cases; each that refuses says why."""
    actor = actor_of(request)
    ids = [pk for pk in map(plain_integer, request.POST.getlist("row")[: bulk.MOST]) if pk is not None]
    cases = list(Case.objects.filter(pk__in=ids).order_by("order_on", "pk"))
    back = redirect(f"{request.path.removesuffix('bulk/')}?{QueryDict(request.POST.get('back', '')).urlencode()}")
    if not cases:
        messages.warning(request, _("案件を選んでから、操作してください。"))
        return back
    try:
        result, done = _bulk(request, cases, actor)
    except CasesError as error:
        messages.error(request, str(error))
        return back
    if result.done:
        messages.success(request, done % {"n": len(result.done)})
    for case, reason in result.refused:
        messages.error(request, f"{case.number} {case.title}: {reason}")
    return back


def _bulk(request: HttpRequest, cases: list[Case], actor: Account) -> tuple[bulk.BulkResult, str]:
    actions: dict[str, Callable[[], tuple[bulk.BulkResult, str]]] = {
        "take": lambda: (bulk.assign_cases(cases=cases, assignee=actor, actor=actor), _("%(n)s件を担当にしました。")),
        "assign": lambda: (
            bulk.assign_cases(cases=cases, assignee=_chosen_colleague(request), actor=actor),
            _("%(n)s件の担当者を変えました。"),
        ),
        "transfer": lambda: (
            bulk.transfer_cases(
                cases=cases, unit=_chosen_unit(request), reason=request.POST.get("reason", ""), actor=actor
            ),
            _("%(n)s件をほかの課へ移しました。"),
        ),
        "note": lambda: (
            bulk.note_cases(cases=cases, text=request.POST.get("note", ""), actor=actor),
            _("%(n)s件にメモを書きました。"),
        ),
    }
    chosen = actions.get(request.POST.get("action", ""))
    if chosen is None:
        raise CasesError(_("操作を選んでください。"))
    return chosen()


def _chosen_colleague(request: HttpRequest) -> Account | None:
    raw = request.POST.get("assignee", "")
    if raw == "nobody":
        return None
    found = Account.objects.filter(pk=plain_integer(raw) or 0, is_active=True).first()
    if found is None:
        raise CasesError(_("担当者を選んでください。"))
    return found


def _chosen_unit(request: HttpRequest) -> Unit:
    found = Unit.objects.filter(pk=plain_integer(request.POST.get("unit", "")) or 0).first()
    if found is None:
        raise CasesError(_("移す先の課を選んでください。"))
    return found


@require_POST
@permission_required(case_policy, "list")
def take_back(request: HttpRequest) -> HttpResponse:
    """Take back the last bulk action."""
    actor = actor_of(request)
    found = _undoable(actor)
    if found is None:
        messages.warning(request, _("元に戻せる操作はありません。10分を過ぎたか、すでに変わっています。"))
        return redirect("work:list")
    try:
        done, left = undoing.undo(undo=found, actor=actor)
    except StaleError as error:
        messages.warning(request, str(error))
        return redirect("work:list")
    messages.success(request, _("%(n)s件を元に戻しました。") % {"n": done})
    if left:
        messages.warning(request, _("%(n)s件は、そのあとに変わったため、そのままにしました。") % {"n": left})
    return redirect("work:list")


@require_POST
@permission_required(case_policy, "list")
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the present question under a name, or forget one."""
    actor = actor_of(request)
    query = QueryDict(request.POST.get("query", "")).urlencode()
    forgotten = plain_integer(request.POST.get("forget", ""))
    if forgotten is not None:
        if forget_view(account=actor, pk=forgotten):
            messages.success(request, _("表示を消しました。"))
        return redirect("work:list")
    try:
        view = save_view(
            account=actor,
            name=request.POST.get("name", ""),
            query=query,
            is_default=request.POST.get("default") == "on",
        )
    except CasesError as error:
        messages.error(request, str(error))
        return redirect(f"{request.path.removesuffix('views/')}?{query}")
    messages.success(request, _("この表示を「%(name)s」として保存しました。") % {"name": view.name})
    return redirect(f"{request.path.removesuffix('views/')}?{view.query}")


@require_safe
@permission_required(case_policy, "list")
def export(request: HttpRequest) -> HttpResponse:
    """Give the list as CSV (at most 10,000 rows); that it was taken out is written down."""
    actor = actor_of(request)
    units = units_seen_by(actor)
    found = selectors.find_cases(question_of(request.GET), account=actor, units=units, size=EXPORTED)
    cases = narrowed(found.cases, actor)
    log_listing(
        actor=actor,
        purpose=_("案件一覧の書き出し（%(n)s件）") % {"n": len(cases)},
        action=AccessAction.EXPORT,
        address=address_of(request),
    )
    content = write_csv(wording.csv_header(), [wording.csv_row(case) for case in cases])
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cases-{clock.today().isoformat()}.csv"'
    return response


__all__ = ["UNPROCESSABLE", "act", "export", "index", "keep_view", "take_back"]
