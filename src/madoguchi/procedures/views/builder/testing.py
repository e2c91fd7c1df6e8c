"""Tests kept from the preview, and flows taken from a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.kit import clock
from madoguchi.trust.api import permission_required

from ...errors import ProceduresError
from ...forms.builder import words
from ...permissions import procedure_policy
from ...rules.definition import DefinitionError, read_definition
from ...rules.editing import ClashError, Edit, EditError
from ...rules.testing import outcome
from ...services.building import edit_draft
from .common import draft_of, find_procedure
from .editing import actor_of, show
from .editor import Editor
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
    came = outcome(read_definition(draft.document), answers, today)
    expect = {key: came[key] for key in ("valid", "fee", "hidden") if came[key] not in ([], None)}
    if not came["valid"]:
        expect = {"valid": False, "errors": [path for path in came["errors"] if "." not in path]}
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


@require_POST
@permission_required(procedure_policy, "edit")
def take_workflow(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take a flow from a BPMN file; one that is not text is refused at its field."""
    draft = draft_of(find_procedure(code))
    if draft is None:
        return redirect("builder:versions", code)
    editor = Editor(draft, "flow")
    file = request.FILES.get("bpmn")
    try:
        if file is None:
            raise ValueError(_("ファイルを選んでください。"))
        if (file.size or 0) > LARGEST_FLOW:
            raise ValueError(_("ファイルが大きすぎます（1MBまで）。"))
        text = file.read().decode("utf-8-sig")
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
    messages.success(request, _("流れを読み込みました。"))
    return redirect("builder:section", code, "flow")
