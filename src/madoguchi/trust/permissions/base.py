"""What policies are made of: rules about actor and subject, and how views ask them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from ..enums import AccountKind, Role
from ..errors import RefusedError
from ..models import Account, Duty, Unit

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
