"""Scoring rules: the tables, trying them, changing cells, comparing versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit.dmn import DecisionModel, Definitions
from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import permission_required

from ..errors import PlanError, StaleError
from ..models import ScoringRule
from ..permissions import plan_policy, review_policy
from ..rules import scoring, scoring_examples, scoring_tables
from ..selectors.scoring import definitions_of, draft_of, model_of, newest_rules, published_rules
from ..services.scoring import discard_draft, draft_digest, install_rules, publish_rule, save_draft
from .actors import actor_of
from .reviews.common import frame

SPARE_ROWS = 2
EXAMPLES_MAX = 200


@require_safe
@permission_required(plan_policy, "view_internal")
def rule_list(request: HttpRequest) -> HttpResponse:
    """List the rules with their marks; the shipped ones come in when somebody first looks."""
    install_rules()
    rules = [(rule, scoring_tables.allowed_marks(definitions_of(rule))) for rule in newest_rules()]
    context = frame(request, "rules", _step(), rules=rules)
    return render(request, "plan/reviews/rules.html", context)


def _step(rule: ScoringRule | None = None) -> tuple[str, str]:
    if rule is None:
        return _("採点規則"), reverse("steering:rules")
    return rule.name, reverse("steering:rule", args=[rule.key])


def find_rule(key: str, version: str = "") -> ScoringRule:
    """Return a published version of a rule, the newest by default; raises ``Http404``."""
    found = published_rules().filter(key=key)
    asked = plain_integer(version)
    found = found if asked is None else found.filter(version=asked)
    rule = found.first()
    if rule is None:
        raise Http404
    return rule


@require_safe
@permission_required(plan_policy, "view_internal")
def rule_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show a rule as tables with its golden examples, and try it with one's own inputs."""
    rule = find_rule(key, request.GET.get("version", ""))
    definitions = definitions_of(rule)
    context = frame(
        request,
        "rules",
        _step(),
        _step(rule),
        rule=rule,
        description=definitions.description,
        tables=shown_tables(definitions),
        results=scoring_examples.run_examples(model_of(rule), rule.examples),
        versions=list(published_rules().filter(key=key)),
        draft=draft_of(key),
        **_trial(request, definitions),
    )
    return render(request, "plan/reviews/rule.html", context)


def shown_tables(definitions: Definitions) -> list[dict[str, Any]]:
    """Return the tables with what a page shows of them."""
    return [
        {
            "name": name,
            "table": table,
            "headings": scoring_tables.headings(table),
            "inputs": len(table.inputs),
            "outputs": len(table.outputs),
            "rows": [scoring_tables.cells(rule, table) for rule in table.rules],
        }
        for name, table in scoring_tables.tables(definitions)
    ]


def _trial(request: HttpRequest, definitions: Definitions) -> dict[str, Any]:
    """Ask the rule what ``?try=`` asks for, with inputs from the address."""
    decision = request.GET.get("try", "")
    names = {name: scoring_tables.used_inputs(definitions, name) for name in scoring_tables.DECISIONS}
    trial: dict[str, Any] = {"names": names, "kinds": scoring.INPUTS, "asked": decision, "answer": None, "trouble": ""}
    if decision not in names:
        return trial
    try:
        inputs = {name: scoring_examples.read_input(name, request.GET.get(name, "")) for name in names[decision]}
        trial["answer"] = scoring.mark(DecisionModel(definitions), decision, inputs)
    except PlanError as error:
        trial["trouble"] = str(error)
    return trial


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(review_policy, "open")
def edit_page(request: HttpRequest, key: str) -> HttpResponse:
    """Change cells of the draft; saving runs the golden examples and names what is wrong."""
    rule = find_rule(key)
    draft = draft_of(key)
    error: PlanError | None = None
    rows: dict[str, list[list[str]]] | None = None
    if request.method == "POST":
        rows = posted_rows(request, definitions_of(draft or rule))
        try:
            examples = posted_examples(request)
            seen = request.POST.get("seen", "")
            save_draft(rule=rule, rows=rows, examples=examples, seen=seen, actor=actor_of(request))
        except PlanError as refusal:
            error = refusal
        else:
            messages.success(request, _("下書きを保存し、確認例を試しました。"))
            return redirect("steering:rule_edit", key)
    context = _edit_context(request, rule, draft, rows, error)
    return render(request, "plan/reviews/rule_edit.html", context, status=_status(error))


def _status(error: PlanError | None) -> int:
    if error is None:
        return 200
    return 409 if isinstance(error, StaleError) else 422


