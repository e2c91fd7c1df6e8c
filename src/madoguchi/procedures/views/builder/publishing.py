"""From the finished draft to what residents see: checking, comparing, replaying, publishing; versions and what is done with them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import account_of, permission_required

from ...enums import VersionStatus
from ...errors import ProceduresError, UnfitError
from ...forms.builder import words
from ...models import Application, DraftEdit, Procedure, ProcedureVersion, SharedTemplate
from ...permissions import procedure_policy
from ...rules.editing import compare, full
from ...selectors.definitions import versions_of
from ...services.building import replace_document, restore_state
from ...services.definitions import (
    confirm_procedure,
    discard_draft,
    export_definition,
    new_draft,
    replay,
    retire,
    share_template,
    unshare_template,
)
from ...services.definitions import publish as publish_version
from .common import crumbs, draft_of, find_procedure, side
from .editing import actor_of
from .editor import Editor, section_of

REPLAYED = 300
"""Applications of earlier versions that are replayed on the page before publishing; the newest ones."""


def _page(request: HttpRequest, draft: ProcedureVersion, name: str, title: str, **more: Any) -> HttpResponse:
    editor = Editor(draft, "basics")
    code = draft.procedure.code
    context = {
        "editor": editor,
        "draft": draft,
        "procedure": draft.procedure,
        "code": code,
        "section_of": section_of,
        "navigation": side(editor, name),
        "breadcrumbs": crumbs((draft.name or code, reverse("builder:home", args=[code])), (title, "")),
    }
    status = more.pop("status", 200)
    return render(request, f"procedures/builder/{name}.html", context | more, status=status)


def _draft(code: str) -> tuple[Procedure, ProcedureVersion | None]:
    procedure = find_procedure(code)
    return procedure, draft_of(procedure)


@require_safe
@permission_required(procedure_policy, "edit")
def check(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show everything the linter, the tests and the examples say of the draft, with links to the places."""
    _procedure, draft = _draft(code)
    if draft is None:
        return redirect("builder:versions", code)
    return _page(request, draft, "check", _("検査"))


def _version(procedure: Procedure, number: str) -> ProcedureVersion | None:
    return ProcedureVersion.objects.filter(procedure=procedure, number=plain_integer(number, digits=8) or 0).first()


@require_safe
@permission_required(procedure_policy, "edit")
def compare_versions(request: HttpRequest, code: str) -> HttpResponseBase:
    """Say in words what changed between two versions; by default since the published one."""
    procedure, draft = _draft(code)
    known = list(versions_of(procedure))
    newer = _version(procedure, request.GET.get("to", "")) or draft or procedure.published
    others = [version for version in known if newer is not None and version.number < newer.number]
    older = _version(procedure, request.GET.get("from", "")) or procedure.published
    if older is None or (newer is not None and older.pk == newer.pk):
        older = others[0] if others else None
    if newer is None:
        raise Http404(code)
    rows = changes_between(older, newer) if older is not None else []
    title = _("比較")
    shared = {"versions": known, "older": older, "newer": newer, "rows": rows}
    if draft is not None:
        return _page(request, draft, "compare", title, **shared)
    context = {"procedure": procedure, "code": code, "breadcrumbs": _crumbs(procedure, title), **shared}
    return render(request, "procedures/builder/compare.html", context)


def changes_between(older: ProcedureVersion, newer: ProcedureVersion) -> list[dict[str, str]]:
    """Return what changed between two versions, in words."""
    before, after = full(older.document), full(newer.document)
    return [words.change_words(change, before, after) for change in compare(before, after)]


def _crumbs(procedure: Procedure, title: str) -> list[dict[str, str]]:
    name = procedure.published.name if procedure.published else procedure.code
    return crumbs((name, reverse("builder:home", args=[procedure.code])), (title, ""))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(procedure_policy, "edit")
