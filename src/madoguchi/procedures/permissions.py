"""Who may do what in the procedures room: one policy object per noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import Account, Policy, Rule, any_of, has_role, holds_role, in_unit_of, is_self, is_staff
from madoguchi.trust.enums import Role


def _is_principal(actor: Account | None, subject: Any) -> bool:
    """Let the person somebody else applied for."""
    if actor is None or subject is None:
        return False
    if actor.pk == subject.proxy.get("principal"):
        return True
    resident = getattr(actor, "resident", None) if subject.on_behalf_of_id else None
    return resident is not None and resident.pk == subject.on_behalf_of_id


_applicant = any_of(is_self, _is_principal)
_works = in_unit_of(Role.SECTION_STAFF, Role.SECTION_CHIEF, of=lambda application: application.unit_ids)


class ApplicationPolicy(Policy):
    """
    Who may see an application and act on it; staff's looks are logged.

    An applicant without an account shows the secret of the application instead: the services look at that themselves.
    """

    noun = N_("申請")
    rules: ClassVar[Mapping[str, Rule]] = {
        "view": any_of(_applicant, _works, has_role(Role.REGISTRAR, Role.AUDITOR)),
        "act": _applicant,
        "work": _works,
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view": N_("見る"),
        "act": N_("申請した人として操作する"),
        "work": N_("処理する"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "view": N_("申請は、申請した本人と担当の職員だけが見られます。必要なときは、担当の課にお問い合わせください。"),
        "act": N_("この操作ができるのは、申請した本人だけです。申請したときのアカウントでサインインしてください。"),
        "work": N_(
            "この申請を処理できるのは、担当の課の職員だけです。必要なときは、所属の管理者にお問い合わせください。"
        ),
    }


class ChecklistPolicy(Policy):
    """Checklists at the counter: a resident shows the number, any member of staff may open the list (logged)."""

    noun = N_("手続リスト")
    rules: ClassVar[Mapping[str, Rule]] = {"open": is_staff, "coverage": is_staff}
    labels: ClassVar[Mapping[str, str]] = {"open": N_("番号で開く"), "coverage": N_("オンラインで済む割合を見る")}
    reasons: ClassVar[Mapping[str, str]] = {
        "open": N_(
            "番号で手続リストを開けるのは職員だけです。ご自分のリストは、保存したときのアドレスで開いてください。"
        ),
        "coverage": N_("この集計は職員だけが見られます。"),
    }


def _publishes(actor: Account | None, subject: Any) -> bool:
    """Let designers, and the chief of the section that answers for the procedure (any chief while nobody does)."""
    if holds_role(actor, Role.DESIGNER, Role.ADMINISTRATOR):
        return True
    unit = getattr(getattr(subject, "procedure", subject), "unit_id", None)
    return holds_role(actor, Role.SECTION_CHIEF, unit_ids=None if unit is None else {unit})


class ProcedurePolicy(Policy):
    """Procedures and the versions of their definitions."""

    noun = N_("手続")
    rules: ClassVar[Mapping[str, Rule]] = {
        "view_internal": is_staff,
        "edit": has_role(Role.DESIGNER, Role.ADMINISTRATOR),
        "publish": _publishes,
        "share": has_role(Role.DESIGNER, Role.ADMINISTRATOR),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view_internal": N_("下書きや以前の版を見る"),
        "edit": N_("つくる・変更する"),
        "publish": N_("公開する・受付を終える"),
        "share": N_("ひな形として共有する"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "view_internal": N_("手続の下書きは、職員だけが見られます。公開中の手続は「手続」のページにあります。"),
        "edit": N_(
            "手続をつくったり変更したりできるのは「手続の設計」の職務のある職員です。"
            "必要なときは、所属の管理者にご相談ください。"
        ),
        "publish": N_(
            "手続を公開できるのは「手続の設計」の職務のある職員か、担当の課の課長です。公開を依頼してください。"
        ),
        "share": N_(
            "ひな形を共有できるのは「手続の設計」の職務のある職員です。必要なときは、所属の管理者にご相談ください。"
        ),
    }


class SurveyPolicy(Policy):
    """Surveys and public comment: made and entered by staff of sections, drawn from the register by the registrar."""

    noun = N_("アンケート")
    rules: ClassVar[Mapping[str, Rule]] = {
        "view_internal": is_staff,
        "edit": has_role(Role.SECTION_STAFF, Role.SECTION_CHIEF, Role.DESIGNER, Role.SECRETARIAT),
        "enter": has_role(Role.SECTION_STAFF, Role.SECTION_CHIEF, Role.DESIGNER, Role.SECRETARIAT),
        "draw": has_role(Role.REGISTRAR),
        "publish": has_role(Role.SECTION_CHIEF, Role.SECRETARIAT),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view_internal": N_("庁内の画面を見る"),
        "edit": N_("作る・変える"),
        "enter": N_("用紙を入力する"),
        "draw": N_("標本を抽出する"),
        "publish": N_("結果を公開する"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "draw": N_("住民の名簿から標本を抽出できるのは、住民記録の担当だけです。住民記録の担当に依頼してください。"),
        "publish": N_("結果を公開できるのは、所属長と計画の事務局です。所属長に依頼してください。"),
    }


def _hands_on(actor: Account | None, subject: Any) -> bool:
    """
    Let staff of the unit that answers for a procedure (or for that of an export), and the registrar.

    A bulk export belongs to whoever made it: it holds what that person may hand on.
    """
    if holds_role(actor, Role.REGISTRAR):
        return True
    procedure = getattr(subject, "procedure", subject)
    if procedure is None:
        return (
            actor is not None and getattr(subject, "created_by_id", None) == actor.pk and _works_anywhere(actor, None)
        )
    return _works_at(actor, procedure)


_works_anywhere = has_role(Role.SECTION_STAFF, Role.SECTION_CHIEF, Role.REGISTRAR)
_works_at = in_unit_of(Role.SECTION_STAFF, Role.SECTION_CHIEF)
_HANDS_ON = N_(
    "申請を書き出せるのは、手続の担当の課の職員と住民記録の担当だけです。必要なときは、所属の管理者にお問い合わせください。"
)


class ExportPolicy(Policy):
    """Handing applications on to core systems; every export and every look is logged."""

    noun = N_("基幹システムへの書き出し")
    rules: ClassVar[Mapping[str, Rule]] = {"open": _works_anywhere, "make": _hands_on, "view": _hands_on}
    labels: ClassVar[Mapping[str, str]] = {
        "open": N_("書き出しの画面を開く"),
        "make": N_("書き出す・転記する"),
        "view": N_("書き出したものを見る"),
    }
    reasons: ClassVar[Mapping[str, str]] = {"open": _HANDS_ON, "make": _HANDS_ON, "view": _HANDS_ON}


application_policy = ApplicationPolicy()
export_policy = ExportPolicy()
survey_policy = SurveyPolicy()
procedure_policy = ProcedurePolicy()
checklist_policy = ChecklistPolicy()

POLICIES: dict[str, Policy] = {
    "procedures.survey": survey_policy,
    "procedures.application": application_policy,
    "procedures.checklist": checklist_policy,
    "procedures.export": export_policy,
    "procedures.procedure": procedure_policy,
}
"""Key (``procedures.<noun>``) → policy; registered when the application starts."""
