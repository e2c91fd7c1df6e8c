"""Finding goals, measures, projects and indicators of the published plans by words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ..models import Goal, Indicator, Measure, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something found: ``kind`` is goal, measure, project or indicator; ``excerpt`` the text around the first word."""

    kind: str
    pk: int
    plan_code: str
    plan_title: str
    title: str
    excerpt: str
    rank: int


def search_key(text: str) -> str:
    """Return a text without differences of width, case and spaces (Ｉ Ｃ Ｔ and ict are one)."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def search(query: str, *, plan: str = "", limit: int = 500) -> list[Hit]:
    """
    Return what holds every word of the query, titles before texts, newest plan first; nothing for an empty query.

    A municipality has some hundred projects: reading them all is faster than an index is worth, and finds ＩＣＴ by "ict".
    """
    words = [search_key(word) for word in query.split()[:8]]
    words = [word for word in words if word]
    if not words:
        return []
    hits = [hit for hit in (_match(words, *row) for row in _rows(plan)) if hit is not None]
    return sorted(hits, key=lambda hit: hit.rank)[:limit]


Row = tuple[str, int, str, str, str, str]


def _rows(plan: str) -> list[Row]:
    rows: list[Row] = []
    scope = {"plan__code": plan} if plan else {}
    for kind, model, texts in (
        ("goal", Goal, ("summary",)),
        ("measure", Measure, ("summary",)),
        ("project", Project, ("summary", "effects", "code")),
    ):
        found = model.objects.filter(**scope).order_by("-plan__start_fiscal_year", "order", "id")
        for pk, code, plan_title, title, *more in found.values_list("pk", "plan__code", "plan__title", "title", *texts):
            rows.append((kind, pk, code, plan_title, title, " ".join(more)))
    indicators = Indicator.objects.filter(**scope).order_by("-plan__start_fiscal_year", "order", "id")
    for pk, code, plan_title, title, note, project in indicators.values_list(
        "pk", "plan__code", "plan__title", "label", "note", "project__title"
    ):
        rows.append(("indicator", pk, code, plan_title, title, f"{project or ''} {note}"))
    return rows


def _match(words: list[str], kind: str, pk: int, code: str, plan: str, title: str, text: str) -> Hit | None:
    title_key, text_key = search_key(title), search_key(text)
    if not all(word in title_key or word in text_key for word in words):
        return None
    rank = 0 if all(word in title_key for word in words) else 1
    return Hit(
        kind=kind,
        pk=pk,
        plan_code=code,
        plan_title=plan,
        title=title,
        excerpt=_excerpt(text, words) if rank else "",
        rank=rank,
    )


def _excerpt(text: str, words: list[str], around: int = 40) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    place = next((found for word in words if (found := plain.casefold().find(word)) >= 0), 0)
    start, end = max(0, place - around), min(len(plain), place + around * 2)
    return f"{'…' if start else ''}{plain[start:end]}{'…' if end < len(plain) else ''}"
