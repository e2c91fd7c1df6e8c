"""Reads of the trust room."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from madoguchi.kit import clock

from .enums import Role
from .errors import UnknownMunicipalityError
from .models import Account, Duty, Municipality, Unit


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
    day = on or clock.today()
    return Duty.objects.filter(Q(to_date__isnull=True) | Q(to_date__gte=day), account=account, from_date__lte=day)


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
    return Unit.objects.filter(
        Q(valid_to_fiscal_year__isnull=True) | Q(valid_to_fiscal_year__gte=fiscal_year),
        valid_from_fiscal_year__lte=fiscal_year,
    )
