"""Who may do what in the plan room: one policy object per noun."""

from __future__ import annotations

from typing import Any, ClassVar

from madoguchi.trust.api import Account, Policy, holds_role
from madoguchi.trust.enums import Role

from .models import Indicator, Project

ASK_OFFICE = "必要なときは、計画の事務局にご相談ください。"


def _is_secretariat(actor: Account | None, subject: Any) -> bool:
    return holds_role(actor, Role.SECRETARIAT, Role.ADMINISTRATOR)


def _is_council(actor: Account | None, subject: Any) -> bool:
    return holds_role(actor, Role.COUNCIL)


def _units_of(project: Project | None) -> set[int]:
    return set() if project is None else set(project.responsibilities.values_list("unit_id", flat=True))


def _answers_for_project(actor: Account | None, project: Project | None) -> bool:
    if holds_role(actor, Role.SECRETARIAT):
        return True
    return holds_role(actor, Role.SECTION_STAFF, Role.SECTION_CHIEF, unit_ids=_units_of(project))


def _heads_project(actor: Account | None, project: Project | None) -> bool:
    return holds_role(actor, Role.SECTION_CHIEF, unit_ids=_units_of(project))


def _answers_for_indicator(actor: Account | None, indicator: Indicator | None) -> bool:
    if indicator is None:
        return holds_role(actor, Role.SECTION_STAFF, Role.SECTION_CHIEF, Role.SECRETARIAT)
    if _owns_indicator(actor, indicator):
        return True
    if indicator.project is None:
        return _is_secretariat(actor, indicator)
    return _answers_for_project(actor, indicator.project)


def _owns_indicator(actor: Account | None, indicator: Indicator) -> bool:
    """Tell whether somebody was made the owner of an indicator, by name or through the owning unit."""
    section = (Role.SECTION_STAFF, Role.SECTION_CHIEF)
    if actor is not None and indicator.owner_id == actor.pk:
        return holds_role(actor, *section, Role.SECRETARIAT)
    owner = indicator.owner_unit_id
    return owner is not None and holds_role(actor, *section, unit_ids={owner})


def _is_plan_staff(actor: Account | None, subject: Any) -> bool:
    return holds_role(actor, *Role)


class PlanPolicy(Policy):
    """A plan and its drafts."""

    noun = "計画"
    rules: ClassVar = {
        "view_internal": _is_plan_staff,
        "import": _is_secretariat,
        "correct": _is_secretariat,
        "publish": _is_secretariat,
        "edit": _is_secretariat,
    }
    labels: ClassVar = {
        "view_internal": "庁内の画面を見る",
        "import": "計画書を取り込む",
        "correct": "読み取り結果を直す",
        "publish": "計画を公開する",
        "edit": "計画を見直す",
    }
    reasons: ClassVar = {
        "view_internal": "計画の進行管理の画面は、職務のある職員だけが見られます。公開の計画は「計画」のページにあります。",
        "import": f"計画書を取り込めるのは計画の事務局です。{ASK_OFFICE}",
        "correct": f"読み取り結果を直せるのは計画の事務局です。{ASK_OFFICE}",
        "publish": f"計画を公開できるのは計画の事務局です。{ASK_OFFICE}",
        "edit": f"計画を見直せるのは計画の事務局です。{ASK_OFFICE}",
    }


class ProjectPolicy(Policy):
    """A project."""

    noun = "事業"
    rules: ClassVar = {"edit": _answers_for_project, "move": _is_secretariat}
    labels: ClassVar = {"edit": "事業を見直す", "move": "事業区分を変える"}
    reasons: ClassVar = {
        "edit": f"この事業を見直せるのは、担当課と計画の事務局です。{ASK_OFFICE}",
        "move": f"事業区分を変えられるのは計画の事務局です。{ASK_OFFICE}",
    }


class IndicatorPolicy(Policy):
    """An indicator and its actual values; nobody approves their own entry (checked by the service)."""

    noun = "指標"
    rules: ClassVar = {
        "view": _is_plan_staff,
        "bind": _is_secretariat,
        "assign": _is_secretariat,
        "enter_actual": _answers_for_indicator,
        "approve_actual": _is_secretariat,
        "issue_token": _is_secretariat,
    }
    labels: ClassVar = {
        "view": "見る",
        "bind": "実績の取り方を変える",
        "assign": "担当を決める",
        "enter_actual": "実績を入力する",
        "approve_actual": "実績を承認する",
        "issue_token": "送信トークンを発行する",
    }
    reasons: ClassVar = {
        "view": "指標の管理画面は職員だけが見られます。公開の指標は「計画」のページにあります。",
        "bind": f"実績の取り方を変えられるのは計画の事務局です。{ASK_OFFICE}",
        "assign": f"指標の担当を決められるのは計画の事務局です。{ASK_OFFICE}",
        "enter_actual": f"この指標の実績を入力できるのは、事業の担当課と、指標の担当に決められた人です。{ASK_OFFICE}",
        "approve_actual": f"実績を承認できるのは計画の事務局です。{ASK_OFFICE}",
        "issue_token": f"送信トークンを発行できるのは計画の事務局です。{ASK_OFFICE}",
    }


class ReviewPolicy(Policy):
    """The review cycle: the section evaluates itself, the secretariat scores, the council decides and orders."""

    noun = "評価"
    rules: ClassVar = {
        "open": _is_secretariat,
        "advance": _is_secretariat,
        "close": _is_secretariat,
        "evaluate": _answers_for_project,
        "score": _is_secretariat,
        "decide": _is_council,
        "order": _is_council,
        "answer": _answers_for_project,
        "accept": _is_council,
    }
    labels: ClassVar = {
        "open": "評価を始める",
        "advance": "評価を次の段階へ進める",
        "close": "評価を確定する",
        "evaluate": "自己評価を出す",
        "score": "事務局として確認する",
        "decide": "調整会議の評価を決める",
        "order": "改善を指示する",
        "answer": "改善指示に答える",
        "accept": "改善を確認する",
    }
    reasons: ClassVar = {
        "open": f"評価を始められるのは計画の事務局です。{ASK_OFFICE}",
        "advance": f"評価を進められるのは計画の事務局です。{ASK_OFFICE}",
        "close": f"評価を確定できるのは計画の事務局です。{ASK_OFFICE}",
        "evaluate": f"自己評価を出せるのは、事業の担当課です。{ASK_OFFICE}",
        "score": f"事務局の確認ができるのは計画の事務局です。{ASK_OFFICE}",
        "decide": f"評価を決められるのは調整会議の構成員です。{ASK_OFFICE}",
        "order": f"改善を指示できるのは調整会議の構成員です。{ASK_OFFICE}",
        "answer": f"改善指示に答えられるのは、事業の担当課です。{ASK_OFFICE}",
        "accept": f"改善を確認できるのは調整会議の構成員です。{ASK_OFFICE}",
    }


plan_policy = PlanPolicy()
project_policy = ProjectPolicy()
indicator_policy = IndicatorPolicy()
review_policy = ReviewPolicy()
