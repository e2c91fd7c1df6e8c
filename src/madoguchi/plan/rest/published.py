"""The public plan API: plans, projects, indicators as JSON or CSV, paged, for any municipality of the installation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as N_
from ninja import Query, Router, Schema

from madoguchi.trust.api import acting_for

from ..rules.tabular import rows_as_csv
from ..schema import IndicatorPage, PlanPage, Problem, ProjectPage, columns_of
from ..selectors import published
from .common import REFUSALS, Key, municipality_of

router = Router()

Limit = Annotated[int, Query(ge=1, le=500, description="1ページの件数（1〜500）")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="先頭から飛ばす件数")]
Code = Annotated[str, Query(max_length=40, pattern=r"^[A-Za-z0-9_-]*$", description="計画のコード")]
Form = Annotated[Literal["json", "csv"], Query(description="json または csv")]
AS_CSV: dict[str, Any] = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}
Items = Callable[[Iterable[Any]], list[dict[str, Any]]]


@router.get("/plans", response={200: PlanPage, REFUSALS: Problem}, openapi_extra=AS_CSV, summary=N_("公開している計画"))
def plans(
    request: HttpRequest,
    municipality: Key = None,
    plan: Code = "",
    limit: Limit = 100,
    offset: Offset = 0,
    format: Form = "json",
) -> Any:
    """List the published plans of a municipality, newest first."""
    return _answer(
        request, municipality, lambda: published.plans(plan=plan), published.plan_items, PlanPage, limit, offset, format
    )


@router.get(
    "/projects",
    response={200: ProjectPage, REFUSALS: Problem},
    openapi_extra=AS_CSV,
    summary=N_("計画の事業"),
    by_alias=True,
)
def projects(
    request: HttpRequest,
    municipality: Key = None,
    plan: Code = "",
    limit: Limit = 100,
    offset: Offset = 0,
    format: Form = "json",
) -> Any:
    """List the projects of the published plans: sections, class, SDG goals, schedule words by year."""
    return _answer(
        request,
        municipality,
        lambda: published.projects(plan=plan),
        published.project_items,
        ProjectPage,
        limit,
        offset,
        format,
    )


@router.get(
    "/indicators", response={200: IndicatorPage, REFUSALS: Problem}, openapi_extra=AS_CSV, summary=N_("計画の指標")
)
def indicators(
    request: HttpRequest,
    municipality: Key = None,
    plan: Code = "",
    limit: Limit = 100,
    offset: Offset = 0,
    format: Form = "json",
) -> Any:
    """List the indicators of the published plans: baseline, targets and approved actuals, each with its source line."""
    return _answer(
        request,
        municipality,
        lambda: published.indicators(plan=plan),
        published.indicator_items,
        IndicatorPage,
        limit,
        offset,
        format,
    )


def _answer(
    request: HttpRequest,
    key: str | None,
    find: Callable[[], QuerySet[Any]],
    items: Items,
    shape: type[Schema],
    limit: int,
    offset: int,
    form: str,
) -> Any:
    owner = municipality_of(request, key)
    with acting_for(owner):
        found = find()
        if form == "csv":
            return _csv(items(found), columns_of(shape), f"{owner.key}.csv")
        count = found.count()
        page = items(found[offset : offset + limit])
    following = _following(request, offset + limit) if offset + limit < count else None
    return {"items": page, "count": count, "next": following}


def _following(request: HttpRequest, offset: int) -> str:
    query = request.GET.copy()
    query["offset"] = str(offset)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _csv(rows: list[dict[str, Any]], columns: list[str], name: str) -> HttpResponse:
    # The byte order mark lets spreadsheet programs see UTF-8.
    response = HttpResponse("\ufeff" + rows_as_csv(rows, columns), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
