"""Policies about staff, the organisation, residents and the installation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext_noop as N_

from ..enums import Role
from .base import Policy, Rule, all_of, any_of, has_role, is_self, is_staff

_administrator = has_role(Role.ADMINISTRATOR)
_counter = has_role(Role.SECTION_STAFF, Role.SECTION_CHIEF, Role.REGISTRAR)
_office = has_role(Role.ADMINISTRATOR, Role.SECRETARIAT, Role.AUDITOR)


class AccountPolicy(Policy):
    """Who may see and change accounts of staff."""

    noun = N_("職員のアカウント")
    rules: ClassVar[Mapping[str, Rule]] = {
        "view": _office,
        "invite": _administrator,
        "change": _administrator,
        "change_own": is_self,
        "deactivate": all_of(_administrator, lambda actor, subject: not is_self(actor, subject)),
        "reactivate": _administrator,
        "unlock": _administrator,
        "reset": _administrator,
        "end_sessions": any_of(_administrator, is_self),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view": N_("見る"),
        "invite": N_("招待する"),
        "change": N_("変更する"),
        "change_own": N_("自分の情報を変更する"),
        "deactivate": N_("停止する"),
        "reactivate": N_("再開する"),
        "unlock": N_("サインインの制限を解除する"),
        "reset": N_("パスワード・認証方法を再設定する"),
        "end_sessions": N_("サインアウトさせる"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "view": N_("職員の一覧を見る権限がありません。必要なときは、所属の管理者にお問い合わせください。"),
        "invite": N_("職員を招待できるのは管理者だけです。必要なときは、所属の管理者にお問い合わせください。"),
        "change": N_("職員の情報を変更できるのは管理者だけです。必要なときは、所属の管理者にお問い合わせください。"),
        "deactivate": N_("アカウントを停止できるのは管理者だけです。ご自分のアカウントは、ほかの管理者が停止します。"),
        "reactivate": N_(
            "アカウントを再開できるのは管理者だけです。必要なときは、所属の管理者にお問い合わせください。"
        ),
        "unlock": N_(
            "サインインの制限を解除できるのは管理者だけです。必要なときは、所属の管理者にお問い合わせください。"
        ),
        "reset": N_(
            "認証方法やパスワードを再設定できるのは管理者だけです。必要なときは、所属の管理者にお問い合わせください。"
        ),
    }


class UnitPolicy(Policy):
    """Who may see and change the organisation."""

    noun = N_("組織")
    rules: ClassVar[Mapping[str, Rule]] = {"view": is_staff, "change": _administrator}
    labels: ClassVar[Mapping[str, str]] = {"view": N_("見る"), "change": N_("変更する")}
    reasons: ClassVar[Mapping[str, str]] = {
        "view": N_("組織の画面は職員だけが見られます。"),
        "change": N_("組織を変更できるのは管理者だけです。必要なときは、所属の管理者にお問い合わせください。"),
    }


class DutyPolicy(Policy):
    """Who may see and assign duties."""

    noun = N_("職務")
    rules: ClassVar[Mapping[str, Rule]] = {"view": _office, "assign": _administrator, "end": _administrator}
    labels: ClassVar[Mapping[str, str]] = {"view": N_("見る"), "assign": N_("割り当てる"), "end": N_("終了する")}
    reasons: ClassVar[Mapping[str, str]] = {
        "view": N_("職務の一覧を見る権限がありません。必要なときは、所属の管理者にお問い合わせください。"),
        "assign": N_("職務を割り当てられるのは管理者だけです。必要なときは、所属の管理者にお問い合わせください。"),
        "end": N_("職務を終了できるのは管理者だけです。必要なときは、所属の管理者にお問い合わせください。"),
    }


class ResidentPolicy(Policy):
    """Who may see and change what is known of a resident; every look is logged."""

    noun = N_("住民の情報")
    rules: ClassVar[Mapping[str, Rule]] = {
        "view": any_of(_counter, is_self),
        "search": _counter,
        "change": _counter,
        "import": has_role(Role.REGISTRAR),
        "see_accesses": any_of(is_self, has_role(Role.AUDITOR, Role.ADMINISTRATOR)),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view": N_("見る"),
        "search": N_("探す"),
        "change": N_("変更する"),
        "import": N_("住民記録を取り込む"),
        "see_accesses": N_("閲覧記録を見る"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "import": N_(
            "住民記録を取り込めるのは、住民記録の担当だけです。必要なときは、住民記録の担当に依頼してください。"
        ),
        "view": N_(
            "住民の情報は、窓口を担当する職員とご本人だけが見られます。必要なときは、所属の管理者にお問い合わせください。"
        ),
        "search": N_(
            "住民を探せるのは、窓口を担当する職員だけです。必要なときは、所属の管理者にお問い合わせください。"
        ),
        "change": N_(
            "住民の情報を変更できるのは、窓口を担当する職員だけです。必要なときは、所属の管理者にお問い合わせください。"
        ),
        "see_accesses": N_(
            "閲覧記録は、ご本人と監査担当、管理者だけが見られます。必要なときは、所属の管理者にお問い合わせください。"
        ),
    }


class OperationsPolicy(Policy):
    """Who may look after the installation: jobs, state, the log of events."""

    noun = N_("運用の画面")
    rules: ClassVar[Mapping[str, Rule]] = {
        "view": _administrator,
        "view_events": has_role(Role.ADMINISTRATOR, Role.AUDITOR),
        "retry_job": _administrator,
        "verify": has_role(Role.ADMINISTRATOR, Role.AUDITOR),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view": N_("見る"),
        "view_events": N_("出来事の記録を見る"),
        "retry_job": N_("ジョブをやり直す"),
        "verify": N_("記録の連鎖を確かめる"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "view": N_("運用の画面は管理者だけが見られます。必要なときは、所属の管理者にお問い合わせください。"),
        "view_events": N_(
            "出来事の記録は管理者と監査担当だけが見られます。必要なときは、所属の管理者にお問い合わせください。"
        ),
        "retry_job": N_("ジョブをやり直せるのは管理者だけです。必要なときは、所属の管理者にお問い合わせください。"),
        "verify": N_(
            "記録の連鎖を確かめられるのは管理者と監査担当だけです。必要なときは、所属の管理者にお問い合わせください。"
        ),
    }


account_policy = AccountPolicy()
unit_policy = UnitPolicy()
duty_policy = DutyPolicy()
resident_policy = ResidentPolicy()
operations_policy = OperationsPolicy()
