"""The library of workflows: list, versions, editor page, import, export, comparison."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import permission_required

from ..errors import BpmnError, CasesError, UnreadableBpmnError
from ..models import Case, Workflow, WorkflowVersion
from ..permissions import workflow_policy
from ..registry import service_tasks
from ..rules.bpmn.comparing import compare as compare_documents
from ..rules.bpmn.document import MAXIMUM_BYTES, read_bpmn
from ..rules.bpmn.report import BpmnReport
from ..selectors.checking import check_bpmn
from ..selectors.diagram import drawing_of
from ..services import library
from ..services.versions import default_bpmn
from .common import UNPROCESSABLE, actor_of, frame


def find_workflow(key: str) -> Workflow:
    """Return a workflow of the library; raises ``Http404``."""
    found = Workflow.objects.filter(key=key).select_related("current", "updated_by").first()
    if found is None:
        raise Http404(key)
    return found


def _steps(workflow: Workflow | None = None) -> list[tuple[str, str]]:
    steps = [(_("業務フロー"), reverse("work:workflows"))]
    return steps if workflow is None else [*steps, (workflow.name, reverse("work:workflow", args=[workflow.key]))]


@require_safe
@permission_required(workflow_policy, "view")
def index(request: HttpRequest) -> HttpResponse:
    """List the workflows of the library, and the house's default flow."""
    text = request.GET.get("q", "").strip()[:80].replace("\x00", "")
    found = Workflow.objects.select_related("current", "updated_by").defer("draft", "current__bpmn")
    context = frame(
        request,
        *_steps(),
        workflows=found.filter(name__icontains=text) if text else found,
        text=text,
        default_svg=drawing_of(default_bpmn()),
        may_edit=workflow_policy.allows(actor_of(request), "edit"),
    )
    return render(request, "cases/workflows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(workflow_policy, "edit")
def new(request: HttpRequest) -> HttpResponse:
    """Add a workflow: empty copy of the default flow, or from a BPMN file."""
    problem = ""
    if request.method == "POST":
        try:
            workflow = library.create_workflow(
                key=request.POST.get("key", "").strip(),
                name=request.POST.get("name", ""),
                bpmn=_uploaded(request),
                actor=actor_of(request),
            )
        except CasesError as error:
            problem = str(error)
        else:
            messages.success(request, _("業務フローを加えました。"))
            return redirect("work:workflow_edit", workflow.key)
    context = frame(request, *_steps(), (_("加える"), ""), problem=problem, given=request.POST)
    return render(request, "cases/workflow_new.html", context, status=UNPROCESSABLE if problem else 200)


def _uploaded(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        return ""
    if file.size is None or file.size > MAXIMUM_BYTES:
        raise UnreadableBpmnError(_("ファイルが大きすぎます（2メガバイトまで）。"))
    content = file.read()
    document = read_bpmn(content)
    encoding = document.root.getroottree().docinfo.encoding or "utf-8"
    text: str = content.decode(encoding).lstrip("\ufeff")
    # Kept as text, so a declaration of another encoding would be wrong from now on.
    return text.replace(f'encoding="{encoding}"', 'encoding="UTF-8"', 1)


@require_safe
@permission_required(workflow_policy, "view")
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """Show a workflow: its drawing, findings, versions and how many cases run on it."""
    workflow, actor = find_workflow(key), actor_of(request)
    context = frame(
        request,
        *_steps(workflow),
        workflow=workflow,
        svg=drawing_of(workflow.draft),
        report=_report(workflow.draft),
        versions=WorkflowVersion.objects.filter(key=key, number__isnull=False)
        .select_related("created_by")
        .defer("bpmn", "specification")
        .order_by("-number"),
        running=Case.objects.filter(workflow__key=key, closed_at__isnull=True)[:1001].count(),
        differs=workflow.current is None or workflow.current.bpmn != workflow.draft,
        actions=workflow_policy.actions_for(actor, workflow),
    )
    return render(request, "cases/workflow.html", context)


def _report(bpmn: str) -> BpmnReport | None:
    try:
        return check_bpmn(bpmn.encode())
    except BpmnError:
        return None


@require_safe
@permission_required(workflow_policy, "edit")
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Show the editor."""
    workflow = find_workflow(key)
    context = frame(
        request,
        *_steps(workflow),
        (_("描く"), ""),
        workflow=workflow,
        svg=drawing_of(workflow.draft),
        report=_report(workflow.draft),
        services=service_tasks.all(),
    )
    return render(request, "cases/workflow_edit.html", context)


@require_POST
@permission_required(workflow_policy, "publish")
def publish(request: HttpRequest, key: str) -> HttpResponseBase:
    """Publish the draft."""
    workflow = find_workflow(key)
    try:
        version = library.publish_workflow(workflow=workflow, actor=actor_of(request))
    except CasesError as error:
        messages.error(request, _("公開できません。%(reason)s") % {"reason": error})
        return redirect("work:workflow", key)
    messages.success(request, _("第%(n)s版を公開しました。新しい案件から使われます。") % {"n": version.number})
    return redirect("work:workflow", key)


@require_POST
@permission_required(workflow_policy, "retire")
def retire(request: HttpRequest, key: str) -> HttpResponseBase:
    """Take the workflow out of use."""
    library.retire_workflow(workflow=find_workflow(key), actor=actor_of(request))
    messages.success(request, _("業務フローを廃止しました。処理中の案件は、そのまま進みます。"))
    return redirect("work:workflow", key)


@require_safe
@permission_required(workflow_policy, "view")
def download(request: HttpRequest, key: str) -> HttpResponse:
    """Give the draft, or a version (``?version=``), as a .bpmn file."""
    workflow = find_workflow(key)
    number = plain_integer(request.GET.get("version", ""))
    found = WorkflowVersion.objects.filter(key=key, number=number).first() if number else None
    if number and found is None:
        raise Http404(key)
    response = HttpResponse(found.bpmn if found else workflow.draft, content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{key}{f"-{number}" if number else ""}.bpmn"'
    return response


@require_safe
@permission_required(workflow_policy, "view")
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """Show what changed between two versions; without numbers between the published one and the draft."""
    workflow = find_workflow(key)
    versions = {version.number: version for version in WorkflowVersion.objects.filter(key=key, number__isnull=False)}
    before = versions.get(plain_integer(request.GET.get("before", "")) or 0) or workflow.current
    after = versions.get(plain_integer(request.GET.get("after", "")) or 0)
    if before is None:
        raise Http404(key)
    after_bpmn = after.bpmn if after else workflow.draft
    changes = compare_documents(read_bpmn(before.bpmn.encode()), read_bpmn(after_bpmn.encode()))
    touched = {change.element.id for change in changes}
    context = frame(
        request,
        *_steps(workflow),
        (_("くらべる"), ""),
        workflow=workflow,
        before=before,
        after=after,
        changes=changes,
        versions=sorted(versions, reverse=True),
        before_svg=drawing_of(before.bpmn, changed=touched),
        after_svg=drawing_of(after_bpmn, changed=touched),
    )
    return render(request, "cases/workflow_compare.html", context)
