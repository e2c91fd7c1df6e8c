"""Tests kept from the preview, and flows taken from a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madoguchi.cases.api import default_bpmn
from madoguchi.cases.registry import service_tasks
from madoguchi.kit import clock
from madoguchi.trust.api import permission_required

from ...errors import ProceduresError
from ...forms.builder import words
from ...permissions import procedure_policy
from ...rules.definition import DefinitionError
from ...rules.editing import ClashError, Edit, EditError
from ...rules.testing import outcome
from ...services.building import edit_draft
from .common import crumbs, draft_of, find_procedure, side
from .editing import actor_of, show
from .editor import Editor, section_of
from .preview import read_answers

LARGEST_FLOW = 1_000_000


@require_POST
@permission_required(procedure_policy, "edit")
def keep_test(request: HttpRequest, code: str) -> HttpResponseBase:
    """Keep what was typed into the preview, with what came of it, as a test of the draft."""
    draft = draft_of(find_procedure(code))
    if draft is None:
        return redirect("builder:versions", code)
    answers = read_answers(request.POST.get("answers", ""))
    today = clock.today()
    came = outcome(draft.definition, answers, today)
    expect = {key: came[key] for key in ("valid", "fee", "hidden") if came[key] != []}
    if not came["valid"]:
        expect["errors"] = [path for path in came["errors"] if "." not in path]
    number = len(draft.document.get("tests") or [])
    name = request.POST.get("name", "").strip()[:120] or _("テスト%(number)s") % {"number": number + 1}
    values = {"name": name, "answers": answers, "expect": expect, "today": today.isoformat()}
    try:
        edit_draft(
            version=draft,
            edits=[Edit("add", "tests", values=values)],
            seen_revision=draft.revision,
            actor=actor_of(request),
        )
    except (ProceduresError, EditError, DefinitionError, ClashError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("「%(name)s」をテストに加えました。") % {"name": name})
    return HttpResponseRedirect(f"{reverse('builder:section', args=[code, 'tests'])}?at=tests.{number}")


@require_safe
@permission_required(procedure_policy, "edit")
def diagram(request: HttpRequest, code: str) -> HttpResponseBase:
    """Draw the flow of a procedure; one that has none of its own begins with the house's."""
    draft = draft_of(find_procedure(code))
    if draft is None:
        return redirect("builder:versions", code)
    editor = Editor(draft, "flow")
    context = {
        "editor": editor,
        "draft": draft,
        "procedure": draft.procedure,
        "code": code,
        "section_of": section_of,
        "xml": editor.get("workflow") or default_bpmn(),
        "services": service_tasks.all(),
        "navigation": side(editor, "flow"),
        "breadcrumbs": crumbs(
            (draft.name or code, reverse("builder:home", args=[code])),
            (_("流れ"), reverse("builder:section", args=[code, "flow"])),
            (_("図で描く"), ""),
        ),
    }
    return render(request, "procedures/builder/diagram.html", context)


def _posted_flow(request: HttpRequest) -> str:
    """Return the flow of a posted drawing or file; raises ``ValueError`` (``UnicodeDecodeError``) for one that is no text."""
    file = request.FILES.get("bpmn")
    if file is None:
        drawn = request.POST.get("workflow")
        if drawn is None:
            raise ValueError(_("ファイルを選んでください。"))
        return str(drawn)
    if (file.size or 0) > LARGEST_FLOW:
        raise ValueError(_("ファイルが大きすぎます（1MBまで）。"))
    return str(file.read(), "utf-8-sig")


@require_POST
@permission_required(procedure_policy, "edit")
def take_workflow(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take a flow from the drawing or from a BPMN file; one that is not text is refused at its field."""
    draft = draft_of(find_procedure(code))
    if draft is None:
        return redirect("builder:versions", code)
    editor = Editor(draft, "flow")
    try:
        text = _posted_flow(request)
        edit_draft(
            version=draft,
            edits=[Edit("set", values={"workflow": text.replace("\r\n", "\n").strip()})],
            seen_revision=draft.revision,
            actor=actor_of(request),
        )
    except UnicodeDecodeError:
        editor.faults = {"workflow": _("文字として読めないファイルです。BPMN 2.0 のファイルを選んでください。")}
    except DefinitionError as error:
        editor.faults = {"workflow": words.fault_words(error.faults[0].message)}
    except (ValueError, ProceduresError) as error:
        editor.faults = {"workflow": str(error)}
    if editor.faults:
        return show(request, editor, 422)
    messages.success(request, _("流れを保存しました。"))
    return redirect("builder:section", code, "flow")
