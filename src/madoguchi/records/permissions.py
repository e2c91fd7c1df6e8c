"""Who may do what in the records room: one policy object per noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import Account, Policy, Rule, any_of, has_role, is_staff
from madoguchi.trust.enums import Role

from .models import IssuedDocument

_office = has_role(
    Role.SECTION_STAFF, Role.SECTION_CHIEF, Role.REGISTRAR, Role.CASHIER, Role.ADMINISTRATOR, Role.AUDITOR
)
_answering = has_role(Role.SECTION_CHIEF, Role.REGISTRAR, Role.ADMINISTRATOR)
_designing = has_role(Role.DESIGNER, Role.ADMINISTRATOR)


def is_recipient(actor: Account | None, subject: Any) -> bool:
    """Let the person a document was issued to."""
    return (
        isinstance(subject, IssuedDocument)
        and actor is not None
        and actor.is_active
        and subject.recipient_id is not None
        and subject.recipient_id == actor.pk
    )


subject_readers: list[Rule] = []
"""Rules of what documents were issued for; filled when the application starts, since registries stand above policies."""


def may_read_subject(actor: Account | None, subject: Any) -> bool:
    """Let those whom the room of what the document was issued for lets."""
    return any(rule(actor, subject) for rule in subject_readers)


class DocumentPolicy(Policy):
    """Who may see, issue and revoke documents."""

    noun = N_("発行した文書")
    rules: ClassVar[Mapping[str, Rule]] = {
        "list": _office,
        "view": any_of(_office, is_recipient, may_read_subject),
        "issue": is_staff,
        "retry": _office,
        "revoke": _answering,
        "replace": _answering,
        "export": _answering,
        "profile": any_of(_answering, _designing),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "list": N_("一覧を見る"),
        "view": N_("見る"),
        "issue": N_("発行する"),
        "retry": N_("作成をやり直す"),
        "revoke": N_("取り消す"),
        "replace": N_("差し替える"),
        "export": N_("一覧を書き出す"),
        "profile": N_("発行者の表示を変更する"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "view": N_("この文書は、受け取ったご本人と担当の職員だけが見られます。"),
        "revoke": N_("文書を取り消せるのは、所属長、住民記録の担当、管理者です。所属長にご相談ください。"),
        "replace": N_("文書を差し替えられるのは、所属長、住民記録の担当、管理者です。所属長にご相談ください。"),
    }


class TemplatePolicy(Policy):
    """Who may see and change templates of documents."""

    noun = N_("文書のひな形")
    rules: ClassVar[Mapping[str, Rule]] = {"view": any_of(_office, _designing), "change": _designing}
    labels: ClassVar[Mapping[str, str]] = {"view": N_("見る"), "change": N_("変更する")}
    reasons: ClassVar[Mapping[str, str]] = {
        "change": N_(
            "ひな形を変更できるのは、手続の設計の担当と管理者です。必要なときは、管理者にお問い合わせください。"
        ),
    }


document_policy = DocumentPolicy()
template_policy = TemplatePolicy()

POLICIES: dict[str, Policy] = {"records.document": document_policy, "records.template": template_policy}
"""Key (``records.<noun>``) → policy; registered when the application starts."""
