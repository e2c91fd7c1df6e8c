"""How indicators are measured: ways of getting values, tokens for outside systems, evidence, owners."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit import clock, fiscal
from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import Event, meters, permission_required
from madoguchi.trust.events import event_types

from ...enums import BindingKind
from ...errors import PlanError, StaleError
from ...forms.actuals import BindingForm, OwnerForm, TokenForm, owner_initial, period_words
from ...models import Indicator, PushToken
from ...permissions import indicator_policy
from ...rules.actual_values import written
from ...selectors import evidence, words
from ...selectors.actuals import is_metered
from ...selectors.loading import with_values
from ...selectors.staleness import judge_indicator, owner_name
from ...services.bindings import (
    Binding,
    Ownership,
    RemarkError,
    assign_owner,
    bind_indicator,
    describe,
    preview_binding,
)
from ...services.measuring import measure_indicator, years_to_measure
from ...services.push import issue_token, revoke_token
from ..actors import actor_of
from ..framing import chosen, page_of
from .common import CONFLICT, UNPROCESSABLE, find_indicator, frame, indicator_step


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(indicator_policy, "bind", subject=find_indicator)
def binding(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how an indicator gets its values; a meter expression can be tried before it is saved."""
    indicator = find_indicator(pk)
    form = BindingForm(request.POST or None, initial=_initial(indicator))
    status, preview, conflict = 200, None, None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            preview = _preview(form, indicator)
        else:
            saved, conflict = _bind(request, form, indicator)
            if saved:
                messages.success(request, _("実績の取り方を変えました。変更の理由は履歴に残ります。"))
                return redirect("steering:indicator_actuals", pk)
    if form.errors:
        status = CONFLICT if conflict else UNPROCESSABLE
    context = frame(
        request, indicator_step(indicator), (_("実績の取り方"), ""),
        indicator=indicator, form=form, preview=preview, conflict=conflict, now=describe(indicator),
        filter_words=evidence.filter_words,
        meters=_meters(), kind_words=words.kind_word, written=written, aggregate_word=evidence.aggregate_word,
        period_words=period_words, fiscal_year=fiscal.fiscal_year(clock.today()),
    )  # fmt: skip
    return render(request, "plan/actuals/binding.html", context, status=status)


def _initial(indicator: Indicator) -> dict[str, Any]:
    kept = indicator.binding
    return {
        "kind": indicator.binding_kind,
        "expression": kept.get("expression", ""),
        "period": kept.get("period", ""),
        "trusted": kept.get("trusted", False),
        "source_text": indicator.source_text,
        "version": indicator.version,
    }


def _meters() -> list[dict[str, Any]]:
    """Return the meters there are, as the page lists them."""
    facts = evidence.meter_facts()
    return [
        {
            "key": meter.key,
            "label": meter.label,
            "description": meter.description,
            "unit": meter.unit,
            "kind": meter.kind.label,
            "filters": sorted(facts[meter.key].filters),
        }
        for meter in meters
    ]


def _preview(form: BindingForm, indicator: Indicator) -> evidence.Measured | None:
    data = form.cleaned_data
    try:
        return preview_binding(indicator=indicator, expression=data["expression"], period=data["period"])
    except PlanError as error:
        form.add_error("expression", str(error))
        return None


def _bind(request: HttpRequest, form: BindingForm, indicator: Indicator) -> tuple[bool, StaleError | None]:
    data = form.cleaned_data
    made = Binding(
        kind=BindingKind(data["kind"]),
        expression=data["expression"],
        period=data["period"],
        trusted=data["trusted"],
        source_text=data["source_text"],
        confirmed=data["confirmed"],
    )
    try:
        bind_indicator(
            indicator=indicator, binding=made, reason=data["reason"], version=data["version"], actor=actor_of(request)
        )
    except StaleError as error:
        form.add_error(None, str(error))
        return False, error
    except PlanError as error:
        form.add_error(_field_of(error, data), str(error))
        return False, None
    return True, None