def _edit_context(
    request: HttpRequest,
    rule: ScoringRule,
    draft: ScoringRule | None,
    rows: dict[str, list[list[str]]] | None,
    error: PlanError | None,
) -> dict[str, Any]:
    definitions = definitions_of(draft or rule)
    faults = scoring_tables.faults(definitions)
    results = scoring_examples.run_examples(DecisionModel(definitions), (draft or rule).examples)
    tables = shown_tables(definitions)
    for table in tables:
        kept = rows[table["name"]] if rows else table["rows"]
        table["rows"] = [*kept, *([[""] * len(table["headings"])] * (0 if rows else SPARE_ROWS))]
    return frame(
        request,
        "rules",
        _step(),
        _step(rule),
        (_("変更する"), ""),
        rule=rule,
        draft=draft,
        seen=draft_digest(draft),
        tables=tables,
        faults=faults,
        broken={(fault.decision, fault.row, fault.column) for fault in faults if fault.is_fatal and fault.column},
        results=results,
        examples=_typed_examples(request, (draft or rule).examples, failed=error is not None),
        decisions=[(name, name) for name in scoring_tables.DECISIONS],
        ready=draft is not None and not any(f.is_fatal for f in faults) and all(item.passed for item in results),
        kinds=scoring.INPUTS,
        error=error,
    )


def posted_rows(request: HttpRequest, definitions: Definitions) -> dict[str, list[list[str]]]:
    """Return the cells of the edit form: ``cell-<table>-<row>-<column>``, rows in the order they were shown."""
    found: dict[str, list[list[str]]] = {}
    for number, (name, table) in enumerate(scoring_tables.tables(definitions)):
        width = len(scoring_tables.headings(table))
        rows = []
        for row in range(scoring_tables.ROWS_MAX + SPARE_ROWS):
            if f"cell-{number}-{row}-0" not in request.POST:
                break
            rows.append([request.POST.get(f"cell-{number}-{row}-{column}", "") for column in range(width)])
        found[name] = rows
    return found


FIELDS = ("decision", "note", "inputs", "expected")


def posted_examples(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the golden examples of the edit form; a row without inputs and mark is left out. Raises ``PlanError``."""
    found = []
    for row in _posted_example_rows(request):
        if row["inputs"].strip() or row["expected"].strip():
            kept = {"decision": row["decision"], "note": row["note"].strip(), "expected": row["expected"].strip()}
            found.append({**kept, "inputs": scoring_examples.parse_inputs(row["inputs"])})
    return found


def _posted_example_rows(request: HttpRequest) -> list[dict[str, str]]:
    numbers = range(EXAMPLES_MAX)
    known = [number for number in numbers if f"example-{number}-decision" in request.POST]
    return [{name: request.POST.get(f"example-{number}-{name}", "") for name in FIELDS} for number in known]


def _typed_examples(request: HttpRequest, stored: list[dict[str, Any]], *, failed: bool) -> list[dict[str, str]]:
    """Return the rows of examples the form shows: those typed where saving failed, else those stored and a spare one."""
    if failed:
        return _posted_example_rows(request)
    rows = [
        {
            "decision": str(item["decision"]),
            "note": str(item.get("note", "")),
            "inputs": scoring_examples.format_inputs(item["inputs"]),
            "expected": str(item["expected"]),
        }
        for item in stored
    ]
    return [*rows, {"decision": scoring.INDICATOR, "note": "", "inputs": "", "expected": ""}]


@require_POST
@permission_required(review_policy, "open")
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Publish the draft as the next version, or throw it away."""
    rule = find_rule(key)
    if "discard" in request.POST:
        discard_draft(rule=rule, actor=actor_of(request))
        messages.success(request, _("下書きを捨てました。公開中の版は変わりません。"))
        return redirect("steering:rule", key)
    try:
        new = publish_rule(rule=rule, seen=request.POST.get("seen", ""), actor=actor_of(request))
    except PlanError as error:
        messages.error(request, str(error))
        return redirect("steering:rule_edit", key)
    messages.success(
        request, _("第%(version)s版を公開しました。次に開始する評価から選べます。") % {"version": new.version}
    )
    return redirect("steering:rule", key)


@require_safe
@permission_required(plan_policy, "view_internal")
def compare_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show the cells in which two versions differ; by default the newest against the one before."""
    versions = list(published_rules().filter(key=key))
    if not versions:
        raise Http404
    after = find_rule(key, request.GET.get("after", ""))
    earlier = [rule for rule in versions if rule.version < after.version]
    before = find_rule(key, request.GET.get("before", "") or str(earlier[0].version if earlier else after.version))
    context = frame(
        request,
        "rules",
        _step(),
        _step(after),
        (_("版の比較"), ""),
        versions=versions,
        before=before,
        after=after,
        changes=scoring_tables.differences(definitions_of(before), definitions_of(after)),
    )
    return render(request, "plan/reviews/rule_compare.html", context)


@require_safe
@permission_required(plan_policy, "view_internal")
def rule_file(request: HttpRequest, key: str) -> HttpResponse:
    """Give a version as a DMN 1.5 file, for other decision engines."""
    rule = find_rule(key, request.GET.get("version", ""))
    response = HttpResponse(rule.xml, content_type="application/dmn+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{rule.key}-{rule.version}.dmn"'
    return response
