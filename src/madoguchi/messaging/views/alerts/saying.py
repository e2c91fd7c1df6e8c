"""Saying it once, to everybody, in all languages: what, the words, the confirmation, the update, the end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.trust.api import municipality_in_scope, permission_required

from ...enums import AlertState, AlertStatus
from ...errors import AlreadyIssuedError, ContentError, MessagingError
from ...forms.alerts import (
    ConfirmForm,
    EndForm,
    ScopeForm,
    WordsForm,
    initial_words,
    languages_of,
    word_of,
)
from ...models import Alert
from ...permissions import alert_policy
from ...rules.alert_texts import CATEGORIES, GRAVITY, event_name, fill, level_of, stage_of, templates
from ...rules.alerts import event_key_of, unmark_drill
from ...selectors.audience import town_choices
from ...services import alerts
from .common import actor_of, frame, get_alert, look, people_of, previews, trail

GET_POST = ["GET", "HEAD", "POST"]


def _towns() -> list[str]:
    return [name for name, _people in town_choices()]


@require_http_methods(GET_POST)
@permission_required(alert_policy, "draft")
def new(request: HttpRequest) -> HttpResponse:
    """Begin an alert that is meant."""
    return _new(request, AlertStatus.ACTUAL)


@require_http_methods(GET_POST)
@permission_required(alert_policy, "drill")
def new_drill(request: HttpRequest) -> HttpResponse:
    """Begin a drill; it stays one."""
    return _new(request, AlertStatus.EXERCISE)


def _new(request: HttpRequest, status: AlertStatus) -> HttpResponse:
    initial = {"whole": "all", "hours": "24"}
    form = ScopeForm(request.POST or None, initial=initial, town_names=_towns())
    if request.method == "POST" and form.is_valid():
        alert = _draft(request, form, status)
        return redirect("emergency:words", alert.key)
    context = {"form": form, "is_drill": status == AlertStatus.EXERCISE, "stages_by_event": None}
    context["breadcrumbs"] = trail(_("訓練をする") if status == AlertStatus.EXERCISE else _("緊急情報を出す"))
    return render(request, "messaging/alerts/new.html", context, status=422 if form.is_bound else 200)


def _draft(request: HttpRequest, form: ScopeForm, status: AlertStatus) -> Alert:
    event, stage = form.cleaned_data["event"], form.cleaned_data["stage"]
    urgency, severity, certainty = GRAVITY[stage]
    return alerts.draft_alert(
        actor=actor_of(request),
        event_code=event,
        event_name=event_name(event),
        event_key=event_key_of(event, [area["name"] for area in form.areas]),
        contents=_template(event, stage, form.areas),
        areas=form.areas,
        status=status,
        category=CATEGORIES[event],
        urgency=urgency,
        severity=severity,
        certainty=certainty,
        evacuation_level=level_of(stage),
        expires_at=form.expires_at,
    )


def _template(event: str, stage: str, areas: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    city, names = municipality_in_scope(), [area["name"] for area in areas]
    return {
        language: fill(
            event,
            stage,
            language=language,
            city=city.name_en if language == "en" and city.name_en else city.name,
            areas=names,
        )
        for language in templates()
    }


@require_http_methods(GET_POST)
@permission_required(alert_policy, "draft")
def words(request: HttpRequest, key: str) -> HttpResponse:
    """Write the words of a draft in every language, with a look at each way beside it."""
    alert = get_alert(key)
    if alert.state != AlertState.DRAFT:
        return redirect("emergency:alert", key)
    form = WordsForm(request.POST or None, languages=languages_of(alert), initial=initial_words(alert.contents))
    if request.method == "POST" and form.is_valid():
        try:
            alert = alerts.change_draft(alert=alert, actor=actor_of(request), contents=form.contents)
        except ContentError as error:
            form.add_problems(error.problems)
        except MessagingError as error:
            messages.error(request, str(error))
            return redirect("emergency:alert", key)
        else:
            if "confirm" in request.POST:
                return redirect("emergency:confirm", key)
            messages.success(request, _("保存しました。まだ、誰にも伝えていません。"))
            return redirect("emergency:words", key)
    context = {**frame(alert, _("文を確かめる")), "form": form, "previews": previews(alert), "look": look(alert)}
    context["may"] = alert_policy.actions_for(actor_of(request), alert)
    return render(request, "messaging/alerts/words.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required(alert_policy, "draft")
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Put a draft away."""
    try:
        alerts.discard_draft(alert=get_alert(key), actor=actor_of(request))
        messages.success(request, _("下書きを捨てました。誰にも伝えていません。"))
    except MessagingError as error:
        messages.error(request, str(error))
    return redirect("emergency:index")


