"""Plans as files: the public items as JSON or CSV, or the data file that ``plan import`` reads back."""

from __future__ import annotations

import json
from typing import Any

from ..enums import DraftStatus
from ..errors import PlanError
from ..models import PlanDraft
from ..rules.draft_json import from_json, without_source
from ..rules.tabular import rows_as_csv
from . import published

SOURCES = {
    "plans": (published.plans, published.plan_items),
    "projects": (published.projects, published.project_items),
    "indicators": (published.indicators, published.indicator_items),
}


def export_plans(*, form: str, what: str = "indicators") -> str:
    """
    Return the published plans of the municipality in scope as text.

    ``form`` is "json", "csv" or "data"; ``what`` is "plans", "projects" or "indicators" (unused for "data").
    Raises ``PlanError`` when there is nothing that could be exported as data.
    """
    if form == "data":
        return data_file(_published_content())
    find, items = SOURCES[what]
    rows = items(find())  # type: ignore[operator]  # each pair fits together
    if form == "csv":
        return rows_as_csv(rows)
    return json.dumps({"items": rows}, ensure_ascii=False, indent=1) + "\n"


def data_file(content: dict[str, Any]) -> str:
    """Return the data file of a read result: names, figures, units, schedules, sections, source lines."""
    return json.dumps(without_source(from_json(content)), ensure_ascii=False, indent=1) + "\n"


def _published_content() -> dict[str, Any]:
    draft = PlanDraft.objects.filter(status=DraftStatus.PUBLISHED).order_by("-published_at").first()
    if draft is None:
        raise PlanError("公開した計画がありません。先に計画書を取り込み、公開してください。")
    content: dict[str, Any] = draft.content
    return content