def publish(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show what publishing would change, for whom, and publish."""
    procedure, draft = _draft(code)
    if draft is None:
        messages.info(request, _("公開する下書きがありません。"))
        return redirect("builder:versions", code)
    error: ProceduresError | None = None
    if request.method == "POST":
        try:
            published = publish_version(version=draft, actor=actor_of(request))
        except ProceduresError as refusal:
            error = refusal
        else:
            messages.success(request, _("第%(number)s版を公開しました。") % {"number": published.number})
            return redirect("builder:versions", code)
    older = procedure.published
    report = replay(version=draft, actor=actor_of(request), most=REPLAYED) if older is not None else None
    return _page(
        request,
        draft,
        "publish",
        _("公開"),
        older=older,
        rows=changes_between(older, draft) if older is not None else [],
        report=report,
        error=error,
        is_unfit=isinstance(error, UnfitError),
        may_publish=procedure_policy.allows(account_of(request), "publish", draft),
        refusal=procedure_policy.reason("publish"),
        status=409 if error else 200,
    )


@require_safe
@permission_required(procedure_policy, "edit")
def versions(request: HttpRequest, code: str) -> HttpResponseBase:
    """List the versions of a procedure and what can be done with them, and the last saves of its draft."""
    procedure, draft = _draft(code)
    saves = DraftEdit.objects.filter(version=draft).select_related("made_by")[:30] if draft else []
    counts = {version.pk: Application.objects.filter(version=version).count() for version in versions_of(procedure)}
    shared = {
        "procedure": procedure,
        "versions": versions_of(procedure),
        "counts": counts,
        "statuses": VersionStatus,
        "saves": [(row, words.edit_words(row.edit)) for row in saves],
        "template": SharedTemplate.objects.filter(source=procedure.municipality, code=code).first(),
        "may": procedure_policy.actions_for(account_of(request), procedure),
    }
    if draft is not None:
        return _page(request, draft, "versions", _("版の履歴"), **shared)
    context = {"code": code, "draft": None, "breadcrumbs": _crumbs(procedure, _("版の履歴")), **shared}
    return render(request, "procedures/builder/versions.html", context)


@require_POST
@permission_required(procedure_policy, "edit")
def act(request: HttpRequest, code: str) -> HttpResponseBase:
    """Do what a button of the page of versions asks; say why where it cannot be done."""
    procedure = find_procedure(code)
    action = ACTIONS.get(request.POST.get("do", ""))
    if action is None:
        raise Http404
    try:
        return action(request, procedure)
    except ProceduresError as error:
        messages.error(request, str(error))
        return redirect("builder:versions", code)


def _start(request: HttpRequest, procedure: Procedure) -> HttpResponseBase:
    draft = new_draft(procedure=procedure, actor=actor_of(request))
    messages.success(
        request,
        _("第%(number)s版の下書きを作りました。公開するまで、住民の画面は変わりません。") % {"number": draft.number},
    )
    return redirect("builder:section", procedure.code, "basics")


def _restore(request: HttpRequest, procedure: Procedure) -> HttpResponseBase:
    old = _version(procedure, request.POST.get("version", ""))
    if old is None:
        raise Http404
    draft = new_draft(procedure=procedure, actor=actor_of(request))
    summary = {"kind": "version", "number": old.number}
    replace_document(version=draft, document=old.document, actor=actor_of(request), summary=summary)
    messages.success(
        request,
        _("第%(number)s版の内容を下書きに戻しました。取り消すには「元に戻す」を押してください。")
        % {"number": old.number},
    )
    return redirect("builder:section", procedure.code, "basics")


def _back_to(request: HttpRequest, procedure: Procedure) -> HttpResponseBase:
    draft, revision = draft_of(procedure), plain_integer(request.POST.get("revision", ""), digits=9)
    if draft is None or revision is None:
        raise Http404
    restore_state(version=draft, revision=revision, actor=actor_of(request))
    messages.success(request, _("選んだ時点の内容に戻しました。取り消すには「元に戻す」を押してください。"))
    return redirect("builder:section", procedure.code, "basics")


def _discard(request: HttpRequest, procedure: Procedure) -> HttpResponseBase:
    draft = draft_of(procedure)
    if draft is None:
        raise Http404
    discard_draft(version=draft, actor=actor_of(request))
    messages.success(request, _("下書きを破棄しました。"))
    is_left = Procedure.objects.filter(pk=procedure.pk).exists()
    return redirect("builder:versions", procedure.code) if is_left else redirect("builder:index")


def _retire(request: HttpRequest, procedure: Procedure) -> HttpResponseBase:
    retire(procedure=procedure, actor=actor_of(request))
    messages.success(request, _("受付を終了しました。進んでいる申請は、最後まで処理できます。"))
    return redirect("builder:versions", procedure.code)


def _confirm(request: HttpRequest, procedure: Procedure) -> HttpResponseBase:
    confirm_procedure(procedure=procedure, actor=actor_of(request))
    messages.success(request, _("内容を今日確かめたことを記録しました。"))
    return redirect("builder:versions", procedure.code)


def _share(request: HttpRequest, procedure: Procedure) -> HttpResponseBase:
    if procedure.published is None:
        raise Http404
    share_template(version=procedure.published, actor=actor_of(request), note=request.POST.get("note", "").strip())
    messages.success(request, _("ひな形として共有しました。ほかの自治体が使えます。"))
    return redirect("builder:versions", procedure.code)


def _unshare(request: HttpRequest, procedure: Procedure) -> HttpResponseBase:
    template = SharedTemplate.objects.filter(source=procedure.municipality, code=procedure.code).first()
    if template is None:
        raise Http404
    unshare_template(template=template, actor=actor_of(request))
    messages.success(request, _("ひな形の共有をやめました。すでに使っている自治体の手続は変わりません。"))
    return redirect("builder:versions", procedure.code)


ACTIONS = {
    "start": _start,
    "restore": _restore,
    "back_to": _back_to,
    "discard": _discard,
    "retire": _retire,
    "confirm": _confirm,
    "share": _share,
    "unshare": _unshare,
}


@require_safe
@permission_required(procedure_policy, "edit")
def export(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Hand out a version as one file."""
    version = _version(find_procedure(code), str(number))
    if version is None:
        raise Http404
    response = HttpResponse(export_definition(version), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-{number}.procedure.json"'
    return response
