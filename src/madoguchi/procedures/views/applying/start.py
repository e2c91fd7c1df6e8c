"""Before the first question: who applies, from what, and whether the city may fill in what it knows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from madoguchi.trust.api import Account, account_of, assurance_of, sign_in_paths
from madoguchi.trust.enums import AccountKind

from ...errors import ProceduresError
from ...models import Application, Procedure, ProcedureVersion
from ...rules.definition import Assurance, Definition
from ...selectors.applying import drafts_of, latest_of
from ...services.applying import prefillable, proxies_of, start_draft
from .frame import crumbs, language_of, responsible
from .keys import browser_secret, remember, secrets_of

LANGUAGES = (("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English"))


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """Choose how to begin, or begin; the start page says so where a procedure has ended."""
    version = _version(code)
    if version.procedure.is_retired:
        return redirect("procedures:start", code)
    definition = version.definition
    actor = account_of(request)
    problem = ""
    if request.method == "POST" and not _must_sign_in(actor, definition):
        try:
            return _begin(request, version, actor)
        except ProceduresError as error:
            problem = str(error)
    context = _context(request, version, definition, actor) | {"problem": problem}
    return render(request, "procedures/applying/start.html", context, status=422 if problem else 200)


def _version(code: str) -> ProcedureVersion:
    found = Procedure.objects.select_related("published", "unit").filter(code=code, published__isnull=False).first()
    if found is None or found.published is None:
        raise Http404(code)
    found.published.procedure = found
    return found.published


def _must_sign_in(actor: Account | None, definition: Definition) -> bool:
    return actor is None and definition.assurance != Assurance.NONE


def _begin(request: HttpRequest, version: ProcedureVersion, actor: Account | None) -> HttpResponse:
    language = request.POST.get("language", "")
    language = language if language in dict(LANGUAGES) else language_of(request)
    whom = request.POST.get("whom", "")
    draft = start_draft(
        version=version,
        account=actor,
        browser_secret=browser_secret(request),
        language=language,
        prefill_consent=request.POST.get("prefill") == "yes",
        earlier=_earlier(actor, version, request.POST.get("from", "")),
        delegation="" if whom in {"", "self"} else whom,
    )
    first = draft.version.definition.form.steps[0] if draft.version.definition.form.steps else None
    address = reverse("procedures:draft", args=[draft.key])
    if first is not None and not draft.answers:
        address = reverse("procedures:step", args=[draft.key, first.code])
    response = redirect(f"{address}?lang={language}" if language != language_of(request) else address)
    if actor is None:
        remember(request, response, draft.resume_code)
        messages.info(
            request,
            _("回答は、ページを進めるごとに保存されます。途中でやめるときは「保存して中断する」を押してください。"),
        )
    return response


def _earlier(actor: Account | None, version: ProcedureVersion, number: str) -> Application | None:
    return next((item for item in latest_of(actor, version) if item.number == number), None)


def _context(
    request: HttpRequest, version: ProcedureVersion, definition: Definition, actor: Account | None
) -> dict[str, Any]:
    language = language_of(request)
    name = definition.name.in_language(language)
    here = request.get_full_path()
    drafts = [
        draft for draft in drafts_of(actor, secrets_of(request)) if draft.version.procedure_id == version.procedure_id
    ]
    fields = prefillable(definition) if actor is not None and actor.kind == AccountKind.RESIDENT else []
    return {
        "definition": definition,
        "version": version,
        "name": name,
        "language_code": language,
        "languages_offered": LANGUAGES,
        "must_sign_in": _must_sign_in(actor, definition),
        "ways": sign_in_paths(request, definition.assurance.value, next=here),
        "assurance": assurance_of(request, must_be_fresh=False),
        "is_online": "online" in definition.channels,
        "drafts": drafts,
        "earlier": latest_of(actor, version),
        "proxies": proxies_of(account=actor, definition=definition),
        "prefill": [field.label.in_language(language) for field in fields],
        "asked_from": request.GET.get("from", ""),
        "breadcrumbs": crumbs(definition, _("申請"), language),
        "responsible": responsible(request, definition, version.procedure),
    }
