"""The live preview: the form of a draft as residents will see it, to be filled in; nothing of it is stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from madoguchi.kit import clock
from madoguchi.trust.api import permission_required

from ...enums import VersionStatus
from ...models import ProcedureVersion
from ...permissions import procedure_policy
from ...rules import forms
from ...rules.definition import LANGUAGES, Definition, Step
from ...selectors.definitions import published_version
from .common import draft_of, find_procedure

LARGEST = 400_000


@dataclass
class Filled:
    """What was typed into the preview so far, and where one is: the code of a step, or "end"."""

    answers: dict[str, Any]
    step: str
    is_checked: bool = False


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(procedure_policy, "edit")
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """Show a step of the draft's form in a language, filled with what the page itself carries."""
    procedure = find_procedure(code)
    version: ProcedureVersion | None = draft_of(procedure) or published_version(procedure.code)
    language = request.POST.get("language") or request.GET.get("language", "")
    language = language if language in LANGUAGES else LANGUAGES[0]
    definition = version.definition if version else None
    with translation.override(language):
        if version is None or definition is None or not definition.form.steps:
            return render(request, "procedures/builder/preview_empty.html", {"language": language})
        filled = _read(request, definition, language)
        context = _context(definition, filled, language) | {
            "code": code,
            "is_draft": version.status == VersionStatus.DRAFT,
        }
        return render(request, "procedures/builder/preview.html", context)


def _read(request: HttpRequest, definition: Definition, language: str) -> Filled:
    first = definition.form.steps[0].code
    if request.method != "POST":
        wanted = request.GET.get("at", "")
        return Filled({}, wanted if definition.form.step(wanted) or wanted == "end" else first)
    filled = Filled(read_answers(request.POST.get("answers", "")), request.POST.get("step") or first)
    step = definition.form.step(filled.step)
    if step is not None:
        filled.answers |= forms.parse_step(step, {key: request.POST.getlist(key) for key in request.POST}, language)
        action = forms.row_action({key: request.POST.getlist(key) for key in request.POST})
        if action is not None:
            filled.answers = forms.change_rows(step, filled.answers, action)
    _go(filled, request.POST.get("go", ""), definition)
    return filled


def read_answers(text: str) -> dict[str, Any]:
    """Return the answers the page carries; nothing for what is no object of JSON."""
    try:
        found = json.loads(text[:LARGEST] or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _go(filled: Filled, go: str, definition: Definition) -> None:
    steps = [step.code for step in forms.visible_steps(definition, filled.answers)] + ["end"]
    here = steps.index(filled.step) if filled.step in steps else 0
    if go == "next":
        step = definition.form.step(filled.step)
        problems = forms.check_step(definition, step, filled.answers, clock.today()) if step else []
        filled.is_checked = bool(problems)
        filled.step = steps[here] if problems else steps[min(here + 1, len(steps) - 1)]
    elif go == "back":
        filled.step = steps[max(here - 1, 0)]
    elif go.startswith("to:") and go[3:] in steps:
        filled.step = go[3:]
    elif filled.step not in steps:
        filled.step = steps[0]


def _context(definition: Definition, filled: Filled, language: str) -> dict[str, Any]:
    today = clock.today()
    answers = forms.compute(definition, filled.answers)
    steps = forms.visible_steps(definition, answers)
    step: Step | None = definition.form.step(filled.step)
    shared = {
        "definition": definition,
        "language": language,
        "answers": answers,
        "kept": json.dumps(filled.answers, ensure_ascii=False),
        "steps": steps,
        "step": step,
        "here": filled.step,
        "form_context": forms.form_context(definition, answers, today),
        "problems": [],
    }
    if step is not None:
        problems = forms.check_step(definition, step, answers, today) if filled.is_checked else []
        return shared | {"fields": forms.visible_fields(definition, step, answers), "problems": problems}
    result, reason = forms.eligibility_of(definition, answers, today)
    return shared | {
        "sections": forms.describe(definition, answers, language),
        "problems": forms.check_all(definition, answers, today),
        "fee": forms.fee_of(definition, answers, today),
        "eligibility": result,
        "reason": reason,
        "documents": forms.documents_of(definition, answers),
        "deadline": forms.deadline_of(definition, answers, today),
    }
