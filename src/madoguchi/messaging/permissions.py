"""Who may do what in the messaging room: one policy object per noun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import Account, Policy, Rule, any_of, has_role, holds_role, is_self, is_staff
from madoguchi.trust.enums import AccountKind, Role


def _works_on(actor: Account | None, subject: Any) -> bool:
    """
    Let the people of the unit a message belongs to, its author, and those who speak for the whole city.

    A program (機械連携) writes drafts of its own and no others; its token was judged where it called.
    """
    if actor is not None and actor.kind == AccountKind.MACHINE and actor.is_active:
        return subject is None or subject.author_id == actor.pk
    if holds_role(actor, Role.PUBLISHER, Role.CRISIS_MANAGER):
        return True
    if subject is None:
        return holds_role(actor, Role.SECTION_STAFF, Role.SECTION_CHIEF)
    if actor is not None and subject.author_id == actor.pk:
        return True
    units = None if subject.unit_id is None else {subject.unit_id}
    return units is not None and holds_role(actor, Role.SECTION_STAFF, Role.SECTION_CHIEF, unit_ids=units)


def _approves(actor: Account | None, subject: Any) -> bool:
    """Let the chief of the unit, and those who speak for the whole city; never somebody who worked on this version."""
    if subject is not None and actor is not None and actor.pk in _hands(subject):
        return False
    if holds_role(actor, Role.PUBLISHER, Role.CRISIS_MANAGER):
        return True
    unit = getattr(subject, "unit_id", None)
    return holds_role(actor, Role.SECTION_CHIEF, unit_ids=None if unit is None else {unit})


def _hands(subject: Any) -> set[int | None]:
    """Return the accounts that wrote, last changed or submitted a message."""
    return {subject.author_id, getattr(subject, "changed_by_id", None), getattr(subject, "submitted_by_id", None)}


class MessagePolicy(Policy):
    """Messages to many: written by sections, approved by somebody else."""

    noun = N_("お知らせ")
    rules: ClassVar[Mapping[str, Rule]] = {
        "list": is_staff,
        "view": is_staff,
        "edit": _works_on,
        "approve": _approves,
        "cancel": any_of(_works_on, _approves),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "list": N_("一覧を見る"),
        "view": N_("見る"),
        "edit": N_("つくる・変更する"),
        "approve": N_("承認する"),
        "cancel": N_("取り消す"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "edit": N_("お知らせを作れるのは、担当の課の職員と広報・危機管理の職員だけです。担当の課にご相談ください。"),
        "approve": N_("お知らせを承認できるのは、作った人・直した人ではない所属長か、広報・危機管理の職員だけです。"),
        "cancel": N_("お知らせを取り消せるのは、担当の課の職員と広報・危機管理の職員だけです。"),
    }


class TopicPolicy(Policy):
    """Topics one can subscribe to."""

    noun = N_("お知らせの分野")
    rules: ClassVar[Mapping[str, Rule]] = {"edit": has_role(Role.PUBLISHER, Role.ADMINISTRATOR)}
    labels: ClassVar[Mapping[str, str]] = {"edit": N_("つくる・変更する")}
    reasons: ClassVar[Mapping[str, str]] = {"edit": N_("お知らせの分野を変えられるのは、広報の職員と管理者だけです。")}


class RecipientPolicy(Policy):
    """Recipients: personal records, seen by those who look after people in need and by the registrar; every look is logged."""

    noun = N_("送り先")
    rules: ClassVar[Mapping[str, Rule]] = {
        "view": any_of(is_self, has_role(Role.CRISIS_MANAGER, Role.REGISTRAR)),
        "edit": any_of(is_self, has_role(Role.CRISIS_MANAGER, Role.REGISTRAR)),
        "confirm_need": has_role(Role.CRISIS_MANAGER),
        "call": has_role(Role.CRISIS_MANAGER, Role.SECTION_STAFF, Role.SECTION_CHIEF),
        "post": has_role(Role.PUBLISHER, Role.CRISIS_MANAGER),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view": N_("見る"),
        "edit": N_("変更する"),
        "confirm_need": N_("配慮の登録を確認する"),
        "call": N_("緊急時に電話で確かめる"),
        "post": N_("郵送用の宛名を出す"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "view": N_("送り先の情報を見られるのは、ご本人と、危機管理と住民記録の職員だけです。"),
        "edit": N_("受け取り方を変えられるのは、ご本人と、危機管理と住民記録の職員だけです。"),
        "confirm_need": N_("配慮の登録を確認できるのは、危機管理の職員だけです。"),
        "call": N_("電話で確かめる名簿を使えるのは、危機管理の職員と、課の職員だけです。"),
        "post": N_("宛名を出せるのは、広報と危機管理の職員だけです。"),
    }


class AlertPolicy(Policy):
    """Emergency alerts: issued by crisis management, drafted by anybody on duty."""

    noun = N_("緊急情報")
    rules: ClassVar[Mapping[str, Rule]] = {
        "list": is_staff,
        "view": is_staff,
        "draft": has_role(Role.CRISIS_MANAGER, Role.PUBLISHER, Role.SECTION_CHIEF),
        "issue": has_role(Role.CRISIS_MANAGER),
        "drill": has_role(Role.CRISIS_MANAGER),
        "edit_rules": has_role(Role.CRISIS_MANAGER),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "list": N_("一覧を見る"),
        "view": N_("見る"),
        "draft": N_("下書きする"),
        "issue": N_("発表する・解除する"),
        "drill": N_("訓練をする"),
        "edit_rules": N_("自動発表の決まりを変える"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "draft": N_("緊急情報を下書きできるのは、危機管理・広報の職員と所属長だけです。"),
        "issue": N_("緊急情報を発表できるのは、危機管理の職員だけです。危機管理の担当にお知らせください。"),
        "drill": N_("訓練を行えるのは、危機管理の職員だけです。"),
        "edit_rules": N_("自動発表の決まりを変えられるのは、危機管理の職員だけです。"),
    }


class ScreenPolicy(Policy):
    """Signage: screens, what they show and when."""

    noun = N_("サイネージ")
    rules: ClassVar[Mapping[str, Rule]] = {
        "list": is_staff,
        "edit": has_role(Role.PUBLISHER, Role.CRISIS_MANAGER, Role.ADMINISTRATOR),
    }
    labels: ClassVar[Mapping[str, str]] = {"list": N_("一覧を見る"), "edit": N_("画面と番組を変える")}
    reasons: ClassVar[Mapping[str, str]] = {
        "edit": N_("サイネージを変えられるのは、広報・危機管理の職員と管理者だけです。")
    }


class SendingSettingsPolicy(Policy):
    """How the city sends: order of the ways, quiet hours, limits."""

    noun = N_("送り方の設定")
    rules: ClassVar[Mapping[str, Rule]] = {"edit": has_role(Role.PUBLISHER, Role.ADMINISTRATOR)}
    labels: ClassVar[Mapping[str, str]] = {"edit": N_("見る・変更する")}
    reasons: ClassVar[Mapping[str, str]] = {"edit": N_("送り方の設定を変えられるのは、広報の職員と管理者だけです。")}


message_policy = MessagePolicy()
topic_policy = TopicPolicy()
recipient_policy = RecipientPolicy()
alert_policy = AlertPolicy()
screen_policy = ScreenPolicy()
sending_settings_policy = SendingSettingsPolicy()

POLICIES: dict[str, Policy] = {
    "messaging.alert": alert_policy,
    "messaging.message": message_policy,
    "messaging.recipient": recipient_policy,
    "messaging.screen": screen_policy,
    "messaging.sending_settings": sending_settings_policy,
    "messaging.topic": topic_policy,
}
"""Key (``messaging.<noun>``) → policy; registered when the application starts."""
