"""Reads about municipalities, the organisation and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from madoguchi.kit import clock

from ..enums import AccountKind, Role
from ..errors import UnknownMunicipalityError
from ..models import Account, Duty, Invitation, Municipality, SignInFailure, Unit, current_municipality, username_of


def first_municipality() -> Municipality | None:
    """Return the municipality that answers on ``localhost``."""
    return Municipality.objects.order_by("order", "code").first()


def get_municipality(key: str) -> Municipality:
    """Return the municipality with this key; raises ``UnknownMunicipalityError``."""
    try:
        return Municipality.objects.get(key=key)
    except Municipality.DoesNotExist:
        raise UnknownMunicipalityError(f"「{key}」という自治体は登録されていません。") from None


def find_municipality_by_host(host: str) -> Municipality | None:
    """Return the municipality that answers on a host name (without port), or None."""
    return Municipality.objects.filter(hosts__host=host.lower()).first()


def current_duties(account: Account, on: date | None = None) -> QuerySet[Duty]:
    """Return the duties an account holds on a day (today by default)."""
    return Duty.objects.held_by(account, on)


def holds_role(account: Account | None, *roles: Role, unit_ids: set[int] | None = None) -> bool:
    """Tell whether an account holds one of the roles today, in the whole city or at one of the units."""
    if account is None or not account.is_authenticated or not account.is_active:
        return False
    duties = current_duties(account).filter(role__in=roles)
    if unit_ids is not None:
        duties = duties.filter(Q(unit__isnull=True) | Q(unit_id__in=unit_ids))
    return duties.exists()


def units_in(fiscal_year: int) -> QuerySet[Unit]:
    """Return the organisation units that exist in a fiscal year."""
    return Unit.objects.in_year(fiscal_year)


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit in the tree of a fiscal year: ``depth`` 0 is the top."""

    unit: Unit
    depth: int


def unit_tree(fiscal_year: int) -> list[UnitNode]:
    """
    Return the units of a fiscal year, each followed by the units below it.

    Where the unit above has been reorganised, the one that stands in its place in that year is taken.
    """
    every = {unit.pk: unit for unit in Unit.objects.all()}
    successor = {unit.predecessor_id: unit for unit in reversed(every.values()) if unit.predecessor_id is not None}
    below: dict[int | None, list[Unit]] = {}
    for unit in every.values():
        if _exists_in(unit, fiscal_year):
            above = _standing_in(unit.parent_id, fiscal_year, every, successor)
            below.setdefault(above, []).append(unit)
    return _flatten(None, 0, below)


def _exists_in(unit: Unit, fiscal_year: int) -> bool:
    last = unit.valid_to_fiscal_year
    return unit.valid_from_fiscal_year <= fiscal_year and (last is None or fiscal_year <= last)


def _standing_in(pk: int | None, year: int, every: dict[int, Unit], successor: dict[int, Unit]) -> int | None:
    seen: set[int] = set()
    while pk is not None and pk not in seen:
        seen.add(pk)
        unit = every[pk]
        if _exists_in(unit, year):
            return pk
        if year < unit.valid_from_fiscal_year:
            pk = unit.predecessor_id
        else:
            after = successor.get(pk)
            pk = unit.merged_into_id or (after.pk if after else None)
    return None


def _flatten(above: int | None, depth: int, below: dict[int | None, list[Unit]]) -> list[UnitNode]:
    nodes: list[UnitNode] = []
    for unit in below.get(above, []):
        nodes.append(UnitNode(unit, depth))
        nodes.extend(_flatten(unit.pk, depth + 1, below))
    return nodes


def units_of(account: Account, on: date | None = None) -> QuerySet[Unit]:
    """Return the units at which an account holds a duty on a day (today by default)."""
    return Unit.objects.filter(pk__in=current_duties(account, on).values("unit_id"))


def staff_with_role(role: Role, unit: Unit | None = None, on: date | None = None) -> QuerySet[Account]:
    """Return the active staff who hold a role on a day: at a unit (or for the whole city), or anywhere without one."""
    duties = Duty.objects.on(on).filter(role=role)
    if unit is not None:
        duties = duties.filter(Q(unit__isnull=True) | Q(unit=unit))
    return Account.objects.filter(kind=AccountKind.STAFF, is_active=True, pk__in=duties.values("account_id"))


