"""The words of the work list: its filters as sentences, its columns, its CSV."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Unit

from ..enums import CaseStatus
from ..models import Case
from ..selectors.worklist import Question


def standard_views() -> list[tuple[str, dict[str, str]]]:
    """Return the questions everybody has: label and query."""
    return [
        (_("私の担当・期限3日以内"), {"who": "me", "due": "3"}),
        (_("私の担当"), {"who": "me"}),
        (_("担当者が決まっていない"), {"who": "free"}),
        (_("期限を過ぎた"), {"who": "unit", "due": "over"}),
        (_("要確認"), {"who": "unit", "status": "stuck"}),
        (_("すべて"), {"who": "unit"}),
    ]


def who_options() -> list[tuple[str, str]]:
    """Return the choices of the first filter."""
    return [("unit", _("だれでも")), ("me", _("私")), ("free", _("未定"))]


def due_options() -> list[tuple[str, str]]:
    """Return the choices of the second filter."""
    return [
        ("", _("いつでも")),
        ("over", _("過ぎている")),
        ("today", _("今日まで")),
        ("3", _("3日以内")),
        ("7", _("7日以内")),
        ("none", _("ない")),
    ]


def column(key: str) -> str:
    """Return the head of a column."""
    return {
        "person": _("申請者"),
        "step": _("いまの作業"),
        "assignee": _("担当者"),
        "due": _("期限"),
        "desk": _("作業する課"),
        "opened": _("受付"),
        "channel": _("受付経路"),
        "topic": _("手続"),
    }[key]


def sentence(question: Question, desks: Iterable[Unit]) -> str:
    """Return the question as a sentence, for the caption of the list."""
    if question.text:
        return _("「%(text)s」の検索結果") % {"text": question.text}
    parts = [{"me": _("私の担当"), "free": _("担当者が決まっていない案件"), "unit": _("課の案件")}[question.who]]
    if question.desk is not None:
        parts += [unit.name for unit in desks if unit.pk == question.desk]
    if question.due:
        parts.append({"over": _("期限を過ぎた"), "today": _("期限が今日まで"), "3": _("期限3日以内"),
                      "7": _("期限7日以内"), "none": _("期限なし")}[question.due])  # fmt: skip
    if question.status:
        parts.append(str(CaseStatus(question.status).label))
    if question.topic:
        parts.append(question.topic)
    if question.closed:
        parts.append(_("終わったもの"))
    return "・".join(parts)


def channel(code: str) -> str:
    """Return the name of the way an application came in."""
    names = {"online": _("オンライン"), "counter": _("窓口"), "post": _("郵送"), "machine": _("機械連携")}
    return names.get(code, code)


def csv_header() -> list[str]:
    """Return the first line of the CSV."""
    return [
        _("番号"), _("件名"), _("申請者"), _("手続"), _("状態"), _("いまの作業"), _("作業する課"), _("担当者"),
        _("受付日"), _("期限"), _("受付経路"), _("結果"),
    ]  # fmt: skip


def csv_row(case: Case) -> list[str]:
    """Return a line of the CSV."""
    return [
        case.number,
        case.title,
        case.person,
        case.topic,
        str(CaseStatus(case.status).label),
        case.step,
        case.desk.name if case.desk else "",
        case.assignee.name if case.assignee else "",
        clock.local(case.opened_at).date().isoformat(),
        case.due_on.isoformat() if case.due_on else "",
        channel(case.channel),
        case.outcome,
    ]