def _field_of(error: PlanError, data: dict[str, Any]) -> str | None:
    if isinstance(error, RemarkError):
        return "confirmed"
    if not data["reason"].strip():
        return "reason"
    return "expression" if data["kind"] == BindingKind.METER else None


@require_POST
@permission_required(indicator_policy, "bind", subject=find_indicator)
def measure_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the meter of an indicator now rather than with the daily job."""
    indicator = find_indicator(pk)
    if not is_metered(indicator):
        raise Http404
    try:
        found = [measure_indicator(indicator=indicator, fiscal_year=year) for year in years_to_measure(indicator)]
    except PlanError as error:
        messages.error(request, str(error))
        return redirect("steering:indicator_actuals", pk)
    if any(found):
        messages.success(request, _("計測しました。新しい値を記録しました。"))
    else:
        messages.info(request, _("計測しました。前の計測から変わっていません。"))
    return redirect("steering:indicator_actuals", pk)


@require_safe
@permission_required(indicator_policy, "view", subject=find_indicator)
def drill_down(request: HttpRequest, pk: int) -> HttpResponse:
    """List the events behind the number of a fiscal year."""
    indicator = find_indicator(pk)
    if not is_metered(indicator):
        raise Http404
    year = _year(request, indicator)
    try:
        measured, parts = evidence.evidence_of(indicator, year)
    except PlanError as error:
        messages.error(request, str(error))
        return redirect("steering:indicator_actuals", pk)
    index = int(chosen(request, "part", (str(number) for number in range(len(parts)))) or 0)
    page = page_of(parts[index].rows, request, per_page=50)
    context = frame(
        request, indicator_step(indicator), (_("数の内訳"), ""),
        indicator=indicator, measured=measured, parts=parts, index=index, page=page, fiscal_year=year,
        rows=[_row(found) for found in page.object_list], written=written, aggregate_word=evidence.aggregate_word,
    )  # fmt: skip
    return render(request, "plan/actuals/evidence.html", context)


def _year(request: HttpRequest, indicator: Indicator) -> int:
    asked, current = plain_integer(request.GET.get("fiscal_year", "")), fiscal.fiscal_year(clock.today())
    years = range(indicator.plan.start_fiscal_year, current + 1)
    return asked if asked is not None and asked in years else current


_NUMBERS = ("number", "code")
"""Fields with what the rooms call a thing in public: an application's number, the code of a procedure."""