def accounts_with_email(email: str) -> QuerySet[Account]:
    """Return the accounts in scope that an e-mail address leads to; one person may be staff and resident."""
    known = apps.get_model("account", "EmailAddress").objects.filter(email=email.lower()).values("user_id")
    return Account.objects.filter(Q(pk__in=known) | Q(email__iexact=email))


def find_account(name: str) -> Account | None:
    """Return the account in scope that somebody means who types this at the sign-in: a login name or an address."""
    name = name.strip()
    if "@" in name:
        return accounts_with_email(name).order_by("pk").first()
    key = current_municipality().key
    return Account.objects.filter(username=username_of(key, name.removeprefix(f"{key}/"))).first()


def has_second_factor(account: Account) -> bool:
    """Tell whether an account has a passkey or an authenticator app; recovery codes alone are none."""
    authenticators = apps.get_model("mfa", "Authenticator").objects
    return bool(authenticators.filter(user_id=account.pk, type__in=["totp", "webauthn"]).exists())


def needs_second_factor(account: Account) -> bool:
    """Tell whether an account has to enrol a second factor before it may do anything else."""
    return bool(settings.SECOND_FACTOR_REQUIRED) and account.is_staff_member and not has_second_factor(account)


def sessions_of(account: Account) -> list[Any]:
    """Return the living sessions of an account, the last used first; dead ones are cleared away."""
    found = apps.get_model("usersessions", "UserSession").objects.purge_and_list(account)
    return sorted(found, key=lambda session: session.last_seen_at, reverse=True)


def open_invitation(token_digest: str) -> Invitation | None:
    """Return the invitation of a token's digest if its link still works."""
    return Invitation.objects.filter(
        token_digest=token_digest,
        used_at__isnull=True,
        withdrawn_at__isnull=True,
        expires_at__gt=clock.now(),
        account__is_active=True,
    ).first()


@dataclass(frozen=True, slots=True)
class Lock:
    """An account, or an address sign-ins come from, that has to wait until ``until``."""

    until: datetime
    account: Account | None = None
    address: str | None = None


def sign_in_locks() -> list[Lock]:
    """Return the accounts and addresses that are locked out of password sign-in at present."""
    limits, window = settings.SIGN_IN_LIMITS, timedelta(minutes=settings.SIGN_IN_LIMITS["minutes"])
    recent = SignInFailure.objects.filter(at__gt=clock.now() - window)
    by_account = (
        recent.filter(account__isnull=False).order_by().values("account").annotate(n=Count("id"), last=Max("at"))
    )
    by_address = recent.exclude(address=None).order_by().values("address").annotate(n=Count("id"), last=Max("at"))
    accounts = Account.objects.in_bulk([row["account"] for row in by_account])
    return [
        Lock(row["last"] + window, account=accounts[row["account"]])
        for row in by_account
        if row["n"] >= limits["account"]
    ] + [Lock(row["last"] + window, address=row["address"]) for row in by_address if row["n"] >= limits["address"]]


@dataclass(frozen=True, slots=True)
class DemonstrationSignIn:
    """A sign-in that the demonstration offers: login name, name of the fictional person and what the person does."""

    login: str
    name: str
    duty: str


def demonstration_sign_ins() -> list[DemonstrationSignIn]:
    """Return one member of staff per role and unit of the municipality in scope, by role; nothing outside a demonstration."""
    if not settings.DEMONSTRATION or not current_municipality().is_demonstration:
        return []
    found: dict[tuple[str, int | None], DemonstrationSignIn] = {}
    for duty in Duty.objects.on().filter(account__is_active=True).select_related("account", "unit").order_by("pk"):
        item = DemonstrationSignIn(duty.account.login, duty.account.name, str(duty))
        found.setdefault((duty.role, duty.unit_id), item)
    order = {role: place for place, role in enumerate(Role.values)}
    return [item for (role, _unit), item in sorted(found.items(), key=lambda pair: order[pair[0][0]])]
