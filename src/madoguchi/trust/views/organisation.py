"""Pages of the organisation: units by fiscal year, their reorganisation, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit import clock, fiscal
from madoguchi.kit.numbers import plain_integer

from .. import services
from ..enums import Role, UnitKind
from ..errors import OrganisationError
from ..forms import ReorganisationForm, UnitForm
from ..models import Account, Duty, Unit
from ..permissions import (
    Policy,
    account_of,
    account_policy,
    duty_policy,
    is_self,
    permission_required,
    roles_of,
    unit_policy,
)
from ..registry import policies
from ..selectors import sign_in_locks, unit_tree, units_in

# The default height of what one screen of a year selection offers: five years back, one ahead.
YEARS_BACK, YEARS_AHEAD = 5, 1


@require_safe
@permission_required(unit_policy, "view")
def organisation(request: HttpRequest) -> HttpResponse:
    """Show the doors to units, staff and permissions, with what waits for an administrator."""
    actor = account_of(request)
    context = {
        "unit_count": units_in(_this_year()).count(),
        "staff_count": Account.objects.filter(kind="staff", is_active=True).count(),
        "locks": len(sign_in_locks()) if account_policy.allows(actor, "unlock") else 0,
        "may_see_staff": account_policy.allows(actor, "view"),
        "may_see_duties": duty_policy.allows(actor, "view"),
    }
    return render(request, "trust/organisation.html", context)


@require_safe
@permission_required(unit_policy, "view")
def units(request: HttpRequest) -> HttpResponse:
    """Show the tree of a fiscal year (``?year=``, this one by default)."""
    year = _asked_year(request)
    context = {
        "year": year,
        "years": _years(),
        "nodes": _nested(year),
        "count": units_in(year).count(),
        "may_change": unit_policy.allows(account_of(request), "change"),
    }
    return render(request, "trust/units.html", context)


@require_safe
@permission_required(unit_policy, "view")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a unit: what it is under, who works there, what it was before and what became of it."""
    shown = get_object_or_404(Unit.objects.select_related("parent", "predecessor", "merged_into"), pk=pk)
    actor = account_of(request)
    context = {
        "unit": shown,
        "duties": Duty.objects.on().filter(unit=shown, account__is_active=True).select_related("account"),
        "below": Unit.objects.in_year(_this_year()).filter(parent=shown),
        "before": [found for found in (shown.predecessor, *shown.absorbed.all()) if found],
        "after": [*shown.successors.all(), *([shown.merged_into] if shown.merged_into else [])],
        "may_change": unit_policy.allows(actor, "change", shown) and shown.valid_to_fiscal_year is None,
        "may_see_staff": account_policy.allows(actor, "view"),
    }
    return render(request, "trust/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(unit_policy, "change")
def add_unit(request: HttpRequest) -> HttpResponse:
    """Add a unit to a fiscal year's organisation."""
    year = _asked_year(request)
    form = UnitForm(request.POST or None, fiscal_year=year, initial={"parent": request.GET.get("parent")})

    def save(data: dict[str, Any]) -> Unit:
        return services.add_unit(
            name=data["name"],
            kind=UnitKind(data["kind"]),
            fiscal_year=year,
            parent=data["parent"],
            phone=data["phone"],
            actor=account_of(request),
        )

    added = _save(request, form, save)
    if added is not None:
        messages.success(request, _("「%(name)s」を追加しました。") % {"name": added.name})
        return redirect("organisation:unit", pk=added.pk)
    return render(
        request,
        "trust/unit_form.html",
        {"form": form, "year": year, "unit": None, "back": reverse("organisation:units")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(unit_policy, "change")
def change_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what a unit is under, its level and telephone."""
    shown = get_object_or_404(Unit, pk=pk)
    year = max(shown.valid_from_fiscal_year, min(_this_year(), shown.valid_to_fiscal_year or _this_year()))
    initial = {"kind": shown.kind, "parent": shown.parent_id, "phone": shown.phone}
    form = UnitForm(request.POST or None, fiscal_year=year, unit=shown, initial=initial)

    def save(data: dict[str, Any]) -> Unit:
        return services.change_unit(
            unit=shown,
            parent=data["parent"],
            phone=data["phone"],
            kind=UnitKind(data["kind"]),
            actor=account_of(request),
        )

    if _save(request, form, save) is not None:
        messages.success(request, _("「%(name)s」を変更しました。") % {"name": shown.name})
        return redirect("organisation:unit", pk=pk)
    context = {"form": form, "year": year, "unit": shown, "back": reverse("organisation:unit", args=[pk])}
    return render(request, "trust/unit_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(unit_policy, "change")
def reorganise(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Rename, merge or abolish a unit from a fiscal year on."""
    shown = get_object_or_404(Unit, pk=pk)
    form = ReorganisationForm(
        request.POST or None, unit=shown, action=action, initial={"fiscal_year": _this_year() + 1}
    )

    def save(data: dict[str, Any]) -> Unit:
        year, actor = data["fiscal_year"], account_of(request)
        if action == "rename":
            return services.rename_unit(unit=shown, name=data["name"], fiscal_year=year, actor=actor)
        if action == "merge":
            return services.merge_units(units=[shown], into=data["into"], fiscal_year=year, actor=actor)
        return services.abolish_unit(unit=shown, fiscal_year=year, actor=actor)

    result = _save(request, form, save)
    if result is not None:
        messages.success(request, _("「%(name)s」の改編を登録しました。") % {"name": shown.name})
        return redirect("organisation:unit", pk=result.pk)
    duties = Duty.objects.on().filter(unit=shown, account__is_active=True).count()
    context = {"form": form, "unit": shown, "action": action, "duties": duties}
    return render(request, "trust/reorganise.html", context)


@require_safe
@permission_required(duty_policy, "view")
def permissions(request: HttpRequest) -> HttpResponse:
    """Show which role may do what, and who holds each role today."""
    held = (
        Duty.objects.on().filter(account__is_active=True).select_related("account", "unit").order_by("account__login")
    )
    holders: dict[str, list[Duty]] = {}
    for duty in held:
        holders.setdefault(duty.role, []).append(duty)
    context = {
        "roles": [(role, holders.get(role.value, [])) for role in Role],
        "policy_table": [_policy_rows(policy) for policy in policies],
        "may_see_staff": account_policy.allows(account_of(request), "view"),
    }
    return render(request, "trust/permissions.html", context)


def _policy_rows(policy: Policy) -> dict[str, Any]:
    rows = [
        {"label": _(policy.labels.get(action, action)), "roles": roles_of(rule), "own": rule is is_self}
        for action, rule in policy.rules.items()
    ]
    return {"noun": _(policy.noun), "rows": rows}


def _save(request: HttpRequest, form: Form, save: Callable[[dict[str, Any]], Unit]) -> Unit | None:
    """Return what was saved, or None when the form has to be shown again."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return save(form.cleaned_data)
    except OrganisationError as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return None


def _this_year() -> int:
    return fiscal.fiscal_year(clock.today())


def _years() -> list[tuple[int, str]]:
    this = _this_year()
    return [(year, fiscal.label(year)) for year in range(this + YEARS_AHEAD, this - YEARS_BACK - 1, -1)]


def _asked_year(request: HttpRequest) -> int:
    asked = request.POST.get("year") or request.GET.get("year") or ""
    year = plain_integer(asked)
    return year if year is not None and year in dict(_years()) else _this_year()


def _nested(year: int) -> list[dict[str, Any]]:
    roots: list[dict[str, Any]] = []
    path: list[list[dict[str, Any]]] = [roots]
    for node in unit_tree(year):
        below: list[dict[str, Any]] = []
        del path[node.depth + 1 :]
        path[node.depth].append(
            {
                "label": node.unit.name,
                "url": reverse("organisation:unit", args=[node.unit.pk]),
                "side": node.unit.get_kind_display(),
                "children": below,
            }
        )
        path.append(below)
    return roots
