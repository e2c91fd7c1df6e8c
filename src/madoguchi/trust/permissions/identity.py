"""Policies about what is known of people, who vouched for it, and who acts for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext_noop as N_

from ..enums import AccountKind, DelegationStatus, Role
from ..models import Account, Delegation, Resident
from .base import Policy, Rule, any_of, has_role, is_self, signed_in

_registrar = has_role(Role.REGISTRAR)
_counter = has_role(Role.SECTION_STAFF, Role.SECTION_CHIEF, Role.REGISTRAR)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a subject of policies: the account, the row of the registry, or both, and for which procedure (code)."""

    account: Account | None
    resident: Resident | None
    procedure: str = ""


def is_resident(actor: Account | None, subject: Any) -> bool:
    """Let residents with an active account."""
    return signed_in(actor, subject) and actor is not None and actor.kind == AccountKind.RESIDENT


def _is_the_person(actor: Account | None, subject: Any) -> bool:
    if not signed_in(actor, subject) or actor is None or not isinstance(subject, Person):
        return False
    own = subject.resident.account_id if subject.resident is not None else None
    # Where both are named they must be one: an account must not open somebody else's row.
    if subject.resident is not None and subject.account is not None and own != subject.account.pk:
        return False
    return actor.pk == (own if subject.resident is not None else subject.account.pk if subject.account else None)


def is_delegate(actor: Account | None, subject: Any) -> bool:
    """Let those who hold a delegation of this person in force today, that covers the procedure asked about."""
    if not is_resident(actor, subject) or actor is None or not isinstance(subject, Person):
        return False
    about = Q(pk__in=[])
    if subject.account is not None:
        about |= Q(principal=subject.account)
    if subject.resident is not None:
        about |= Q(resident=subject.resident)
    held = Delegation.objects.in_force().filter(about, delegate=actor)
    return any(delegation.covers(subject.procedure) for delegation in held)


def _is_principal(actor: Account | None, subject: Any) -> bool:
    if not signed_in(actor, subject) or actor is None or not isinstance(subject, Delegation):
        return False
    own = subject.resident.account_id if subject.resident is not None else None
    return actor.pk in {subject.principal_id, own} - {None}


def _holds(actor: Account | None, subject: Any) -> bool:
    return (
        signed_in(actor, subject)
        and actor is not None
        and isinstance(subject, Delegation)
        and subject.delegate_id == actor.pk
    )


def _may_accept(actor: Account | None, subject: Any) -> bool:
    return (
        is_resident(actor, subject)
        and isinstance(subject, Delegation)
        and subject.status == DelegationStatus.INVITED
        and not _is_principal(actor, subject)
    )


class IdentityPolicy(Policy):
    """Who may link a provider to an account, and decide who somebody is in the registry."""

    noun = N_("本人確認")
    rules: ClassVar[Mapping[str, Rule]] = {
        "link": is_resident,
        "unlink": is_self,
        "sign": is_self,
        "view_matches": _registrar,
        "decide": _registrar,
    }
    labels: ClassVar[Mapping[str, str]] = {
        "link": N_("結び付ける"),
        "unlink": N_("結び付けを外す"),
        "sign": N_("署名する"),
        "view_matches": N_("照合待ちを見る"),
        "decide": N_("照合する"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "link": N_("公的な本人確認は、住民のアカウントで使います。職員の方は、いったんサインアウトしてください。"),
        "view_matches": N_("照合待ちを見られるのは、住民記録の担当者だけです。"),
        "decide": N_("照合できるのは、住民記録の担当者だけです。"),
        "sign": N_("電子署名は、申請するご本人だけができます。"),
    }


class AttributePolicy(Policy):
    """Who may read what the city knows of a person; every read is logged."""

    noun = N_("確認済みの情報")
    rules: ClassVar[Mapping[str, Rule]] = {
        "read": any_of(_is_the_person, is_delegate, _counter),
        "download": _is_the_person,
    }
    labels: ClassVar[Mapping[str, str]] = {"read": N_("見る"), "download": N_("ダウンロードする")}
    reasons: ClassVar[Mapping[str, str]] = {
        "read": N_(
            "この方の情報は、ご本人、有効な代理の方、窓口を担当する職員だけが使えます。代理の期限をご確認ください。"
        ),
    }


class DelegationPolicy(Policy):
    """Who may give, take, confirm and end a delegation."""

    noun = N_("代理")
    rules: ClassVar[Mapping[str, Rule]] = {
        "offer": is_resident,
        "register": _counter,
        "accept": _may_accept,
        "view": any_of(_is_principal, _holds, _counter),
        "view_all": _counter,
        "confirm": _counter,
        "revoke": any_of(_is_principal, _holds, _counter),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "offer": N_("代理を頼む"),
        "register": N_("窓口で登録する"),
        "accept": N_("引き受ける"),
        "view": N_("見る"),
        "view_all": N_("一覧を見る"),
        "confirm": N_("書類を確認する"),
        "revoke": N_("取り消す"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "offer": N_("代理を頼めるのは、住民のアカウントだけです。"),
        "accept": N_("この代理は引き受けられません。ご自分が頼んだ代理か、すでに使われた招待です。"),
        "confirm": N_("書類を確認できるのは、窓口を担当する職員だけです。"),
        "revoke": N_("代理を取り消せるのは、ご本人、代理の方、窓口を担当する職員だけです。"),
    }


identity_policy = IdentityPolicy()
attribute_policy = AttributePolicy()
delegation_policy = DelegationPolicy()
