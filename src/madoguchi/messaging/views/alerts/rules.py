"""Rules for telegrams: seen, changed, tried with a telegram; the areas a municipality lies in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.trust.api import municipality_in_scope, permission_required

from ...enums import TelegramSource
from ...errors import ContentError, MessagingError
from ...forms.telegrams import HAZARDS, LAYERS, PlaceForm, RuleForm, TrialForm
from ...models import AlertPlace, AlertRule
from ...permissions import alert_policy
from ...rules.jma.assess import INTENSITY_NAMES
from ...rules.telegram import TelegramError
from ...rules.telegram_defaults import SHIPPED_RULES
from ...rules.telegram_rules import Rule
from ...services import telegrams
from .common import actor_of, trail
from .telegrams import LEVELS

TONES = {"automatic": "bad", "draft": "caution", "none": "idle"}


def _criteria(rule: Rule) -> list[str]:
    """Return in words what a rule speaks of."""
    said = [str(HAZARDS.get(rule.hazard, rule.hazard)) if rule.hazard else ""]
    said.append(_("「%(word)s」を含む名前") % {"word": rule.kind} if rule.kind else "")
    said.append(_("区域: %(area)s") % {"area": rule.area} if rule.area else "")
    if rule.level.rank:
        said.append(_("%(level)s以上") % {"level": LEVELS[rule.level.value]})  # type: ignore[index]
    said.append(_("警戒レベル%(n)s相当以上") % {"n": rule.alert_level} if rule.alert_level else "")
    said.append(_("%(step)s以上") % {"step": INTENSITY_NAMES.get(rule.intensity, "")} if rule.intensity else "")
    return [one for one in said if one] or [_("すべて")]


@require_safe
@permission_required(alert_policy, "list")
def index(request: HttpRequest) -> HttpResponse:
    """Show the rules in force, the areas, and a way to try them."""
    own = list(AlertRule.objects.all())
    rules: list[tuple[AlertRule | None, Rule]] = [(row, row.to_rule()) for row in own]
    rules = rules or [(None, rule) for rule in SHIPPED_RULES]
    hazard = request.GET.get("hazard", "")
    if hazard in HAZARDS:
        rules = [pair for pair in rules if pair[1].hazard in ("", hazard)]
    context = {
        "rows": [
            {
                "pk": None if row is None else row.pk,
                "name": rule.name if row else _(rule.name),
                "criteria": _criteria(rule),
                "action": rule.action.value,
                "reason": rule.reason if row else _(rule.reason),
                "evacuation_level": rule.evacuation_level,
            }
            for row, rule in rules
        ],
        "is_own": bool(own),
        "hazard": hazard,
        "hazards": [("", _("すべて")), *HAZARDS.items()],
        "places": list(AlertPlace.objects.all()),
        "layers": LAYERS,
        "place_form": PlaceForm(),
        "trial_form": TrialForm(),
        "tones": TONES,
        "may": alert_policy.actions_for(actor_of(request)),
        "breadcrumbs": trail(_("自動発表の決まり")),
    }
    return render(request, "messaging/telegrams/rules.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(alert_policy, "edit_rules")
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a rule, or change one."""
    rule = get_object_or_404(AlertRule, pk=pk) if pk is not None else None
    initial = None if rule is not None else {"action": "draft", "level": "warning", "alert_level": 0, "intensity": 0}
    form = RuleForm(request.POST or None, rule=rule) if rule else RuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            telegrams.change_rule(actor=actor_of(request), rule=rule, **form.values)
        except ContentError as error:
            for name, problem in error.problems:
                form.add_error(name if name in form.fields else None, problem)
        else:
            messages.success(request, _("決まりを保存しました。次の電文から使います。"))
            return redirect("emergency:rules")
    status = 400 if form.is_bound and form.errors else 200
    context = {
        "form": form,
        "rule": rule,
        "is_first": rule is None and not AlertRule.objects.exists(),
        "breadcrumbs": trail(
            _("決まりを変える") if rule else _("決まりを追加する"), (_("自動発表の決まり"), reverse("emergency:rules"))
        ),
    }
    return render(request, "messaging/telegrams/rule.html", context, status=status)


@require_POST
@permission_required(alert_policy, "edit_rules")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule away."""
    try:
        telegrams.delete_rule(actor=actor_of(request), rule=get_object_or_404(AlertRule, pk=pk))
    except MessagingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("決まりを削除しました。"))
    return redirect("emergency:rules")


@require_POST
@permission_required(alert_policy, "edit_rules")
def copy(request: HttpRequest) -> HttpResponse:
    """Make the shipped rules the municipality's own."""
    count = telegrams.copy_shipped_rules(actor=actor_of(request))
    if count:
        messages.success(request, _("%(n)s件の決まりを写しました。ここから変更できます。") % {"n": count})
    return redirect("emergency:rules")


@require_POST
@permission_required(alert_policy, "edit_rules")
def place(request: HttpRequest) -> HttpResponse:
    """Register an area, or forget one."""
    actor = actor_of(request)
    if forgotten := request.POST.get("forget", ""):
        row = get_object_or_404(AlertPlace, pk=int(forgotten) if forgotten.isascii() and forgotten.isdigit() else 0)
        telegrams.forget_place(actor=actor, place=row)
        messages.success(request, _("区域の登録を外しました。"))
        return redirect("emergency:rules")
    form = PlaceForm(request.POST)
    if form.is_valid():
        telegrams.register_place(actor=actor, **form.cleaned_data)
        messages.success(request, _("区域を登録しました。"))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("emergency:rules")


@require_POST
@permission_required(alert_policy, "draft")
def trial(request: HttpRequest) -> HttpResponse:
    """Say what a telegram would lead to; nothing is changed and nobody is told."""
    form = TrialForm(request.POST, request.FILES)
    context: dict[str, Any] = {
        "form": form,
        "taken": None,
        "breadcrumbs": trail(_("電文で試した結果"), (_("自動発表の決まり"), reverse("emergency:rules"))),
    }
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = telegrams.take_telegram(
                data=file.read(),
                name=file.name,
                source=TelegramSource.STAFF,
                actor=actor_of(request),
                dry_run=True,
                municipalities=[municipality_in_scope()],
            )
        except TelegramError as error:
            form.add_error("file", _(error.reason.msgid) % error.reason.values)
        else:
            shown = taken.would if taken.refusal else [one for one in taken.actions if one.event_key]
            context |= {"taken": taken, "actions": shown, "nothing": "" if shown else taken.actions[0].why}
    return render(request, "messaging/telegrams/trial.html", context, status=400 if form.errors else 200)
