"""What the pages of applying have in common: whose draft it is, where one stands, who answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import RefusedError, account_of, record_refusal

from ...errors import DraftMissingError
from ...models import Application, Draft, Procedure
from ...permissions import application_policy
from ...rules.definition import Definition, Step
from ...rules.forms import check_step, visible_steps
from ...selectors.applying import application_sent
from ...services.applying import find_draft, find_draft_to_send, holds_application, require_holder
from .keys import secrets_of


def language_of(request: HttpRequest) -> str:
    """Return the language the page speaks."""
    return str(getattr(request, "LANGUAGE_CODE", "ja"))


def open_draft(request: HttpRequest, key: str, *, to_send: bool = False) -> Draft | HttpResponse:
    """
    Return the draft of an address, or the answer instead: the receipt where it was sent, the sign-in where it has an account.

    Raises ``Http404`` for one that is not there or belongs to somebody else; the latter is recorded.
    """
    found = find_draft_to_send(key) if to_send else find_draft(key)
    if found is None:
        return _sent_or_gone(request, key)
    actor = account_of(request)
    if found.account_id is not None and actor is None:
        return redirect_to_login(request.get_full_path())
    try:
        return require_holder(draft=found, actor=actor, secrets=secrets_of(request))
    except DraftMissingError:
        raise Http404(_("この申請の入力は見つかりません。")) from None


def _sent_or_gone(request: HttpRequest, key: str) -> HttpResponse:
    if sent_here(request, key) is not None:
        return redirect("procedures:done", key)
    return render(request, "procedures/applying/gone.html", {"breadcrumbs": crumbs()}, status=404)


def sent_here(request: HttpRequest, key: str) -> Application | None:
    """
    Return what was sent from a draft to the applicant, or to who sent it in this browser without an account.

    None where nothing was sent, and for everybody else; the latter is recorded.
    """
    application = application_sent(key)
    if application is None or _is_sender(request, application):
        return application
    error = RefusedError(application_policy.reason("act"), action="view", subject=application)
    record_refusal(error=error, actor=account_of(request))
    return None


def _is_sender(request: HttpRequest, application: Application) -> bool:
    """
    Tell whether a visitor is the applicant, or holds the resume code of the draft.

    The code of the application itself may never have arrived: an answer is lost where the button was pressed twice.
    """
    shown = secrets_of(request)
    if holds_application(application=application, actor=account_of(request), secret=shown):
        return True
    return application.account_id is None and Draft(key=application.send_key).resume_code in shown


def crumbs(definition: Definition | None = None, here: str = "", language: str = "ja") -> list[dict[str, str]]:
    """Return the way from the top to a page of a procedure."""
    trail = [{"label": _("トップ"), "url": "/"}, {"label": _("手続"), "url": _address("procedures:index")}]
    if definition is not None:
        start = _address("procedures:start", definition.code)
        trail.append({"label": definition.name.in_language(language), "url": start})
    return [*trail, {"label": here, "url": ""}] if here else trail


def _address(name: str, *args: str) -> str:
    return reverse(name, args=args)


def responsible(
    request: HttpRequest, definition: Definition, procedure: Procedure, reference: str = ""
) -> dict[str, Any]:
    """Return who answers for a procedure, and the number to say there."""
    language, municipality = language_of(request), request.municipality  # type: ignore[attr-defined]  # by middleware
    contact, unit = definition.contact, procedure.unit
    section = contact.section.in_language(language) or (unit.name if unit is not None else "") or municipality.name
    return {
        "section": section,
        "phone": contact.phone or (unit.phone if unit is not None else "") or municipality.phone,
        "hours": contact.hours.in_language(language) or municipality.office_hours,
        "reference": reference,
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stands in the form: the steps that are shown for the answers, and the present one."""

    steps: list[Step]
    current: Step | None

    def after(self) -> Step | None:
        """Return the next step, None where the review follows."""
        if self.current is None:
            return None
        index = self.steps.index(self.current)
        return self.steps[index + 1] if index + 1 < len(self.steps) else None

    def before(self) -> Step | None:
        """Return the step before, None on the first."""
        if self.current is None:
            return self.steps[-1] if self.steps else None
        index = self.steps.index(self.current)
        return self.steps[index - 1] if index else None


def place_of(draft: Draft, step: str = "") -> Place:
    """Return where a draft stands; ``current`` is None where the step is unknown, or hidden by the answers."""
    steps = visible_steps(draft.version.definition, draft.answers, clock.today())
    return Place(steps, next((item for item in steps if item.code == step), None))


def step_path(draft: Draft, step: Step | None) -> str:
    """Return the address of a step, or of the review after the last."""
    if step is None:
        return reverse("procedures:review", args=[draft.key])
    return reverse("procedures:step", args=[draft.key, step.code])


def first_open(draft: Draft) -> Step | None:
    """Return the first step that was not saved yet or has something to put right; None where all are done."""
    definition, today = draft.version.definition, clock.today()
    for step in visible_steps(definition, draft.answers, today):
        if step.code not in draft.done_steps or check_step(definition, step, draft.answers, today):
            return step
    return None


def progress(draft: Draft, place: Place, language: str, *, reviewing: bool = False) -> list[dict[str, Any]]:
    """Return the named steps with their state; what was reached can be gone back to."""
    items: list[dict[str, Any]] = []
    for step in place.steps:
        is_here = not reviewing and step is place.current
        done = step.code in draft.done_steps
        item = {
            "label": step.title.in_language(language),
            "state": "current" if is_here else "done" if done else "todo",
        }
        items.append(item | ({"url": step_path(draft, step)} if done and not is_here else {}))
    last = {"label": _("確認して送信"), "state": "current" if reviewing else "todo"}
    return [*items, last]


def draft_context(request: HttpRequest, draft: Draft, **more: Any) -> dict[str, Any]:
    """Return the context every page of a draft has."""
    language, definition = language_of(request), draft.version.definition
    return {
        "draft": draft,
        "definition": definition,
        "language_code": language,
        "name": definition.name.in_language(language),
        "on_behalf": proxy_name(draft),
        "newer": draft.version.procedure.published_id not in {draft.version_id, None},
        "responsible": responsible(request, definition, draft.version.procedure),
        "signed_in_here": account_of(request) is not None,
        **more,
    }


def proxy_name(thing: Draft | Application) -> str:
    """Return the name of the person somebody else applies for; empty where they apply for themselves."""
    return str(thing.proxy.get("name", "")) if thing.proxy else ""


def posted(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what a form sent as name → texts."""
    return {name: [str(text) for text in data.getlist(name)] for name in data}  # type: ignore[attr-defined]  # a QueryDict