@require_http_methods(GET_POST)
@permission_required(alert_policy, "draft")
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Show once more what is said to whom; who types the word issues it."""
    alert, actor = get_alert(key), actor_of(request)
    if alert.state != AlertState.DRAFT:
        return redirect("emergency:alert", key)
    alert_policy.require(actor, "drill" if alert.is_drill else "issue", alert)
    form = ConfirmForm(request.POST or None, word=word_of(alert))
    here = _("訓練を始める前に") if alert.is_drill else _("発表する前に")
    if request.method == "POST" and form.is_valid():
        return _issue(request, alert)
    context = {
        **frame(alert, here, (str(alert), reverse("emergency:words", args=[key]))),
        "form": form,
        "word": word_of(alert),
        "people": people_of(alert),
        "previews": previews(alert),
        "look": look(alert),
        "missing": [name for code, name in _missing(alert)],
    }
    return render(request, "messaging/alerts/confirm.html", context, status=422 if form.errors else 200)


def _missing(alert: Alert) -> list[tuple[str, str]]:
    return [
        (code, str(document["name"]))
        for code, document in templates().items()
        if not alert.contents.get(code, {}).get("headline")
    ]


def _issue(request: HttpRequest, alert: Alert) -> HttpResponse:
    try:
        issued = alerts.issue_alert(alert=alert, actor=actor_of(request))
    except AlreadyIssuedError as error:
        messages.error(request, str(error))
        return redirect("emergency:alert", error.alert.key)
    except ContentError as error:
        messages.error(request, "　".join(text for _field, text in error.problems))
        return redirect("emergency:words", alert.key)
    except MessagingError as error:
        messages.error(request, str(error))
        return redirect("emergency:alert", alert.key)
    messages.success(
        request, _("訓練を始めました。") if issued.is_drill else _("発表しました。すべての手段で送っています。")
    )
    return redirect("emergency:alert", issued.key)


def _change_context(alert: Alert, *, here: str = "", **more: Any) -> dict[str, Any]:
    before = (str(alert), reverse("emergency:alert", args=[alert.key]))
    return {**frame(alert, here or _("更新する"), before), "look": look(alert), **more}


@require_http_methods(GET_POST)
@permission_required(alert_policy, "list")
def update(request: HttpRequest, key: str) -> HttpResponse:
    """Say something new of a live alert: stage, areas, words; then the word that confirms it."""
    alert, actor = get_alert(key), actor_of(request)
    alert_policy.require(actor, "drill" if alert.is_drill else "issue", alert)
    if alert.state != AlertState.ISSUED:
        messages.error(request, _("この緊急情報は、もう発表中ではありません。"))
        return redirect("emergency:alert", key)
    step = request.POST.get("step", "")
    scope = ScopeForm(request.POST if step else None, initial=_scope_of(alert), town_names=_towns())
    languages = languages_of(alert)
    if step not in ("words", "confirm", "issue"):
        return render(request, "messaging/alerts/update.html", _change_context(alert, scope=scope, step="scope"))
    if not scope.is_valid():
        context = _change_context(alert, scope=scope, step="scope")
        return render(request, "messaging/alerts/update.html", context, status=422)
    if step == "words":
        form = WordsForm(languages=languages, initial=initial_words(_words_for(alert, scope)))
        return render(
            request, "messaging/alerts/update.html", _change_context(alert, scope=scope, form=form, step="words")
        )
    return _update_confirmed(request, alert, scope, WordsForm(request.POST, languages=languages), step)


def _words_for(alert: Alert, scope: ScopeForm) -> dict[str, dict[str, str]]:
    """Return the words to begin with: those said, unless stage or areas have changed, then the template's."""
    same_stage = stage_of(alert.evacuation_level) == scope.cleaned_data["stage"]
    if same_stage and scope.areas == alert.areas and scope.cleaned_data["event"] == alert.event_code:
        return unmark_drill(alert.contents)
    return _template(scope.cleaned_data["event"], scope.cleaned_data["stage"], scope.areas)


