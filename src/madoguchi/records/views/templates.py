"""Templates of documents for the staff: list, editor with preview, versions, how the municipality names itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.trust.api import account_of, permission_required

from ..enums import TemplateStatus
from ..errors import RecordsError, TemplateError
from ..forms.templates import NewTemplateForm, ProfileForm, TemplateForm, as_text
from ..models import DocumentTemplate, IssuerProfile, TemplateVersion
from ..permissions import document_policy, template_policy
from ..selectors.templates import TemplateSource, find_template, shipped_templates, source_of
from ..services import templates as services
from ..services.composing import issuer
from .framing import pdf_response, staff_crumbs


@never_cache
@require_safe
@permission_required(template_policy, "view")
def index(request: HttpRequest) -> HttpResponse:
    """List the templates: the municipality's own, and those that are shipped."""
    own = DocumentTemplate.objects.prefetch_related("versions")
    context = {
        "own": [(template, _states(template)) for template in own],
        "shipped": list(shipped_templates().values()),
        "replaced": {template.key for template in own if "published" in _states(template)},
        "issuer": issuer(request.municipality),  # type: ignore[attr-defined]  # set by the municipality middleware
        "may_change": template_policy.allows(account_of(request), "change"),
        "may_profile": document_policy.allows(account_of(request), "profile"),
        "breadcrumbs": staff_crumbs((_("ひな形"), "")),
    }
    return render(request, "records/templates/list.html", context)


def _states(template: DocumentTemplate) -> dict[str, TemplateVersion]:
    return {version.status: version for version in reversed(list(template.versions.all()))}


@never_cache
@require_safe
@permission_required(template_policy, "view")
def shipped_preview(request: HttpRequest, key: str) -> HttpResponse:
    """Show a template in use with its test data, as PDF."""
    try:
        pdf = services.preview_template(template=find_template(key), language=_language(request)).pdf
    except TemplateError as error:
        raise Http404(str(error)) from None
    except RecordsError as error:
        messages.error(request, str(error))
        return redirect("records:templates")
    return pdf_response(pdf, f"{key}.pdf")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(template_policy, "change")
def new(request: HttpRequest) -> HttpResponse:
    """Start a template of one's own from a copy."""
    sources = [(key, template.name) for key, template in shipped_templates().items()]
    own = DocumentTemplate.objects.filter(versions__status=TemplateStatus.PUBLISHED)
    sources += [(template.key, template.name) for template in own if template.key not in shipped_templates()]
    form = NewTemplateForm(request.POST or None, sources=sources, initial={"copy_of": request.GET.get("copy", "")})
    if request.method == "POST" and form.is_valid():
        try:
            version = services.create_template(actor=account_of(request), **form.cleaned_data)
        except RecordsError as error:
            form.add_error("key", str(error))
        else:
            return redirect("records:template", version.pk)
    context = {"form": form, "breadcrumbs": _crumbs(_("新しいひな形"))}
    return render(request, "records/templates/new.html", context, status=422 if form.is_bound and form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(template_policy, "view")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a version, and edit it where it is a draft: save, look at it, put it to use."""
    version = _version(pk)
    form = TemplateForm(request.POST or None, initial=_initial(version))
    refusal: str = ""
    preview: Sequence[str] = ()
    if request.method == "POST":
        template_policy.require(account_of(request), "change")
        if form.is_valid():
            refusal, preview, answer = _act(request, version, form)
            if answer is not None:
                return answer
    context = {
        "version": version,
        "form": form,
        "refusal": refusal,
        "preview": preview,
        "versions": version.template.versions.all(),
        "is_draft": version.status == TemplateStatus.DRAFT,
        "may_change": template_policy.allows(account_of(request), "change"),
        "breadcrumbs": _crumbs(version.template.name),
    }
    # htmx shows only answers that are a success; a preview says by itself what is wrong.
    is_live = "HX-Request" in request.headers
    failed = (refusal or (form.is_bound and form.errors)) and not is_live
    return render(request, "records/templates/edit.html", context, status=422 if failed else 200)


def _act(
    request: HttpRequest, version: TemplateVersion, form: TemplateForm
) -> tuple[str, Sequence[str], HttpResponse | None]:
    """Do what the pressed button says; return why not, a preview to show, or where to go."""
    given = form.cleaned_data
    tried = _tried(version, given)
    try:
        if "preview" in request.POST:
            return "", services.preview_template(template=tried, language=given["language"] or "ja").pictures, None
        saved = services.save_template(
            version=version,
            seen_revision=given["revision"],
            source=given["source"],
            schema=given["schema"],
            words=given["words"],
            sample=given["sample"],
            actor=account_of(request),
        )
        if "publish" in request.POST:
            services.publish_template(version=saved, actor=account_of(request))
            messages.success(request, _("この版を使い始めました。これから発行する文書に使われます。"))
        else:
            messages.success(request, _("下書きを保存しました。"))
    except RecordsError as error:
        return str(error), (), None
    return "", (), redirect("records:template", version.pk)


def _tried(version: TemplateVersion, given: dict[str, Any]) -> TemplateSource:
    tried = TemplateVersion(
        template=version.template,
        source=given["source"],
        schema=given["schema"],
        words=given["words"],
        sample=given["sample"],
    )
    return source_of(tried)


@never_cache
@require_safe
@permission_required(template_policy, "view")
def version_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a saved version with its test data, as PDF."""
    try:
        pdf = services.preview_template(template=source_of(_version(pk)), language=_language(request)).pdf
    except RecordsError as error:
        messages.error(request, str(error))
        return redirect("records:template", pk)
    return pdf_response(pdf, f"template-{pk}.pdf")


@require_POST
@permission_required(template_policy, "change")
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft from the version in use."""
    template = get_object_or_404(DocumentTemplate, pk=pk)
    version = services.new_draft(template=template, actor=account_of(request))
    return redirect("records:template", version.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(document_policy, "profile")
def profile(request: HttpRequest) -> HttpResponse:
    """Change how the municipality names itself on documents."""
    form = ProfileForm(request.POST or None, instance=IssuerProfile.objects.first())
    if request.method == "POST" and form.is_valid():
        services.change_profile(actor=account_of(request), **form.cleaned_data)
        messages.success(request, _("発行者の表示を変更しました。これから発行する文書に使われます。"))
        return redirect("records:templates")
    context = {"form": form, "breadcrumbs": _crumbs(_("発行者の表示"))}
    return render(request, "records/templates/profile.html", context, status=422 if form.errors else 200)


def _version(pk: int) -> TemplateVersion:
    return get_object_or_404(TemplateVersion.objects.select_related("template"), pk=pk)


def _initial(version: TemplateVersion) -> dict[str, Any]:
    return {
        "source": version.source,
        "sample": as_text(version.sample),
        "schema": as_text(version.schema),
        "words": as_text(version.words),
        "revision": version.revision,
        "language": "ja",
    }


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("language", "ja")
    return asked if asked in services.LANGUAGES else "ja"


def _crumbs(label: str) -> list[dict[str, str]]:
    return staff_crumbs((_("ひな形"), reverse("records:templates")), (label, ""))
