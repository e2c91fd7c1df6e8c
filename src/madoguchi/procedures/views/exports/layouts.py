"""Arranging the columns of a core system for a procedure."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.trust.api import permission_required

from ...errors import ExportError
from ...models import Application, Procedure
from ...permissions import export_policy
from ...rules.exporting import Column, arrange, columns_of, read_layout
from ...selectors.exporting import exportable_procedures, known_systems, layout_of
from ...services.exporting import save_layout
from .common import actor_of, chosen, named, typed

LOOKED_AT = 50


@permission_required(export_policy, "open")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: HttpRequest) -> HttpResponse:
    """Say which columns a system has for a procedure, one heading per line in the order of its screen."""
    procedures = exportable_procedures(actor_of(request))
    facts = typed(request, "procedure", "system")
    procedure = chosen(procedures, facts["procedure"])
    columns = [] if procedure is None else _columns(procedure)
    text, problem = request.POST.get("columns", ""), ""
    if request.method == "POST" and procedure is not None:
        try:
            _save(request, procedure, columns, facts["system"], text)
        except ExportError as error:
            problem = str(error)
        else:
            messages.success(request, _("項目の順を保存しました。次に転記・書き出しをするときから使います。"))
            return redirect("exports:index")
    elif procedure is not None:
        text = "\n".join(column.heading for column in arrange(columns, layout_of(procedure, facts["system"])))
    context = {
        "procedures": named(procedures),
        "systems": known_systems(),
        "typed": facts,
        "procedure": procedure,
        "columns": columns,
        "text": text,
        "problem": problem,
    }
    return render(request, "procedures/exports/layout.html", context, status=422 if problem else 200)


def _columns(procedure: Procedure) -> list[Column]:
    if procedure.published is None:
        return []
    sent = Application.objects.filter(procedure=procedure, version=procedure.published).order_by("-pk")
    answers = [application.answers for application in sent[:LOOKED_AT]]
    # The first row stands for all: a layout has one place for each part of a person.
    return [column for column in columns_of(procedure.published.definition, answers) if _is_first(column.path)]


def _is_first(path: str) -> bool:
    return all(int(step) == 0 for step in path.split(".") if step.isdecimal())


def _save(request: HttpRequest, procedure: Procedure, columns: list[Column], system: str, text: str) -> None:
    paths, unknown = read_layout(text, columns)
    if unknown:
        raise ExportError(
            _("次の行は、この手続の項目にありません：%(lines)s。下の一覧から写してください。")
            % {"lines": "、".join(unknown[:5])}
        )
    save_layout(procedure=procedure, system=system, paths=paths, actor=actor_of(request))
