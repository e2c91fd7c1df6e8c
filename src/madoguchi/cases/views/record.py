"""The record of a case: facts, conversation, actions; who looks; every look logged and said so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kit import clock
from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import Account, Unit, permission_required
from madoguchi.trust.errors import RefusedError

from ..enums import Audience, Sign, TaskStatus
from ..errors import CasesError
from ..models import Case, Task
from ..permissions import case_policy, has_reviewed, units_of_case
from ..registry import case_subjects
from ..rules.ages import age_of
from ..selectors.diagram import diagram_of
from ..selectors.record import history_of, kind_label, onlookers
from ..services import desk, undoing, working
from ..services.access import access_case
from ..services.handling import note_sign
from . import wording
from .common import UNPROCESSABLE, actor_of, address_of, frame

Action = Callable[[HttpRequest, Case, Account], str]


def _case(request: HttpRequest, number: str, sign: Sign = Sign.OPENED) -> Case:
    found = access_case(
        actor=actor_of(request), number=number, purpose=_("案件の処理"), address=address_of(request), sign=sign
    )
    if found is None:
        raise Http404(number)
    return found


@never_cache
@require_safe
@permission_required(case_policy, "list")
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case; ``?pane=1`` gives the part that opens beside the list."""
    return _page(request, _case(request, number))


