"""What staff's pages of surveys have in common: finding them, the side menu, the way back, answers to refusals."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.trust.api import Account, account_of, permission_required

from ...enums import SurveyKind, SurveyStatus
from ...errors import SurveyError
from ...models import Survey
from ...permissions import survey_policy

LONGEST = 18
TONES = {
    SurveyStatus.DRAFT: "idle",
    SurveyStatus.OPEN: "active",
    SurveyStatus.CLOSED: "caution",
    SurveyStatus.PUBLISHED: "good",
}
View = Callable[..., HttpResponseBase]


def staff_page(action: str) -> Callable[[View], View]:
    """Let only those into a view that may do the action on surveys; the view gets the survey of the address."""

    def decorate(view: View) -> View:
        @permission_required(survey_policy, action)
        @wraps(view)
        def guarded(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, find_survey(code), *args, **kwargs)

        return guarded

    return decorate


def actor_of(request: HttpRequest) -> Account:
    """Return the signed-in account; the view's guard has met everybody else."""
    account = account_of(request)
    assert account is not None  # noqa: S101 - permission_required has refused visitors
    return account


def find_survey(code: str) -> Survey:
    """Return the survey of a code; raises ``Http404``."""
    found = Survey.objects.select_related("unit", "municipality").filter(code=code).first()
    if found is None:
        raise Http404(_("このアンケートは見つかりません。"))
    return found


def number_of(text: str, default: int = 0) -> int:
    """Return what was typed as a whole number that is not negative, or the default."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST else default


def back_to(request: HttpRequest, name: str, survey: Survey, doing: Callable[[], str]) -> HttpResponse:
    """Do something, say how it went, and go to a page of the survey."""
    try:
        said = doing()
    except SurveyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect(f"surveys:{name}", survey.code)


def page(request: HttpRequest, survey: Survey, name: str, here: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a staff page of a survey."""
    trail = [
        {"label": _("アンケート"), "url": reverse("surveys:index")},
        {"label": survey.name, "url": reverse("surveys:survey", args=[survey.code])},
    ]
    frame = {
        "survey": survey,
        "tone": TONES[SurveyStatus(survey.status)],
        "tabs_of_survey": _tabs(request, survey, name),
        "actions": survey_policy.actions_for(account_of(request), survey),
        "breadcrumbs": [*trail, {"label": here, "url": ""}] if here else trail,
        "here": here,
    }
    return render(request, f"procedures/surveys/{name}.html", frame | context, status=status)


def _tabs(request: HttpRequest, survey: Survey, name: str) -> list[dict[str, Any]]:
    may = survey_policy.actions_for(account_of(request), survey)
    started = survey.status != SurveyStatus.DRAFT
    is_comment = survey.kind == SurveyKind.COMMENT
    found = [
        ("survey", _("状況"), True),
        ("questions", _("質問"), "edit" in may),
        ("settings", _("設定"), "edit" in may),
        ("draw", _("標本"), not is_comment and not survey.is_open_to_all),
        ("entry", _("用紙の入力"), "enter" in may and survey.status in {SurveyStatus.OPEN, SurveyStatus.CLOSED}),
        ("sheets", _("回答票"), started and "enter" in may),
        ("desk", _("意見と考え方"), started and is_comment),
        ("results", _("結果"), started),
    ]
    return [
        {"label": label, "url": reverse(f"surveys:{key}", args=[survey.code]), "current": key == name}
        for key, label, is_there in found
        if is_there
    ]