def _update_confirmed(request: HttpRequest, alert: Alert, scope: ScopeForm, form: WordsForm, step: str) -> HttpResponse:
    form.is_valid()
    stage = scope.cleaned_data["stage"]
    later = Alert(status=alert.status, event_code=scope.cleaned_data["event"], evacuation_level=level_of(stage))
    confirm_form = ConfirmForm(request.POST if step == "issue" else None, word=word_of(later))
    if step == "issue" and confirm_form.is_valid():
        try:
            updated = _update(request, alert, scope, form)
        except ContentError as error:
            form.add_problems(error.problems)
        except AlreadyIssuedError as error:
            messages.error(request, str(error))
            return redirect("emergency:alert", error.alert.key)
        except MessagingError as error:
            messages.error(request, str(error))
            return redirect("emergency:alert", alert.key)
        else:
            messages.success(request, _("更新しました。すべての手段で送っています。"))
            return redirect("emergency:alert", updated.key)
    later.contents, later.areas, later.severity = form.contents, scope.areas, GRAVITY[stage][1]
    context = _change_context(
        alert,
        scope=scope,
        form=form,
        confirm=confirm_form,
        word=word_of(later),
        step="words" if form.errors else "confirm",
        people=people_of(later),
        previews=previews(later),
    )
    status = 422 if form.errors or confirm_form.errors else 200
    return render(request, "messaging/alerts/update.html", context, status=status)


def _update(request: HttpRequest, alert: Alert, scope: ScopeForm, form: WordsForm) -> Alert:
    stage, event = scope.cleaned_data["stage"], scope.cleaned_data["event"]
    urgency, severity, certainty = GRAVITY[stage]
    return alerts.update_alert(
        alert=alert,
        actor=actor_of(request),
        event_code=event,
        event_name=event_name(event),
        category=CATEGORIES[event],
        evacuation_level=level_of(stage),
        urgency=urgency,
        severity=severity,
        certainty=certainty,
        areas=scope.areas,
        contents=form.contents,
        expires_at=scope.expires_at,
    )


def _scope_of(alert: Alert) -> dict[str, Any]:
    return {
        "event": alert.event_code if alert.event_code in CATEGORIES else "other",
        "stage": stage_of(alert.evacuation_level),
        "whole": "some" if alert.towns else "all",
        "towns": alert.towns,
        "hours": "24",
    }


@require_http_methods(GET_POST)
@permission_required(alert_policy, "list")
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End a live alert: the danger is over, or it was a mistake; the word that confirms it."""
    alert, actor = get_alert(key), actor_of(request)
    alert_policy.require(actor, "drill" if alert.is_drill else "issue", alert)
    form = EndForm(request.POST or None, initial={"why": "over"})
    typed = ConfirmForm(request.POST or None, word=word_of(alert, is_end=True))
    if request.method == "POST" and form.is_valid() and typed.is_valid():
        try:
            alerts.cancel_alert(
                alert=alert,
                actor=actor,
                is_mistake=form.cleaned_data["why"] == "mistake",
                note=form.cleaned_data["note"],
            )
        except MessagingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("終わりました。伝えた人に、そのことを送っています。"))
        return redirect("emergency:alert", key)
    context = _change_context(
        alert,
        here=_("解除・取消"),
        form=form,
        typed=typed,
        word=word_of(alert, is_end=True),
        people=people_of(alert),
    )
    return render(request, "messaging/alerts/end.html", context, status=422 if form.errors or typed.errors else 200)