def _page(request: HttpRequest, case: Case, *, problem: str = "", at: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    context = frame(
        request,
        (case.number, ""),
        case=case,
        kind=kind_label(case),
        age=age_of(case.due_on, clock.today()),
        panel=_panel(request, case, actor),
        history=history_of(case),
        onlookers=onlookers(case, actor),
        tasks=[
            _task(task, case, actor) for task in case.tasks.filter(status=TaskStatus.READY).select_related("assignee")
        ],
        colleagues=desk.staff_of(units_of_case(case)),
        all_units=Unit.objects.in_year(clock.today().year).exclude(pk=case.unit_id or 0).order_by("name"),
        parts=list(case.parts.defer("state").order_by("pk")),
        actions=case_policy.actions_for(actor, case),
        undo=undoing.undo_of(actor, kind="task", case=case),
        undo_seconds=int(undoing.TASK_WINDOW.total_seconds()),
        diagram=diagram_of(case),
        channel=wording.channel(case.channel),
        problem=problem,
        problem_at=at,
        given=request.POST,
    )
    template = "cases/pane.html" if request.GET.get("pane") == "1" else "cases/record.html"
    return render(request, template, context, status=status)


def _panel(request: HttpRequest, case: Case, actor: Account) -> SafeString | None:
    """Return what the subject's room shows about it, rendered by its own template."""
    subject = case_subjects.find(case.kind)
    panel = None if subject is None else subject.panel(case, actor)
    return None if panel is None else render_to_string(panel.template, dict(panel.context), request)


def _task(task: Task, case: Case, actor: Account) -> dict[str, Any]:
    """Return an open task with whether the actor may do it, and if not who may."""
    action = "approve" if task.audience == Audience.APPROVER else "work"
    may = case_policy.allows(actor, action, task)
    why = ""
    if task.audience == Audience.APPROVER and not may:
        why = _who_approves(case, actor)
    return {
        "task": task,
        "may": may,
        "why": why,
        "age": age_of(task.due_on, clock.today()),
        "is_applicant": task.audience == Audience.APPLICANT,
    }


def _who_approves(case: Case, actor: Account) -> str:
    people = [person for person in desk.staff_of(units_of_case(case)) if case_policy.allows(person, "approve", case)]
    names = "、".join(person.name for person in people[:5])
    reviewed, others = _("この案件を審査したあなたは、決裁できません。"), _("決裁できるのは、担当課の所属長です。")
    own = reviewed if has_reviewed(actor, case) else others
    return own + (_("決裁できる人: %(names)s") % {"names": names} if names else _("いま決裁できる人がいません。"))


class ElsewhereError(Exception):
    """This outcome is given on a page of the subject's own room."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


def _page_of(case: Case, outcome: str) -> str:
    """Return the page of the subject that an outcome needs, or an empty text."""
    subject = case_subjects.find(case.kind)
    return "" if subject is None else subject.outcome_pages(case).get(outcome, "")


def complete(request: HttpRequest, case: Case, actor: Account) -> str:
    """Complete an open task with one of its outcomes."""
    task = Task.objects.filter(pk=plain_integer(request.POST.get("task", "")) or 0, case=case).first()
    if task is None:
        raise CasesError(_("作業が見つかりません。画面を読み込み直してください。"))
    outcome = request.POST.get("outcome", "")
    if page := _page_of(case, outcome):
        raise ElsewhereError(page)
    working.complete_task(task=task, outcome=outcome, actor=actor, note=request.POST.get("note", ""))
    task.refresh_from_db()
    return _("「%(task)s」を「%(outcome)s」で終えました。") % {"task": task.name, "outcome": task.outcome_label}


def assign(request: HttpRequest, case: Case, actor: Account) -> str:
    """Give the case to somebody, or to nobody."""
    raw = request.POST.get("assignee", "")
    chosen = None if raw == "nobody" else Account.objects.filter(pk=plain_integer(raw) or 0, is_active=True).first()
    if chosen is None and raw != "nobody":
        raise CasesError(_("担当者を選んでください。"))
    desk.assign_case(case=case, assignee=chosen, actor=actor)
    return _("担当者を%(name)sにしました。") % {"name": chosen.name if chosen else _("未定")}


def transfer(request: HttpRequest, case: Case, actor: Account) -> str:
    """Move the case to another section."""
    unit = Unit.objects.filter(pk=plain_integer(request.POST.get("unit", "")) or 0).first()
    if unit is None:
        raise CasesError(_("移す先の課を選んでください。"))
    desk.transfer_case(case=case, unit=unit, reason=request.POST.get("reason", ""), actor=actor)
    return _("%(unit)sへ移しました。") % {"unit": unit.name}


def split(request: HttpRequest, case: Case, actor: Account) -> str:
    """Split a part off the case."""
    unit = Unit.objects.filter(pk=plain_integer(request.POST.get("unit", "")) or 0).first()
    part = desk.split_case(
        case=case, title=request.POST.get("title", ""), unit=unit, reason=request.POST.get("reason", ""), actor=actor
    )
    return _("%(number)sとして分けました。") % {"number": part.number}


def reschedule(request: HttpRequest, case: Case, actor: Account) -> str:
    """Change the due date."""
    raw = request.POST.get("due_on", "").strip()
    try:
        due_on = date.fromisoformat(raw) if raw else None
    except ValueError as error:
        raise CasesError(_("期限を「2026-12-01」のように入れてください。")) from error
    desk.reschedule_case(case=case, due_on=due_on, reason=request.POST.get("reason", ""), actor=actor)
    return _("期限を変えました。")


def note(request: HttpRequest, case: Case, actor: Account) -> str:
    """Write a note."""
    desk.add_note(case=case, text=request.POST.get("text", ""), actor=actor)
    return _("メモを書きました。")


def retry(request: HttpRequest, case: Case, actor: Account) -> str:
    """Try again where the workflow stopped."""
    found = working.retry_case(case=case, actor=actor)
    return _("やり直しましたが、まだ止まっています。") if found.problem else _("やり直しました。先へ進みました。")


def close(request: HttpRequest, case: Case, actor: Account) -> str:
    """Close the case by hand."""
    reason = request.POST.get("reason", "")
    if not reason.strip():
        raise CasesError(_("終える理由を書いてください。"))
    working.close_case(case=case, outcome=request.POST.get("outcome", "") or "closed", reason=reason, actor=actor)
    return _("案件を終えました。")


def take_back(request: HttpRequest, case: Case, actor: Account) -> str:
    """Take back the own last decision, within a minute."""
    found = undoing.undo_of(actor, kind="task", case=case)
    if found is None:
        raise CasesError(_("元に戻せません。1分を過ぎたか、そのあとに別の操作がありました。"))
    undoing.undo(undo=found, actor=actor)
    return _("元に戻しました。")


ACTIONS: dict[str, Action] = {
    "complete": complete,
    "assign": assign,
    "transfer": transfer,
    "split": split,
    "reschedule": reschedule,
    "note": note,
    "retry": retry,
    "close": close,
    "undo": take_back,
}


@never_cache
@require_POST
@permission_required(case_policy, "list")
def act(request: HttpRequest, number: str, action: str) -> HttpResponseBase:
    """Do one thing with a case; what is refused is said above the form, with everything typed kept."""
    if action not in ACTIONS:
        raise Http404(action)
    case = _case(request, number, Sign.ACTED)
    try:
        done = ACTIONS[action](request, case, actor_of(request))
    except ElsewhereError as error:
        return redirect(error.page)
    except CasesError as error:
        return _page(request, _case(request, number), problem=str(error), at=action, status=UNPROCESSABLE)
    except RefusedError as error:
        if action != "complete":
            raise
        return _page(request, case, problem=str(error), at=action, status=403)
    messages.success(request, done)
    return redirect("work:record", number)


@never_cache
@require_POST
@permission_required(case_policy, "list")
def presence(request: HttpRequest, number: str) -> HttpResponse:
    """Note that somebody still looks, and answer who else does."""
    actor = actor_of(request)
    case = Case.objects.filter(number=number).first()
    if case is None or not case_policy.allows(actor, "view", case):
        raise Http404(number)
    note_sign(case=case, actor=actor, sign=Sign.ALIVE)
    return JsonResponse({"others": onlookers(case, actor)})
