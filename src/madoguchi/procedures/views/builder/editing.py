"""The sections of the editor: showing them, saving what was typed, taking back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madoguchi.cases.api import BpmnReport, check_bpmn
from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import Account, account_of, permission_required

from ...errors import ProceduresError
from ...forms.builder import words
from ...forms.builder.commands import read_command
from ...forms.builder.reading import read_values, unfinished_conditions
from ...models import ProcedureVersion
from ...permissions import procedure_policy
from ...rules.definition import DefinitionError
from ...rules.editing import MISSING, ClashError, Edit, EditError, all_fields, find, parse_path
from ...services.building import Saved, edit_draft, redo_edit, undo_edit
from .common import SECTIONS, crumbs, draft_of, find_procedure, side
from .editor import Editor, section_of


def actor_of(request: HttpRequest) -> Account:
    """Return the signed-in account; the view's guard has met everybody else."""
    account = account_of(request)
    assert account is not None  # noqa: S101 - permission_required has refused visitors
    return account


@require_safe
@permission_required(procedure_policy, "edit")
def home(request: HttpRequest, code: str) -> HttpResponseBase:
    """Lead to the editor of the draft, or to the versions where there is none."""
    procedure = find_procedure(code)
    if draft_of(procedure) is None:
        return redirect("builder:versions", code)
    return redirect("builder:section", code, "basics")


@require_safe
@permission_required(procedure_policy, "edit")
def section(request: HttpRequest, code: str, name: str) -> HttpResponseBase:
    """Show one section of the draft with the preview beside it and the problems below."""
    if name not in SECTIONS:
        raise Http404
    draft = draft_of(find_procedure(code))
    if draft is None:
        messages.info(request, _("この手続には下書きがありません。直すときは、新しい版を作ってください。"))
        return redirect("builder:versions", code)
    editor = Editor(draft, name, at=request.GET.get("at", ""))
    return show(request, editor)


def show(request: HttpRequest, editor: Editor, status: int = 200, **more: Any) -> HttpResponse:
    """Render a section of the editor."""
    code = editor.version.procedure.code
    context = {
        "editor": editor,
        "draft": editor.version,
        "procedure": editor.version.procedure,
        "section": editor.section,
        "section_label": SECTIONS[editor.section],
        "navigation": side(editor, editor.section),
        "section_of": section_of,
        "preview_query": urlencode({"at": _step_of(editor)}),
        "breadcrumbs": crumbs((words.name_of(editor.document), "")),
        "clashes": [],
        "report": check_bpmn(editor.get("workflow").encode())
        if editor.section == "flow" and editor.get("workflow")
        else None,
        "code": code,
        **more,
    }
    return render(request, f"procedures/builder/{editor.section}.html", context, status=status)


def _flow_report(editor: Editor) -> BpmnReport | None:
    text = str(editor.get("workflow") or "") if editor.section == "flow" else ""
    return check_bpmn(text.encode()) if text else None


@require_POST
@permission_required(procedure_policy, "edit")
def edit(request: HttpRequest, code: str, name: str) -> HttpResponseBase:
    """Save what was typed and do what the pressed button asks; show the section again with what is wrong otherwise."""
    if name not in SECTIONS:
        raise Http404
    draft = draft_of(find_procedure(code))
    if draft is None:
        messages.error(request, _("この下書きは、すでに公開されたか、破棄されました。保存されていません。"))
        return redirect("builder:versions", code)
    typed = {key: request.POST.getlist(key) for key in request.POST}
    editor = Editor(draft, name, at=request.POST.get("at", ""), typed=typed)
    values, faults = read_values(typed, editor.document)
    try:
        single = {key: texts[-1] for key, texts in typed.items()}
        command, at = read_command(request.POST.get("do", ""), single, editor.document)
        edits = [Edit("set", values=values), *command]
        saved = _save(draft, edits, request) if not faults else None
    except ClashError as clash:
        return show(request, editor, 409, clashes=_clash_rows(clash, editor))
    except EditError as error:
        editor.faults = {error.path: _(error.message) % error.params}
    except DefinitionError as error:
        editor.faults = {fault.path: words.fault_words(fault.message) for fault in error.faults}
    except ProceduresError as error:
        messages.error(request, str(error))
        return redirect("builder:home", code)
    if faults or editor.faults:
        editor.faults = {**{fault.path: fault.message for fault in faults}, **editor.faults}
        return show(request, editor, 422)
    open_conditions = unfinished_conditions(typed, editor.document)
    if open_conditions and saved is not None and not command:
        kept = {name: texts for name, texts in typed.items() if name[2:].partition("~")[0] in open_conditions}
        return show(request, Editor(saved.version, name, at=editor.at, typed=kept))
    return _after(request, editor, saved, at)


def _save(draft: ProcedureVersion, edits: list[Edit], request: HttpRequest) -> Saved:
    seen = plain_integer(request.POST.get("revision", ""))
    return edit_draft(
        version=draft,
        edits=edits,
        seen_revision=draft.revision if seen is None else seen,
        actor=actor_of(request),
        overwrite=request.POST.get("overwrite") == "1",
    )


def _after(request: HttpRequest, editor: Editor, saved: Saved | None, at: str | None) -> HttpResponseRedirect:
    if saved is not None and saved.merged_with:
        names = "、".join(saved.merged_with)
        messages.info(request, _("%(names)sさんの変更を取り込んで保存しました。") % {"names": names})
    if at is not None and at.endswith(">") and saved is not None:
        at = _new_field(editor, Editor(saved.version, editor.section))
    place = editor.at if at is None else at
    return HttpResponseRedirect(_address(editor, place))


def _new_field(before: Editor, after: Editor) -> str:
    known = {item["code"] for _path, item in all_fields(before.document)}
    fresh = (path for path, item in all_fields(after.document) if item["code"] not in known)
    return ".".join(map(str, next(fresh, ())))


def _address(editor: Editor, at: str) -> str:
    address = reverse("builder:section", args=[editor.version.procedure.code, editor.section])
    return f"{address}?{urlencode({'at': at})}" if at else address


def _clash_rows(clash: ClashError, editor: Editor) -> list[dict[str, str]]:
    gone = _("（消されました）")
    return [
        {
            "label": words.place_words(editor.document, item.path),
            "before": gone if item.theirs is MISSING else words.shown(item.theirs),
            "after": gone if item.mine is MISSING else words.shown(item.mine),
        }
        for item in clash.clashes
    ]


@require_POST
@permission_required(procedure_policy, "edit")
def travel(request: HttpRequest, code: str, name: str) -> HttpResponseBase:
    """Take the last save back, or do it again."""
    draft = draft_of(find_procedure(code))
    if draft is None:
        return redirect("builder:versions", code)
    move = redo_edit if request.POST.get("go") == "redo" else undo_edit
    try:
        saved = move(version=draft, actor=actor_of(request))
    except ProceduresError as error:
        messages.error(request, str(error))
        return redirect("builder:versions", code)
    if not saved.is_changed:
        messages.info(request, _("これ以上、戻せる操作はありません。"))
    editor = Editor(saved.version, name if name in SECTIONS else "basics", at=request.POST.get("at", ""))
    at = editor.at if find(editor.document, parse_path(editor.at)) is not MISSING else ""
    return HttpResponseRedirect(_address(editor, at))


def _step_of(editor: Editor) -> str:
    """Return the code of the step the selected place lies in, for the preview."""
    parts = editor.at.split(".")
    if len(parts) >= 3 and parts[:2] == ["form", "steps"]:
        return str(editor.get(f"form.steps.{parts[2]}.code", ""))
    return ""
