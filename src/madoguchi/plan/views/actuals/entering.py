"""Entering values: the list of what waits for me, the form, the history of an indicator, its evidence files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit import clock, fiscal
from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import StoredFile, access_file, open_file, permission_required, store_file
from madoguchi.trust.enums import AccessAction
from madoguchi.trust.errors import FileRefusedError

from ...errors import FrozenPeriodError, PlanError, StaleError
from ...forms.actuals import ActualForm, keep
from ...models import Indicator
from ...permissions import indicator_policy
from ...rules.actual_values import Doubt, ValueRefusedError
from ...selectors import actuals as selectors
from ...selectors import forecasting
from ...selectors.staleness import judge_indicator, owner_name
from ...services.actuals import DoubtError, Entry, enter_actual, years_of
from ...services.bindings import describe
from ..actors import actor_of
from ..framing import chosen, page_of
from .common import CONFLICT, UNPROCESSABLE, find_actual, find_indicator, frame, indicator_step

PURPOSE = "plan_evidence"
STATES = ("stale", "due", "returned", "waiting")


@require_safe
@permission_required(indicator_policy, "view")
def work_list(request: HttpRequest) -> HttpResponse:
    """List the indicators somebody answers for, what waits for them first."""
    actor = actor_of(request)
    plans = selectors.plans_in_scope()
    whose = chosen(request, "whose", ("mine", "all")) or "mine"
    state = chosen(request, "state", STATES)
    plan = chosen(request, "plan", (item.code for item in plans))
    word = request.GET.get("q", "").strip()[:100]
    items = selectors.work_list(actor, whose=whose, state=state, plan=plan, word=word)
    context = frame(
        request,
        tab="actuals",
        page=page_of(items, request, per_page=50),
        whose=whose,
        state=state,
        plan=plan,
        word=word,
        plans=plans,
        plan_options=[(item.code, item.title) for item in plans],
        may_enter={item.indicator.pk for item in items if _may_enter(actor, item.indicator)},
        is_filtered=bool(state or plan or word or whose == "all"),
    )
    return render(request, "plan/actuals/list.html", context)


def _may_enter(actor: Any, indicator: Indicator) -> bool:
    return indicator_policy.allows(actor, "enter_actual", indicator)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(indicator_policy, "enter_actual", subject=find_indicator)
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the value of an indicator for a fiscal year, with evidence."""
    indicator = find_indicator(pk)
    item = selectors.work_item(indicator)
    year = _year(request, indicator, item.fiscal_year)
    current, newest = selectors.current_actual(indicator, year), selectors.newest_entry(indicator, year)
    form = ActualForm(
        request.POST or None,
        request.FILES or None,
        facts=selectors.value_facts(indicator, year),
        has_current=current is not None,
        initial={"seen": newest.pk if newest else 0},
    )
    status, conflict = 200, None
    if request.method == "POST":
        saved, status, conflict = _save(request, form, indicator, year)
        if saved:
            messages.success(
                request,
                _("「%(label)s」（%(year)s）の実績を入力しました。承認されると公開されます。")
                % {"label": indicator.label, "year": fiscal.label(year)},
            )
            return redirect("steering:indicator_actuals", pk)
    context = frame(
        request, indicator_step(indicator), (_("実績の入力"), ""),
        indicator=indicator, form=form, fiscal_year=year, years=_open_years(indicator), current=current,
        newest=newest, conflict=conflict, last=selectors.last_before(indicator, year),
        target=next((target for target in indicator.targets.all() if target.fiscal_year == year), None),
        owner=owner_name(indicator), judgement=item.judgement, facts=form.facts, kept=_kept(form),
    )  # fmt: skip
    return render(request, "plan/actuals/enter.html", context, status=status)


def _open_years(indicator: Indicator) -> list[int]:
    """Return the fiscal years a value can be entered for: those of the plan that have begun, the newest first."""
    current = fiscal.fiscal_year(clock.today())
    return [year for year in reversed(years_of(indicator)) if year <= current]


def _year(request: HttpRequest, indicator: Indicator, usual: int) -> int:
    years = _open_years(indicator)
    asked = plain_integer(request.GET.get("fiscal_year", ""))
    if asked is not None and asked in years:
        return asked
    if not years:
        raise Http404
    return usual if usual in years else years[0]


