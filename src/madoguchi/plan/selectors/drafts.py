"""Imported documents and what is left to check in them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from ..enums import Direction, DraftStatus, IndicatorKind, IndicatorLevel, IndicatorType, PortfolioClass, RelationKind
from ..models import PlanDraft
from ..rules.sheets import Sheet, sheets_of

WORDS: dict[str, type[TextChoices]] = {
    "level": IndicatorLevel,
    "type": IndicatorType,
    "kind": IndicatorKind,
    "direction": Direction,
    "portfolio_class": PortfolioClass,
}


STATUS_WORDS = {
    DraftStatus.OPEN: N_("確認中"),
    DraftStatus.PUBLISHED: N_("公開済み"),
    DraftStatus.DISCARDED: N_("破棄"),
}


def status_word(draft: PlanDraft) -> str:
    """Return where a draft stands, in the language of the reader."""
    return _(STATUS_WORDS[DraftStatus(draft.status)])


def drafts() -> QuerySet[PlanDraft]:
    """Return the drafts of the municipality in scope, newest first, without their documents."""
    return PlanDraft.objects.select_related("imported_by").defer("document")


def source_lines(draft: PlanDraft, first: int, last: int) -> str:
    """Return lines of the source (1-based, inclusive); empty where the draft came without its document."""
    if not draft.document:
        return ""
    return "\n".join(line.strip("\r") for line in draft.document.split("\n")[first - 1 : last])


def sheets(draft: PlanDraft) -> list[Sheet]:
    """Return the sheets of a draft in the order of the document."""
    return sheets_of(draft.content, draft.document.count("\n") + 1)


def parts(draft: PlanDraft) -> list[tuple[str, str]]:
    """Return the places a row can be put, as pairs of path and name."""
    return [(sheet.path, f"{sheet.kind} {sheet.title}") for sheet in sheets(draft) if "/goals/" in sheet.path]


def coverage(draft: PlanDraft) -> dict[str, Any]:
    """Return how the rows of the source were placed."""
    content = draft.content
    return {
        "placed": len(content.get("placed", [])),
        "ignored": content.get("ignored", []),
        "unplaced": content.get("unplaced", []),
        "warnings": content.get("warnings", []),
        "plans": [plan["title"] for plan in content.get("plans", [])],
    }


def choices(path: str) -> list[tuple[str, str]]:
    """Return what a value may be, as pairs of code and word; empty where any text may stand."""
    above, _slash, name = path.rpartition("/")
    if name in {"is_priority", "is_new", "is_previous"}:
        return [("はい", _("はい")), ("いいえ", _("いいえ"))]
    if name == "comparison":
        return [("=", _("ちょうど")), (">=", _("以上")), ("<=", _("以下"))]
    words = RelationKind if "/relations/" in f"{above}/" and name == "kind" else WORDS.get(name)
    if words is None:
        return []
    empty = [("", _("（なし）"))] if name == "portfolio_class" else []
    return [*empty, *((code, _(label)) for code, label in words.choices)]


def spoken(path: str, text: str) -> str:
    """Return a value in words where the draft holds a code."""
    return dict(choices(path)).get(text, text)
