"""The review: everything that will be sent, what is missing, what it costs, and the button that sends it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.kit import clock
from madoguchi.trust.api import account_of, assurance_of, identity_of, request_signature, sign_in_paths, signature_of

from ...errors import AssuranceError, DraftMissingError, IncompleteError, ProceduresError, StaleDraftError
from ...models import Draft
from ...rules.definition import Assurance, PaymentTime
from ...rules.forms import Problem, check_all, clean, describe, eligibility_of, fee_of
from ...services.applying import answers_digest, checked_answers, require_proxy, submit
from ...services.applying.sending import due_on
from .frame import crumbs, draft_context, language_of, open_draft, place_of, progress, step_path
from .keys import remember


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, key: str) -> HttpResponse:
    """Show the answers with their change links, or send them."""
    draft = open_draft(request, key, to_send=request.method == "POST")
    if isinstance(draft, HttpResponse):
        return draft
    if request.method != "POST":
        return _show(request, draft)
    if draft.account_id is not None and account_of(request) is None:
        return redirect_to_login(request.path)
    if request.POST.get("go") == "sign":
        return _sign(request, draft)
    if request.POST.get("declared") != "yes":
        return _show(
            request, draft, refused=_("内容に間違いがないことを確かめて、チェックを入れてください。"), field="declared"
        )
    return _send(request, draft)


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    try:
        application = submit(
            draft=draft, actor=account_of(request), assurance=assurance_of(request), identity=_identity(request)
        )
    except IncompleteError as error:
        return _show(request, draft, refused=str(error))
    except AssuranceError as error:
        return _show(request, draft, refused=str(error), field="assurance", status=403)
    except StaleDraftError as error:
        messages.warning(request, str(error))
        return redirect("procedures:review", draft.key)
    except DraftMissingError:
        return redirect("procedures:draft", draft.key)
    except ProceduresError as error:
        return _show(request, draft, refused=str(error))
    response = redirect("procedures:done", draft.key)
    if application.account_id is None:
        remember(request, response, application.follow_code)
    return response


def _identity(request: HttpRequest) -> dict[str, Any]:
    """Return how the sender was identified, as it is kept with the application."""
    found = identity_of(request)
    kept = {name: str(found[name]) for name in ("provider", "acr", "level", "audience") if found.get(name)}
    return kept | {"authenticated_at": found["authenticated_at"].isoformat()} if kept else {}


def _sign(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Lead to the signature over exactly these answers, where they can be sent."""
    definition = draft.version.definition
    try:
        answers = checked_answers(draft=draft, definition=definition)
        require_proxy(draft=draft, actor=account_of(request), definition=definition)
    except ProceduresError as error:
        return _show(request, draft, refused=str(error))
    digest = answers_digest(definition=definition, answers=answers)
    return redirect(request_signature(request=request, document_digest=digest, subject=draft, next=request.path))


def _show(request: HttpRequest, draft: Draft, *, refused: str = "", field: str = "", status: int = 422) -> HttpResponse:
    language, definition, today = language_of(request), draft.version.definition, clock.today()
    answers = clean(definition, draft.answers, today)
    problems = check_all(definition, answers, today)
    eligible, reason = eligibility_of(definition, answers, today)
    fee = fee_of(definition, answers, today)
    context = draft_context(
        request,
        draft,
        sections=_sections(request, draft, problems, language),
        problems=problems,
        problem_links=[(_step_of(draft, item), item) for item in problems],
        eligible=eligible,
        eligible_reason=reason.in_language(language),
        fee=fee,
        pays_now=bool(fee) and definition.payment == PaymentTime.BEFORE,
        due_on=due_on(definition=definition, today=today),
        steps=progress(draft, place_of(draft), language, reviewing=True),
        previous=_last_step(draft),
        refused=refused,
        refused_field=field,
        declared=request.POST.get("declared") == "yes",
        breadcrumbs=crumbs(definition, _("確認して送信"), language),
        **_assurance(request, draft, answers, problems),
    )
    response = render(request, "procedures/applying/review.html", context, status=status if refused else 200)
    if draft.account_id is None:
        # So that this browser finds the receipt even where the answer to the sending is lost.
        remember(request, response, draft.resume_code)
    return response


def _assurance(request: HttpRequest, draft: Draft, answers: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """Return what is still needed before sending: a sign-in, an identity check, a signature."""
    definition = draft.version.definition
    needed = definition.assurance
    is_signed = False
    if needed == Assurance.SIGNED and not problems:
        is_signed = (
            signature_of(subject=draft, digest=answers_digest(definition=definition, answers=answers)) is not None
        )
    return {
        "needs_signature": needed == Assurance.SIGNED and not is_signed,
        "is_signed": is_signed,
        "ways": [] if is_signed else sign_in_paths(request, needed.value, next=request.path),
        "identity": identity_of(request),
    }


def _sections(request: HttpRequest, draft: Draft, problems: list[Problem], language: str) -> list[dict[str, Any]]:
    wrong = {problem.path for problem in problems} | {problem.field for problem in problems}
    found = []
    for section in describe(draft.version.definition, draft.answers, language, today=clock.today()):
        step = draft.version.definition.form.step(section.step)
        rows = [
            {
                "term": row.label,
                "text": row.value,
                "wrong": row.path in wrong,
                "change_url": f"{step_path(draft, step)}?back=review#id_{row.path}",
                "origin": (draft.origins.get(row.path) or {}).get("label", ""),
            }
            for row in section.rows
        ]
        found.append({"title": section.title, "rows": rows, "url": f"{step_path(draft, step)}?back=review"})
    return found


def _step_of(draft: Draft, problem: Problem) -> str:
    step = draft.version.definition.form.step_of(problem.field)
    return f"{step_path(draft, step)}?back=review#id_{problem.path}" if step is not None else ""


def _last_step(draft: Draft) -> str:
    steps = place_of(draft).steps
    return step_path(draft, steps[-1]) if steps else ""