def _kept(form: ActualForm) -> StoredFile | None:
    return form.kept_file() if form.is_bound else None


def _save(
    request: HttpRequest, form: ActualForm, indicator: Indicator, year: int
) -> tuple[bool, int, StaleError | None]:
    """Enter what the form holds; returns whether it worked, the status of the page, and the other version of a conflict."""
    is_valid = form.is_valid()
    evidence = _take_evidence(request, form)
    if not is_valid or form.errors:
        return False, UNPROCESSABLE, None
    confirmed = {Doubt(name) for name in form.cleaned_data["confirmed"]}
    if unconfirmed := [doubt for doubt in form.doubts if doubt not in confirmed]:
        return _ask(form, unconfirmed), UNPROCESSABLE, None
    try:
        enter_actual(
            indicator=indicator, fiscal_year=year, entry=_entry(form, evidence, confirmed), actor=actor_of(request)
        )
    except DoubtError as error:
        return _ask(form, error.doubts), UNPROCESSABLE, None
    except StaleError as error:
        _hold(form, seen=getattr(selectors.newest_entry(indicator, year), "pk", 0))
        form.add_error(None, str(error))
        return False, CONFLICT, error
    except PlanError as error:
        field = error.field if isinstance(error, ValueRefusedError) and error.field in form.fields else None
        form.add_error(field, str(error))
        return False, CONFLICT if isinstance(error, FrozenPeriodError) else UNPROCESSABLE, None
    return True, 200, None


def _ask(form: ActualForm, doubts: list[Doubt]) -> bool:
    form.ask(doubts)
    form.add_error("confirmed", _("値を確かめて、正しければ印を付けてください。"))
    return False


def _entry(form: ActualForm, evidence: StoredFile | None, confirmed: set[Doubt]) -> Entry:
    data = form.cleaned_data
    return Entry(
        value=data.get("value"),
        text=data.get("text") or "",
        as_of=data["as_of"],
        note=data["note"],
        evidence=str(evidence.pk) if evidence else "",
        no_evidence_reason="" if evidence else data["no_evidence_reason"],
        confirmed=frozenset(confirmed),
        seen=data["seen"] or 0,
    )


def _take_evidence(request: HttpRequest, form: ActualForm) -> StoredFile | None:
    """Take the file in, though other fields may be wrong, and let the form remember it: nobody chooses it twice."""
    file = form.cleaned_data.get("evidence") if hasattr(form, "cleaned_data") else None
    if file is None:
        return form.kept_file()
    try:
        stored = store_file(content=file.file, name=file.name, purpose=PURPOSE, actor=actor_of(request))
    except FileRefusedError as error:
        form.add_error("evidence", str(error))
        return None
    _hold(form, kept=keep(stored))
    return stored


def _hold(form: ActualForm, **hidden: object) -> None:
    data: Any = form.data
    changed = data.copy()
    for name, value in hidden.items():
        changed[name] = str(value)
    form.data = changed


@require_safe
@permission_required(indicator_policy, "view")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every value of an indicator, how it is measured, who answers, and what is to be expected."""
    indicator = find_indicator(pk)
    actor = actor_of(request)
    context = frame(
        request, (indicator.label, ""),
        indicator=indicator, page=page_of(selectors.history(indicator), request, per_page=50),
        judgement=judge_indicator(indicator), owner=owner_name(indicator), binding=describe(indicator),
        outlook=forecasting.outlook(indicator), forecasting=forecasting, is_metered=selectors.is_metered(indicator),
        can=indicator_policy.actions_for(actor, indicator), current_year=fiscal.fiscal_year(clock.today()),
        public_url=reverse("plan:indicator", args=[indicator.plan.code, indicator.pk]),
    )  # fmt: skip
    return render(request, "plan/actuals/history.html", context)


@never_cache
@require_safe
@permission_required(indicator_policy, "view")
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the evidence of a value; the look is written to the access log."""
    actual = find_actual(pk)
    if not actual.evidence.isdecimal():
        raise Http404
    try:
        stored = access_file(
            actor=actor_of(request),
            file_id=int(actual.evidence),
            action=AccessAction.DOWNLOAD,
            address=request.META.get("REMOTE_ADDR") or None,
        )
        content = open_file(stored)
    except (StoredFile.DoesNotExist, FileNotFoundError):
        raise Http404(_("この根拠資料はありません。")) from None
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.media_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
