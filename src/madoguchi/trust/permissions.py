"""Permission as one policy object per noun: everything about who may do what to it stands in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from .enums import AccountKind, Role
from .errors import RefusedError
from .models import Account, Duty, Unit

Rule = Callable[[Account | None, Any], bool]
View = Callable[..., HttpResponseBase]


class Policy:
    """
    Decides who may act on one kind of thing.

    A subclass names its ``noun`` (shown to people) and gives ``rules``: action → function of actor and subject, and
    where the plain sentence would not do, ``reasons``: action → why it is refused, with what to do next. ``labels``
    names the actions for people (見る, 変更する). All three are msgids. An action without a rule is refused.
    """

    noun: ClassVar[str] = ""
    rules: ClassVar[Mapping[str, Rule]] = {}
    labels: ClassVar[Mapping[str, str]] = {}
    reasons: ClassVar[Mapping[str, str]] = {}

    def allows(self, actor: Account | None, action: str, subject: Any = None) -> bool:
        """Tell whether the actor may do this to the subject (None for the kind as a whole)."""
        rule = self.rules.get(action)
        return rule is not None and rule(actor, subject)

    def require(self, actor: Account | None, action: str, subject: Any = None) -> None:
        """Do nothing when allowed; raise ``RefusedError`` before anything is changed otherwise."""
        if not self.allows(actor, action, subject):
            raise RefusedError(self.reason(action), action=action, actor=actor, subject=subject)

    def reason(self, action: str) -> str:
        """Return the sentence a refused person reads."""
        if action in self.reasons:
            return _(self.reasons[action])
        words = {"noun": _(self.noun), "action": _(self.labels.get(action, action))}
        return (
            _(
                "%(noun)sに対するこの操作（%(action)s）の権限がありません。必要なときは、所属の管理者にお問い合わせください。"
            )
            % words
        )

    def actions_for(self, actor: Account | None, subject: Any = None) -> set[str]:
        """Return the actions the actor may take, for pages that show only the buttons that work."""
        return {action for action in self.rules if self.allows(actor, action, subject)}


def nobody(actor: Account | None, subject: Any) -> bool:
    """Refuse everybody."""
    return False


def anybody(actor: Account | None, subject: Any) -> bool:
    """Let everybody."""
    return True


def signed_in(actor: Account | None, subject: Any) -> bool:
    """Let everybody with an active account."""
    return actor is not None and actor.is_authenticated and actor.is_active


def is_staff(actor: Account | None, subject: Any) -> bool:
    """Let members of staff (職員)."""
    return signed_in(actor, subject) and actor is not None and actor.kind == AccountKind.STAFF


def is_self(actor: Account | None, subject: Any) -> bool:
    """Let the account the subject is, or belongs to (``subject.account``)."""
    if not signed_in(actor, subject) or actor is None or subject is None:
        return False
    owner = subject if isinstance(subject, Account) else getattr(subject, "account", None)
    return owner is not None and owner.pk == actor.pk


class RoleRule:
    """
    A rule that can say which roles it lets, for the overview of permissions.

    ``roles`` maps a role to whether it lets only where the subject belongs (True) or in the whole city (False).
    """

    def __init__(self, judge: Rule, roles: Mapping[Role, bool]) -> None:
        self.judge = judge
        self.roles = roles

    def __call__(self, actor: Account | None, subject: Any) -> bool:
        """Tell whether the actor is let."""
        return self.judge(actor, subject)


def roles_of(rule: Rule) -> Mapping[Role, bool]:
    """Return the roles a rule lets (see ``RoleRule``); empty for a rule that asks something else."""
    if isinstance(rule, RoleRule):
        return rule.roles
    return dict.fromkeys(Role, False) if rule in (anybody, signed_in, is_staff) else {}


def has_role(*roles: Role) -> RoleRule:
    """Return a rule that lets those who hold one of the roles today, anywhere in the municipality."""

    def judge(actor: Account | None, subject: Any) -> bool:
        return is_staff(actor, subject) and Duty.objects.held_by(actor).filter(role__in=roles).exists()

    return RoleRule(judge, dict.fromkeys(roles, False))


def in_unit_of(*roles: Role, of: Callable[[Any], Iterable[Unit | int]] | None = None) -> RoleRule:
    """
    Return a rule that lets those who hold a duty today (in one of the roles, or in any) where the subject belongs.

    That is at the subject's unit, a unit above it, or its successor after a reorganisation; a duty for the whole city
    counts too. ``of`` finds the subject's units or their ids; by default the subject is a ``Unit`` or has ``unit`` or
    ``units``. A subject without a unit belongs to nobody, so only a duty for the whole city lets.
    """
    find = of or units_of_subject

    def judge(actor: Account | None, subject: Any) -> bool:
        if not is_staff(actor, subject):
            return False
        duties = Duty.objects.held_by(actor)
        held = set((duties.filter(role__in=roles) if roles else duties).values_list("unit_id", flat=True))
        if not held or None in held:
            return bool(held)
        ids = {unit if isinstance(unit, int) else unit.pk for unit in find(subject)}
        return bool(ids and held & Unit.objects.answering_for(ids))

    return RoleRule(judge, dict.fromkeys(roles or Role, True))


def units_of_subject(subject: Any) -> list[Unit | int]:
    """Return the units a subject belongs to: itself, its ``unit``, or all its ``units``."""
    if isinstance(subject, Unit):
        return [subject]
    found: list[Unit | int] = []
    if unit_id := getattr(subject, "unit_id", None):
        found.append(unit_id)
    if units := getattr(subject, "units", None):
        found.extend(units.all())
    return found


def all_of(*rules: Rule) -> RoleRule:
    """Return a rule that lets those whom every one of the rules lets."""
    named = [roles_of(rule) for rule in rules if roles_of(rule)]
    common = {role: any(roles[role] for roles in named) for role in Role if all(role in roles for roles in named)}
    return RoleRule(lambda actor, subject: all(rule(actor, subject) for rule in rules), common if named else {})


def any_of(*rules: Rule) -> RoleRule:
    """Return a rule that lets those whom one of the rules lets."""
    named = [roles_of(rule) for rule in rules]
    joined = {role: all(roles[role] for roles in named if role in roles) for roles in named for role in roles}
    return RoleRule(lambda actor, subject: any(rule(actor, subject) for rule in rules), joined)


def account_of(request: HttpRequest) -> Account | None:
    """Return the signed-in account of a request, or None."""
    user = request.user
    return user if isinstance(user, Account) and user.is_authenticated else None


def login_required(view: View) -> View:
    """Let only signed-in visitors into a view; lead the others to the sign-in and from there back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if account_of(request) is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


def permission_required(
    policy: Policy, action: str, *, subject: Callable[..., Any] | None = None
) -> Callable[[View], View]:
    """
    Let only those into a view whom the policy lets do the action; the others sign in, or see the 403 page.

    ``subject`` is called with the view's arguments after the request and returns what the action is about; without it
    the action is about the kind as a whole. Raises ``RefusedError``, which the site's middleware records.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            policy.require(account_of(request), action, subject(*args, **kwargs) if subject else None)
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate


_administrator = has_role(Role.ADMINISTRATOR)
_counter = has_role(Role.SECTION_STAFF, Role.SECTION_CHIEF)
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
        "see_accesses": any_of(is_self, has_role(Role.AUDITOR, Role.ADMINISTRATOR)),
    }
    labels: ClassVar[Mapping[str, str]] = {
        "view": N_("見る"),
        "search": N_("探す"),
        "change": N_("変更する"),
        "see_accesses": N_("閲覧記録を見る"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
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