def _row(found: Any) -> dict[str, Any]:
    """Return a row of evidence without names of people: what happened when to which number, and its quantities."""
    if not isinstance(found, Event):
        number = next((str(value) for name in _NUMBERS if (value := getattr(found, name, ""))), str(found.pk))
        return {"at": None, "what": found._meta.verbose_name, "subject": number, "quantity": None, "data": ""}
    kind = event_types.find(found.key)
    data = "、".join(f"{name}={value}" for name, value in found.data.items())
    return {
        "at": found.at,
        "what": _(kind.label) if kind else found.key,
        "subject": f"{found.subject_type}:{found.subject_id}",
        "quantity": found.quantity,
        "data": data,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(indicator_policy, "issue_token", subject=find_indicator)
def tokens(request: HttpRequest, pk: int) -> HttpResponse:
    """List the tokens of an indicator and issue a new one, whose secret is shown this once."""
    indicator = find_indicator(pk)
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = issue_token(indicator=indicator, actor=actor_of(request), **form.cleaned_data)
            form = TokenForm()
        except PlanError as error:
            form.add_error(None, str(error))
    address = request.build_absolute_uri(f"/api/plan/indicators/{pk}/actuals")
    context = frame(
        request, indicator_step(indicator), (_("送信トークン"), ""),
        indicator=indicator, form=form, secret=secret, now=clock.now(), address=address,
        tokens=PushToken.objects.filter(indicator=indicator).select_related("created_by"),
        is_bound=indicator.binding_kind == BindingKind.PUSH, fiscal_year=fiscal.fiscal_year(clock.today()),
    )  # fmt: skip
    return render(request, "plan/actuals/tokens.html", context, status=UNPROCESSABLE if form.errors else 200)


def _indicator_of_token(pk: int) -> Indicator:
    return get_object_or_404(PushToken.objects.select_related("indicator"), pk=pk).indicator


@require_POST
@permission_required(indicator_policy, "issue_token", subject=_indicator_of_token)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a token stop working."""
    token = get_object_or_404(PushToken.objects.select_related("indicator"), pk=pk)
    revoke_token(token=token, actor=actor_of(request))
    messages.success(request, _("「%(name)s」のトークンを失効させました。") % {"name": token.name})
    return redirect("steering:tokens", token.indicator_id)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(indicator_policy, "assign", subject=find_indicator)
def owner(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who answers for an indicator, and by when its value is due."""
    indicator = find_indicator(pk)
    form = OwnerForm(request.POST or None, initial=owner_initial(indicator))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            assign_owner(
                indicator=indicator, ownership=_ownership(form), reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"] or 0, actor=actor_of(request),
            )  # fmt: skip
        except PlanError as error:
            form.add_error(None, str(error))
            status = CONFLICT if isinstance(error, StaleError) else UNPROCESSABLE
        else:
            messages.success(request, _("担当を決めました。"))
            return redirect("steering:indicator_actuals", pk)
    status = status if status != 200 or not form.errors else UNPROCESSABLE
    context = frame(request, indicator_step(indicator), (_("担当"), ""), indicator=indicator, form=form,
                    owner=owner_name(indicator))  # fmt: skip
    return render(request, "plan/actuals/owner.html", context, status=status)


def _ownership(form: OwnerForm) -> Ownership:
    data = form.cleaned_data
    return Ownership(unit=data["unit"], person=data["person"], due_month=data["due_month"])


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(indicator_policy, "view")
def owners(request: HttpRequest) -> HttpResponse:
    """List who answers for which indicator; the secretariat assigns several at once."""
    may_assign = indicator_policy.allows(actor_of(request), "assign")
    form = OwnerForm(request.POST or None, initial={"due_month": 5})
    if request.method == "POST":
        indicator_policy.require(actor_of(request), "assign")
        if _assign_many(request, form):
            return redirect(f"{request.path}?{request.GET.urlencode()}")
    which = chosen(request, "which", ("none", "stale"))
    found = with_values(Indicator.objects.order_by("-plan__start_fiscal_year", "order", "id"))
    rows = [(indicator, owner_name(indicator), judge_indicator(indicator)) for indicator in found]
    if which == "none":
        rows = [row for row in rows if row[0].owner_id is None and row[0].owner_unit_id is None]
    if which == "stale":
        rows = [row for row in rows if row[2].freshness.is_stale]
    context = frame(
        request, (_("指標の担当"), ""), tab="owners", page=page_of(rows, request, per_page=100), form=form,
        which=which, may_assign=may_assign,
    )  # fmt: skip
    return render(request, "plan/actuals/owners.html", context, status=UNPROCESSABLE if form.errors else 200)


def _assign_many(request: HttpRequest, form: OwnerForm) -> bool:
    ids = [pk for pk in map(plain_integer, request.POST.getlist("row")[:500]) if pk is not None]
    if not ids:
        form.add_error(None, _("担当を決める指標を選んでください。"))
    if not form.is_valid():
        return False
    found = list(Indicator.objects.filter(pk__in=ids).select_related("plan", "owner_unit", "owner"))
    for indicator in found:
        assign_owner(
            indicator=indicator, ownership=_ownership(form), reason=form.cleaned_data["reason"],
            version=indicator.version, actor=actor_of(request),
        )  # fmt: skip
    messages.success(request, _("%(n)s件の指標の担当を決めました。") % {"n": len(found)})
    return True
