"""Who may do what in the cases room: one policy object per noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import Account, Policy, Rule, all_of, has_role, in_unit_of
from madoguchi.trust.enums import Role

from .enums import Audience, TaskStatus
from .models import Case, Task

WORKERS = (Role.SECTION_STAFF, Role.SECTION_CHIEF, Role.REGISTRAR)
"""Roles whose people work on cases (案件を担当する役割)."""
APPROVERS = (Role.SECTION_CHIEF,)
DESIGNERS = (Role.DESIGNER, Role.ADMINISTRATOR)


def units_of_case(subject: Any) -> list[int]:
    """Return the ids of the units a case belongs to: its owner and the one whose turn it is."""
    case = subject.case if isinstance(subject, Task) else subject
    if not isinstance(case, Case):
        return []
    found = [case.unit_id, case.desk_id]
    if isinstance(subject, Task):
        found.append(subject.unit_id)
    return [unit for unit in found if unit]


_narrowing: list[Rule] = []


def narrow_by(rule: Rule) -> None:
    """Let a rule narrow who sees a case beyond duty; the application sets it from the registry of subjects."""
    _narrowing[:] = [rule]


def _narrowed(actor: Account | None, subject: Any) -> bool:
    case = subject.case if isinstance(subject, Task) else subject
    return not isinstance(case, Case) or all(rule(actor, case) for rule in _narrowing)


def has_reviewed(actor: Account | None, case: Case) -> bool:
    """Tell whether somebody did one of the case's reviewing tasks, and so cannot also approve it."""
    done = case.tasks.filter(status=TaskStatus.DONE).exclude(audience=Audience.APPROVER)
    return actor is not None and done.filter(done_by=actor).exists()


def _has_other_eyes(actor: Account | None, subject: Any) -> bool:
    case = subject.case if isinstance(subject, Task) else subject
    return not isinstance(case, Case) or not has_reviewed(actor, case)


_in_unit = in_unit_of(*WORKERS, of=units_of_case)
_works: Rule = all_of(_in_unit, _narrowed)
_approves: Rule = all_of(in_unit_of(*APPROVERS, of=units_of_case), _narrowed, _has_other_eyes)
_lists: Rule = has_role(*WORKERS)


class CasePolicy(Policy):
    """A case and its tasks; a subject of a higher room may narrow who sees it (``CaseSubject.may_see``)."""

    noun = N_("案件")
    rules: ClassVar[Mapping[str, Rule]] = {
        "list": _lists,
        "view": _works,
        "work": _works,
        "approve": _approves,
        "assign": _works,
        "transfer": _works,
        "note": _works,
        "split": _works,
        "reschedule": _works,
        "close": _works,
        "retry": _works,
    }
    labels: ClassVar[Mapping[str, str]] = {
        "list": N_("一覧を見る"),
        "view": N_("見る"),
        "work": N_("処理する"),
        "approve": N_("決裁する"),
        "assign": N_("担当者を決める"),
        "transfer": N_("ほかの課へ移す"),
        "note": N_("メモを書く"),
        "split": N_("分ける"),
        "reschedule": N_("期限を変える"),
        "close": N_("終える"),
        "retry": N_("止まったフローをやり直す"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "list": N_(
            "案件の一覧は、案件を担当する職務のある職員だけが見られます。必要なときは、管理者にご相談ください。"
        ),
        "view": N_("この案件を見られるのは、担当課の職員だけです。必要なときは、担当課に移送を頼んでください。"),
        "work": N_("この案件を処理できるのは、担当課の職員だけです。必要なときは、担当課に移送を頼んでください。"),
        "approve": N_(
            "決裁できるのは、担当課の所属長のうち、この案件の審査をしていない人です。審査をした本人は決裁できません。"
        ),
        "transfer": N_("この案件を移せるのは、担当課の職員だけです。"),
        "close": N_("この案件を終えられるのは、担当課の職員だけです。"),
    }


class WorkflowPolicy(Policy):
    """A workflow of the library."""

    noun = N_("業務フロー")
    rules: ClassVar[Mapping[str, Rule]] = {
        "view": has_role(*WORKERS, *DESIGNERS),
        "edit": has_role(*DESIGNERS),
        "publish": has_role(*DESIGNERS),
        "retire": has_role(*DESIGNERS),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view": N_("見る"),
        "edit": N_("描く"),
        "publish": N_("公開する"),
        "retire": N_("廃止する"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "view": N_("業務フローは、案件を担当する職員と手続の設計を担当する職員が見られます。"),
        "edit": N_("業務フローを描けるのは、手続の設計を担当する職員です。必要なときは、管理者にご相談ください。"),
        "publish": N_("業務フローを公開できるのは、手続の設計を担当する職員です。"),
        "retire": N_("業務フローを廃止できるのは、手続の設計を担当する職員です。"),
    }


case_policy = CasePolicy()
workflow_policy = WorkflowPolicy()

POLICIES: dict[str, Policy] = {"cases.case": case_policy, "cases.workflow": workflow_policy}
"""Key (``cases.<noun>``) → policy; registered when the application starts."""
